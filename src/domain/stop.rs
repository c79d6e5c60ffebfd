//! Stops of a day to plan.

use crate::domain::LatLon;
use crate::domain::fleet::Quantities;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A delivery to be planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stop {
    /// Unique among the day's stops.
    pub id: String,
    /// The customer's site, as in the order history; names the demand series.
    pub site_id: String,
    /// Where it is.
    pub place: LatLon,
    /// What is delivered, by dimension.
    pub quantities: Quantities,
    /// Expected time to serve it by an average driver, in seconds.
    pub service_s: u32,
    /// Standard deviation of the time to serve it, in seconds; `None`: taken as certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_sd_s: Option<f64>,
    /// When service may start; disjoint, in order. Empty: at any time.
    pub windows: Vec<TimeWindow>,
    /// What the vehicle must be able to do.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Cost of leaving it out, in currency units; `None`: it must be served if at all possible.
    pub penalty: Option<f64>,
    /// Whether it was ordered or is expected by the forecast.
    pub origin: StopOrigin,
}

/// A time window: service may start from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimeWindow {
    /// Earliest start of service.
    pub start: DateTime<Utc>,
    /// Latest start of service.
    pub end: DateTime<Utc>,
}

/// Which service times a day is planned with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceTimes {
    /// What stops state.
    #[default]
    Stated,
    /// What was learned from past visits, by customer, amount and driver.
    Learned,
}

/// Where a stop comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopOrigin {
    /// An order that is in.
    Ordered,
    /// Demand that the forecast expects and nobody has ordered yet.
    Forecast,
}
