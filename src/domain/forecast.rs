//! Predictions with their uncertainty.

use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Standard normal quantile of 90 %.
pub const Z90: f64 = 1.281_551_565_544_6;

/// Three quantiles and the mean of what is predicted. `p10 <= p50 <= p90`; the mean is what adds
/// up, so sums are made of means, never of medians.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantiles {
    /// Not exceeded with probability 10 %.
    pub p10: f64,
    /// Not exceeded with probability 50 %.
    pub p50: f64,
    /// Not exceeded with probability 90 %.
    pub p90: f64,
    /// Expected value.
    pub mean: f64,
}

/// Predicted demand of a group of series at one step, such as an area or a depot. Its mean is the sum
/// of its series' means; its quantiles are not the sums of theirs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupForecast {
    /// Level of the hierarchy, such as `area`.
    pub level: String,
    /// The group within its level.
    pub group: String,
    /// Start of the step, local time of the series.
    pub ts: NaiveDateTime,
    /// The prediction, in the unit of the series.
    #[serde(flatten)]
    pub quantiles: Quantiles,
}

impl From<GroupForecast> for DemandForecast {
    /// As a series called `level:group`.
    fn from(of: GroupForecast) -> Self {
        Self {
            series_id: format!("{}:{}", of.level, of.group),
            ts: of.ts,
            quantiles: of.quantiles,
        }
    }
}

/// Predicted demand of one series at one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DemandForecast {
    /// The series, in the day's pipeline a site.
    pub series_id: String,
    /// Start of the step, local time of the series.
    pub ts: NaiveDateTime,
    /// The prediction, in the unit of the series.
    #[serde(flatten)]
    pub quantiles: Quantiles,
}
