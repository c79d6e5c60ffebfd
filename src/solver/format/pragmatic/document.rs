//! The problem document, field by field.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A problem.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub plan: Plan,
    pub fleet: Fleet,
    pub objectives: Option<Vec<Goal>>,
}

/// What is to be done.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub jobs: Vec<Job>,
    #[serde(default)]
    pub relations: Vec<Relation>,
}

/// A job: its tasks are all done, or none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    pub id: String,
    #[serde(default)]
    pub pickups: Vec<Task>,
    #[serde(default)]
    pub deliveries: Vec<Task>,
    #[serde(default)]
    pub replacements: Vec<Task>,
    #[serde(default)]
    pub services: Vec<Task>,
    pub skills: Option<JobSkills>,
    pub value: Option<f64>,
    pub group: Option<String>,
    pub compatibility: Option<String>,
}

/// A task at one of some places.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Task {
    pub places: Vec<Place>,
    pub demand: Option<Vec<i64>>,
}

/// A place with its own times.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub location: Location,
    pub duration: f64,
    #[serde(default)]
    pub times: Vec<[String; 2]>,
    pub tag: Option<String>,
}

/// Where something is: degrees, or a row of the matrices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lng: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
}

/// What vehicles must be able to do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct JobSkills {
    #[serde(default)]
    pub all_of: Vec<String>,
    #[serde(default)]
    pub one_of: Vec<String>,
    #[serde(default)]
    pub none_of: Vec<String>,
}

/// Jobs tied to a vehicle.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Relation {
    #[serde(rename = "type")]
    pub kind: String,
    pub jobs: Vec<String>,
    pub vehicle_id: String,
    #[serde(default)]
    pub shift_index: usize,
}

/// Vehicles and what they drive by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fleet {
    pub vehicles: Vec<Vehicle>,
    pub profiles: Vec<Profile>,
}

/// Vehicles that are alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Vehicle {
    pub type_id: String,
    pub vehicle_ids: Vec<String>,
    pub profile: VehicleProfile,
    pub costs: Costs,
    pub shifts: Vec<Shift>,
    pub capacity: Vec<i64>,
    #[serde(default)]
    pub skills: Vec<String>,
    pub limits: Option<Limits>,
}

/// A profile as a vehicle drives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VehicleProfile {
    pub matrix: String,
    pub scale: Option<f64>,
}

/// What a tour costs.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Costs {
    pub fixed: Option<f64>,
    pub distance: f64,
    pub time: f64,
}

/// When and where a vehicle works.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shift {
    pub start: ShiftStart,
    pub end: Option<ShiftEnd>,
    #[serde(default)]
    pub breaks: Vec<Break>,
    #[serde(default)]
    pub reloads: Vec<Place>,
}

/// The start of a shift.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShiftStart {
    pub earliest: String,
    pub latest: Option<String>,
    pub location: Location,
}

/// The end of a shift.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShiftEnd {
    pub latest: String,
    pub location: Location,
}

/// A break, optional (`places`) or required (`duration`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Break {
    /// Two instants, two offsets, or an object of the earliest and the latest of either.
    pub time: Value,
    pub places: Option<Vec<BreakPlace>>,
    pub policy: Option<String>,
    pub duration: Option<f64>,
}

/// Where and how long a break is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BreakPlace {
    pub duration: f64,
    pub location: Option<Location>,
    pub tag: Option<String>,
}

/// Limits of a tour.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Limits {
    pub max_distance: Option<f64>,
    #[serde(alias = "shiftTime")]
    pub max_duration: Option<f64>,
    pub tour_size: Option<usize>,
}

/// A profile of routing matrices.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub name: String,
    pub speed: Option<f64>,
}

/// An objective.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goal {
    #[serde(rename = "type")]
    pub kind: String,
}

/// A routing matrix.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Matrix {
    pub profile: Option<String>,
    pub timestamp: Option<String>,
    #[serde(alias = "durations")]
    pub travel_times: Vec<u32>,
    pub distances: Vec<u32>,
    pub error_codes: Option<Vec<i64>>,
}

impl Job {
    /// All tasks with the name of their list, in the order in which locations are counted.
    pub fn tasks(&self) -> impl Iterator<Item = (&'static str, usize, &Task)> {
        let lists = [
            ("pickups", &self.pickups),
            ("deliveries", &self.deliveries),
            ("replacements", &self.replacements),
            ("services", &self.services),
        ];
        let named = |(name, tasks)| {
            let tasks: &Vec<Task> = tasks;
            tasks
                .iter()
                .enumerate()
                .map(move |(i, task)| (name, i, task))
        };
        lists.into_iter().flat_map(named)
    }
}
