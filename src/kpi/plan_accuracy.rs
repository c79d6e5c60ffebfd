//! Plan against reality: arrivals, driving and service times.

use super::{Facts, kpi, mean, ratio};
use crate::domain::kpi::Kpi;

pub(super) fn figures(facts: &Facts<'_>) -> Vec<Kpi> {
    let pairs = facts.visits_with_events();
    let minutes = || {
        pairs
            .iter()
            .map(|(visit, event)| (event.arrived_at - visit.arrival).num_seconds() as f64 / 60.0)
    };
    let after_p90 = pairs.iter().map(|(visit, event)| {
        if event.arrived_at > visit.arrival_p90 {
            100.0
        } else {
            0.0
        }
    });
    let planned_s: u64 = facts.plan.routes.iter().map(|r| r.driving_s).sum();
    let driven_s: u64 = facts.day.routes.iter().map(|r| r.driving_s).sum();
    let excess = ratio(
        100.0 * (driven_s as f64 - planned_s as f64),
        planned_s as f64,
    );
    // Over stops that were visited: those that were dropped before departure took no time.
    let service = || {
        pairs.iter().map(|(visit, event)| {
            let planned = (visit.departure - visit.service_start).num_seconds() as f64;
            let served = (event.departed_at - event.service_started_at).num_seconds() as f64;
            (planned, served)
        })
    };
    let planned_service_s: f64 = service().map(|(planned, _)| planned).sum();
    let served_s: f64 = service().map(|(_, served)| served).sum();
    vec![
        kpi(
            "arrival_error_min",
            "Arrival error",
            "min",
            mean(minutes().map(f64::abs)),
            None,
            "Mean absolute difference between actual and planned arrival, over stops visited.",
        ),
        kpi(
            "arrival_bias_min",
            "Arrival bias",
            "min",
            mean(minutes()),
            Some(0.0).filter(|_| !pairs.is_empty()),
            "Mean of actual minus planned arrival, over stops visited; positive is later than planned.",
        ),
        kpi(
            "arrival_p90_exceedance",
            "Arrivals after their p90",
            "%",
            mean(after_p90),
            Some(10.0).filter(|_| !pairs.is_empty()),
            "Share of stops visited at which the vehicle arrived after the arrival's 90 % quantile; 10 % if the plan's uncertainty is right.",
        ),
        kpi(
            "driving_time_error",
            "Driving time against plan",
            "%",
            excess,
            Some(0.0).filter(|_| planned_s > 0),
            "Actual minus planned driving time, as a share of the planned one, over all routes.",
        ),
        kpi(
            "service_time_error",
            "Service time against plan",
            "%",
            ratio(100.0 * (served_s - planned_service_s), planned_service_s),
            Some(0.0).filter(|_| planned_service_s > 0.0),
            "Actual minus planned service time, as a share of the planned one, over stops visited.",
        ),
        kpi(
            "service_error_min",
            "Service time error",
            "min",
            mean(service().map(|(planned, served)| (served - planned).abs() / 60.0)),
            None,
            "Mean absolute difference between actual and planned service time, over stops visited.",
        ),
    ]
}
