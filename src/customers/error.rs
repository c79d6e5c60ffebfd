//! What can go wrong.

use crate::regression::RegressionError;
use crate::runtime::Cancelled;

/// Errors of describing customers.
#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    /// Somebody asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The probability of an order could not be fitted.
    #[error("probability of an order: {0}")]
    Probability(#[from] RegressionError),
    /// The clustering failed.
    #[error("segments: {0}")]
    Segments(String),
}
