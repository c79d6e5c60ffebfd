//! What really happened on a day: stop events and positions, from simulation or from tracking.

use crate::domain::LatLon;
use crate::domain::document::Document;
use crate::domain::fleet::Quantities;
use crate::domain::plan::CostParts;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A day as it was driven.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DayRecord {
    /// The plan that was driven.
    pub plan_id: Uuid,
    /// The day, in the depot's time zone.
    pub date: NaiveDate,
    /// Routes as driven, one per route of the plan.
    pub routes: Vec<DrivenRoute>,
    /// Realised cost, penalties of stops not served included.
    pub cost: CostParts,
    /// Fixes of all vehicles, by vehicle and time.
    pub positions: Vec<Position>,
}

impl Document for DayRecord {
    const KIND: &'static str = "day-record";
    const VERSION: u32 = 1;
}

/// One vehicle's day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DrivenRoute {
    /// The vehicle.
    pub vehicle_id: String,
    /// When it left its start depot.
    pub departure: DateTime<Utc>,
    /// When it was done.
    pub end: DateTime<Utc>,
    /// Stops in the order they were visited.
    pub events: Vec<StopEvent>,
    /// Distance driven in metres.
    pub distance_m: u64,
    /// Time driven in seconds.
    pub driving_s: u64,
    /// Time waited in seconds.
    pub waiting_s: u64,
    /// Time served in seconds.
    pub service_s: u64,
    /// Time after the end of the shift, in seconds.
    pub overtime_s: u64,
    /// What it cost.
    pub cost: CostParts,
}

/// One stop as it happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StopEvent {
    /// The stop.
    pub stop_id: String,
    /// When the vehicle arrived.
    pub arrived_at: DateTime<Utc>,
    /// When service started.
    pub service_started_at: DateTime<Utc>,
    /// When it left.
    pub departed_at: DateTime<Utc>,
    /// Seconds of service start after the last window closed; 0 if on time.
    pub late_s: u32,
    /// What was delivered.
    pub delivered: Quantities,
    /// How it ended.
    pub outcome: StopOutcome,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopOutcome {
    /// All that was ordered was delivered.
    Served,
    /// The vehicle had less on board than was ordered.
    ServedInPart,
    /// Nothing had been ordered after all: a stop that the forecast expected.
    NotNeeded,
}

/// One fix of a vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// The vehicle.
    pub vehicle_id: String,
    /// When.
    pub ts: DateTime<Utc>,
    /// Where.
    #[serde(flatten)]
    pub place: LatLon,
    /// Speed in km/h.
    pub speed_kmh: f32,
    /// Heading in degrees, 0 = north, clockwise.
    pub heading_deg: f32,
}
