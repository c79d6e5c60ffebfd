//! The way in: every route by itself, then what ties them together.

use super::fault::{Fault, FaultKind};
use super::report::{CheckReport, CheckedRoute};
use super::walk::{LegTimes, itinerary, walk};
use super::{breaks, cost, limits, load, rules};
use crate::solver::problem::{Problem, VehicleType};
use crate::solver::solution::{Route, Solution};
use std::collections::HashSet;

/// Where the faults of one route go: stop, if it lies at one, and kind.
pub(super) type Faults<'a> = &'a mut dyn FnMut(Option<usize>, FaultKind);

/// Recomputes a solution and names everything that is wrong with it.
///
/// ```
/// use routeforce::solver::check::{Activity, FaultKind, check};
/// use routeforce::solver::{PlaneTravel, Problem, Rounding, Route, Solution, Stop, Travel, VehicleType};
///
/// let points = PlaneTravel::new(vec![(0.0, 0.0), (30.0, 40.0)], Rounding::Nearest(1));
/// let van = VehicleType::at_depot(0, 1, vec![5]);
/// let problem = Problem::new(Travel::Plane(points.into()), vec![van], vec![Stop::at(1, vec![6])])?;
/// let route = Route { stops: vec![0], departure_s: 10, ..Route::default() };
/// let solution = Solution { routes: vec![route], cost: 100, ..Solution::default() };
/// let report = check(&problem, &solution);
/// let overload = FaultKind::Load { dimension: 0, trip: 0, load: 6, capacity: 5 };
/// assert_eq!(report.faults.len(), 1);
/// assert_eq!(report.faults[0].kind, overload);
/// assert_eq!(report.routes[0].activities[0].activity, Activity::Stop(0));
/// assert_eq!(report.routes[0].activities[0].arrival_s, 60);
/// # Ok::<(), routeforce::solver::ProblemError>(())
/// ```
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
        let (vehicle_type, vehicle) = (route.vehicle_type, route.vehicle);
        let known = problem.vehicle_types().get(vehicle_type);
        let Some(known) = known.filter(|v| vehicle < v.count) else {
            let kind = FaultKind::UnknownVehicle {
                vehicle_type,
                vehicle,
            };
            fault(None, kind);
            continue;
        };
        if !vehicles.insert((vehicle_type, vehicle)) {
            let kind = FaultKind::VehicleUsedTwice {
                vehicle_type,
                vehicle,
            };
            fault(None, kind);
        }
        let mut checked = judge_route(problem, known, route, &mut fault);
        checked.route = index;
        report.cost += checked.cost;
        report.routes.push(checked);
    }
    report.vehicles = vehicles.len();
    for (vehicle_type, vehicle) in problem.vehicle_types().iter().enumerate() {
        if vehicle.driven.is_some() && !vehicles.contains(&(vehicle_type, 0)) {
            let kind = FaultKind::DrivenWithoutRoute { vehicle_type };
            report.faults.push(between_routes(None, kind));
        }
    }
    rules::check(problem, solution, &mut report);
    if report.cost != i128::from(solution.cost) {
        let kind = FaultKind::Cost {
            stated: solution.cost,
            actual: report.cost,
        };
        report.faults.push(between_routes(None, kind));
    }
    report
}

/// Recomputes one route by itself: its schedule, and the faults that do not depend on other routes.
/// `None` if the problem has no such vehicle.
pub fn check_route(problem: &Problem, route: &Route) -> Option<(CheckedRoute, Vec<Fault>)> {
    let vehicle = problem.vehicle_types().get(route.vehicle_type)?;
    let mut faults = Vec::new();
    let checked = judge_route(problem, vehicle, route, &mut |stop, kind| {
        faults.push(Fault {
            route: None,
            stop,
            kind,
        });
    });
    Some((checked, faults))
}

/// A fault that lies in no single route.
pub(super) fn between_routes(stop: Option<usize>, kind: FaultKind) -> Fault {
    Fault {
        route: None,
        stop,
        kind,
    }
}

/// Drives one route and checks all its rules.
fn judge_route(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    fault: Faults,
) -> CheckedRoute {
    let activities = itinerary(problem, vehicle, route, fault);
    let mut checked = walk(problem, vehicle, route, &activities, LegTimes::Expected);
    load::check(problem, vehicle, &mut checked, fault);
    breaks::check(vehicle, &checked, fault);
    limits::check(problem, vehicle, route, &checked, fault);
    if problem.rules().lifo {
        rules::check_lifo(problem, route, fault);
    }
    checked.costs = cost::parts(problem, vehicle, route, &checked);
    checked.cost = checked.costs.total();
    checked
}
