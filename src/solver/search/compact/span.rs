//! Chains of visits as three numbers, for the duration of routes
//! (Vidal, Crainic, Gendreau & Prins 2013, for feasible chains).

/// How long a chain of visits takes, and when it may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    /// Shortest time from the start of the first to the end of the last visit.
    pub duration: i32,
    /// Earliest start that does not lengthen the chain.
    pub early: i32,
    /// Latest start.
    pub late: i32,
}

impl Span {
    /// This chain, a leg, then `next`. The whole must be possible in time.
    #[inline(always)]
    pub fn then(self, leg: i32, next: Self) -> Self {
        let shift = self.duration + leg;
        let wait = (next.early - shift - self.late).max(0);
        Self {
            duration: shift + next.duration + wait,
            early: (next.early - shift).max(self.early) - wait,
            late: (next.late - shift).min(self.late),
        }
    }
}

/// The chains before and after a node on its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Spans {
    /// From the start of the route to the end of this visit.
    pub before: Span,
    /// From the start of this visit to the end of the route.
    pub after: Span,
}
