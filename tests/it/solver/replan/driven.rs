//! What is driven or on board stays where it is.

use super::{again, either_side, morning, stops_of, van};
use crate::solver::draft::{Draft, paused, plan, route};
use crate::solver::random_day::random_day;
use crate::solver::random_problem::random_problem;
use crate::solver::search::search;
use routeforce::solver::check::{CheckReport, CheckedActivity, CheckedRoute, FaultKind, check};
use routeforce::solver::replan::{Moved, PlanDifference, ReplanRequest, Vehicle};
use routeforce::solver::{
    Break, Pause, PauseKind, PlaneTravel, Problem, Reload, Rounding, Route, Solution, Stop, Travel,
    VehicleType,
};

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
    let draft = Draft::line(&[0, 100, 200, 1, -100]).with(|d| {
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
        route.pauses = vec![Pause { before: 1, kind }];
    }
    routes[1].vehicle = 1;
    let problem = draft.problem();
    let morning = plan(&problem, routes);
    assert!(check(&problem, &morning).is_feasible());
    // The first van is delayed by a third of its shift: its second trip is the other's now.
    let points = [0.0, 100.0, 500.0, 1.0, -100.0].map(|x| (x, 0.0)).to_vec();
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

/// A van on its second trip, with stops 1 and 2. It waited at the depot until the goods of stop 2 were
/// released.
fn reloaded() -> (Draft, Route) {
    let draft = Draft::line(&[0, 100, 200, 300]).with(|d| {
        d.vehicles[0].end = None;
        d.vehicles[0].reloads = vec![Reload {
            place: 0,
            duration_s: 20,
            windows: vec![],
        }];
        d.stops[2].release_s = 1_000;
    });
    let route = paused(route(0, 0, &[0, 1, 2]), &[(1, PauseKind::Reload(0))]);
    (draft, route)
}

/// When stop 1 starts.
fn start_of_second(problem: &Problem, plan: &Solution) -> i64 {
    let report = check(problem, plan);
    let mut services = report.routes.iter().flat_map(CheckedRoute::services);
    services.find(|(stop, _)| *stop == 1).unwrap().1.start_s
}

#[test]
fn goods_that_a_reload_waited_for_are_on_board() {
    let (draft, route) = reloaded();
    let problem = draft.problem();
    let morning = plan(&problem, vec![route]);
    assert_eq!(start_of_second(&problem, &morning), 1_200);
    for now_s in [900, 1_100, 1_250] {
        let again = again(&ReplanRequest::at(&problem, &morning, now_s));
        assert_eq!(again.difference, PlanDifference::default(), "at {now_s}");
        assert_eq!(stops_of(&again, van(0)), [0, 1, 2], "at {now_s}");
        assert_eq!(again.solution.cost, morning.cost);
    }
}

#[test]
fn goods_are_on_board_where_a_break_follows_the_reload() {
    let (draft, route) = reloaded();
    let draft = draft.with(|d| {
        d.vehicles[0].breaks = vec![Break {
            windows: vec![],
            duration_s: 300,
            always: true,
        }];
    });
    let problem = draft.problem();
    let kinds = [(1, PauseKind::Reload(0)), (1, PauseKind::Break(0))];
    let morning = plan(&problem, vec![paused(route, &kinds)]);
    assert_eq!(start_of_second(&problem, &morning), 1_500);
    let again = again(&ReplanRequest::at(&problem, &morning, 1_100));
    assert_eq!(again.difference, PlanDifference::default());
    assert_eq!(stops_of(&again, van(0)), [0, 1, 2]);
}

#[test]
fn a_van_has_waited_for_goods_that_are_cancelled() {
    let (draft, route) = reloaded();
    let problem = draft.problem();
    let morning = plan(&problem, vec![route]);
    let request = ReplanRequest {
        cancelled: vec![2],
        ..ReplanRequest::at(&problem, &morning, 1_100)
    };
    let once = again(&request);
    assert_eq!(stops_of(&once, van(0)), [0, 1]);
    assert_eq!(start_of_second(&once.rest.problem, &once.solution), 1_200);
    let twice = again(&ReplanRequest::at(
        &once.rest.problem,
        &once.solution,
        1_150,
    ));
    assert_eq!(start_of_second(&twice.rest.problem, &twice.solution), 1_200);
}

#[test]
fn goods_released_later_are_not_on_board() {
    let (draft, route) = reloaded();
    let draft = draft.with(|d| d.vehicles[0].max_trips = Some(2));
    let problem = draft.problem();
    let morning = plan(&problem, vec![route]);
    let added = |release_s| {
        let stop = Stop {
            penalty: Some(10_000),
            release_s,
            ..Stop::at(3, vec![1])
        };
        let request = ReplanRequest {
            added: vec![stop],
            ..ReplanRequest::at(&problem, &morning, 1_100)
        };
        again(&request).solution.unplanned
    };
    assert_eq!(added(1_000), [0_usize; 0]);
    assert_eq!(added(1_001), [3]);
}

#[test]
fn a_van_that_stood_when_it_was_planned_again_left_no_earlier() {
    let draft = Draft::line(&[0, 100, 200, 300]).with(|d| {
        d.vehicles[0].end = None;
        d.stops.truncate(1);
    });
    let problem = draft.problem();
    let morning = plan(&problem, vec![route(0, 0, &[0])]);
    // It has stood at its only stop since 100, and leaves for another at 150.
    let request = ReplanRequest {
        added: vec![Stop::at(2, vec![1])],
        ..ReplanRequest::at(&problem, &morning, 150)
    };
    let once = again(&request);
    assert_eq!(start_of_second(&once.rest.problem, &once.solution), 250);
    let twice = again(&ReplanRequest::at(&once.rest.problem, &once.solution, 200));
    assert_eq!(start_of_second(&twice.rest.problem, &twice.solution), 250);
    let request = ReplanRequest::at(&twice.rest.problem, &twice.solution, 220);
    let thrice = again(&request);
    assert_eq!(start_of_second(&thrice.rest.problem, &thrice.solution), 250);
}

/// Plans a day again some time after the first departure; how many stops were driven by then.
fn again_after(problem: &Problem, seed: u64, after_s: i64) -> usize {
    let plan = search(problem, seed, 200).solution;
    let before = check(problem, &plan);
    assert_eq!(before.faults, []);
    let Some(first_s) = before.routes.iter().map(|r| r.departure_s).min() else {
        return 0;
    };
    let request = ReplanRequest {
        move_price: 50,
        ..ReplanRequest::at(problem, &plan, first_s + after_s)
    };
    let again = again(&request);
    let after = check(&again.rest.problem, &again.solution);
    let missing = |report: &CheckReport| report.unplanned_mandatory.len();
    assert!(missing(&after) <= missing(&before));
    let mut driven = 0;
    for route in &before.routes {
        let vehicle = Vehicle::of(&plan.routes[route.route]);
        let begun = |s: &CheckedActivity| s.start_s.max(route.departure_s) < request.now_s;
        for (stop, service) in route.services().filter(|(_, s)| begun(s)) {
            let now = after.routes.iter().find_map(|r| {
                let on = again.rest.vehicle(&again.solution.routes[r.route]);
                let (_, service) = r.services().find(|(s, _)| *s == stop)?;
                Some((on, service.start_s))
            });
            assert_eq!(now, Some((Some(vehicle), service.start_s)));
            driven += 1;
        }
    }
    driven
}

#[test]
fn random_days_planned_again_keep_what_is_driven() {
    let mut driven = 0;
    for seed in 0..12 {
        driven += again_after(&random_problem(seed, 14, seed % 2 == 0), seed, 2_500);
    }
    assert!(driven > 20, "only {driven} stops were driven");
}

#[test]
fn random_days_with_everything_planned_again_keep_every_rule() {
    let mut driven = 0;
    for seed in 0..40 {
        let problem = random_day(seed, 12, seed % 2 == 0);
        driven += again_after(&problem, seed, 1_500 + 100 * seed as i64);
    }
    assert!(driven > 40, "only {driven} stops were driven");
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
