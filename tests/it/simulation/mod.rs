//! Tests of the simulated operator, played days, key figures and alerts.

mod anomaly;
mod day;
mod history;
mod kpi;
mod plans;
mod travel;

use chrono::NaiveDate;
use routeforce::simulation::{World, WorldOptions};

/// A small operator: quick to simulate.
pub fn small_options() -> WorldOptions {
    WorldOptions {
        sites: 20,
        vehicles: 4,
        history_end: NaiveDate::from_ymd_opt(2026, 9, 16).unwrap(),
        history_days: 60,
        incidents: true,
    }
}

/// The small operator's world.
pub fn small_world(seed: u64) -> World {
    World::new(seed, small_options()).unwrap()
}
