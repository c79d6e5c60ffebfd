//! Planning again during the day: what is driven and loaded stays, moved stops cost, and the
//! difference is told.

mod budget;
mod difference;
mod driven;
mod news;

use crate::solver::draft::{Draft, plan, route};
use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::check::check;
use routeforce::solver::replan::{ReplanRequest, Replanned, Vehicle, replan};
use routeforce::solver::{SearchOptions, Solution};

fn again(request: &ReplanRequest) -> Replanned {
    let again = replan(request, &options(), &Cancel::new(), &Progress::silent()).unwrap();
    let report = check(&again.rest.problem, &again.solution);
    assert_eq!(report.faults, [], "{:?}", again.solution);
    again
}

fn options() -> SearchOptions {
    SearchOptions {
        max_iterations: Some(500),
        ..SearchOptions::default()
    }
}

fn van(number: usize) -> Vehicle {
    Vehicle {
        vehicle_type: 0,
        number,
    }
}

/// The stops of each vehicle of the morning.
fn stops_of(again: &Replanned, vehicle: Vehicle) -> Vec<usize> {
    let mut routes = again.solution.routes.iter();
    let route = routes.find(|r| again.rest.vehicle(r) == Some(vehicle));
    route.map_or(Vec::new(), |r| r.stops.clone())
}

/// Two vans, one to each side: stops 0, 1 at 100, 200 and 2, 3 at -100, -200; stop 1 turns out to
/// be better served by the other van if the first is late.
fn either_side() -> Draft {
    Draft::line(&[0, 100, 200, -100, -200]).with(|d| d.vehicles[0].count = 2)
}

fn morning(draft: &Draft) -> Solution {
    let mut routes = vec![route(0, 0, &[0, 1]), route(0, 0, &[2, 3])];
    routes[1].vehicle = 1;
    plan(&draft.problem(), routes)
}
