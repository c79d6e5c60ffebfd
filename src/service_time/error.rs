//! What can go wrong with service times.

use crate::domain::InputError;
use crate::onnx::OnnxError;
use crate::regression::RegressionError;
use crate::runtime::Cancelled;

/// Errors of training and prediction.
#[derive(Debug, thiserror::Error)]
pub enum ServiceTimeError {
    /// Visits or questions that cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The model cannot be written, loaded or run.
    #[error("{0}")]
    Onnx(#[from] OnnxError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// There is nothing to choose from.
    #[error("the {0} model cannot be fitted")]
    Fit(&'static str),
    /// A regression cannot be fitted.
    #[error("{0}")]
    Regression(RegressionError),
    /// A manifest without what service times need.
    #[error("the manifest's parameters cannot be used: {0}")]
    Parameters(#[from] serde_json::Error),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<RegressionError> for ServiceTimeError {
    fn from(error: RegressionError) -> Self {
        match error {
            RegressionError::Cancelled(e) => Self::Cancelled(e),
            other => Self::Regression(other),
        }
    }
}
