//! Why a job came to nothing.

use crate::domain::InputError;
use crate::runtime::Cancelled;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The request makes no sense.
    #[error("{0}")]
    Input(#[from] InputError),
    /// Somebody asked to stop.
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    /// Anything else, such as a missing model.
    #[error("{0}")]
    Failed(String),
}
