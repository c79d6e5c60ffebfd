//! Chains of visits as three numbers.

use crate::solver::problem::{TimeWindow, UNBOUNDED_S};

/// A chain of visits with fixed leg durations and one window each
/// (Vidal, Crainic, Gendreau & Prins 2013, without penalised lateness).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::solver) struct Segment {
    /// Shortest time from the start of the first to the end of the last visit.
    pub duration_s: i64,
    /// Earliest start that does not lengthen the chain.
    pub early_s: i64,
    /// Latest start.
    pub late_s: i64,
}

impl Segment {
    /// A chain of nothing that may start within a span.
    pub fn point(early_s: i64, late_s: i64) -> Self {
        Self {
            duration_s: 0,
            early_s,
            late_s,
        }
    }

    /// One visit with the window that holds its start; `None` is any time.
    pub fn visit(service_s: i64, window: Option<TimeWindow>) -> Self {
        let (open_s, close_s) =
            window.map_or((-UNBOUNDED_S, UNBOUNDED_S), |w| (w.open_s, w.close_s));
        Self {
            duration_s: service_s,
            early_s: open_s,
            late_s: close_s,
        }
    }

    /// This chain, a leg, then `next`. Lateness, if any, is counted as if time could be bought, so
    /// that an estimate stays finite; feasibility is decided elsewhere.
    #[inline]
    pub fn then(self, leg_s: i64, next: Self) -> Self {
        let shift = self.duration_s + leg_s;
        let wait = (next.early_s - shift - self.late_s).max(0);
        let late = (self.early_s + shift - next.late_s).max(0);
        Self {
            duration_s: shift + next.duration_s + wait,
            early_s: (next.early_s - shift).max(self.early_s) - wait,
            late_s: (next.late_s - shift).min(self.late_s) + late,
        }
    }
}
