//! What can go wrong with a use case, and the closed list of codes a caller can act on.

use crate::domain::InputError;
use crate::store::StoreError;

/// Kinds of errors; programs decide by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The caller's data is wrong.
    InvalidInput,
    /// There is no such thing, or none that this tenant may know of.
    NotFound,
    /// It would contradict what is there.
    Conflict,
    /// No model of that kind is loaded, or ONNX Runtime is missing.
    ModelUnavailable,
    /// The database does not answer.
    DatabaseUnavailable,
    /// Too much is being asked at the moment.
    Overloaded,
    /// A fault of the program.
    Internal,
}

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The caller's data is wrong.
    #[error("{0}")]
    Input(#[from] InputError),
    /// There is no such thing for this tenant.
    #[error("no {what} `{key}`")]
    NotFound {
        /// Kind of thing.
        what: &'static str,
        /// What was asked for.
        key: String,
    },
    /// The database failed or refused.
    #[error("{0}")]
    Store(#[source] StoreError),
    /// No model of that kind can answer.
    #[error("the {model} model is not available: {reason}")]
    ModelUnavailable {
        /// Name of the model.
        model: &'static str,
        /// Why, and what helps.
        reason: String,
    },
    /// Too much is being computed already.
    #[error("too many computations at the moment; ask again later")]
    Overloaded,
    /// A computation failed by a fault of the program.
    #[error("{what} failed: {reason}")]
    Computation {
        /// What was computed.
        what: &'static str,
        /// How it failed.
        reason: String,
    },
}

impl AppError {
    /// What kind of error it is.
    pub fn code(&self) -> Code {
        match self {
            Self::Input(_) | Self::Store(StoreError::Input(_)) => Code::InvalidInput,
            Self::NotFound { .. } => Code::NotFound,
            Self::Store(StoreError::Conflict { .. } | StoreError::Superseded { .. }) => {
                Code::Conflict
            }
            Self::Store(StoreError::Connect { .. } | StoreError::Database(_)) => {
                Code::DatabaseUnavailable
            }
            Self::Store(_) | Self::Computation { .. } => Code::Internal,
            Self::ModelUnavailable { .. } => Code::ModelUnavailable,
            Self::Overloaded => Code::Overloaded,
        }
    }

    /// Maker of [`AppError::NotFound`] for `ok_or_else`.
    pub(super) fn not_found(what: &'static str, key: impl ToString) -> impl FnOnce() -> Self {
        let key = key.to_string();
        move || Self::NotFound { what, key }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Input(input) => Self::Input(input),
            other => Self::Store(other),
        }
    }
}
