//! What a stop asks for: windows, due seconds, service, vehicles, being left out.

use super::{ITERATIONS, matters, stops};
use crate::solver::draft::Draft;
use crate::solver::search::search;
use routeforce::solver::check::check;
use routeforce::solver::{Due, TimeWindow};

fn window(open_s: i64, close_s: i64) -> TimeWindow {
    TimeWindow { open_s, close_s }
}

/// Stops at 100 and 200 on an open route: in turn 200, the other way round 300.
fn in_turn() -> Draft {
    Draft::line(&[0, 100, 200]).with(|d| d.vehicles[0].end = None)
}

#[test]
fn a_time_window() {
    let draft = in_turn().with(|d| {
        d.stops[0].service_s = 50;
        d.stops[1].windows = vec![window(0, 240)];
    });
    let plan = matters(&draft, &[], |d| d.stops[1].windows.clear());
    assert_eq!(stops(&plan), [[1, 0]]);
}

#[test]
fn several_windows() {
    // The first stop is open again after the second was served.
    let draft = in_turn().with(|d| {
        d.vehicles[0].latest_end_s = 400;
        d.stops[0].windows = vec![window(0, 50), window(310, 320), window(900, 910)];
    });
    let plan = matters(&draft, &[], |d| d.stops[0].windows.truncate(1));
    assert_eq!(stops(&plan), [[1, 0]]);
    let plan = matters(&draft, &[], |d| d.stops[0].windows = vec![window(900, 910)]);
    assert_eq!(stops(&plan), [[1, 0]]);
}

#[test]
fn a_due_second_and_the_price_of_being_later() {
    let draft = in_turn().with(|d| {
        d.stops[0].service_s = 100;
        d.stops[1].due = Some(Due {
            by_s: 200,
            cost_per_second: 3,
        });
    });
    let plan = matters(&draft, &[], |d| d.stops[1].due = None);
    assert_eq!(stops(&plan), [[1, 0]]);
    let cheap = draft.with(|d| d.stops[1].due.as_mut().unwrap().by_s = 299);
    let plan = matters(&cheap, &[], |d| d.stops[1].due = None);
    assert_eq!(plan.cost, 200 + 3);
}

/// One stop at 100 and a second vehicle type that costs 40 more.
fn two_types(change: impl FnOnce(&mut Draft)) -> Draft {
    Draft::line(&[0, 100]).with(|d| {
        let mut second = d.vehicles[0].clone();
        second.fixed_cost = 40;
        d.vehicles.push(second);
        change(d);
    })
}

#[test]
fn service_that_depends_on_the_vehicle() {
    let draft = two_types(|d| {
        d.vehicles.iter_mut().for_each(|v| v.latest_end_s = 250);
        d.stops[0].service_s = 20;
        d.stops[0].service_by_type_s = vec![60, 20];
    });
    let plan = matters(&draft, &[], |d| d.stops[0].service_by_type_s.clear());
    assert_eq!(plan.routes[0].vehicle_type, 1);
}

#[test]
fn vehicle_types_that_may_serve_a_stop() {
    let draft = two_types(|d| d.stops[0].vehicle_types = Some(vec![1]));
    let plan = matters(&draft, &[], |d| d.stops[0].vehicle_types = None);
    assert_eq!(plan.routes[0].vehicle_type, 1);
}

#[test]
fn the_price_of_serving_a_stop_with_a_type() {
    let draft = two_types(|d| d.stops[0].cost_by_type = vec![50, 0]);
    let plan = matters(&draft, &[], |d| d.stops[0].cost_by_type.clear());
    assert_eq!(plan.cost, 240);
}

#[test]
fn a_stop_not_worth_its_way() {
    let draft = Draft::line(&[0, 10, 500]).with(|d| d.stops[1].penalty = Some(979));
    let plan = matters(&draft, &[], |d| d.stops[1].penalty = None);
    assert_eq!(plan.unplanned, [1]);
    let worth = draft.with(|d| d.stops[1].penalty = Some(981));
    let plan = matters(&worth, &[], |d| {
        d.stops[1].penalty = None::<i64>.or(Some(0))
    });
    assert_eq!(plan.unplanned, [0_usize; 0]);
}

#[test]
fn the_more_important_of_two_stops_is_kept() {
    let kept = |priority| {
        let draft = Draft::line(&[0, 100, 300]).with(|d| {
            d.vehicles[0].max_stops = Some(1);
            d.stops[1].priority = priority;
        });
        let found = search(&draft.problem(), 1, ITERATIONS).solution;
        let report = check(&draft.problem(), &found);
        assert_eq!(report.faults, []);
        stops(&found)
    };
    assert_eq!(kept(0), [[0]]);
    assert_eq!(kept(5), [[1]]);
}
