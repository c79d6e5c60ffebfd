//! How full the vehicles were.

use super::{Facts, kpi, mean};
use crate::domain::fleet::{Quantities, Vehicle};
use crate::domain::kpi::Kpi;

pub(super) fn figures(facts: &Facts<'_>) -> Vec<Kpi> {
    let vehicle = |id: &str| facts.plan.fleet.vehicles.iter().find(|v| v.id == id);
    let driven = facts.day.routes.iter().filter(|r| !r.events.is_empty());
    let delivered = driven.filter_map(|route| {
        let mut sum = Quantities::new();
        for (dimension, amount) in route.events.iter().flat_map(|e| &e.delivered) {
            *sum.entry(dimension.clone()).or_default() += amount;
        }
        fullness(vehicle(&route.vehicle_id)?, &sum)
    });
    let planned = facts
        .plan
        .routes
        .iter()
        .filter_map(|r| fullness(vehicle(&r.vehicle_id)?, &r.load));
    vec![kpi(
        "load_factor",
        "Load factor",
        "%",
        mean(delivered),
        mean(planned),
        "Delivered amount over capacity in the fullest dimension, mean over the vehicles used; planned: load at departure.",
    )]
}

/// Share of the capacity in the fullest dimension in percent, if any dimension is limited.
fn fullness(vehicle: &Vehicle, load: &Quantities) -> Option<f64> {
    let limited = vehicle
        .capacity
        .iter()
        .filter(|(_, capacity)| **capacity > 0.0);
    let shares = limited.map(|(dimension, capacity)| {
        100.0 * load.get(dimension).copied().unwrap_or(0.0) / capacity
    });
    shares.reduce(f64::max)
}
