//! Whether to go on.

use crate::solver::search::limits::Limits;

/// Looks at the clock and at the cancel switch.
pub(super) struct Watch<'a> {
    limits: &'a Limits<'a>,
}

impl<'a> Watch<'a> {
    pub fn new(limits: &'a Limits<'a>) -> Self {
        Self { limits }
    }

    /// Whether the time is over or the search is cancelled.
    pub fn is_over(&self) -> bool {
        self.limits.cancel.is_cancelled() || self.limits.start.elapsed() >= self.limits.time
    }
}
