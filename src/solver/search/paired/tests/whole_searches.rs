//! Whole searches: small problems against brute force, the objective, and limits.

use super::super::places::Places;
use super::super::plan::Plan;
use super::super::search;
use super::super::tables::Tables;
use super::drafts::{limits, problem};
use crate::runtime::{Cancel, Progress};
use crate::solver::check::check;
use crate::solver::problem::{Objective, Problem, Rules, Shipment, Stop, TimeWindow, VehicleType};
use crate::solver::search::limits::Limits;
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use std::sync::Arc;
use std::time::Duration;

/// A handful of shipments is solved to the optimum (greedy insertion misses about one in 1,500), and
/// twice the same way; started from that, the search keeps it.
#[test]
fn finds_the_optimum_of_small_problems() {
    let mut missed = 0;
    for seed in 0..150 {
        let problem = problem(seed, 3);
        let cancel = Cancel::default();
        let limits = limits(&cancel, Some(3_000));
        let found = search(&problem, None, seed, &limits, &Progress::silent());
        let optimum = optimum(&Tables::new(&problem));
        assert!(found.search_cost >= optimum, "seed {seed}");
        missed += u32::from(found.search_cost > optimum);
        assert_eq!(found.iterations, 3_000);
        let again = search(&problem, None, seed, &limits, &Progress::silent());
        assert_eq!(again.solution, found.solution);
        let none = Limits {
            iterations: Some(0),
            ..limits.clone()
        };
        let warm = search(
            &problem,
            Some(&found.solution),
            1,
            &none,
            &Progress::silent(),
        );
        assert_eq!(warm.solution, found.solution);
    }
    assert!(missed <= 1, "{missed} of 150 optima missed");
}

/// With many iterations for few stops there are several starts, which share the iterations.
#[test]
fn several_starts_share_the_iterations_and_keep_the_best() {
    for seed in 0..10 {
        let problem = problem(seed, 3);
        let cancel = Cancel::default();
        let limits = limits(&cancel, Some(45_001));
        let found = search(&problem, None, seed, &limits, &Progress::silent());
        assert_eq!(found.search_cost, optimum(&Tables::new(&problem)));
        assert_eq!(found.iterations, 45_001);
        let again = search(&problem, None, seed, &limits, &Progress::silent());
        assert_eq!(again.solution, found.solution);
    }
}

/// Least search cost of all plans: every request in turn at every place of every route.
fn optimum(tables: &Tables) -> i64 {
    fn go(plan: &mut Plan, request: u32, least: &mut i64) {
        let tables = plan.tables;
        if request as usize == tables.requests.len() {
            *least = (*least).min(plan.cost);
            return;
        }
        go(plan, request + 1, least);
        let types = 0..tables.types.len() as u32;
        let open: Vec<u32> = plan.in_use().collect();
        let fresh = types.filter(|&t| tables.solo(t as usize, request).is_some());
        let choices = open.into_iter().map(Ok).chain(fresh.map(Err));
        for choice in choices.collect::<Vec<Result<u32, u32>>>() {
            let route = choice.unwrap_or_else(|t| plan.open(t));
            let mut offered = Vec::new();
            if plan.accepts(route, request) {
                let this = &plan.routes[route as usize];
                let ends = tables.requests[request as usize];
                Places::default().scan(tables, this, ends, i32::MAX, |place| {
                    offered.push(place);
                    i32::MAX
                });
            }
            for place in offered {
                plan.insert(request, route, place);
                plan.settle_absent();
                go(plan, request + 1, least);
                plan.take(route, &[request]);
            }
            if choice.is_err() {
                plan.close(route);
            }
        }
    }
    let mut plan = Plan::new(tables);
    let mut least = i64::MAX;
    go(&mut plan, 0, &mut least);
    least
}

/// One shipment waits at its place from early to late, the other is on the far side of the depot in
/// between: one vehicle drives 600 for both, two drive 400.
#[test]
fn vehicles_first_needs_fewer_vehicles() {
    let places = [0_i64, 100, 100, -100, -100];
    let legs = places
        .iter()
        .flat_map(|a| places.map(|b| (a - b).unsigned_abs() as u32));
    let legs: Arc<[u32]> = legs.collect();
    let profile = StaticProfile {
        durations: legs.clone(),
        distances: legs,
    };
    let travel = Travel::Static(StaticTravel::new(5, vec![profile]).unwrap().into());
    let windows = [(0, 150), (600, 1_000), (300, 350), (300, 350)];
    let stops = windows
        .iter()
        .zip(1..)
        .map(|(&(open_s, close_s), place)| Stop {
            windows: vec![TimeWindow { open_s, close_s }],
            ..Stop::at(place, vec![0])
        });
    let stops: Vec<Stop> = stops.collect();
    for (vehicles_first, expected) in [(true, (1, 600)), (false, (2, 400))] {
        let rules = Rules {
            shipments: [(0, 1), (2, 3)]
                .map(|(pickup, delivery)| Shipment {
                    pickup,
                    delivery,
                    amount: vec![1],
                })
                .to_vec(),
            objective: Objective {
                vehicles_first,
                ..Objective::default()
            },
            ..Rules::default()
        };
        let vehicles = vec![VehicleType::at_depot(0, 3, vec![2])];
        let problem = Problem::with_rules(travel.clone(), vehicles, stops.clone(), rules).unwrap();
        let cancel = Cancel::default();
        let limits = limits(&cancel, Some(300));
        let solution = search(&problem, None, 1, &limits, &Progress::silent()).solution;
        assert_eq!(check(&problem, &solution).faults, vec![]);
        assert_eq!((solution.routes.len(), solution.cost), expected);
    }
}

/// A search that is cancelled, or has no time, gives what it has at once.
#[test]
fn cancel_and_time_end_every_phase() {
    let problem = problem(12, 150);
    let cancelled = Cancel::default();
    cancelled.cancel();
    let cancel = Cancel::default();
    let short = Duration::from_millis(150);
    for (cancel, time) in [(&cancelled, Duration::from_secs(20)), (&cancel, short)] {
        let limits = Limits {
            time,
            ..limits(cancel, None)
        };
        let found = search(&problem, None, 1, &limits, &Progress::silent());
        assert!(limits.start.elapsed() < short + Duration::from_millis(250));
        assert_eq!(check(&problem, &found.solution).faults, vec![]);
    }
}
