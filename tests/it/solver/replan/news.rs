//! Stops known since, cancelled stops, plans that do not fit.

use super::{again, either_side, morning, options, stops_of, van};
use crate::solver::draft::{plan, route};
use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::check::check;
use routeforce::solver::replan::{ReplanError, ReplanRequest, replan};
use routeforce::solver::{Shipment, Stop};

#[test]
fn a_stop_known_since_goes_where_a_van_can_still_turn() {
    let (problem, plan) = (either_side().problem(), morning(&either_side()));
    let added = Stop::at(1, vec![1]);
    let request = ReplanRequest {
        added: vec![added],
        ..ReplanRequest::at(&problem, &plan, 150)
    };
    let again = again(&request);
    assert_eq!(stops_of(&again, van(0)), [0, 1, 4]);
    assert_eq!(again.difference.added, [4]);
    assert_eq!(again.difference.arrivals, []);
}

#[test]
fn cancelled_stops_are_left_out_and_cost_nothing() {
    let (problem, plan) = (either_side().problem(), morning(&either_side()));
    let request = ReplanRequest {
        cancelled: vec![3],
        ..ReplanRequest::at(&problem, &plan, 50)
    };
    let again = again(&request);
    assert_eq!(stops_of(&again, van(1)), [2]);
    assert_eq!(again.difference.dropped, [3]);
    assert_eq!(again.solution.cost, 400 + 200);
    assert!(check(&again.rest.problem, &again.solution).is_feasible());
    let driven = ReplanRequest {
        cancelled: vec![2],
        ..request.clone()
    };
    let error = replan(&driven, &options(), &Cancel::new(), &Progress::silent()).unwrap_err();
    assert_eq!(error, ReplanError::AlreadyDriven { stop: 2 });
    let unknown = ReplanRequest {
        cancelled: vec![4],
        ..request
    };
    let error = replan(&unknown, &options(), &Cancel::new(), &Progress::silent()).unwrap_err();
    assert_eq!(error, ReplanError::UnknownStop { stop: 4, stops: 4 });
}

#[test]
fn a_cancelled_pickup_takes_its_delivery_along() {
    let draft = either_side().with(|d| {
        d.stops.iter_mut().for_each(|s| s.demand = vec![0]);
        d.rules.shipments = vec![Shipment {
            pickup: 1,
            delivery: 3,
            amount: vec![1],
        }];
    });
    let problem = draft.problem();
    let plan = plan(&problem, vec![route(0, 0, &[0, 1, 2, 3])]);
    let request = ReplanRequest {
        cancelled: vec![1],
        ..ReplanRequest::at(&problem, &plan, 50)
    };
    let again = again(&request);
    assert_eq!(again.difference.dropped, [1, 3]);
    assert!(check(&again.rest.problem, &again.solution).is_feasible());
}

#[test]
fn plans_of_another_problem_are_refused() {
    let problem = either_side().problem();
    let mut plan = morning(&either_side());
    plan.routes[1].vehicle = 7;
    let request = ReplanRequest::at(&problem, &plan, 50);
    let error = replan(&request, &options(), &Cancel::new(), &Progress::silent()).unwrap_err();
    assert!(matches!(error, ReplanError::ForeignPlan { .. }));
    assert!(error.to_string().contains("vehicle 7"), "{error}");
}
