//! Breaks with windows, and breaks after so much driving.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::{Break, DrivingRule, PauseKind, TimeWindow};

fn window(open_s: i64, close_s: i64) -> Vec<TimeWindow> {
    vec![TimeWindow { open_s, close_s }]
}

fn lunch(windows: Vec<TimeWindow>, always: bool) -> Break {
    Break {
        windows,
        duration_s: 60,
        always,
    }
}

#[test]
fn a_break_takes_time() {
    let draft = Draft::line(&[0, 50, 100]).with(|d| {
        d.vehicles[0].latest_end_s = 250;
        d.vehicles[0].breaks = vec![lunch(vec![], true)];
        d.stops[1].penalty = Some(500);
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].breaks.clear());
    assert_eq!(plan.unplanned, [1]);
    assert_eq!(plan.routes[0].pauses.len(), 1);
}

#[test]
fn a_break_within_its_window() {
    // Lunch between the stops makes the second too late; after it, lunch is too late.
    let draft = Draft::line(&[0, 100, 200]).with(|d| {
        d.vehicles[0].end = None;
        d.vehicles[0].latest_start_s = 0;
        d.vehicles[0].breaks = vec![lunch(window(100, 150), true)];
        d.stops[1].windows = window(0, 259);
        d.stops[1].penalty = Some(1_000);
    });
    let plan = matters(&draft, &[], |d| {
        d.vehicles[0].breaks[0].windows[0].close_s = 200
    });
    assert_eq!(plan.unplanned, [1]);
}

#[test]
fn a_break_owed_by_long_routes_only() {
    let draft = Draft::line(&[0, 100, -100]).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles[0].fixed_cost = 50;
        d.vehicles[0].cost_per_second = 1;
        d.vehicles[0].latest_start_s = 0;
        d.vehicles[0].breaks = vec![lunch(window(100, 300), false)];
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].breaks.clear());
    assert_eq!(plan.routes.len(), 2);
    assert_eq!(plan.cost, 900);
    let always = matters(&draft, &[], |d| d.vehicles[0].breaks[0].always = true);
    assert_eq!(always, plan);
}

/// Stops at 100 to either side of the depot with 30 s of service; every second costs.
fn ruled(standstill_counts: bool) -> Draft {
    Draft::line(&[0, 100, -100]).with(|d| {
        d.vehicles[0].cost_per_second = 1;
        d.vehicles[0].driving_rule = Some(DrivingRule {
            max_driving_s: 250,
            break_s: 30,
            standstill_counts,
        });
        d.stops.iter_mut().for_each(|s| s.service_s = 30);
    })
}

#[test]
fn a_break_after_so_much_driving() {
    let plan = matters(&ruled(false), &[], |d| d.vehicles[0].driving_rule = None);
    assert_eq!(plan.cost, 400 + 460 + 60);
    let kinds: Vec<_> = plan.routes[0].pauses.iter().map(|p| p.kind).collect();
    assert_eq!(kinds, [PauseKind::Rest; 2]);
}

#[test]
fn standstill_that_counts_as_a_break() {
    let plan = matters(&ruled(true), &[], |d| {
        d.vehicles[0]
            .driving_rule
            .as_mut()
            .unwrap()
            .standstill_counts = false;
    });
    assert_eq!(plan.routes[0].pauses, []);
}

#[test]
fn a_leg_too_long_to_be_driven() {
    let draft = ruled(true).with(|d| {
        d.vehicles[0].driving_rule.as_mut().unwrap().max_driving_s = 199;
        d.stops[1].penalty = Some(900);
        d.vehicles[0].count = 1;
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].driving_rule = None);
    assert_eq!(plan.unplanned, [1]);
}

#[test]
fn a_break_of_the_day_serves_as_that_of_the_driving_rule() {
    let draft = ruled(false).with(|d| d.vehicles[0].breaks = vec![lunch(vec![], true)]);
    let plan = matters(&draft, &[], |d| d.vehicles[0].driving_rule = None);
    assert_eq!(plan.cost, 400 + 460 + 60 + 30);
    assert_eq!(plan.routes[0].pauses.len(), 2);
}

#[test]
fn the_rules_of_the_european_union() {
    let draft = Draft::line(&[0, 16_000]).with(|d| {
        d.vehicles[0].cost_per_second = 1;
        d.vehicles[0] = d.vehicles[0].clone().under_eu_561();
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].driving_rule = None);
    assert_eq!(plan.cost, 32_000 + 32_000 + 2_700);
    let far = Draft::line(&[0, 8_100, 16_300, 8_500]).with(|d| {
        d.vehicles[0] = d.vehicles[0].clone().under_eu_561();
        d.stops[1].penalty = Some(100_000);
    });
    let plan = matters(&far, &[], |d| d.vehicles[0].max_driving_s = None);
    assert_eq!(plan.unplanned, [1]);
}

#[test]
fn the_rules_of_the_united_states() {
    let draft = Draft::line(&[0, 19_000]).with(|d| {
        d.vehicles[0].cost_per_second = 1;
        d.vehicles[0] = d.vehicles[0].clone().under_us_hours_of_service();
        d.stops[0].service_s = 1_799;
    });
    let plan = matters(&draft, &[], |d| d.vehicles[0].driving_rule = None);
    assert_eq!(plan.cost, 38_000 + 38_000 + 1_799 + 1_800);
    let served = draft.with(|d| d.stops[0].service_s = 1_800);
    let plan = matters(&served, &[], |d| {
        d.vehicles[0]
            .driving_rule
            .as_mut()
            .unwrap()
            .standstill_counts = false;
    });
    assert_eq!(plan.routes[0].pauses, []);
    assert_eq!(stops(&plan), [[0]]);
}
