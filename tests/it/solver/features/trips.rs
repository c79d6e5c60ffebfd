//! Several trips in a shift.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::{PauseKind, Reload, TimeWindow};

/// Stops at 100 and 200, of which the one vehicle can carry one at a time; it may reload at the
/// depot within 20 s.
fn one_at_a_time() -> Draft {
    Draft::line(&[0, 100, 200]).with(|d| {
        d.vehicles[0].capacity = vec![1];
        d.vehicles[0].reloads = vec![reload(0)];
    })
}

fn reload(place: usize) -> Reload {
    Reload {
        place,
        duration_s: 20,
        windows: vec![],
    }
}

#[test]
fn a_second_trip() {
    let plan = matters(&one_at_a_time(), &[], |d| d.vehicles[0].reloads.clear());
    assert_eq!(plan.cost, 600);
    assert_eq!(plan.routes[0].pauses.len(), 1);
    assert_eq!(plan.routes[0].pauses[0].kind, PauseKind::Reload(0));
}

#[test]
fn a_second_trip_for_goods_picked_up() {
    let draft = one_at_a_time().with(|d| {
        for stop in &mut d.stops {
            stop.pickup = std::mem::replace(&mut stop.demand, vec![0]);
        }
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].reloads.clear());
    assert_eq!(plan.cost, 600);
}

#[test]
fn the_nearer_reload_place() {
    let draft = one_at_a_time().with(|d| {
        *d = Draft {
            vehicles: d.vehicles.clone(),
            ..Draft::line(&[0, 100, 200, 120])
        };
        d.stops.truncate(2);
        d.vehicles[0].reloads.push(reload(3));
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].reloads.truncate(1));
    assert_eq!(plan.routes[0].pauses[0].kind, PauseKind::Reload(1));
    assert_eq!(plan.cost, 400);
}

#[test]
fn the_time_a_reload_takes() {
    let draft = one_at_a_time().with(|d| {
        d.vehicles[0].latest_end_s = 619;
        d.stops[1].penalty = Some(1_000);
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].reloads[0].duration_s = 0);
    assert_eq!(plan.unplanned, [1]);
}

#[test]
fn the_windows_of_a_reload() {
    // The short trip is back at 200.
    let draft = one_at_a_time().with(|d| {
        d.vehicles[0].latest_start_s = 0;
        d.vehicles[0].reloads[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 199,
        }];
        d.stops[1].penalty = Some(1_000);
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].reloads[0].windows.clear());
    assert_eq!(plan.unplanned, [1]);
    let opens = draft.with(|d| {
        d.vehicles[0].reloads[0].windows[0] = TimeWindow {
            open_s: 450,
            close_s: 500,
        };
        d.vehicles[0].latest_end_s = 650;
    });
    let plan = matters(&opens, &[], |d| d.vehicles[0].reloads[0].windows.clear());
    assert_eq!(plan.unplanned, [1]);
}

#[test]
fn most_trips() {
    let draft = one_at_a_time().with(|d| {
        d.vehicles[0].max_trips = Some(1);
        d.stops[1].penalty = Some(1_000);
        d.stops[0].penalty = Some(900);
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].max_trips = None);
    assert_eq!(stops(&plan), [[0]]);
}

#[test]
fn goods_released_for_a_later_trip() {
    let draft = one_at_a_time().with(|d| {
        d.vehicles[0].latest_end_s = 700;
        d.stops[0].release_s = 300;
    });
    let plan = matters(&draft, &[], |d| d.stops[0].release_s = 0);
    assert_eq!(stops(&plan), [[1, 0]]);
    let waiting = draft.with(|d| {
        d.vehicles[0].cost_per_waiting_second = 1;
        d.vehicles[0].latest_start_s = 0;
        d.vehicles[0].max_trips = Some(2);
        d.stops[0].release_s = 450;
    });
    let plan = matters(&waiting, &[], |d| d.stops[0].release_s = 0);
    assert_eq!(plan.cost, 600 + 30);
}
