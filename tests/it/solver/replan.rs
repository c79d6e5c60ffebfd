//! Planning again during the day: what is driven and loaded stays, moved stops cost, and the
//! difference is told.

use super::draft::{Draft, plan, route};
use super::random_problem::random_problem;
use super::search::search;
use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::check::{CheckedActivity, FaultKind, check};
use routeforce::solver::replan::{
    Arrival, Moved, PlanDifference, ReplanError, ReplanRequest, Replanned, Vehicle, compare, replan,
};
use routeforce::solver::{
    PauseKind, PlaneTravel, Reload, Rounding, SearchOptions, Shipment, Stop, Travel, VehicleType,
};

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

fn morning(draft: &Draft) -> routeforce::solver::Solution {
    let mut routes = vec![route(0, 0, &[0, 1]), route(0, 0, &[2, 3])];
    routes[1].vehicle = 1;
    plan(&draft.problem(), routes)
}

#[test]
fn what_is_driven_stays_as_it_was() {
    let (problem, plan) = (either_side().problem(), morning(&either_side()));
    // Both vans are on their way to their second stop.
    let request = ReplanRequest::at(&problem, &plan, 150);
    let again = again(&request);
    assert_eq!(again.difference, PlanDifference::default());
    assert_eq!(stops_of(&again, van(0)), [0, 1]);
    assert_eq!(stops_of(&again, van(1)), [2, 3]);
    for route in &again.solution.routes {
        let types = again.rest.problem.vehicle_types();
        let driven = types[route.vehicle_type].driven.as_ref().unwrap();
        assert_eq!(driven.stops, route.stops);
        assert_eq!((driven.departure_s, driven.free_from_s), (0, 150));
    }
    assert_eq!(again.solution.cost, plan.cost);
}

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
fn goods_on_board_stay_on_their_van() {
    // Far apart, so that changing vans would pay for the second stops were it allowed.
    let draft = Draft::plane(&[(0, 0), (100, 0), (100, 200), (0, 100), (120, 200)]).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles[0].end = None;
    });
    let plan = |draft: &Draft| {
        let mut routes = vec![route(0, 0, &[0, 3]), route(0, 0, &[2, 1])];
        routes[1].vehicle = 1;
        plan(&draft.problem(), routes)
    };
    let (problem, loaded) = (draft.problem(), plan(&draft));
    let request = ReplanRequest::at(&problem, &loaded, 50);
    assert_eq!(again(&request).difference.moved, []);
    // Services without goods may change their van.
    let services = draft.with(|d| d.stops.iter_mut().for_each(|s| s.demand = vec![0]));
    let (problem, unloaded) = (services.problem(), plan(&services));
    let free = again(&ReplanRequest::at(&problem, &unloaded, 50));
    assert_eq!(free.difference.moved.len(), 1, "{:?}", free.solution);
    assert!(free.solution.cost < unloaded.cost);
}

#[test]
fn goods_of_a_later_trip_may_change_their_van() {
    let draft = Draft::line(&[0, 100, 200, 1, 2]).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles[0].capacity = vec![1];
        d.vehicles[0].reloads = vec![Reload {
            place: 0,
            duration_s: 0,
            windows: vec![],
        }];
        d.vehicles[0].latest_end_s = 900;
    });
    let mut routes = vec![route(0, 0, &[1, 0]), route(0, 0, &[2, 3])];
    for route in &mut routes {
        let kind = PauseKind::Reload(0);
        route.pauses = vec![routeforce::solver::Pause { before: 1, kind }];
    }
    routes[1].vehicle = 1;
    let problem = draft.problem();
    let morning = plan(&problem, routes);
    assert!(check(&problem, &morning).is_feasible());
    // The first van is delayed by a third of its shift: its second trip is the other's now.
    let points = [0.0, 100.0, 500.0, 1.0, 2.0].map(|x| (x, 0.0)).to_vec();
    let slow = Travel::Plane(PlaneTravel::new(points, Rounding::Nearest(1)).into());
    let tight = draft.with(|d| d.vehicles[0].latest_end_s = 1_100);
    let problem = tight.problem();
    let request = ReplanRequest {
        travel: Some(slow),
        ..ReplanRequest::at(&problem, &morning, 50)
    };
    let again = again(&request);
    let moved = Moved {
        stop: 0,
        from: van(0),
        to: van(1),
    };
    assert_eq!(again.difference.moved, [moved]);
    assert_eq!(again.solution.unplanned, [0_usize; 0]);
}

