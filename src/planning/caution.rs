//! How much lateness may cost while a plan is searched for.
//!
//! Expected durations keep every window half of the time on a tight route. A cautious search also
//! drives each route a second time in thought, every leg slower than expected by a share of its
//! spread, and pays for the lateness of that drive. All legs are slow together there, so the share
//! that stands for a 90 % day is less than 1: `n` independent legs spread by the root of `n`, not
//! by `n`.

use crate::cost::tensor::CostTensor;

/// The price of being late, and the slow day it is paid for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caution {
    /// Where each leg of the slow day lies between its mean (0) and its p90 (1).
    pub spread_weight: f64,
    /// What a minute of lateness at a stop costs, in currency units.
    pub late_cost_per_min: f64,
    /// Seconds by which a route may take longer in order to leave earlier.
    pub longer_for_slack_s: i64,
}

impl Default for Caution {
    fn default() -> Self {
        Self {
            spread_weight: 0.5,
            late_cost_per_min: 1.0,
            longer_for_slack_s: 120,
        }
    }
}

impl Caution {
    /// The tensor to search on: the slow day in place of p90.
    pub(super) fn slow_day(&self, costs: &CostTensor) -> CostTensor {
        costs.with_spread(self.spread_weight)
    }
}
