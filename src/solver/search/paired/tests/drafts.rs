//! Problems, plans and limits for the tests.

use super::super::best::Best;
use super::super::plan::Plan;
use super::super::recreate::Recreate;
use super::super::ruin::Ruin;
use super::super::supports;
use super::super::tables::Tables;
use crate::runtime::{Cancel, random};
use crate::solver::problem::{Objective, Problem, Rules, Shipment, Stop, TimeWindow, VehicleType};
use crate::solver::search::limits::Limits;
use crate::solver::solution::Solution;
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use rand::Rng;
use std::time::{Duration, Instant};

/// Shipments on a plane, two kinds of vehicle at two depots, two dimensions of load; windows, skills,
/// limits, prizes and legs that break the triangle inequality come and go with the seed.
pub(super) fn problem(seed: u64, shipments: usize) -> Problem {
    let mut random = random::generator(seed, "paired tests");
    let mut coin = |one_in: u32| -> bool { random.random_range(0..one_in) == 0 };
    let (windows, optional, skills, limited) = (coin(2), coin(3), coin(3), coin(3));
    let (asymmetric, detours) = (coin(3), coin(3));
    let stops = 2 * shipments;
    let mut coordinate = || random.random_range(0.0..900.0_f64);
    let points: Vec<(f64, f64)> = (0..stops + 2)
        .map(|_| (coordinate(), coordinate()))
        .collect();
    let cell = |a: &(f64, f64), b: &(f64, f64)| {
        let climb = f64::from(u8::from(asymmetric)) * 0.2;
        ((a.0 - b.0).hypot(a.1 - b.1) + (b.1 - a.1).max(0.0) * climb).ceil() as u32
    };
    let pairs = points
        .iter()
        .flat_map(|a| points.iter().map(move |b| (a, b)));
    let distances: Vec<u32> = pairs.map(|(a, b)| cell(a, b)).collect();
    let mut hold_up = |most: u32| match detours {
        true => random.random_range(0..most),
        false => 0,
    };
    let durations: Vec<u32> = distances
        .iter()
        .map(|d| d * 3 / 2 + 1 + hold_up(300))
        .collect();
    let distances: Vec<u32> = distances.iter().map(|d| d + hold_up(200)).collect();
    let profile = StaticProfile {
        durations: durations.into(),
        distances: distances.into(),
    };
    let travel = Travel::Static(StaticTravel::new(stops + 2, vec![profile]).unwrap().into());
    let vehicles = [(12, 0), (8, 1)].map(|(capacity, depot)| VehicleType {
        end: Some(if seed.is_multiple_of(5) { 0 } else { depot }),
        fixed_cost: capacity * 10,
        cost_per_distance: 1 + capacity / 10,
        earliest_start_s: 100,
        latest_end_s: if windows { 20_000 } else { 60_000 },
        max_distance: (limited && seed.is_multiple_of(2)).then_some(6_000),
        max_stops: (limited && !seed.is_multiple_of(2)).then_some(6),
        skills: depot as u64,
        ..VehicleType::at_depot(depot, shipments, vec![capacity, 20])
    });
    let rules = Rules {
        shipments: (0..shipments)
            .map(|k| Shipment {
                pickup: 2 * k,
                delivery: 2 * k + 1,
                amount: vec![random.random_range(1..6), random.random_range(0..9)],
            })
            .collect(),
        objective: Objective {
            vehicles_first: !optional && seed.is_multiple_of(3),
            ..Objective::default()
        },
        ..Rules::default()
    };
    let stops = (0..stops).map(|stop| {
        let open_s = random.random_range(0..4_000) + 4_000 * i64::from(stop % 2 == 1);
        let close_s = open_s + random.random_range(500..5_000);
        Stop {
            service_s: random.random_range(0..300),
            windows: Vec::from_iter(windows.then_some(TimeWindow { open_s, close_s })),
            required_skills: u64::from(skills && stop % 6 == 0),
            penalty: (optional && stop % 4 < 2).then_some(600),
            ..Stop::at(stop + 2, vec![0, 0])
        }
    });
    let problem = Problem::with_rules(travel, vehicles.to_vec(), stops.collect(), rules).unwrap();
    assert!(supports(&problem));
    problem
}

/// Whether some leg is longer than a way round: places that pay only by what comes behind them may
/// then be overlooked.
pub(super) fn has_shortcuts(tables: &Tables, sites: u32) -> bool {
    let leg = |from, to| tables.legs.between(from, to);
    let triples =
        (0..sites).flat_map(|a| (0..sites).flat_map(move |b| (0..sites).map(move |c| (a, b, c))));
    triples.into_iter().any(|(from, via, to)| {
        let (first, second, straight) = (leg(from, via), leg(via, to), leg(from, to));
        first.distance + second.distance < straight.distance
            || first.duration + second.duration < straight.duration
    })
}

/// A plan after a number of iterations of which every other is undone, and its best.
pub(super) fn after<'a>(tables: &'a Tables<'a>, seed: u64, iterations: usize) -> (Plan<'a>, Best) {
    let mut random = random::generator(seed, "paired tests: moves");
    let mut plan = Plan::new(tables);
    let (mut ruin, mut recreate) = (Ruin::default(), Recreate::default());
    let mut best = Best::of(&plan);
    for iteration in 0..iterations {
        ruin.run(&mut plan, &mut random);
        recreate.run(&mut plan, &ruin.waiting, &mut random);
        if iteration % 2 == 0 {
            best.note(&plan);
            plan.accept();
            if plan.cost < best.cost {
                best.update(&plan);
            }
        } else {
            plan.reject();
        }
    }
    (plan, best)
}

/// The plan as a solution.
pub(super) fn solution(plan: &Plan) -> Solution {
    Best::of(plan).solution(plan.tables)
}

/// Limits that only iterations or a cancel reach.
pub(super) fn limits(cancel: &Cancel, iterations: Option<u64>) -> Limits<'_> {
    Limits {
        start: Instant::now(),
        time: Duration::from_secs(20),
        iterations,
        cancel,
    }
}
