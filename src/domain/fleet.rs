//! Depots, vehicles, and the quantities that load them.

use crate::domain::LatLon;
use chrono::NaiveTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Amounts by dimension, such as `kg` or `m3`.
pub type Quantities = BTreeMap<String, f64>;

/// All vehicles that may be used on a day, and where they stand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fleet {
    /// Places where vehicles start, end and load.
    pub depots: Vec<Depot>,
    /// One entry per vehicle.
    pub vehicles: Vec<Vehicle>,
}

impl Vehicle {
    /// Seconds that its driver is expected to serve a stop for, of the stop's seconds.
    pub fn service_s(&self, stop_s: u32) -> i64 {
        match self.service_factor {
            None => i64::from(stop_s),
            Some(factor) => (f64::from(stop_s) * factor).round() as i64,
        }
    }
}

/// A place where vehicles start, end and load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Depot {
    /// Unique among the fleet's depots.
    pub id: String,
    /// Where it is.
    pub place: LatLon,
}

/// One vehicle with its shift, capacities and costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Vehicle {
    /// Unique among the fleet's vehicles.
    pub id: String,
    /// Travel-time profile, such as `van` or `truck`; names a profile of the cost tensor.
    pub profile: String,
    /// Depot where the shift starts and the vehicle is loaded.
    pub start_depot: String,
    /// Depot where the shift ends; `None` if it may end anywhere.
    pub end_depot: Option<String>,
    /// What it can carry, by dimension; a dimension that is not named is not limited.
    pub capacity: Quantities,
    /// Earliest start, local time of the planned day.
    pub shift_start: NaiveTime,
    /// Latest end, local time of the planned day; on the next day if not after the start.
    pub shift_end: NaiveTime,
    /// Cost of using the vehicle at all, in currency units.
    pub fixed_cost: f64,
    /// Cost per kilometre, in currency units.
    pub cost_per_km: f64,
    /// Cost per hour between leaving the start and reaching the end, in currency units.
    pub cost_per_hour: f64,
    /// What the vehicle can do, such as `cold` or `tail-lift`.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Longest distance of its route in kilometres, if limited.
    #[serde(default)]
    pub max_distance_km: Option<f64>,
    /// Longest time from leaving the start to reaching the end in hours, if limited.
    #[serde(default)]
    pub max_duration_h: Option<f64>,
    /// Most stops of its route, if limited.
    #[serde(default)]
    pub max_stops: Option<u32>,
    /// Factor on the service time of every stop that its driver serves; `None`: an average driver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_factor: Option<f64>,
}
