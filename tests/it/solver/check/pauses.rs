//! Faults of reloads, breaks and the driving rule.

use crate::solver::draft::{Draft, only_fault, only_fault_of, paused, route};
use routeforce::solver::check::FaultKind;
use routeforce::solver::{Break, DrivingRule, Pause, PauseKind, Reload, Route, TimeWindow};

const RELOAD: PauseKind = PauseKind::Reload(0);
const BREAK: PauseKind = PauseKind::Break(0);

/// Four stops 100 to 400 on a line; two fit on a trip; the vehicle may reload at the depot.
fn two_trips() -> Draft {
    Draft::line(&[0, 100, 200, 300, 400]).with(|d| {
        d.vehicles[0].capacity = vec![2];
        d.vehicles[0].reloads = vec![Reload {
            place: 0,
            duration_s: 10,
            windows: vec![],
        }];
    })
}

fn reloaded() -> Vec<Route> {
    vec![paused(route(0, 0, &[0, 1, 2, 3]), &[(2, RELOAD)])]
}

fn window(open_s: i64, close_s: i64) -> Vec<TimeWindow> {
    vec![TimeWindow { open_s, close_s }]
}

#[test]
fn a_trip_that_needs_a_reload() {
    let kind = only_fault_of(&two_trips(), reloaded(), |s| s.routes[0].pauses.clear());
    let load = FaultKind::Load {
        dimension: 0,
        trip: 0,
        load: 4,
        capacity: 2,
    };
    assert_eq!(kind, load);
    let kind = only_fault_of(&two_trips(), reloaded(), |s| {
        s.routes[0].pauses[0].before = 1;
    });
    let load = FaultKind::Load {
        dimension: 0,
        trip: 1,
        load: 3,
        capacity: 2,
    };
    assert_eq!(kind, load);
}

#[test]
fn a_reload_out_of_its_windows_and_one_too_many() {
    let kind = only_fault(&two_trips(), reloaded(), |d| {
        d.vehicles[0].reloads[0].windows = window(0, 399);
    });
    let late = FaultKind::ReloadWindow {
        reload: 0,
        arrival_s: 400,
    };
    assert_eq!(kind, late);
    let kind = only_fault(&two_trips(), reloaded(), |d| {
        d.vehicles[0].max_trips = Some(1);
    });
    assert_eq!(kind, FaultKind::Trips { trips: 2, most: 1 });
}

#[test]
fn the_second_trip_waits_for_its_goods() {
    // Back at 400, reloaded at 410, released at 500: the end moves from 1210 to 1300.
    let kind = only_fault(&two_trips(), reloaded(), |d| {
        d.stops[3].release_s = 500;
        d.vehicles[0].latest_end_s = 1_299;
    });
    let late = FaultKind::ShiftEnd {
        end_s: 1_300,
        latest_s: 1_299,
    };
    assert_eq!(kind, late);
}

#[test]
fn pauses_that_there_are_not_or_out_of_order() {
    for kind in [PauseKind::Reload(1), PauseKind::Break(0), PauseKind::Rest] {
        let found = only_fault_of(&two_trips(), reloaded(), |s| {
            s.routes[0].pauses.push(Pause { before: 3, kind });
        });
        assert_eq!(found, FaultKind::UnknownPause);
    }
    for before in [1, 5] {
        let found = only_fault_of(&two_trips(), reloaded(), |s| {
            let kind = RELOAD;
            s.routes[0].pauses.push(Pause { before, kind });
        });
        assert_eq!(found, FaultKind::PauseOrder { before, stops: 4 });
    }
}

/// Stops at 100 and 200, back at 400 and 60 more for lunch between 150 and 250.
fn lunch() -> Draft {
    Draft::line(&[0, 100, 200]).with(|d| {
        d.vehicles[0].breaks = vec![Break {
            windows: window(150, 250),
            duration_s: 60,
            always: true,
        }];
    })
}

fn at_noon() -> Vec<Route> {
    vec![paused(route(0, 0, &[0, 1]), &[(2, BREAK)])]
}

