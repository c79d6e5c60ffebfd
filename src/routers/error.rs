//! Why a router gave no answer.

use crate::domain::InputError;
use crate::network::NetworkError;
use crate::runtime::Cancelled;

/// Why a router gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum RouterError {
    /// The address, an option or a place cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The server cannot be reached, or stopped in the middle.
    #[error("{server}: {reason}")]
    Unreachable {
        /// Its address.
        server: String,
        /// What happened.
        reason: String,
    },
    /// The server refused.
    #[error("{server} refused ({status}): {message}")]
    Refused {
        /// Its address.
        server: String,
        /// Status of its answer.
        status: u16,
        /// Its own words.
        message: String,
    },
    /// The server answered something that is no answer to the question.
    #[error("{server} gave an answer that cannot be used: {problem}")]
    Answer {
        /// Its address.
        server: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<NetworkError> for RouterError {
    fn from(error: NetworkError) -> Self {
        match error {
            NetworkError::Input(error) => Self::Input(error),
            NetworkError::Cancelled(cancelled) => Self::Cancelled(cancelled),
        }
    }
}
