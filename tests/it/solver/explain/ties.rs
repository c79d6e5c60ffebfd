//! Shipments, groups and relations left out.

use super::{explain, two_stops, verified};
use crate::solver::draft::{plan, route};
use routeforce::runtime::Cancel;
use routeforce::solver::explain::{
    ChangeKind, ExplainOptions, Shortage, explain_left_out, explain_vehicle,
};
use routeforce::solver::{Group, Relation, Shipment};

#[test]
fn planned_and_unknown_stops_are_not_explained() {
    let problem = two_stops().problem();
    let solution = plan(&problem, vec![route(0, 0, &[0, 1])]);
    let options = ExplainOptions::default();
    for stop in [0, 2] {
        let why = explain_left_out(&problem, &solution, stop, &options, &Cancel::new());
        assert_eq!(why, None);
    }
    assert_eq!(explain_vehicle(&problem, &solution, 2), None);
}

#[test]
fn a_shipment_is_left_out_as_a_whole() {
    let draft = two_stops().with(|d| {
        d.vehicles[0].capacity = vec![2];
        for stop in &mut d.stops {
            stop.demand = vec![0];
            stop.penalty = Some(500);
        }
        d.rules.shipments = vec![Shipment {
            pickup: 0,
            delivery: 1,
            amount: vec![5],
        }];
    });
    let solution = plan(&draft.problem(), vec![]);
    for stop in [0, 1] {
        let why = explain(&draft, &solution, stop);
        assert_eq!(why.types[0].shortages, [Shortage::Capacity(0, 3)]);
    }
}

#[test]
fn a_group_and_a_relation() {
    let draft = two_stops().with(|d| {
        d.vehicles[0].max_stops = Some(1);
        d.stops[1].penalty = None;
        d.stops[0].penalty = Some(9_000);
        d.rules.groups = vec![Group {
            stops: vec![1],
            penalty: Some(10),
        }];
    });
    let solution = plan(&draft.problem(), vec![route(0, 0, &[0])]);
    let why = explain(&draft, &solution, 1);
    assert_eq!(
        why.types[0].shortages,
        [Shortage::Stops(1), Shortage::Vehicles]
    );
    let apart = two_stops().with(|d| {
        d.rules.relations = vec![Relation::DifferentVehicles(vec![0, 1])];
    });
    let solution = plan(&apart.problem(), vec![route(0, 0, &[0])]);
    let why = explain(&apart, &solution, 1);
    assert_eq!(
        why.types[0].shortages,
        [Shortage::Relation(0), Shortage::Vehicles]
    );
    assert_eq!(verified(&why), ChangeKind::Vehicles { vehicle_type: 0 });
}
