//! How much lateness may cost while a plan is searched for.
//!
//! Expected durations keep every window half of the time on a tight route. A cautious search also
//! pays for lateness that is not planned, in one of two ways. By default it pays for what lateness is to
//! be expected: means and variances of the legs are added up along each route, legs of an hour
//! correlated. Or it drives each route a second time in thought, every
//! leg slower than expected by a share of its spread, and pays for the lateness of that drive. All legs are
//! slow together there, so the share that stands for a 90 % day is less than 1: `n` independent legs
//! spread by the root of `n`, not by `n`.

use crate::cost::tensor::CostTensor;
use crate::solver::Objective;
use std::sync::Arc;

/// Factor on the spread while lateness is priced, where no model has learned its own on trips held back:
/// that of taxis, about.
const SPREAD_WEIGHT: f64 = 1.6;

/// The price of being late, and which lateness it is paid for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caution {
    /// What a minute of lateness at a stop costs, in currency units.
    pub late_cost_per_min: f64,
    /// Which lateness.
    pub of: PricedLateness,
}

/// Lateness that is paid for while a plan is searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PricedLateness {
    /// What is expected of legs that are random about their means.
    Expected {
        /// Factor on the spread from mean to p90. Above 1: durations have longer tails than a normal
        /// variable of that p90, and a search finds the legs whose forecasts are too good.
        /// `None`: what the travel-time model has learned of its own errors.
        spread_weight: Option<f64>,
    },
    /// That of a day on which every leg is slow.
    SlowDay {
        /// Where each leg lies between its mean (0) and its p90 (1).
        spread_weight: f64,
        /// Seconds by which a route may take longer in order to leave earlier.
        longer_for_slack_s: i64,
    },
}

impl Default for Caution {
    fn default() -> Self {
        Self {
            late_cost_per_min: 1.0,
            of: PricedLateness::Expected {
                spread_weight: None,
            },
        }
    }
}

impl Caution {
    /// With the factor on the spread that a model has learned, unless one was chosen.
    pub fn learned(self, spread_factor: Option<f64>) -> Self {
        let of = match self.of {
            PricedLateness::Expected {
                spread_weight: None,
            } => PricedLateness::Expected {
                spread_weight: spread_factor,
            },
            chosen => chosen,
        };
        Self { of, ..self }
    }

    /// The tensor to search on, and the objective; `per_minute` are the solver's cost units of a
    /// minute of lateness.
    pub(super) fn applied(
        &self,
        costs: &Arc<CostTensor>,
        per_minute: f64,
    ) -> (Arc<CostTensor>, Objective) {
        let rate = (per_minute / 60.0).round() as i64;
        match self.of {
            PricedLateness::Expected { spread_weight } => {
                let objective = Objective {
                    expected_lateness_cost_per_second: rate,
                    ..Objective::default()
                };
                let weight = spread_weight.unwrap_or(SPREAD_WEIGHT);
                (Arc::new(costs.with_spread(weight)), objective)
            }
            PricedLateness::SlowDay { spread_weight, .. } => {
                let objective = Objective {
                    p90_lateness_cost_per_second: rate,
                    ..Objective::default()
                };
                // The slow day in place of p90.
                (Arc::new(costs.with_spread(spread_weight)), objective)
            }
        }
    }

    /// Seconds by which a route may take longer to leave earlier; the expected lateness has its
    /// own price for that.
    pub(super) fn longer_for_slack_s(&self) -> i64 {
        match self.of {
            PricedLateness::Expected { .. } => 0,
            PricedLateness::SlowDay {
                longer_for_slack_s, ..
            } => longer_for_slack_s,
        }
    }
}
