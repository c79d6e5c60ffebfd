//! Alternatives and relations.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::{Group, Relation, TimeWindow, VehicleType};

/// Stops 0 at 300 and 1 at -100 are alternatives; stop 2 at 200.
fn choice(penalty: Option<i64>) -> Draft {
    Draft::line(&[0, 300, -100, 200]).with(|d| {
        d.rules.groups = vec![Group {
            stops: vec![0, 1],
            penalty,
        }];
    })
}

#[test]
fn one_of_several_places() {
    let plan = matters(&choice(None), &[], |d| d.rules.groups.clear());
    assert_eq!(plan.cost, 600);
    assert_eq!(plan.unplanned, [0_usize; 0]);
}

#[test]
fn one_of_several_windows_with_places_of_their_own() {
    let open_at = |open_s| {
        vec![TimeWindow {
            open_s,
            close_s: open_s + 10,
        }]
    };
    let draft = choice(None).with(|d| {
        d.stops[0].windows = open_at(0);
        d.stops[1].windows = open_at(500);
    });
    let plan = matters(&draft, &[], |d| d.stops[0].windows.clear());
    assert!(stops(&plan)[0].contains(&1));
}

#[test]
fn none_for_a_penalty() {
    let plan = matters(&choice(Some(150)), &[], |d| {
        d.rules.groups[0].penalty = None
    });
    assert_eq!(plan.unplanned, [0, 1]);
    assert_eq!(plan.cost, 550);
}

#[test]
fn stops_that_must_share_a_vehicle() {
    let draft = Draft::line(&[0, 10, 100, 90]).with(|d| {
        d.stops.truncate(2);
        d.vehicles.push(VehicleType::at_depot(3, 1, vec![10]));
        d.rules.relations = vec![Relation::SameVehicle(vec![0, 1])];
    });
    let plan = matters(&draft, &[], |d| d.rules.relations.clear());
    assert_eq!(plan.routes.len(), 1);
}

#[test]
fn stops_that_must_not_share_a_vehicle() {
    let draft = Draft::line(&[0, 100, 110]).with(|d| {
        d.vehicles[0].count = 2;
        d.rules.relations = vec![Relation::DifferentVehicles(vec![0, 1])];
    });
    let plan = matters(&draft, &[], |d| d.rules.relations.clear());
    assert_eq!(plan.cost, 200 + 220);
}
