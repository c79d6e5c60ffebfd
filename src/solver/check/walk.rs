//! The walk along the routes.

use super::fault::{Fault, FaultKind};
use crate::solver::problem::{Problem, VehicleType};
use crate::solver::solution::{Route, Solution};
use std::collections::HashSet;

/// One route, recomputed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRoute {
    /// Second at which service starts, by position.
    pub service_starts_s: Vec<i64>,
    /// Second at which the route ends.
    pub end_s: i64,
    /// Units of distance.
    pub distance: i128,
    /// Cost of the route.
    pub cost: i128,
}

/// The judgement on a solution.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// Every broken rule.
    pub faults: Vec<Fault>,
    /// Mandatory stops that are listed as unplanned: no fault of the solution, which says so, but
    /// the plan is not complete.
    pub unplanned_mandatory: Vec<usize>,
    /// True cost: routes and penalties of optional stops left out.
    pub cost: i128,
    /// The routes in the solution's order; those of unknown vehicles are left out.
    pub routes: Vec<CheckedRoute>,
}

impl CheckReport {
    /// Whether all rules are kept and every mandatory stop is served.
    pub fn is_feasible(&self) -> bool {
        self.faults.is_empty() && self.unplanned_mandatory.is_empty()
    }
}

/// Recomputes a solution and names everything that is wrong with it.
pub fn check(problem: &Problem, solution: &Solution) -> CheckReport {
    let mut report = CheckReport::default();
    let mut vehicles = HashSet::new();
    for (index, route) in solution.routes.iter().enumerate() {
        let mut fault = |stop, kind| {
            report.faults.push(Fault {
                route: Some(index),
                stop,
                kind,
            });
        };
        let (vehicle_type, number) = (route.vehicle_type, route.vehicle);
        let vehicle = problem.vehicle_types().get(vehicle_type);
        let Some(vehicle) = vehicle.filter(|v| number < v.count) else {
            let kind = FaultKind::UnknownVehicle {
                vehicle_type,
                vehicle: number,
            };
            fault(None, kind);
            continue;
        };
        if !vehicles.insert((vehicle_type, number)) {
            let kind = FaultKind::VehicleUsedTwice {
                vehicle_type,
                vehicle: number,
            };
            fault(None, kind);
        }
        let checked = walk(problem, vehicle, route, &mut fault);
        report.cost += checked.cost;
        report.routes.push(checked);
    }
    count_stops(problem, solution, &mut report);
    if report.cost != i128::from(solution.cost) {
        let kind = FaultKind::Cost {
            stated: solution.cost,
            actual: report.cost,
        };
        report.faults.push(Fault {
            route: None,
            stop: None,
            kind,
        });
    }
    report
}

/// Every stop must appear exactly once, on a route or as unplanned.
fn count_stops(problem: &Problem, solution: &Solution, report: &mut CheckReport) {
    let mut seen = vec![0_u32; problem.stops().len()];
    let on_routes = solution.routes.iter().flat_map(|r| &r.stops);
    let mut fault = |stop, kind| {
        report.faults.push(Fault {
            route: None,
            stop: Some(stop),
            kind,
        });
    };
    for &stop in on_routes.chain(&solution.unplanned) {
        match seen.get_mut(stop) {
            Some(times) => *times += 1,
            None => fault(stop, FaultKind::UnknownStop),
        }
    }
    for (stop, times) in seen.into_iter().enumerate() {
        match times {
            0 => fault(stop, FaultKind::Missing),
            1 => {}
            _ => fault(stop, FaultKind::Duplicate),
        }
    }
    for &stop in &solution.unplanned {
        match problem.stops().get(stop).map(|s| s.penalty) {
            Some(Some(penalty)) => report.cost += i128::from(penalty),
            Some(None) => report.unplanned_mandatory.push(stop),
            None => {}
        }
    }
}

/// Drives one route and checks all its rules.
fn walk(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    fault: &mut impl FnMut(Option<usize>, FaultKind),
) -> CheckedRoute {
    let travel = problem.travel();
    let mut clock_s = route.departure_s;
    let mut place = vehicle.start.unwrap_or_default();
    let mut distance = 0_i128;
    let mut load = vec![0_i128; problem.dimensions()];
    let mut service_starts_s = Vec::new();
    for &id in &route.stops {
        let Some(stop) = problem.stops().get(id) else {
            continue; // named by `count_stops`
        };
        distance += i128::from(travel.distance(vehicle.profile, place, stop.place));
        clock_s += travel.duration_s(vehicle.profile, place, stop.place, clock_s);
        let usable = stop.windows.iter().find(|w| clock_s <= w.close_s);
        match usable {
            Some(window) if clock_s < window.open_s => clock_s = window.open_s,
            None if !stop.windows.is_empty() => {
                fault(Some(id), FaultKind::Window { arrival_s: clock_s });
            }
            _ => {}
        }
        service_starts_s.push(clock_s);
        clock_s += stop.service_s;
        for (sum, demand) in load.iter_mut().zip(&stop.demand) {
            *sum += i128::from(*demand);
        }
        let missing = stop.required_skills & !vehicle.skills;
        if missing != 0 {
            fault(Some(id), FaultKind::Skills { missing });
        }
        place = stop.place;
    }
    if let Some(end) = vehicle.end {
        distance += i128::from(travel.distance(vehicle.profile, place, end));
        clock_s += travel.duration_s(vehicle.profile, place, end, clock_s);
    }
    for (dimension, (&load, &capacity)) in load.iter().zip(&vehicle.capacity).enumerate() {
        if load > i128::from(capacity) {
            let kind = FaultKind::Load {
                dimension,
                load,
                capacity,
            };
            fault(None, kind);
        }
    }
    limits(vehicle, route, distance, clock_s, fault);
    let cost = i128::from(vehicle.fixed_cost)
        + distance * i128::from(vehicle.cost_per_distance)
        + i128::from(clock_s - route.departure_s) * i128::from(vehicle.cost_per_second);
    CheckedRoute {
        service_starts_s,
        end_s: clock_s,
        distance,
        cost,
    }
}

/// Limits of the route as a whole.
fn limits(
    vehicle: &VehicleType,
    route: &Route,
    distance: i128,
    end_s: i64,
    fault: &mut impl FnMut(Option<usize>, FaultKind),
) {
    if route.stops.is_empty() {
        fault(None, FaultKind::EmptyRoute);
    }
    if route.departure_s < vehicle.earliest_start_s {
        let kind = FaultKind::ShiftStart {
            departure_s: route.departure_s,
            earliest_s: vehicle.earliest_start_s,
        };
        fault(None, kind);
    }
    if end_s > vehicle.latest_end_s {
        let kind = FaultKind::ShiftEnd {
            end_s,
            latest_s: vehicle.latest_end_s,
        };
        fault(None, kind);
    }
    if let Some(most) = vehicle.max_distance.filter(|m| distance > i128::from(*m)) {
        fault(None, FaultKind::Distance { distance, most });
    }
    let duration_s = end_s - route.departure_s;
    if let Some(most_s) = vehicle.max_duration_s.filter(|m| duration_s > *m) {
        fault(None, FaultKind::Duration { duration_s, most_s });
    }
    let stops = route.stops.len();
    if let Some(most) = vehicle.max_stops.filter(|m| stops > *m) {
        fault(None, FaultKind::Stops { stops, most });
    }
}
