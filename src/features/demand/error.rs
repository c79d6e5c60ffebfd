//! What can be wrong with demand series.

use crate::domain::InputError;
use crate::runtime::Cancelled;

/// Errors of reading demand series.
#[derive(Debug, thiserror::Error)]
pub enum DemandFeatureError {
    /// A table that cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
