//! Deliveries and pickups on one trip.

use super::{matters, stops};
use crate::solver::draft::Draft;
use routeforce::solver::Backhauls;

/// Stops at 100 and 200 on an open route: in turn 200, the other way round 300.
fn in_turn() -> Draft {
    Draft::line(&[0, 100, 200]).with(|d| d.vehicles[0].end = None)
}

#[test]
fn delivery_and_pickup_at_one_stop() {
    let draft = in_turn().with(|d| {
        d.stops[0].demand = vec![2];
        d.stops[0].pickup = vec![8];
        d.stops[1].demand = vec![8];
        d.stops[1].pickup = vec![2];
    });
    let plan = matters(&draft, &[], |d| d.stops[0].pickup.clear());
    assert_eq!(stops(&plan), [[1, 0]]);
}

#[test]
fn pickups_need_room_too() {
    let draft = Draft::line(&[0, 100, 200]).with(|d| {
        d.vehicles[0].capacity = vec![1];
        for stop in &mut d.stops {
            stop.demand = vec![0];
            stop.pickup = vec![1];
            stop.penalty = Some(500);
        }
    });
    let plan = matters(&draft, &[], |d| d.stops[0].pickup.clear());
    assert_eq!(plan.unplanned.len(), 1);
}

/// A pickup on the way to a delivery.
fn pickup_on_the_way() -> Draft {
    in_turn().with(|d| {
        d.stops[0].demand = vec![0];
        d.stops[0].pickup = vec![1];
        d.rules.backhauls = Backhauls::Last;
    })
}

#[test]
fn backhauls_come_last() {
    let plan = matters(&pickup_on_the_way(), &[], |d| {
        d.rules.backhauls = Backhauls::Mixed;
    });
    assert_eq!(stops(&plan), [[1, 0]]);
}

#[test]
fn no_trip_of_backhauls_alone() {
    let draft = Draft::line(&[0, 100, -100]).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles[0].max_distance = Some(300);
        d.stops[1].demand = vec![0];
        d.stops[1].pickup = vec![1];
        d.stops[1].penalty = Some(1_000);
        d.rules.backhauls = Backhauls::LastAfterDeliveries;
    });
    let plan = matters(&draft, &[], |d| d.rules.backhauls = Backhauls::Last);
    assert_eq!(plan.unplanned, [1]);
}
