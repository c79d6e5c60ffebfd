//! What the forecast is worth: the same day planned with different knowledge, played alike.

use crate::domain::document::Document;
use crate::domain::plan::{CostParts, PlanBasis};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Realised results of plans made with different knowledge, per day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ValueOfForecast {
    /// What a minute of lateness at a stop is taken to cost, in currency units.
    pub late_cost_per_min: f64,
    /// One entry per day, oldest first.
    pub days: Vec<DayValue>,
}

impl Document for ValueOfForecast {
    const KIND: &'static str = "value-of-forecast";
    const VERSION: u32 = 1;
}

/// One day's results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DayValue {
    /// The day.
    pub date: NaiveDate,
    /// One entry per basis: static, predicted, cautious, perfect.
    pub results: Vec<BasisResult>,
}

/// What a plan made on one basis really cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BasisResult {
    /// Knowledge that the plan was made with.
    pub basis: PlanBasis,
    /// Cost that the plan expected.
    pub planned_cost: f64,
    /// Cost as played, lateness apart.
    pub realised: CostParts,
    /// Cost of the lateness, in currency units.
    pub late_cost: f64,
    /// Stops served after their window had closed.
    pub late_stops: u32,
    /// Sum of their lateness in seconds.
    pub late_s: u64,
    /// Stops that were ordered and not (fully) served.
    pub unserved_stops: u32,
    /// Overtime in seconds.
    pub overtime_s: u64,
    /// Distance in metres.
    pub distance_m: u64,
}

impl BasisResult {
    /// What the day really cost, lateness included.
    pub fn total(&self) -> f64 {
        self.realised.total() + self.late_cost
    }
}

impl DayValue {
    /// The result of one basis.
    pub fn of(&self, basis: PlanBasis) -> Option<&BasisResult> {
        self.results.iter().find(|r| r.basis == basis)
    }

    /// Regret of a basis: (realised − perfect) / perfect.
    pub fn regret(&self, basis: PlanBasis) -> Option<f64> {
        let perfect = self.of(PlanBasis::Perfect)?.total();
        (perfect > 0.0).then_some((self.of(basis)?.total() - perfect) / perfect)
    }
}
