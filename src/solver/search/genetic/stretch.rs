//! Part of a route in time, joined in constant time: duration, time warp, and when it may start
//! (Vidal, Crainic, Gendreau & Prins 2013).

/// A chain of visits. Being late at a window is undone by a *time warp* back to its end, which is
/// counted and penalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stretch {
    /// Seconds from the start of the first to the end of the last visit, time warp included.
    pub duration_s: i32,
    /// Seconds of time warp.
    pub warp_s: i32,
    /// Earliest start that does not lengthen the chain.
    pub early_s: i32,
    /// Latest start that does not add time warp.
    pub late_s: i32,
}

impl Stretch {
    /// One visit that may start between two seconds. Values must fit 32 bits.
    pub fn visit(service_s: i64, early_s: i64, late_s: i64) -> Self {
        Self {
            duration_s: service_s as i32,
            warp_s: 0,
            early_s: early_s as i32,
            late_s: late_s as i32,
        }
    }

    /// This stretch, a leg, then `next`.
    #[inline(always)]
    pub fn then(self, leg_s: i32, next: Self) -> Self {
        let shift = self.duration_s - self.warp_s + leg_s;
        let wait = (next.early_s - shift - self.late_s).max(0);
        let warp = (self.early_s + shift - next.late_s).max(0);
        Self {
            duration_s: self.duration_s + next.duration_s + leg_s + wait,
            warp_s: self.warp_s + next.warp_s + warp,
            early_s: (next.early_s - shift).max(self.early_s) - wait,
            late_s: (next.late_s - shift).min(self.late_s) + warp,
        }
    }

    /// The time warp of this stretch, a leg, then `next`.
    #[inline(always)]
    pub fn warp_with_s(self, leg_s: i32, next: Self) -> i32 {
        let shift = self.duration_s - self.warp_s + leg_s;
        self.warp_s + next.warp_s + (self.early_s + shift - next.late_s).max(0)
    }
}
