//! Reasons and changes for single stops, worked out by hand.

use super::{explain, two_stops, verified, why};
use crate::solver::draft::{plan, route};
use routeforce::solver::explain::{ChangeKind, Shortage};
use routeforce::solver::{TimeWindow, VehicleType};

#[test]
fn a_van_too_small() {
    let draft = two_stops().with(|d| {
        d.vehicles[0].capacity = vec![5];
        d.stops[0].demand = vec![3];
        d.stops[1].demand = vec![4];
        d.stops[0].priority = 9;
    });
    let solution = plan(&draft.problem(), vec![route(0, 0, &[0])]);
    let why = explain(&draft, &solution, 1);
    assert_eq!(
        why.types[0].shortages,
        [Shortage::Capacity(0, 2), Shortage::Vehicles]
    );
    assert!(why.types[0].one_suffices);
    let more = ChangeKind::Capacity {
        vehicle_type: 0,
        dimension: 0,
        more: 2,
    };
    assert_eq!(verified(&why), more);
}

#[test]
fn a_window_or_a_shift_too_short_and_the_smaller_change() {
    let draft = two_stops().with(|d| {
        d.stops[1].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 170,
        }];
        d.stops[1].penalty = Some(1_000);
        d.vehicles[0].latest_end_s = 390;
    });
    let why = why(&draft, 1);
    // Late by 30 at the stop, whatever else is served, and by 10 at the end.
    assert!(!why.types[0].one_suffices, "{why:?}");
    assert_eq!(
        why.types[0].shortages,
        [Shortage::Window(1, 30), Shortage::ShiftEnd(10)]
    );
    assert_eq!(why.change, None);
    let longer = draft.with(|d| d.vehicles[0].latest_end_s = 400);
    let later_s = 30;
    let kind = ChangeKind::Window { stop: 1, later_s };
    assert_eq!(verified(&self::why(&longer, 1)), kind);
}

#[test]
fn limits_of_a_route() {
    let short = |limit: fn(&mut VehicleType), shortage, kind| {
        let draft = two_stops().with(|d| {
            limit(&mut d.vehicles[0]);
            d.stops[1].penalty = Some(1_000);
        });
        let why = why(&draft, 1);
        assert_eq!(why.types[0].shortages, [shortage]);
        assert_eq!(verified(&why), kind);
    };
    let vehicle_type = 0;
    short(
        |v| v.max_distance = Some(350),
        Shortage::Distance(50),
        ChangeKind::Distance {
            vehicle_type,
            more: 50,
        },
    );
    short(
        |v| v.max_duration_s = Some(350),
        Shortage::Duration(50),
        ChangeKind::Duration {
            vehicle_type,
            more_s: 50,
        },
    );
    short(
        |v| v.max_driving_s = Some(350),
        Shortage::Driving(50),
        ChangeKind::Driving {
            vehicle_type,
            more_s: 50,
        },
    );
    short(
        |v| v.latest_end_s = 350,
        Shortage::ShiftEnd(50),
        ChangeKind::ShiftEnd {
            vehicle_type,
            later_s: 50,
        },
    );
}

#[test]
fn one_stop_too_many() {
    let draft = two_stops().with(|d| {
        d.vehicles[0].max_stops = Some(1);
        d.stops[0].penalty = Some(5_000);
        d.stops[1].penalty = Some(1_000);
    });
    let why = why(&draft, 1);
    assert_eq!(
        why.types[0].shortages,
        [Shortage::Stops(1), Shortage::Vehicles]
    );
    let kind = ChangeKind::Stops {
        vehicle_type: 0,
        more: 1,
    };
    assert_eq!(verified(&why), kind);
}

#[test]
fn a_penalty_lower_than_the_way() {
    let draft = two_stops().with(|d| d.stops[1].penalty = Some(150));
    let why = why(&draft, 1);
    assert_eq!(why.types[0].shortages, [Shortage::Cost(50)]);
    assert_eq!(verified(&why), ChangeKind::Penalty { more: 51 });
    assert_eq!(why.change.as_ref().map(|c| c.extra_cost), Some(200));
}

#[test]
fn skills_and_types_by_vehicle_type() {
    let draft = two_stops().with(|d| {
        let mut second = d.vehicles[0].clone();
        second.skills = 1;
        second.capacity = vec![0];
        d.vehicles.push(second);
        d.stops[1].required_skills = 1;
        d.stops[1].penalty = Some(1_000);
    });
    let why = why(&draft, 1);
    assert_eq!(why.types[0].shortages, [Shortage::Skills(1)]);
    assert_eq!(why.types[1].shortages, [Shortage::Capacity(0, 1)]);
    let more = ChangeKind::Capacity {
        vehicle_type: 1,
        dimension: 0,
        more: 1,
    };
    assert_eq!(verified(&why), more);
    let barred = draft.with(|d| {
        d.vehicles.truncate(1);
        d.stops[1].required_skills = 0;
        d.stops[1].vehicle_types = Some(vec![]);
    });
    let why = self::why(&barred, 1);
    assert_eq!(why.types[0].shortages, [Shortage::NotAmongTypes]);
    assert_eq!(verified(&why), ChangeKind::VehicleType { vehicle_type: 0 });
}

#[test]
fn a_stop_that_the_search_missed() {
    let draft = two_stops();
    let solution = plan(&draft.problem(), vec![route(0, 0, &[0])]);
    let why = explain(&draft, &solution, 1);
    assert_eq!(why.types[0].shortages, [Shortage::Search]);
    assert_eq!(verified(&why), ChangeKind::Nothing);
}
