//! Limits that force a second vehicle.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::{Overtime, Relation};

/// Stops at 100 to either side of the depot: one vehicle drives 400, two drive 200 each, and each
/// costs 50.
fn either_side() -> Draft {
    Draft::line(&[0, 100, -100]).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles[0].fixed_cost = 50;
    })
}

/// The feature makes two routes of one.
fn parts(limit: impl FnOnce(&mut Draft)) {
    let free = either_side();
    let restricted = free.with(limit);
    let plan = matters(&restricted, &[], |d| *d = free);
    assert_eq!(plan.routes.len(), 2);
    assert_eq!(plan.cost, 500);
}

#[test]
fn the_longest_distance() {
    parts(|d| d.vehicles[0].max_distance = Some(399));
}

#[test]
fn the_longest_duration() {
    parts(|d| d.vehicles[0].max_duration_s = Some(399));
}

#[test]
fn the_longest_time_at_the_wheel() {
    parts(|d| d.vehicles[0].max_driving_s = Some(399));
}

#[test]
fn most_stops() {
    parts(|d| d.vehicles[0].max_stops = Some(1));
}

#[test]
fn the_end_of_the_shift() {
    parts(|d| d.vehicles[0].latest_end_s = 399);
}

#[test]
fn the_capacity() {
    parts(|d| d.vehicles[0].capacity = vec![1]);
}

#[test]
fn the_capacity_in_another_dimension() {
    parts(|d| {
        d.vehicles[0].capacity = vec![10, 1];
        d.stops.iter_mut().for_each(|s| s.demand = vec![1, 1]);
    });
}

#[test]
fn stops_that_must_not_share_a_vehicle() {
    parts(|d| d.rules.relations = vec![Relation::DifferentVehicles(vec![0, 1])]);
}

#[test]
fn overtime_dearer_than_a_vehicle() {
    parts(|d| {
        d.vehicles[0].overtime = Some(Overtime {
            after_s: 300,
            cost_per_second: 1,
        });
    });
}

#[test]
fn a_release_too_late_for_both() {
    let restricted = either_side().with(|d| {
        d.vehicles[0].latest_end_s = 650;
        d.stops[1].release_s = 300;
    });
    let plan = matters(&restricted, &[], |d| d.stops[1].release_s = 0);
    assert_eq!(plan.cost, 500);
    let late = plan.routes.iter().find(|r| r.stops == [1]).unwrap();
    assert!(late.departure_s >= 300);
}

#[test]
fn the_number_of_vehicles() {
    let one = either_side().with(|d| {
        d.vehicles[0].count = 1;
        d.vehicles[0].max_stops = Some(1);
        d.stops[0].penalty = Some(1_000);
        d.stops[1].penalty = Some(900);
    });
    let plan = matters(&one, &[], |d| d.vehicles[0].count = 2);
    assert_eq!(stops(&plan), [[0]]);
    assert_eq!(plan.cost, 250 + 900);
}
