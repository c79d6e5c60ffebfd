//! Faults of a single route: vehicle, shift, windows, limits, loads.

use crate::solver::draft::{Draft, faults, only_fault, only_fault_of, plan, restate, route};
use routeforce::solver::check::{FaultKind, check};
use routeforce::solver::{Route, TimeWindow};

/// Stops 0 to 3 at 100, 200, 300 and 400 on a line from the depot; the last is optional.
fn line() -> Draft {
    Draft::line(&[0, 100, 200, 300, 400]).with(|d| {
        d.vehicles[0].count = 2;
        d.stops[3].penalty = Some(10_000);
    })
}

fn out_and_back() -> Vec<Route> {
    vec![route(0, 0, &[0, 1, 2, 3])]
}

fn in_turn(change: impl FnOnce(&mut Draft)) -> FaultKind {
    only_fault(&line(), out_and_back(), change)
}

#[test]
fn an_overload() {
    let kind = FaultKind::Load {
        dimension: 0,
        trip: 0,
        load: 4,
        capacity: 3,
    };
    assert_eq!(in_turn(|d| d.vehicles[0].capacity = vec![3]), kind);
}

#[test]
fn an_overload_by_goods_picked_up() {
    // Full of deliveries until stop 2, full of pickups from stop 0 on.
    let kind = FaultKind::Load {
        dimension: 0,
        trip: 0,
        load: 11,
        capacity: 10,
    };
    assert_eq!(in_turn(|d| d.stops[0].pickup = vec![8]), kind);
    let report = check(&line().problem(), &plan(&line().problem(), out_and_back()));
    assert!(report.is_feasible());
}

#[test]
fn a_missed_window() {
    let early = |close_s| {
        move |d: &mut Draft| {
            d.stops[0].windows = vec![TimeWindow { open_s: 0, close_s }];
        }
    };
    assert_eq!(in_turn(early(99)), FaultKind::Window { arrival_s: 100 });
    let just = line().with(early(100)).problem();
    assert_eq!(faults(&just, &plan(&just, out_and_back())), []);
}

#[test]
fn departures_out_of_the_shift() {
    let early = FaultKind::ShiftStart {
        departure_s: 0,
        earliest_s: 1,
    };
    assert_eq!(in_turn(|d| d.vehicles[0].earliest_start_s = 1), early);
    let late = FaultKind::LateDeparture {
        departure_s: 0,
        latest_s: -1,
    };
    let before = |d: &mut Draft| {
        d.vehicles[0].earliest_start_s = -9;
        d.vehicles[0].latest_start_s = -1;
    };
    assert_eq!(in_turn(before), late);
}

#[test]
fn a_late_end() {
    let kind = FaultKind::ShiftEnd {
        end_s: 800,
        latest_s: 799,
    };
    assert_eq!(in_turn(|d| d.vehicles[0].latest_end_s = 799), kind);
}

#[test]
fn goods_that_leave_before_their_release() {
    let kind = FaultKind::Release {
        departure_s: 0,
        release_s: 5,
    };
    assert_eq!(in_turn(|d| d.stops[2].release_s = 5), kind);
}

#[test]
fn a_missing_skill_and_a_type_not_named() {
    let skills = |d: &mut Draft| {
        d.vehicles[0].skills = 1;
        d.stops[0].required_skills = 3;
    };
    assert_eq!(in_turn(skills), FaultKind::Skills { missing: 2 });
    let kind = FaultKind::VehicleType { vehicle_type: 0 };
    assert_eq!(in_turn(|d| d.stops[1].vehicle_types = Some(vec![])), kind);
}

#[test]
fn a_route_too_long() {
    let distance = FaultKind::Distance {
        distance: 800,
        most: 799,
    };
    assert_eq!(
        in_turn(|d| d.vehicles[0].max_distance = Some(799)),
        distance
    );
    let duration = FaultKind::Duration {
        duration_s: 800,
        most_s: 799,
    };
    assert_eq!(
        in_turn(|d| d.vehicles[0].max_duration_s = Some(799)),
        duration
    );
    let driving = FaultKind::Driving {
        driving_s: 800,
        most_s: 799,
    };
    assert_eq!(
        in_turn(|d| d.vehicles[0].max_driving_s = Some(799)),
        driving
    );
    let stops = FaultKind::Stops { stops: 4, most: 3 };
    assert_eq!(in_turn(|d| d.vehicles[0].max_stops = Some(3)), stops);
}

