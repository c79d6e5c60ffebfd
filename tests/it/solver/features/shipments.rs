//! Goods from stop to stop.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::Shipment;

/// Shipments of two units on an open route of one vehicle; stops are at 100, 200, …
fn shipped(places: &[i32], pairs: &[(usize, usize)]) -> Draft {
    Draft::line(places).with(|d| {
        d.vehicles[0].end = None;
        d.stops.iter_mut().for_each(|s| s.demand = vec![0]);
        let shipment = |&(pickup, delivery)| Shipment {
            pickup,
            delivery,
            amount: vec![2],
        };
        d.rules.shipments = pairs.iter().map(shipment).collect();
    })
}

#[test]
fn the_pickup_comes_first() {
    let draft = shipped(&[0, 100, 200], &[(1, 0)]);
    let plan = matters(&draft, &[], |d| d.rules.shipments.clear());
    assert_eq!(stops(&plan), [[1, 0]]);
}

#[test]
fn both_ends_are_on_one_vehicle() {
    let draft = shipped(&[0, 100, -100], &[(0, 1)]).with(|d| d.vehicles[0].count = 2);
    let plan = matters(&draft, &[], |d| d.rules.shipments.clear());
    assert_eq!(stops(&plan), [[0, 1]]);
    assert_eq!(plan.cost, 300);
}

/// Loaded at 100 and 200, delivered at 300 and 400.
fn crossed() -> Draft {
    shipped(&[0, 100, 200, 300, 400], &[(0, 2), (1, 3)])
}

#[test]
fn goods_loaded_last_are_unloaded_first() {
    let draft = crossed().with(|d| d.rules.lifo = true);
    let plan = matters(&draft, &[], |d| d.rules.lifo = false);
    assert_eq!(stops(&plan), [[0, 1, 3, 2]]);
}

#[test]
fn goods_take_room_from_pickup_to_delivery() {
    let draft = crossed().with(|d| d.vehicles[0].capacity = vec![3]);
    let plan = matters(&draft, &[], |d| {
        d.rules
            .shipments
            .iter_mut()
            .for_each(|s| s.amount = vec![0]);
    });
    assert_eq!(plan.cost, 600);
}

#[test]
fn a_shipment_not_worth_its_way_is_left_out_whole() {
    let draft = shipped(&[0, 100, 900], &[(0, 1)]).with(|d| {
        d.stops.iter_mut().for_each(|s| s.penalty = Some(400));
    });
    let plan = matters(&draft, &[], |d| d.rules.shipments.clear());
    assert_eq!(plan.unplanned, [0, 1]);
    assert_eq!(plan.cost, 800);
}
