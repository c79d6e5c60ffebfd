//! Legs as driven, with what was predicted of them.

use crate::domain::LatLon;
use crate::domain::day_record::{DayRecord, DrivenRoute};
use crate::domain::forecast::Quantiles;
use crate::domain::plan::Plan;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// One drive between two places.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// The vehicle.
    pub vehicle_id: String,
    /// Its profile.
    pub profile: String,
    /// Where it started.
    pub from: LatLon,
    /// Where it ended.
    pub to: LatLon,
    /// When it started.
    pub depart: DateTime<Utc>,
    /// How long it took, in seconds.
    pub duration_s: f64,
    /// What was predicted, in seconds.
    pub predicted: Quantiles,
}

/// The legs of a day in the order of its routes, each with what `predict` gives for it; its
/// `predicted` is all zero when asked. Legs that `predict` knows nothing of are left out.
pub fn observed_legs(
    plan: &Plan,
    day: &DayRecord,
    mut predict: impl FnMut(&Leg) -> Option<Quantiles>,
) -> Vec<Leg> {
    let mut legs: Vec<Leg> = day
        .routes
        .iter()
        .flat_map(|route| of_route(plan, route))
        .collect();
    legs.retain_mut(|leg| match predict(leg) {
        Some(predicted) => {
            leg.predicted = predicted;
            true
        }
        None => false,
    });
    legs
}

fn of_route(plan: &Plan, route: &DrivenRoute) -> Vec<Leg> {
    let places: HashMap<&str, LatLon> = plan
        .stops
        .iter()
        .map(|s| (s.id.as_str(), s.place))
        .collect();
    let depot = |id: &str| {
        plan.fleet
            .depots
            .iter()
            .find(|d| d.id == id)
            .map(|d| d.place)
    };
    let Some(vehicle) = plan
        .fleet
        .vehicles
        .iter()
        .find(|v| v.id == route.vehicle_id)
    else {
        return Vec::new();
    };
    let mut here = depot(&vehicle.start_depot).map(|place| (place, route.departure));
    let calls = route.events.iter().map(|e| {
        (
            places.get(e.stop_id.as_str()).copied(),
            e.arrived_at,
            e.departed_at,
        )
    });
    let end = vehicle.end_depot.as_deref().and_then(depot);
    let back = end
        .filter(|_| !route.events.is_empty())
        .map(|place| (Some(place), route.end, route.end));
    let mut legs = Vec::new();
    for (to, arrived, departed) in calls.chain(back) {
        if let (Some((from, depart)), Some(to)) = (here, to) {
            legs.push(Leg {
                vehicle_id: vehicle.id.clone(),
                profile: vehicle.profile.clone(),
                from,
                to,
                depart,
                duration_s: (arrived - depart).num_seconds() as f64,
                predicted: Quantiles::default(),
            });
        }
        here = to.map(|place| (place, departed));
    }
    legs
}
