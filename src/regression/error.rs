//! What can go wrong while fitting.

use crate::runtime::Cancelled;

/// Errors of fitting a regression.
#[derive(Debug, thiserror::Error)]
pub enum RegressionError {
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Nothing to learn from.
    #[error("there is no row to learn from")]
    Empty,
    /// Targets or weights do not fit the rows.
    #[error("{rows} rows, but {found} {what}")]
    Length {
        /// What does not fit.
        what: &'static str,
        /// Rows of the matrix.
        rows: usize,
        /// Values found.
        found: usize,
    },
    /// The boosting library refused.
    #[error("boosting failed: {0}")]
    Boosting(String),
    /// The linear fit failed.
    #[error("the linear fit failed: {0}")]
    Linear(String),
}
