//! Why there is no network, or no answer.

use super::hierarchy::HierarchyError;
use crate::domain::InputError;
use crate::runtime::Cancelled;

/// Why there is no network, or no answer.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A file or a place cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<HierarchyError> for NetworkError {
    fn from(error: HierarchyError) -> Self {
        match error {
            HierarchyError::Input(error) => Self::Input(error),
            HierarchyError::Cancelled(cancelled) => Self::Cancelled(cancelled),
        }
    }
}
