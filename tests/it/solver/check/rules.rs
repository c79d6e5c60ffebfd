//! Faults between stops and routes: shipments, groups, relations, backhauls, what was driven.

use crate::solver::draft::{Draft, faults, only_fault, only_fault_of, paused, plan, route};
use routeforce::solver::check::{FaultKind, check};
use routeforce::solver::{
    Backhauls, Driven, Group, Pause, PauseKind, Relation, Reload, Route, Shipment, Solution,
};

/// Two shipments, 0 to 1 and 2 to 3, of 2 units each; two vehicles.
fn shipped() -> Draft {
    Draft::line(&[0, 100, 200, 300, 400]).with(|d| {
        d.vehicles[0].count = 2;
        d.stops.iter_mut().for_each(|s| s.demand = vec![0]);
        d.rules.shipments = [(0, 1), (2, 3)]
            .map(|(pickup, delivery)| Shipment {
                pickup,
                delivery,
                amount: vec![2],
            })
            .to_vec();
    })
}

fn nested() -> Vec<Route> {
    vec![route(0, 0, &[0, 2, 3, 1])]
}

#[test]
fn shipments_torn_apart() {
    let of = |spoil: fn(&mut Solution)| only_fault_of(&shipped(), nested(), spoil);
    let order = of(|s| s.routes[0].stops = vec![0, 3, 2, 1]);
    assert_eq!(order, FaultKind::ShipmentOrder { shipment: 1 });
    let vehicles = of(|s| {
        let mut second = s.routes[0].clone();
        (second.vehicle, second.stops) = (1, vec![1]);
        s.routes[0].stops = vec![0, 2, 3];
        s.routes.push(second);
    });
    assert_eq!(vehicles, FaultKind::ShipmentVehicles { shipment: 0 });
    let optional = shipped().with(|d| d.stops.iter_mut().for_each(|s| s.penalty = Some(1)));
    let half = only_fault_of(&optional, nested(), |s| {
        s.routes[0].stops = vec![0, 2, 3];
        s.unplanned = vec![1];
    });
    assert_eq!(half, FaultKind::ShipmentHalf { shipment: 0 });
}

#[test]
fn shipments_load_the_vehicle_while_on_board() {
    let load = FaultKind::Load {
        dimension: 0,
        trip: 0,
        load: 4,
        capacity: 3,
    };
    let small = |d: &mut Draft| d.vehicles[0].capacity = vec![3];
    assert_eq!(only_fault(&shipped(), nested(), small), load);
    let one_by_one = plan(&shipped().problem(), vec![route(0, 0, &[0, 1, 2, 3])]);
    assert_eq!(faults(&shipped().with(small).problem(), &one_by_one), []);
}

#[test]
fn goods_of_a_shipment_stay_on_board_at_a_reload() {
    let draft = shipped().with(|d| {
        d.rules.shipments.truncate(1);
        d.stops[3].demand = vec![1];
        d.vehicles[0].reloads = vec![Reload {
            place: 0,
            duration_s: 0,
            windows: vec![],
        }];
    });
    let reloaded = paused(route(0, 0, &[0, 2, 3, 1]), &[(2, PauseKind::Reload(0))]);
    let kind = only_fault(&draft, vec![reloaded], |d| d.vehicles[0].capacity = vec![2]);
    // Two of the shipment and one for the last trip.
    let load = FaultKind::Load {
        dimension: 0,
        trip: 1,
        load: 3,
        capacity: 2,
    };
    assert_eq!(kind, load);
}

#[test]
fn goods_unloaded_from_below() {
    let lifo = shipped().with(|d| d.rules.lifo = true);
    let kind = only_fault_of(&lifo, nested(), |s| s.routes[0].stops = vec![0, 2, 1, 3]);
    assert_eq!(kind, FaultKind::Lifo { shipment: 0 });
}

/// Stops 0 and 1 are alternatives.
fn grouped() -> Draft {
    Draft::line(&[0, 100, 200, 300]).with(|d| {
        d.rules.groups = vec![Group {
            stops: vec![0, 1],
            penalty: None,
        }];
    })
}

#[test]
fn alternatives_served_twice_listed_or_forgotten() {
    let routes = || vec![route(0, 0, &[0, 2])];
    let of = |spoil: fn(&mut Solution)| only_fault_of(&grouped(), routes(), spoil);
    let twice = FaultKind::GroupServedTwice {
        group: 0,
        served: 2,
    };
    assert_eq!(of(|s| s.routes[0].stops = vec![0, 1, 2]), twice);
    let listed = FaultKind::AlternativeListed { group: 0 };
    assert_eq!(of(|s| s.unplanned = vec![1]), listed);
    let forgotten = of(|s| {
        s.routes[0].stops = vec![2];
        s.unplanned = vec![0];
    });
    assert_eq!(forgotten, FaultKind::Missing);
}

#[test]
fn a_group_left_out_is_mandatory_or_costs_its_penalty() {
    let left_out = |draft: &Draft| {
        let problem = draft.problem();
        let plan = plan(&problem, vec![route(0, 0, &[2])]);
        assert_eq!(plan.unplanned, [0, 1]);
        (check(&problem, &plan), plan.cost)
    };
    let (report, cost) = left_out(&grouped());
    assert_eq!((report.faults, cost), (vec![], 600));
    assert_eq!(report.unplanned_mandatory, [0]);
    let optional = grouped().with(|d| d.rules.groups[0].penalty = Some(50));
    let (report, cost) = left_out(&optional);
    assert!(report.is_feasible());
    assert_eq!(cost, 650);
}

