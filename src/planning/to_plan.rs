//! From the solver's indices to the plan's documents.

use super::day::{Day, DayVehicle};
use super::explain;
use super::schedule::{DecidedRoute, Schedule, walk};
use crate::cost::ArrivalMoments;
use crate::domain::fleet::{Quantities, Vehicle};
use crate::domain::plan::{CostParts, Route, Unplanned, Visit};
use chrono::{DateTime, TimeDelta, Utc};

/// The plan's routes, what is left out and why, and the cost of both.
pub(super) fn routes(
    day: &Day,
    decided: &[DecidedRoute],
) -> (Vec<Route>, Vec<Unplanned>, CostParts) {
    let mut cost = CostParts::default();
    let mut planned = vec![false; day.stops.len()];
    let routes = decided
        .iter()
        .map(|route| {
            route.stops.iter().for_each(|stop| planned[*stop] = true);
            let vehicle = &day.vehicles[route.vehicle];
            let schedule = walk(day, vehicle, &route.stops, route.departure_s);
            cost += schedule.cost(vehicle);
            to_route(day, vehicle, &schedule)
        })
        .collect();
    let left_out: Vec<usize> = (0..planned.len()).filter(|stop| !planned[*stop]).collect();
    for stop in &left_out {
        cost.unplanned += day.stops[*stop].stop.penalty.unwrap_or(0.0);
    }
    let unplanned = explain::unplanned(day, decided, &left_out);
    (routes, unplanned, cost)
}

fn to_route(day: &Day, vehicle: &DayVehicle, schedule: &Schedule) -> Route {
    let instant = |seconds| day.costs.axis().instant(seconds);
    let mut load = Quantities::new();
    for visit in &schedule.visits {
        for (dimension, quantity) in &day.stops[visit.stop].stop.quantities {
            *load.entry(dimension.clone()).or_default() += quantity;
        }
    }
    let visits = visits(day, vehicle.vehicle, schedule, &load);
    Route {
        vehicle_id: vehicle.vehicle.id.clone(),
        departure: instant(schedule.departure_s),
        end: instant(schedule.end_s),
        distance_m: schedule.distance_m,
        driving_s: (schedule.visits.iter().map(|v| v.leg_s).sum::<i64>() + schedule.back_s) as u64,
        waiting_s: visits.iter().map(|v| u64::from(v.waiting_s)).sum(),
        service_s: schedule.visits.iter().map(|v| v.service_s as u64).sum(),
        cost: schedule.cost(vehicle),
        load,
        visits,
    }
}

fn visits(day: &Day, vehicle: &Vehicle, schedule: &Schedule, load: &Quantities) -> Vec<Visit> {
    let axis = day.costs.axis();
    let correlation = day.costs.leg_correlation();
    let mut moments = ArrivalMoments::certain(schedule.departure_s);
    let mut on_board = load.clone();
    let visit = |visit: &super::schedule::ScheduledVisit| {
        let stop = &day.stops[visit.stop];
        let hour = day.hour(visit.leg_departure_s);
        moments.drive(
            visit.leg_s as f64,
            visit.leg_p90_s as f64,
            hour,
            correlation,
        );
        let arrival = moments.clone();
        if visit.start_s > visit.arrival_s {
            moments.wait_until(visit.start_s as f64);
        } else if let Some((open, _)) = window_of(&stop.windows_s, visit.start_s) {
            moments.wait_until(open as f64);
        }
        let late_probability = arrival.probability_after(stop.latest_s() as f64);
        // Its spread is relative, as its expectation is.
        let sd_s = stop.stop.service_sd_s.unwrap_or(0.0) * vehicle.service_factor.unwrap_or(1.0);
        moments.serve(visit.service_s as f64, sd_s);
        for (dimension, quantity) in &stop.stop.quantities {
            if let Some(left) = on_board.get_mut(dimension) {
                // Sums of decimals leave dust; an empty van shall say 0.
                *left = ((*left - quantity) * 1e6).round() / 1e6;
            }
        }
        Visit {
            stop_id: stop.stop.id.clone(),
            arrival_p50: at(axis.origin, arrival.mean_s()),
            arrival_p90: at(axis.origin, arrival.p90_s()),
            arrival: axis.instant(visit.arrival_s),
            service_start: axis.instant(visit.start_s),
            departure: axis.instant(visit.departure_s),
            waiting_s: (visit.start_s - visit.arrival_s) as u32,
            late_probability,
            load_after: on_board.clone(),
            leg_distance_m: visit.leg_m,
            leg_driving_s: visit.leg_s as u32,
        }
    };
    schedule.visits.iter().map(visit).collect()
}

/// The window that holds a time.
fn window_of(windows_s: &[(i64, i64)], at_s: i64) -> Option<(i64, i64)> {
    let holds = |(start, end): &&(i64, i64)| (*start..=*end).contains(&at_s);
    windows_s.iter().find(holds).copied()
}

/// An instant to the second.
fn at(origin: DateTime<Utc>, seconds: f64) -> DateTime<Utc> {
    origin + TimeDelta::seconds(seconds.round() as i64)
}