/// Vans that have not left: the plan so far sends each to the wrong side with its last stop.
fn crossed(count: usize) -> (Draft, routeforce::solver::Solution) {
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
    assert_eq!(free, 4);
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

#[test]
fn differences_are_told_stop_by_stop() {
    let draft = Draft::line(&[0, 100, 200, 300, 400, 500]).with(|d| d.vehicles[0].count = 2);
    let problem = draft.problem();
    let with = |first: &[usize], second: &[usize]| {
        let mut routes = vec![route(0, 0, first), route(0, 0, second)];
        routes[1].vehicle = 1;
        plan(&problem, routes)
    };
    let (old, new) = (with(&[0, 1, 2], &[3]), with(&[1, 2, 0], &[4]));
    let found = compare((&problem, &old), (&problem, &new), Vehicle::of);
    assert_eq!(found.reordered, [0]);
    assert_eq!((found.added, found.dropped), (vec![4], vec![3]));
    assert_eq!(found.moved, []);
    let later = Arrival {
        stop: 0,
        before_s: 100,
        now_s: 500,
    };
    assert_eq!(found.arrivals, [later]);
    let swapped = with(&[0, 3], &[1, 2]);
    let found = compare((&problem, &old), (&problem, &swapped), Vehicle::of);
    let moved: Vec<usize> = found.moved.iter().map(|m| m.stop).collect();
    assert_eq!(moved, [1, 2, 3]);
    assert_eq!((found.moved[2].from, found.moved[2].to), (van(1), van(0)));
}

#[test]
fn random_days_planned_again_keep_what_is_driven() {
    let mut driven_stops = 0;
    for seed in 0..12 {
        let problem = random_problem(seed, 14, seed % 2 == 0);
        let plan = search(&problem, seed, 200).solution;
        let before = check(&problem, &plan);
        let departures = before.routes.iter().map(|r| r.departure_s);
        let Some(first_s) = departures.min() else {
            continue;
        };
        let request = ReplanRequest {
            move_price: 50,
            ..ReplanRequest::at(&problem, &plan, first_s + 2_500)
        };
        let again = again(&request);
        let after = check(&again.rest.problem, &again.solution);
        for (route, was) in before.routes.iter().map(|r| (r, &plan.routes[r.route])) {
            let services: Vec<_> = route.services().collect();
            let begun = |s: &CheckedActivity| s.start_s.max(route.departure_s) < request.now_s;
            for (stop, service) in services.iter().filter(|(_, s)| begun(s)) {
                let now = after.routes.iter().find_map(|r| {
                    let on = &again.solution.routes[r.route];
                    let mut services = r.services();
                    let service = services.find(|(s, _)| s == stop)?.1;
                    Some((again.rest.vehicle(on), service.start_s))
                });
                assert_eq!(now, Some((Some(Vehicle::of(was)), service.start_s)));
                driven_stops += 1;
            }
        }
    }
    assert!(driven_stops > 20, "only {driven_stops} stops were driven");
}

#[test]
fn a_vehicle_on_its_way_home_gets_nothing_more() {
    let draft = either_side().with(|d| {
        d.vehicles[0].count = 1;
        d.stops.truncate(2);
        let spare = VehicleType {
            fixed_cost: 500,
            ..d.vehicles[0].clone()
        };
        d.vehicles.push(spare);
    });
    let problem = draft.problem();
    let plan = plan(&problem, vec![route(0, 0, &[0, 1])]);
    let request = ReplanRequest {
        added: vec![Stop::at(1, vec![1])],
        ..ReplanRequest::at(&problem, &plan, 300)
    };
    let again = again(&request);
    assert_eq!(stops_of(&again, van(0)), [0, 1]);
    assert_eq!(again.solution.routes.len(), 2);
    let report = check(&again.rest.problem, &again.solution);
    assert!(
        !report
            .faults
            .iter()
            .any(|f| matches!(f.kind, FaultKind::Stops { .. }))
    );
    assert!(
        again
            .solution
            .routes
            .iter()
            .all(|r| !r.stops.contains(&2) || r.departure_s >= 300)
    );
}