#[test]
fn a_break_owed_is_missing_doubled_or_too_late() {
    let kind = only_fault_of(&lunch(), at_noon(), |s| s.routes[0].pauses.clear());
    assert_eq!(kind, FaultKind::BreakMissing { index: 0 });
    let kind = only_fault_of(&lunch(), at_noon(), |s| {
        // Both start in time: at 150 and, after the next leg, at 310 or sooner.
        s.routes[0].pauses = vec![
            Pause {
                before: 1,
                kind: BREAK
            };
            2
        ];
    });
    assert_eq!(kind, FaultKind::BreakTwice { index: 0 });
    let kind = only_fault(&lunch(), at_noon(), |d| {
        d.vehicles[0].breaks[0].windows = window(150, 199);
    });
    let late = FaultKind::BreakWindow {
        index: 0,
        arrival_s: 200,
    };
    assert_eq!(kind, late);
}

#[test]
fn a_break_is_owed_by_routes_that_end_after_it() {
    let none = vec![route(0, 0, &[0, 1])];
    let draft = lunch().with(|d| {
        d.vehicles[0].breaks[0].always = false;
        d.vehicles[0].breaks[0].windows = window(150, 400);
    });
    let kind = only_fault(&draft, none, |d| {
        d.vehicles[0].breaks[0].windows = window(150, 399);
    });
    assert_eq!(kind, FaultKind::BreakMissing { index: 0 });
}

/// Stops at 100 and 200 with 20 s of service each, and a rule of 30 s after 300 s at the wheel.
fn ruled(standstill_counts: bool) -> Draft {
    Draft::line(&[0, 100, 200]).with(|d| {
        d.vehicles[0].driving_rule = Some(DrivingRule {
            max_driving_s: 300,
            break_s: 30,
            standstill_counts,
        });
        d.stops.iter_mut().for_each(|s| s.service_s = 20);
    })
}

#[test]
fn too_long_at_the_wheel() {
    let rested = vec![paused(route(0, 0, &[0, 1]), &[(1, PauseKind::Rest)])];
    let too_long = FaultKind::DrivingRule {
        driven_s: 400,
        most_s: 300,
    };
    for standstill_counts in [false, true] {
        let draft = ruled(standstill_counts);
        let kind = only_fault_of(&draft, rested.clone(), |s| s.routes[0].pauses.clear());
        assert_eq!(kind, too_long);
    }
    let long_leg = only_fault(&ruled(false), rested, |d| {
        d.vehicles[0].driving_rule.as_mut().unwrap().max_driving_s = 199;
    });
    // The way home after the rest: 100 to the second stop, then 200 in one piece.
    let kind = FaultKind::DrivingRule {
        driven_s: 300,
        most_s: 199,
    };
    assert_eq!(long_leg, kind);
}

#[test]
fn standstill_counts_only_where_the_rule_says_so() {
    // Served for 20 and waiting for 10 before: 30 in one piece.
    let standing = ruled(true).with(|d| d.stops[1].windows = window(230, 300));
    let kind = only_fault(&standing, vec![route(0, 0, &[0, 1])], |d| {
        let rule = d.vehicles[0].driving_rule.as_mut().unwrap();
        rule.standstill_counts = false;
    });
    let too_long = FaultKind::DrivingRule {
        driven_s: 400,
        most_s: 300,
    };
    assert_eq!(kind, too_long);
    let short = only_fault(&standing, vec![route(0, 0, &[0, 1])], |d| {
        d.stops[1].windows = window(229, 300);
    });
    assert_eq!(short, too_long);
}

#[test]
fn a_break_as_long_as_the_rule_asks_counts() {
    let draft = ruled(false).with(|d| {
        d.vehicles[0].breaks = vec![Break {
            windows: vec![],
            duration_s: 30,
            always: true,
        }];
    });
    let routes = vec![paused(route(0, 0, &[0, 1]), &[(1, BREAK)])];
    let kind = only_fault(&draft, routes, |d| d.vehicles[0].breaks[0].duration_s = 29);
    assert!(matches!(kind, FaultKind::DrivingRule { .. }));
}
