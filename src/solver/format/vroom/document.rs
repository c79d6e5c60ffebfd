//! The input document, field by field.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A problem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(default)]
    pub jobs: Vec<Job>,
    #[serde(default)]
    pub shipments: Vec<Shipment>,
    pub vehicles: Vec<Vehicle>,
    #[serde(default)]
    pub matrices: BTreeMap<String, Matrices>,
    /// The old form of one matrix of durations for `car`.
    pub matrix: Option<Vec<Vec<u32>>>,
}

/// A task at one place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    pub id: u64,
    pub description: Option<String>,
    pub location: Option<[f64; 2]>,
    pub location_index: Option<usize>,
    #[serde(default)]
    pub setup: u32,
    #[serde(default)]
    pub service: u32,
    #[serde(default)]
    pub setup_per_type: BTreeMap<String, u32>,
    #[serde(default)]
    pub service_per_type: BTreeMap<String, u32>,
    pub amount: Option<Vec<i64>>,
    pub delivery: Option<Vec<i64>>,
    pub pickup: Option<Vec<i64>>,
    #[serde(default)]
    pub skills: Vec<u32>,
    #[serde(default)]
    pub priority: u32,
    #[serde(default)]
    pub time_windows: Vec<[i64; 2]>,
}

/// Goods from one place to another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shipment {
    pub pickup: ShipmentStep,
    pub delivery: ShipmentStep,
    pub amount: Option<Vec<i64>>,
    #[serde(default)]
    pub skills: Vec<u32>,
    #[serde(default)]
    pub priority: u32,
}

/// An end of a shipment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShipmentStep {
    pub id: u64,
    pub description: Option<String>,
    pub location: Option<[f64; 2]>,
    pub location_index: Option<usize>,
    #[serde(default)]
    pub setup: u32,
    #[serde(default)]
    pub service: u32,
    #[serde(default)]
    pub setup_per_type: BTreeMap<String, u32>,
    #[serde(default)]
    pub service_per_type: BTreeMap<String, u32>,
    #[serde(default)]
    pub time_windows: Vec<[i64; 2]>,
}

/// A vehicle.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vehicle {
    pub id: u64,
    #[serde(default = "car")]
    pub profile: String,
    pub description: Option<String>,
    pub start: Option<[f64; 2]>,
    pub start_index: Option<usize>,
    pub end: Option<[f64; 2]>,
    pub end_index: Option<usize>,
    #[serde(default)]
    pub capacity: Vec<i64>,
    #[serde(default)]
    pub costs: Costs,
    #[serde(default)]
    pub skills: Vec<u32>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub time_window: Option<[i64; 2]>,
    #[serde(default)]
    pub breaks: Vec<VehicleBreak>,
    pub speed_factor: Option<f64>,
    pub max_tasks: Option<usize>,
    pub max_travel_time: Option<u32>,
    pub max_distance: Option<u32>,
}

fn car() -> String {
    "car".into()
}

/// What a vehicle costs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Costs {
    #[serde(default)]
    pub fixed: u32,
    /// 3,600 if not given.
    pub per_hour: Option<u32>,
    #[serde(default)]
    pub per_task_hour: u32,
    #[serde(default)]
    pub per_km: u32,
}

/// A break that a vehicle owes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VehicleBreak {
    pub id: u64,
    pub description: Option<String>,
    #[serde(default)]
    pub time_windows: Vec<[i64; 2]>,
    #[serde(default)]
    pub service: u32,
}

/// Matrices of a profile, row by row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Matrices {
    pub durations: Option<Vec<Vec<u32>>>,
    pub distances: Option<Vec<Vec<u32>>>,
    pub costs: Option<Vec<Vec<u32>>>,
}
