//! Reasons and changes against days worked out by hand, and changes against solving again.

use super::draft::{Draft, plan, route};
use super::random_problem::random_problem;
use super::search::search;
use routeforce::runtime::Cancel;
use routeforce::solver::check::check;
use routeforce::solver::explain::{
    Change, ChangeKind, ExplainOptions, LeftOut, Shortage, explain_left_out, explain_vehicle,
};
use routeforce::solver::{Group, Relation, Shipment, Solution, TimeWindow, VehicleType};

/// Explains why the search leaves a stop out.
fn why(draft: &Draft, stop: usize) -> LeftOut {
    let problem = draft.problem();
    let solution = search(&problem, 1, 500).solution;
    assert!(solution.unplanned.contains(&stop), "{solution:?}");
    explain(draft, &solution, stop)
}

fn explain(draft: &Draft, solution: &Solution, stop: usize) -> LeftOut {
    let options = ExplainOptions::default();
    let problem = draft.problem();
    let why = explain_left_out(&problem, solution, stop, &options, &Cancel::new());
    why.expect("the stop is left out")
}

/// The verified change.
fn verified(why: &LeftOut) -> ChangeKind {
    let change = why.change.as_ref().expect("some change would help");
    assert!(change.verified, "{why:?}");
    change.kind.clone()
}

/// One van, stops at 100 and 200.
fn two_stops() -> Draft {
    Draft::line(&[0, 100, 200])
}

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
    assert_eq!(why.types[0].shortages, [Shortage::Capacity(0, 2)]);
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
    assert_eq!(why.types[0].shortages, [Shortage::Stops(1)]);
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
    assert_eq!(why.types[0].shortages, [Shortage::Stops(1)]);
    let apart = two_stops().with(|d| {
        d.rules.relations = vec![Relation::DifferentVehicles(vec![0, 1])];
    });
    let solution = plan(&apart.problem(), vec![route(0, 0, &[0])]);
    let why = explain(&apart, &solution, 1);
    assert_eq!(why.types[0].shortages, [Shortage::Relation(0)]);
    assert_eq!(why.change, None);
}

#[test]
fn the_second_best_vehicle() {
    let draft = Draft::line(&[0, 100, 200, -100]).with(|d| {
        d.vehicles[0].count = 2;
        d.vehicles.push(VehicleType {
            fixed_cost: 30,
            ..d.vehicles[0].clone()
        });
    });
    let problem = draft.problem();
    let mut routes = vec![route(0, 0, &[0, 1]), route(0, 0, &[2])];
    routes[1].vehicle = 1;
    let solution = plan(&problem, routes);
    let far = explain_vehicle(&problem, &solution, 1).unwrap();
    assert_eq!((far.route, far.cost), (0, 200));
    let second = far.second.unwrap();
    // 400 beyond the depot on the other route, or as much and 30 on a vehicle of its own.
    assert_eq!(
        (second.vehicle_type, second.vehicle, second.cost),
        (0, 1, 400)
    );
    assert_eq!(far.dearer_by(), Some(200));
    let alone = explain_vehicle(&problem, &solution, 2).unwrap();
    assert_eq!((alone.route, alone.cost), (1, 200));
    assert_eq!(alone.second.map(|s| s.cost), Some(200));
    let only = draft.with(|d| d.stops[1].vehicle_types = Some(vec![0]));
    let only = only.with(|d| d.vehicles[0].count = 1);
    let problem = only.problem();
    let solution = plan(&problem, vec![route(0, 0, &[0, 1]), route(1, 0, &[2])]);
    assert_eq!(
        explain_vehicle(&problem, &solution, 1).unwrap().second,
        None
    );
}

#[test]
fn changes_of_random_days_hold() {
    let (mut explained, mut changed) = (0, 0);
    for seed in 0..12 {
        let problem = random_problem(seed, 12, seed % 2 == 0);
        let solution = search(&problem, seed, 300).solution;
        for &stop in &solution.unplanned {
            let options = ExplainOptions {
                iterations: 100,
                ..ExplainOptions::default()
            };
            let why = explain_left_out(&problem, &solution, stop, &options, &Cancel::new());
            let why = why.expect("the stop is left out");
            explained += 1;
            assert!(why.types.iter().all(|t| !t.shortages.is_empty()));
            let is_verified = |change: &Change| change.verified;
            changed += usize::from(why.change.as_ref().is_some_and(is_verified));
        }
        for route in &solution.routes {
            for &stop in &route.stops {
                let why = explain_vehicle(&problem, &solution, stop).unwrap();
                assert!(why.cost <= check(&problem, &solution).cost);
            }
        }
    }
    assert!(explained > 20, "only {explained} stops were left out");
    assert!(
        2 * changed > explained,
        "{changed} of {explained} changes hold"
    );
}
