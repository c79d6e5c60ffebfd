//! Vehicles that differ: places, costs, skills, profiles, shifts.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::{StaticProfile, StaticTravel, Stop, TimeWindow, Travel, VehicleType};

/// One stop at 100 and two vehicle types, the first of which is cheaper.
fn two_types(change: impl FnOnce(&mut Draft)) -> Draft {
    Draft::line(&[0, 100]).with(|d| {
        let mut second = d.vehicles[0].clone();
        second.fixed_cost = 40;
        d.vehicles.push(second);
        change(d);
    })
}

/// The feature makes the second type the right one.
fn second_is_right(with: &Draft, ignore: impl FnOnce(&mut Draft)) {
    let plan = matters(with, &[], ignore);
    assert_eq!(plan.routes[0].vehicle_type, 1);
}

#[test]
fn several_depots() {
    let depots = Draft::line(&[0, 10, 100, 90]).with(|d| {
        d.stops.truncate(2);
        d.vehicles.push(VehicleType::at_depot(3, 1, vec![10]));
    });
    let plan = matters(&depots, &[], |d| {
        d.vehicles[1].start = Some(0);
        d.vehicles[1].end = Some(0);
    });
    assert_eq!(plan.cost, 20 + 20);
}

#[test]
fn an_end_elsewhere() {
    let elsewhere = Draft::line(&[0, 100, 300]).with(|d| {
        d.stops.truncate(1);
        d.vehicles[0].end = Some(2);
    });
    let plan = matters(&elsewhere, &[], |d| d.vehicles[0].end = Some(0));
    assert_eq!(plan.cost, 300);
}

#[test]
fn an_open_end() {
    let open = Draft::line(&[0, 100, -150]).with(|d| d.vehicles[0].end = None);
    let plan = matters(&open, &[], |d| d.vehicles[0].end = Some(0));
    assert_eq!(stops(&plan), [[0, 1]]);
    assert_eq!(plan.cost, 350);
}

#[test]
fn an_open_start() {
    let open = Draft::line(&[0, 100, -150]).with(|d| d.vehicles[0].start = None);
    let plan = matters(&open, &[], |d| d.vehicles[0].start = Some(0));
    assert_eq!(stops(&plan), [[1, 0]]);
    assert_eq!(plan.cost, 350);
}

#[test]
fn open_at_both_ends() {
    let open = Draft::line(&[0, 100, -150]).with(|d| {
        d.vehicles[0].start = None;
        d.vehicles[0].end = None;
    });
    let plan = matters(&open, &[], |d| d.vehicles[0].start = Some(0));
    assert_eq!(plan.cost, 250);
}

#[test]
fn fixed_costs() {
    let dear = two_types(|d| d.vehicles[0].fixed_cost = 50);
    second_is_right(&dear, |d| d.vehicles[0].fixed_cost = 0);
}

#[test]
fn costs_per_distance() {
    let dear = two_types(|d| d.vehicles[0].cost_per_distance = 2);
    second_is_right(&dear, |d| d.vehicles[0].cost_per_distance = 1);
}

#[test]
fn costs_per_second() {
    let dear = two_types(|d| d.vehicles[0].cost_per_second = 1);
    second_is_right(&dear, |d| d.vehicles[0].cost_per_second = 0);
}

#[test]
fn costs_per_second_at_the_wheel() {
    let dear = two_types(|d| d.vehicles[0].cost_per_driving_second = 1);
    second_is_right(&dear, |d| d.vehicles[0].cost_per_driving_second = 0);
}

#[test]
fn costs_of_waiting() {
    // In the order of the line the first stop opens 200 s after arrival.
    let waiting = Draft::line(&[0, 100, 200]).with(|d| {
        d.vehicles[0].end = None;
        d.vehicles[0].latest_start_s = 0;
        d.vehicles[0].cost_per_waiting_second = 1;
        d.stops[0].windows = vec![TimeWindow {
            open_s: 300,
            close_s: 1_000,
        }];
    });
    let plan = matters(&waiting, &[], |d| d.vehicles[0].cost_per_waiting_second = 0);
    assert_eq!(stops(&plan), [[1, 0]]);
}

#[test]
fn skills() {
    let skilled = two_types(|d| {
        d.vehicles[1].skills = 0b10;
        d.stops[0].required_skills = 0b10;
    });
    second_is_right(&skilled, |d| d.stops[0].required_skills = 0);
}

#[test]
fn the_start_of_the_shift() {
    let late = two_types(|d| {
        d.vehicles[0].earliest_start_s = 100;
        d.stops[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 150,
        }];
    });
    second_is_right(&late, |d| d.vehicles[0].earliest_start_s = 0);
}

#[test]
fn the_latest_departure() {
    let early = Draft::line(&[0, 100]).with(|d| {
        d.vehicles[0].cost_per_second = 1;
        d.vehicles[0].latest_start_s = 100;
        d.stops[0].windows = vec![TimeWindow {
            open_s: 500,
            close_s: 600,
        }];
    });
    let plan = matters(&early, &[100, 400], |d| {
        d.vehicles[0].latest_start_s = 10_000;
    });
    assert_eq!(plan.routes[0].departure_s, 100);
    assert_eq!(plan.cost, 200 + 500);
}

#[test]
fn profiles_with_travel_times_of_their_own() {
    let cells = |leg: u32| vec![0, leg, leg, 0].into();
    let profile = |leg| StaticProfile {
        durations: cells(leg),
        distances: cells(leg),
    };
    let travel = StaticTravel::new(2, vec![profile(100), profile(150)]).unwrap();
    let slow = two_types(|d| {
        d.travel = Travel::Static(travel.into());
        d.vehicles[0].profile = 1;
        d.stops = vec![Stop::at(1, vec![1])];
    });
    second_is_right(&slow, |d| d.vehicles[0].profile = 0);
}
