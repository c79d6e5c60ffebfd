//! When the routes of a finished plan leave, and what they cost.

use super::metric::Metric;
use super::tables::{NEVER, Tables};
use crate::solver::solution::{Route, Solution};

/// Sets every departure as late as leaves the end of the route where it is, and the cost.
pub(super) fn decide<M: Metric>(tables: &Tables<M>, solution: &mut Solution) {
    solution.cost = 0;
    let mut number = vec![0; tables.count()];
    for (new, &old) in tables.order.iter().enumerate() {
        number[old as usize] = new as u32;
    }
    for route in &mut solution.routes {
        let vehicle = &tables.problem.vehicle_types()[route.vehicle_type];
        route.departure_s = match tables.timed {
            true => i64::from(latest_departure(tables, &number, route)),
            false => vehicle.earliest_start_s,
        };
        let legs = legs(tables, &number, route)
            .into_iter()
            .map(|(from, to)| i64::from(tables.metric.distance(from, to)));
        solution.cost += vehicle.fixed_cost + vehicle.cost_per_distance * legs.sum::<i64>();
    }
    let left_out = solution.unplanned.iter();
    let penalties = left_out.filter_map(|&stop| tables.problem.stops()[stop].penalty);
    solution.cost += penalties.sum::<i64>();
}

/// Sites of every leg of a route.
fn legs<M>(tables: &Tables<M>, number: &[u32], route: &Route) -> Vec<(u32, u32)> {
    let t = &tables.types[route.vehicle_type];
    let stops = || route.stops.iter().map(|&stop| number[stop]);
    let from = std::iter::once(t.start).chain(stops());
    from.zip(stops().chain([t.end])).collect()
}

fn latest_departure<M: Metric>(tables: &Tables<M>, number: &[u32], route: &Route) -> i32 {
    let t = &tables.types[route.vehicle_type];
    let legs = legs(tables, number, route);
    let mut at = t.earliest;
    for &(from, to) in &legs {
        at += tables.metric.duration(from, to);
        if let Some(stop) = tables.stops.get(to as usize) {
            at = at.max(stop.open) + stop.service;
        }
    }
    let mut by = at.min(NEVER);
    for &(from, to) in legs.iter().rev() {
        if let Some(stop) = tables.stops.get(to as usize) {
            by = (by - stop.service).min(stop.close);
        }
        by -= tables.metric.duration(from, to);
    }
    by.max(t.earliest)
}
