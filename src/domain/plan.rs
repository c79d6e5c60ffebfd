//! The plan of a day: who drives where, when, with what certainty, and what was left out and why.

use crate::domain::document::Document;
use crate::domain::fleet::{Fleet, Quantities};
use crate::domain::stop::Stop;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A day's plan. Holds the fleet and the stops that it was made for, so that it can be checked,
/// played and reported without any other file than its cost tensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Unique.
    pub id: Uuid,
    /// Day that is planned, in `time_zone`.
    pub date: NaiveDate,
    /// IANA name of the depot's time zone.
    pub time_zone: String,
    /// When the plan was made.
    pub created_at: DateTime<Utc>,
    /// Version of RouteForce that made it.
    pub code_version: String,
    /// Which travel times and quantities it was made with.
    pub basis: PlanBasis,
    /// Models behind the basis, as `name/version`.
    pub models: Vec<String>,
    /// SHA-256 of the cost tensor that it was made with, in hexadecimal.
    pub costs_sha256: String,
    /// Seed, time limit and result of the search.
    pub search: SearchRecord,
    /// The fleet it was made for.
    pub fleet: Fleet,
    /// The stops it was made for.
    pub stops: Vec<Stop>,
    /// Routes of the vehicles that are used.
    pub routes: Vec<Route>,
    /// Stops that are on no route.
    pub unplanned: Vec<Unplanned>,
    /// Sum of the routes' costs and the penalties.
    pub cost: CostParts,
}

impl Document for Plan {
    const KIND: &'static str = "plan";
    const VERSION: u32 = 1;
}

/// Which knowledge a plan was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanBasis {
    /// One average travel time per pair, average demand.
    Static,
    /// Forecast demand and departure-time-dependent travel times.
    Predicted,
    /// Forecasts as in `predicted`, with a price on the lateness of a slow day.
    Cautious,
    /// What really happened; only for measuring what the others are worth.
    Perfect,
}

/// How the plan was searched for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchRecord {
    /// Seed of the random generator.
    pub seed: u64,
    /// Wall-time limit in seconds.
    pub time_limit_s: f64,
    /// Iterations done.
    pub iterations: u64,
    /// Wall time used in seconds.
    pub elapsed_s: f64,
}

/// Cost in currency units, by cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostParts {
    /// For using vehicles.
    pub fixed: f64,
    /// For kilometres.
    pub distance: f64,
    /// For hours, driving, waiting and service together.
    pub duration: f64,
    /// For stops left out.
    pub unplanned: f64,
}

impl CostParts {
    /// Sum of all parts.
    pub fn total(&self) -> f64 {
        self.fixed + self.distance + self.duration + self.unplanned
    }
}

impl std::ops::AddAssign for CostParts {
    fn add_assign(&mut self, other: Self) {
        self.fixed += other.fixed;
        self.distance += other.distance;
        self.duration += other.duration;
        self.unplanned += other.unplanned;
    }
}

/// One vehicle's route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Route {
    /// The vehicle that drives it.
    pub vehicle_id: String,
    /// When it leaves its start depot.
    pub departure: DateTime<Utc>,
    /// When it is expected to be done: at its end depot, or leaving its last stop.
    pub end: DateTime<Utc>,
    /// What it loads at the start depot.
    pub load: Quantities,
    /// Its stops in order.
    pub visits: Vec<Visit>,
    /// Distance in metres, the way back included.
    pub distance_m: u64,
    /// Expected driving time in seconds, the way back included.
    pub driving_s: u64,
    /// Expected waiting time in seconds.
    pub waiting_s: u64,
    /// Service time in seconds.
    pub service_s: u64,
    /// What it costs.
    pub cost: CostParts,
}

/// One stop on a route. Times are expected ones, unless a quantile is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// The stop.
    pub stop_id: String,
    /// Arrival that is not exceeded with probability 50 %.
    pub arrival_p50: DateTime<Utc>,
    /// Arrival that is not exceeded with probability 90 %.
    pub arrival_p90: DateTime<Utc>,
    /// Expected arrival, the one the schedule is built on.
    pub arrival: DateTime<Utc>,
    /// Expected start of service.
    pub service_start: DateTime<Utc>,
    /// Expected departure.
    pub departure: DateTime<Utc>,
    /// Expected wait before the window opens, in seconds.
    pub waiting_s: u32,
    /// Probability that service starts after the last window has closed, 0 to 1.
    pub late_probability: f64,
    /// Load on board after the stop.
    pub load_after: Quantities,
    /// Distance from the place before, in metres.
    pub leg_distance_m: u32,
    /// Expected driving time from the place before, in seconds.
    pub leg_driving_s: u32,
}

/// A stop that is on no route, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unplanned {
    /// The stop.
    pub stop_id: String,
    /// What keeps it out.
    pub reason: UnplannedReason,
    /// The reason in one sentence, with figures.
    pub explanation: String,
    /// Vehicle that could take it most cheaply if the binding limit gave way, if any.
    pub nearest_vehicle_id: Option<String>,
}

/// What keeps a stop out of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnplannedReason {
    /// No vehicle has the skills.
    NoVehicleWithSkills,
    /// It is larger than any vehicle that has the skills.
    TooLargeForAnyVehicle,
    /// No vehicle can be there within its windows, even alone.
    WindowUnreachable,
    /// No vehicle can serve it and be back within its shift and limits, even alone.
    ShiftTooShort,
    /// All vehicles are full.
    FleetFull,
    /// There is room, but not at a time when the stop may be served.
    NoTimeLeft,
    /// Serving it would cost more than its penalty.
    CostsMoreThanPenalty,
    /// It would fit and pay; the search ended before it was placed.
    SearchEnded,
}
