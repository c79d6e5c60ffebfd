//! When the routes of a finished plan leave, and what they cost.

use super::metric::Metric;
use super::tables::{Tables, TypeData};
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
        let t = &tables.types[route.vehicle_type];
        let legs = legs(t, &number, route);
        route.departure_s = vehicle.earliest_start_s;
        if tables.timed {
            let (departure, end) = latest_departure(tables, t.earliest, &legs);
            route.departure_s = i64::from(departure);
            solution.cost += t.time_cost(i64::from(end) - i64::from(departure));
        }
        let legs = legs.iter();
        let distances = legs.map(|&(from, to)| i64::from(tables.metric.distance(from, to)));
        solution.cost += vehicle.fixed_cost + vehicle.cost_per_distance * distances.sum::<i64>();
    }
    let left_out = solution.unplanned.iter();
    let penalties = left_out.filter_map(|&stop| tables.problem.stops()[stop].penalty);
    solution.cost += penalties.sum::<i64>();
}

/// Sites of every leg of a route.
fn legs(t: &TypeData, number: &[u32], route: &Route) -> Vec<(u32, u32)> {
    let stops = || route.stops.iter().map(|&stop| number[stop]);
    let from = std::iter::once(t.start).chain(stops());
    from.zip(stops().chain([t.end])).collect()
}

/// The latest departure that does not delay the end of the route, and that end.
fn latest_departure<M: Metric>(
    tables: &Tables<M>,
    earliest: i32,
    legs: &[(u32, u32)],
) -> (i32, i32) {
    let mut end = earliest;
    for &(from, to) in legs {
        end += tables.metric.duration(from, to);
        if let Some(stop) = tables.stops.get(to as usize) {
            end = end.max(stop.open) + stop.service;
        }
    }
    let mut by = end;
    for &(from, to) in legs.iter().rev() {
        if let Some(stop) = tables.stops.get(to as usize) {
            by = (by - stop.service).min(stop.close);
        }
        by -= tables.metric.duration(from, to);
    }
    (by.max(earliest), end)
}
