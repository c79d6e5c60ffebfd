//! Kilometres and hours.

use super::{Facts, kpi};
use crate::domain::day_record::DrivenRoute;
use crate::domain::kpi::Kpi;
use crate::domain::plan::Route;

pub(super) fn figures(facts: &Facts<'_>) -> Vec<Kpi> {
    let driven =
        |of: fn(&DrivenRoute) -> u64| Some(facts.day.routes.iter().map(of).sum::<u64>() as f64);
    let planned =
        |of: fn(&Route) -> u64| Some(facts.plan.routes.iter().map(of).sum::<u64>() as f64);
    let hours = |seconds: Option<f64>| seconds.map(|s| s / 3_600.0);
    let used = facts
        .day
        .routes
        .iter()
        .filter(|r| !r.events.is_empty())
        .count();
    vec![
        kpi(
            "vehicles_used",
            "Vehicles used",
            "vehicles",
            Some(used as f64),
            Some(facts.plan.routes.len() as f64),
            "Vehicles that served at least one stop.",
        ),
        kpi(
            "distance_km",
            "Distance",
            "km",
            driven(|r| r.distance_m).map(|m| m / 1_000.0),
            planned(|r| r.distance_m).map(|m| m / 1_000.0),
            "Sum over all routes, ways from and to the depots included.",
        ),
        kpi(
            "driving_h",
            "Driving time",
            "h",
            hours(driven(|r| r.driving_s)),
            hours(planned(|r| r.driving_s)),
            "Time between places, summed over all routes.",
        ),
        kpi(
            "waiting_h",
            "Waiting time",
            "h",
            hours(driven(|r| r.waiting_s)),
            hours(planned(|r| r.waiting_s)),
            "Time at stops before their window opened, summed over all routes.",
        ),
        kpi(
            "service_h",
            "Service time",
            "h",
            hours(driven(|r| r.service_s)),
            hours(planned(|r| r.service_s)),
            "Time from the start of service to leaving, summed over all stops.",
        ),
        kpi(
            "overtime_h",
            "Overtime",
            "h",
            hours(driven(|r| r.overtime_s)),
            None,
            "Time of routes after the end of their vehicle's shift, summed.",
        ),
    ]
}