#[test]
fn relations_broken() {
    let pair = Draft::line(&[0, 100, 200]).with(|d| d.vehicles[0].count = 2);
    let together = vec![route(0, 0, &[0, 1])];
    let mut apart = vec![route(0, 0, &[0]), route(0, 0, &[1])];
    apart[1].vehicle = 1;
    let stops = vec![0, 1];
    let same = only_fault(&pair, apart, |d| {
        d.rules.relations = vec![Relation::SameVehicle(stops.clone())];
    });
    assert_eq!(same, FaultKind::SameVehicle { relation: 0 });
    let different = only_fault(&pair, together, |d| {
        d.rules.relations = vec![Relation::DifferentVehicles(stops)];
    });
    assert_eq!(different, FaultKind::DifferentVehicles { relation: 0 });
}

#[test]
fn backhauls_out_of_order() {
    let mixed = Draft::line(&[0, 100, 200, 300]).with(|d| {
        d.stops[1].demand = vec![0];
        d.stops[1].pickup = vec![1];
        // Both: counts as a delivery.
        d.stops[0].pickup = vec![1];
    });
    let last = |rule| move |d: &mut Draft| d.rules.backhauls = rule;
    let kind = only_fault(&mixed, vec![route(0, 0, &[0, 1, 2])], last(Backhauls::Last));
    assert_eq!(kind, FaultKind::BackhaulBefore { trip: 0 });
    let kept = plan(&mixed.problem(), vec![route(0, 0, &[2, 0, 1])]);
    let strict = mixed.with(last(Backhauls::LastAfterDeliveries)).problem();
    assert_eq!(faults(&strict, &kept), []);
    let two = mixed.with(|d| d.vehicles[0].count = 2);
    let mut alone = vec![route(0, 0, &[0, 2]), route(0, 0, &[1])];
    alone[1].vehicle = 1;
    let kind = only_fault(&two, alone, last(Backhauls::LastAfterDeliveries));
    assert_eq!(kind, FaultKind::BackhaulsAlone { trip: 0 });
}

/// The vehicle left at 50, rested after stop 1, and is planned again at 400.
fn under_way() -> (Draft, Vec<Route>) {
    let draft = Draft::line(&[0, 100, 200, 300]).with(|d| {
        d.vehicles[0].reloads = vec![Reload {
            place: 1,
            duration_s: 30,
            windows: vec![],
        }];
        d.vehicles[0].driven = Some(Driven {
            departure_s: 50,
            stops: vec![1],
            pauses: vec![Pause {
                before: 1,
                kind: PauseKind::Reload(0),
            }],
            free_from_s: 400,
            ..Driven::default()
        });
    });
    let routes = vec![paused(
        route(0, 50, &[1, 0, 2]),
        &[(1, PauseKind::Reload(0))],
    )];
    (draft, routes)
}

#[test]
fn a_route_that_changes_the_past() {
    let (draft, routes) = under_way();
    let of = |spoil: fn(&mut Solution)| only_fault_of(&draft, routes.clone(), spoil);
    let changed = |part| FaultKind::NotAsDriven { part };
    assert_eq!(of(|s| s.routes[0].departure_s = 49), changed("departure"));
    assert_eq!(of(|s| s.routes[0].stops = vec![0, 1, 2]), changed("begin"));
    assert_eq!(of(|s| s.routes[0].pauses.clear()), changed("first pauses"));
    let earlier = of(|s| {
        let pause = s.routes[0].pauses[0];
        s.routes[0].pauses.insert(0, Pause { before: 0, ..pause });
    });
    assert_eq!(earlier, changed("first pauses"));
}

#[test]
fn goods_that_were_not_there_when_a_vehicle_under_way_reloaded() {
    let (draft, routes) = under_way();
    // It has left the reload, at 380, for stop 0.
    let draft = draft.with(|d| d.vehicles[0].driven.as_mut().unwrap().stops = vec![1, 0]);
    let later = |d: &mut Draft| d.stops[2].release_s = 1_000;
    let fault = FaultKind::Release {
        departure_s: 380,
        release_s: 1_000,
    };
    assert_eq!(only_fault(&draft, routes.clone(), later), fault);
    let waited = draft.with(|d| {
        later(d);
        d.vehicles[0].driven.as_mut().unwrap().released_s = vec![1_000];
    });
    let plan = plan(&waited.problem(), routes);
    assert_eq!(faults(&waited.problem(), &plan), []);
}

#[test]
fn a_vehicle_under_way_has_a_route_and_leaves_when_it_is_free() {
    let (draft, routes) = under_way();
    let problem = draft.problem();
    let good = plan(&problem, routes);
    // At stop 1 at 250, at the reload at 350, done at 380, free from 400 on: at stop 0, which is
    // where it reloads, at once.
    let checked = check(&problem, &good);
    let times: Vec<_> = checked.routes[0]
        .services()
        .map(|(_, s)| s.start_s)
        .collect();
    assert_eq!(times, [250, 400, 600]);
    assert_eq!(checked.routes[0].waiting_s, 0);
    let none = plan(&problem, vec![]);
    let without = FaultKind::DrivenWithoutRoute { vehicle_type: 0 };
    assert_eq!(faults(&problem, &none), [without]);
    let empty = draft.with(|d| {
        d.stops.iter_mut().for_each(|s| s.penalty = Some(1));
        d.vehicles[0].driven = Some(Driven::default());
    });
    let stays = plan(&empty.problem(), vec![route(0, 0, &[])]);
    assert_eq!(faults(&empty.problem(), &stays), []);
}