#[test]
fn service_counts_as_duration_and_not_as_driving() {
    let serve = |d: &mut Draft| {
        d.stops[0].service_s = 50;
        d.stops[0].service_by_type_s = vec![7];
        d.vehicles[0].max_driving_s = Some(800);
        d.vehicles[0].max_duration_s = Some(806);
    };
    let kind = FaultKind::Duration {
        duration_s: 807,
        most_s: 806,
    };
    assert_eq!(in_turn(serve), kind);
}

#[test]
fn vehicles_that_there_are_not() {
    for (vehicle_type, vehicle) in [(0, 2), (1, 0)] {
        let problem = line().problem();
        let mut spoilt = plan(&problem, out_and_back());
        spoilt.routes[0].vehicle_type = vehicle_type;
        spoilt.routes[0].vehicle = vehicle;
        let found = faults(&problem, &restate(&problem, spoilt));
        let kind = FaultKind::UnknownVehicle {
            vehicle_type,
            vehicle,
        };
        assert_eq!(found, [kind]);
    }
}

#[test]
fn a_vehicle_used_twice() {
    let kind = only_fault_of(&line(), out_and_back(), |s| {
        let mut second = s.routes[0].clone();
        second.stops = s.routes[0].stops.split_off(2);
        s.routes.push(second);
    });
    let twice = FaultKind::VehicleUsedTwice {
        vehicle_type: 0,
        vehicle: 0,
    };
    assert_eq!(kind, twice);
}

#[test]
fn an_empty_route() {
    let kind = only_fault_of(&line(), out_and_back(), |s| {
        let mut empty = s.routes[0].clone();
        (empty.vehicle, empty.stops) = (1, vec![]);
        s.routes.push(empty);
    });
    assert_eq!(kind, FaultKind::EmptyRoute);
}

#[test]
fn stops_that_are_missing_doubled_or_unknown() {
    let of = |spoil: fn(&mut routeforce::solver::Solution)| {
        only_fault_of(&line(), out_and_back(), spoil)
    };
    assert_eq!(of(|s| s.routes[0].stops.truncate(3)), FaultKind::Missing);
    assert_eq!(of(|s| s.routes[0].stops.push(1)), FaultKind::Duplicate);
    assert_eq!(of(|s| s.unplanned.push(3)), FaultKind::Duplicate);
    assert_eq!(of(|s| s.routes[0].stops.push(9)), FaultKind::UnknownStop);
    assert_eq!(of(|s| s.unplanned.push(9)), FaultKind::UnknownStop);
}

#[test]
fn a_wrong_cost() {
    let problem = line().problem();
    let mut plan = plan(&problem, out_and_back());
    plan.cost -= 1;
    let kind = FaultKind::Cost {
        stated: 799,
        actual: 800,
    };
    assert_eq!(faults(&problem, &plan), [kind]);
}

#[test]
fn mandatory_stops_left_out_are_told_apart_from_optional_ones() {
    let problem = line().problem();
    let nothing = plan(&problem, vec![]);
    assert_eq!(nothing.cost, 10_000);
    let report = check(&problem, &nothing);
    assert_eq!(report.faults, []);
    assert_eq!(report.unplanned_mandatory, [0, 1, 2]);
    assert!(!report.is_feasible());
}

#[test]
fn departures_beyond_all_time_are_faults_and_no_overflow() {
    for departure_s in [i64::MIN, i64::MAX] {
        let problem = line().problem();
        let plan = plan(&problem, vec![route(0, departure_s, &[0, 1, 2, 3])]);
        assert!(!faults(&problem, &plan).is_empty());
    }
}
