//! Prices and budgets of moved stops.

use super::{again, either_side};
use crate::solver::draft::{Draft, plan, route};
use routeforce::solver::Solution;
use routeforce::solver::replan::ReplanRequest;

/// Vans that have not left: the plan so far sends each to the wrong side with its last stop.
fn crossed(count: usize) -> (Draft, Solution) {
    let mut points = vec![(0, 0)];
    for k in 0..count {
        let k = k as i32;
        points.extend([(100 + k, 0), (-100 - k, 0)]);
    }
    let draft = Draft::plane(&points).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles[0].max_stops = Some(count);
        d.vehicles[0].max_distance = Some(1_000_000);
    });
    let (right, left): (Vec<usize>, Vec<usize>) = (0..2 * count).partition(|s| s % 2 == 0);
    let mut routes = vec![route(0, 1_000, &right), route(0, 1_000, &left)];
    (routes[0].stops[0], routes[1].stops[0]) = (left[0], right[0]);
    (routes[0].stops[1], routes[1].stops[1]) = (left[1], right[1]);
    routes[1].vehicle = 1;
    let plan = plan(&draft.problem(), routes);
    (draft, plan)
}

#[test]
fn the_price_decides_how_many_stops_move() {
    let (draft, plan) = crossed(5);
    let problem = draft.problem();
    let moved = |move_price| {
        let request = ReplanRequest {
            move_price,
            ..ReplanRequest::at(&problem, &plan, 500)
        };
        let again = again(&request);
        assert!(again.within_budget);
        (again.difference.moved.len(), again.solution.cost)
    };
    let (free, free_cost) = moved(0);
    let (dear, dear_cost) = moved(10_000);
    // Two of either van, or all the others.
    assert!(free == 4 || free == 6, "{free} moved");
    assert_eq!(dear, 0);
    assert!(free_cost < dear_cost);
    assert_eq!(dear_cost, plan.cost);
}

#[test]
fn the_budget_of_moved_stops_holds() {
    let (draft, plan) = crossed(5);
    let problem = draft.problem();
    for most in [0, 2, 4] {
        let request = ReplanRequest {
            most_moved: Some(most),
            ..ReplanRequest::at(&problem, &plan, 500)
        };
        let again = again(&request);
        assert!(again.within_budget);
        assert!(again.difference.moved.len() <= most);
        assert!(again.solution.cost <= plan.cost);
    }
}

#[test]
fn a_budget_that_cannot_hold_is_reported() {
    // The first van may serve nothing now that its shift is over; all its stops must move.
    let draft = either_side().with(|d| {
        let mut second = d.vehicles[0].clone();
        second.count = 1;
        d.vehicles[0].count = 1;
        d.vehicles.push(second);
        d.vehicles[0].latest_start_s = 1_000;
    });
    let problem = draft.problem();
    let plan = plan(
        &problem,
        vec![route(0, 1_000, &[0, 1]), route(1, 1_000, &[2, 3])],
    );
    let request = ReplanRequest {
        most_moved: Some(1),
        ..ReplanRequest::at(&problem, &plan, 1_500)
    };
    // Both have departed by then; before that, the first cannot leave any more.
    assert!(again(&request).within_budget);
    let late = draft.with(|d| d.vehicles[0].latest_start_s = 400);
    let problem = late.problem();
    let request = ReplanRequest {
        most_moved: Some(1),
        ..ReplanRequest::at(&problem, &plan, 500)
    };
    let again = again(&request);
    assert!(!again.within_budget);
    assert_eq!(again.difference.moved.len(), 2);
}
