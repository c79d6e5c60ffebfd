//! Routes of which a part is driven.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::{Driven, Pause, PauseKind, Reload, TimeWindow};

/// Stops at 100, 200 and 300; the vehicle left at 0 and is on its way to the one at 200.
fn under_way() -> Draft {
    Draft::line(&[0, 100, 200, 300]).with(|d| {
        d.vehicles[0].end = None;
        d.vehicles[0].driven = Some(Driven {
            stops: vec![1],
            ..Driven::default()
        });
    })
}

#[test]
fn what_is_driven_stays_first() {
    let plan = matters(&under_way(), &[], |d| d.vehicles[0].driven = None);
    assert_eq!(stops(&plan), [[1, 0, 2]]);
    assert_eq!(plan.cost, 200 + 100 + 200);
}

#[test]
fn the_vehicle_leaves_when_it_is_free() {
    let draft = under_way().with(|d| {
        d.vehicles[0].driven.as_mut().unwrap().free_from_s = 1_000;
        d.stops[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 1_150,
        }];
    });
    let plan = matters(&draft, &[], |d| {
        d.vehicles[0].driven.as_mut().unwrap().free_from_s = 0;
        d.stops[0].windows[0].close_s = 299;
        d.stops[0].penalty = Some(0);
    });
    assert_eq!(stops(&plan), [[1, 0, 2]]);
}

#[test]
fn a_reload_that_lies_behind_stays() {
    let draft = under_way().with(|d| {
        d.vehicles[0].capacity = vec![2];
        d.vehicles[0].reloads = vec![Reload {
            place: 0,
            duration_s: 0,
            windows: vec![],
        }];
        d.vehicles[0].driven.as_mut().unwrap().pauses = vec![Pause {
            before: 1,
            kind: PauseKind::Reload(0),
        }];
    });
    let plan = matters(&draft, &[], |d| {
        d.vehicles[0].driven.as_mut().unwrap().pauses.clear();
        d.vehicles[0].capacity = vec![3];
    });
    assert_eq!(stops(&plan), [[1, 0, 2]]);
    assert_eq!(plan.cost, 200 + 200 + 300);
}

#[test]
fn a_vehicle_that_has_departed_stays_in_use() {
    let draft = Draft::line(&[0, 100, 200, 110]).with(|d| {
        d.stops.truncate(1);
        d.stops[0].penalty = Some(10);
        d.vehicles[0].fixed_cost = 70;
        d.vehicles[0].driven = Some(Driven::default());
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].driven = None);
    assert_eq!(stops(&plan), [[0_usize; 0]]);
    assert_eq!(plan.cost, 80);
}
