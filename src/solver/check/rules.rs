//! What ties stops together: every stop once, shipments, groups and relations.

use super::fault::FaultKind;
use super::judge::{Faults, between_routes};
use super::report::CheckReport;
use crate::solver::problem::{Group, Problem, Relation, Shipment};
use crate::solver::solution::{Route, Solution};
use std::collections::{HashMap, HashSet};

/// Where a stop is served first: route and position.
type Where = (usize, usize);

/// What a solution does with the stops.
struct Census {
    /// By stop.
    served: Vec<Option<Where>>,
    /// By stop: how often it is served or listed as unplanned.
    times: Vec<u32>,
    /// By stop: whether it is listed as unplanned.
    listed: Vec<bool>,
}

/// Names broken rules between stops and adds the penalties of what is left out.
pub(super) fn check(problem: &Problem, solution: &Solution, report: &mut CheckReport) {
    let census = count(problem, solution, report);
    let rules = problem.rules();
    let mut grouped = vec![false; problem.stops().len()];
    for (index, group) in rules.groups.iter().enumerate() {
        group.stops.iter().for_each(|&stop| grouped[stop] = true);
        check_group(index, group, &census, report);
    }
    for (stop, is_alternative) in grouped.into_iter().enumerate() {
        if is_alternative || census.served[stop].is_some() {
            continue;
        }
        match problem.stops()[stop].penalty {
            Some(penalty) => report.cost += i128::from(penalty),
            None if census.listed[stop] => report.unplanned_mandatory.push(stop),
            None => {}
        }
        if census.times[stop] == 0 {
            let fault = between_routes(Some(stop), FaultKind::Missing);
            report.faults.push(fault);
        }
    }
    for (index, shipment) in rules.shipments.iter().enumerate() {
        if let Some(kind) = shipment_fault(index, shipment, &census, solution) {
            let fault = between_routes(Some(shipment.delivery), kind);
            report.faults.push(fault);
        }
    }
    for (index, relation) in rules.relations.iter().enumerate() {
        check_relation(index, relation, &census, solution, report);
    }
}

/// Counts every stop; names those that there are not and those that appear more than once.
fn count(problem: &Problem, solution: &Solution, report: &mut CheckReport) -> Census {
    let stops = problem.stops().len();
    let mut census = Census {
        served: vec![None; stops],
        times: vec![0; stops],
        listed: vec![false; stops],
    };
    let mut fault = |stop, kind| report.faults.push(between_routes(Some(stop), kind));
    for (index, route) in solution.routes.iter().enumerate() {
        for (position, &stop) in route.stops.iter().enumerate() {
            if stop < stops {
                census.times[stop] += 1;
                census.served[stop].get_or_insert((index, position));
            } else {
                fault(stop, FaultKind::UnknownStop);
            }
        }
    }
    for &stop in &solution.unplanned {
        if stop < stops {
            census.times[stop] += 1;
            census.listed[stop] = true;
        } else {
            fault(stop, FaultKind::UnknownStop);
        }
    }
    for (stop, &times) in census.times.iter().enumerate() {
        if times > 1 {
            fault(stop, FaultKind::Duplicate);
        }
    }
    census
}

/// One alternative is served and the others are not mentioned, or none is and all are listed.
fn check_group(index: usize, group: &Group, census: &Census, report: &mut CheckReport) {
    let is_served = |stop: &usize| census.served[*stop].is_some();
    let alternatives: HashSet<usize> = group.stops.iter().copied().collect();
    let served = alternatives.iter().filter(|s| is_served(s)).count();
    let mut fault = |stop, kind| report.faults.push(between_routes(stop, kind));
    if served > 1 {
        let kind = FaultKind::GroupServedTwice {
            group: index,
            served,
        };
        fault(None, kind);
    }
    for &stop in group.stops.iter().filter(|s| !is_served(s)) {
        match (served, census.listed[stop]) {
            (0, false) => fault(Some(stop), FaultKind::Missing),
            (1.., true) => fault(Some(stop), FaultKind::AlternativeListed { group: index }),
            _ => {}
        }
    }
    if served == 0 {
        match group.penalty {
            Some(penalty) => report.cost += i128::from(penalty),
            None => report.unplanned_mandatory.extend(group.stops.first()),
        }
    }
}

fn shipment_fault(
    shipment: usize,
    ends: &Shipment,
    census: &Census,
    solution: &Solution,
) -> Option<FaultKind> {
    match (census.served[ends.pickup], census.served[ends.delivery]) {
        (None, None) => None,
        (Some((from, loaded)), Some((to, delivered))) => {
            let vehicle = |route: usize| {
                let route = &solution.routes[route];
                (route.vehicle_type, route.vehicle)
            };
            if vehicle(from) != vehicle(to) {
                Some(FaultKind::ShipmentVehicles { shipment })
            } else if delivered < loaded {
                Some(FaultKind::ShipmentOrder { shipment })
            } else {
                None
            }
        }
        _ => Some(FaultKind::ShipmentHalf { shipment }),
    }
}

/// Names deliveries of a route that are not in the reverse order of the pickups.
pub(super) fn check_lifo(problem: &Problem, route: &Route, fault: Faults) {
    let mut ends = HashMap::new();
    for (shipment, one) in problem.rules().shipments.iter().enumerate() {
        ends.insert(one.pickup, (shipment, true));
        ends.insert(one.delivery, (shipment, false));
    }
    let mut aboard: Vec<usize> = Vec::new();
    for stop in &route.stops {
        match ends.get(stop) {
            Some((shipment, true)) => aboard.push(*shipment),
            Some((shipment, false)) => {
                if let Some(depth) = aboard.iter().rposition(|s| s == shipment) {
                    if depth + 1 < aboard.len() {
                        let shipment = *shipment;
                        fault(Some(*stop), FaultKind::Lifo { shipment });
                    }
                    aboard.remove(depth);
                }
            }
            None => {}
        }
    }
}

fn check_relation(
    relation: usize,
    tie: &Relation,
    census: &Census,
    solution: &Solution,
    report: &mut CheckReport,
) {
    let vehicle = |stop: usize| {
        let (route, _) = census.served[stop]?;
        let route = &solution.routes[route];
        Some((route.vehicle_type, route.vehicle))
    };
    let (Relation::SameVehicle(stops) | Relation::DifferentVehicles(stops)) = tie;
    let distinct: HashSet<usize> = stops.iter().copied().collect();
    let vehicles: Vec<_> = distinct.into_iter().filter_map(vehicle).collect();
    let different: HashSet<_> = vehicles.iter().copied().collect();
    let kind = match tie {
        Relation::SameVehicle(_) if different.len() > 1 => FaultKind::SameVehicle { relation },
        Relation::DifferentVehicles(_) if different.len() < vehicles.len() => {
            FaultKind::DifferentVehicles { relation }
        }
        _ => return,
    };
    report.faults.push(between_routes(None, kind));
}
