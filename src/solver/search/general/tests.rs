//! Kept values equal recomputed ones, after any history of changes.

use super::index::Index;
use super::recreate::{Recreate, delta};
use super::refit::refit;
use super::ruin::Ruin;
use super::state::{NONE, State};
use crate::runtime::random;
use crate::solver::check::check;
use crate::solver::problem::{Problem, Stop, TimeWindow, VehicleType};
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use proptest::prelude::*;
use rand::Rng;

/// Twenty stops on a plane, two kinds of vehicle, some windows; the duration costs.
fn problem(seed: u64, cost_per_second: i64) -> Problem {
    let mut random = random::generator(seed, "search tests");
    let points: Vec<(f64, f64)> = (0..21)
        .map(|_| {
            (
                random.random_range(0.0..900.0),
                random.random_range(0.0..900.0),
            )
        })
        .collect();
    let cells: Vec<u32> = points
        .iter()
        .flat_map(|a| {
            points
                .iter()
                .map(|b| (a.0 - b.0).hypot(a.1 - b.1).ceil() as u32)
        })
        .collect();
    let profile = StaticProfile {
        durations: cells.clone().into(),
        distances: cells.into(),
    };
    let travel = Travel::Static(StaticTravel::new(21, vec![profile]).unwrap().into());
    let vehicles = [30, 20].map(|capacity| VehicleType {
        cost_per_second,
        fixed_cost: capacity * 10,
        latest_end_s: 20_000,
        max_duration_s: seed.is_multiple_of(2).then_some(6_000),
        ..VehicleType::at_depot(0, 4, vec![capacity])
    });
    let stops = (1..21).map(|place| {
        let open_s = random.random_range(0..8_000);
        let close_s = open_s + random.random_range(500..4_000);
        Stop {
            service_s: random.random_range(0..300),
            windows: vec![TimeWindow { open_s, close_s }],
            ..Stop::at(place, vec![random.random_range(1..6)])
        }
    });
    Problem::new(travel, vehicles.to_vec(), stops.collect()).unwrap()
}

/// A state after a number of iterations of which every other is undone.
fn after<'a>(index: &'a Index, seed: u64, iterations: usize) -> State<'a> {
    let mut random = random::generator(seed, "search tests: moves");
    let mut state = State::new(index);
    let (mut ruin, mut recreate) = (Ruin::default(), Recreate::default());
    for iteration in 0..iterations {
        refit(&mut state, &mut random);
        ruin.run(&mut state, &mut random);
        recreate.run(&mut state, &ruin.waiting, &mut random);
        if iteration % 2 == 0 {
            state.accept();
        } else {
            state.reject();
        }
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn kept_cost_equals_the_checkers(seed in any::<u64>(), rate in 0_i64..4) {
        let problem = problem(seed, rate);
        let index = Index::new(&problem);
        let state = after(&index, seed, 30);
        let solution = state.solution();
        let report = check(&problem, &solution);
        prop_assert_eq!(report.faults, vec![]);
        let absences: i64 = state.absent.iter().map(|&s| index.absence[s as usize]).sum();
        prop_assert_eq!(i128::from(state.cost - absences), report.cost);
        let in_use = state.routes.iter().filter(|r| !r.stops.is_empty()).count();
        prop_assert_eq!(state.used.iter().sum::<usize>(), in_use);
    }

    #[test]
    fn undo_restores_everything(seed in any::<u64>(), rate in 0_i64..4) {
        let problem = problem(seed, rate);
        let index = Index::new(&problem);
        let mut state = after(&index, seed, 11);
        let picture = |state: &State| {
            (state.routes.clone(), state.visits.clone(), state.room.clone(), state.absent.clone(),
             state.used.clone(), state.cost)
        };
        let before = picture(&state);
        let mut random = random::generator(seed, "search tests: undo");
        let mut ruin = Ruin::default();
        refit(&mut state, &mut random);
        ruin.run(&mut state, &mut random);
        Recreate::default().run(&mut state, &ruin.waiting, &mut random);
        state.reject();
        // Routes opened meanwhile stay as empty slots.
        let mut now = picture(&state);
        now.0.truncate(before.0.len());
        now.2.truncate(before.2.len());
        for (route, old) in now.0.iter_mut().zip(&before.0) {
            if old.stops.is_empty() {
                *route = old.clone();
            }
        }
        prop_assert_eq!(&now.0, &before.0);
        prop_assert_eq!(&now.3, &before.3);
        prop_assert_eq!(&now.4, &before.4);
        prop_assert_eq!(now.5, before.5);
        for (stop, (now, old)) in now.1.iter().zip(&before.1).enumerate() {
            prop_assert_eq!(now.route, old.route, "stop {}", stop);
            if old.route != NONE {
                prop_assert_eq!(now, old);
            }
        }
    }

    /// Static travel and single windows: the estimate must be the exact change of cost, and refuse
    /// exactly what the full recomputation refuses.
    #[test]
    fn delta_equals_full_recomputation(seed in any::<u64>(), rate in 0_i64..4) {
        let problem = problem(seed, rate);
        let index = Index::new(&problem);
        let mut state = after(&index, seed, 9);
        let stop = (seed % 20) as u32;
        if state.visits[stop as usize].route != NONE {
            let visit = state.visits[stop as usize];
            state.remove(visit.route as usize, visit.position as usize, 1);
            state.refresh(visit.route as usize);
        }
        for route in 0..state.routes.len() {
            let stops = state.routes[route].stops.clone();
            if stops.is_empty() {
                continue;
            }
            for position in 0..=stops.len() {
                let before = if position == 0 { NONE } else { stops[position - 1] };
                let after = stops.get(position).copied().unwrap_or(NONE);
                let estimate = delta(&state, route, before, after, stop, i64::MAX);
                let cost = state.cost;
                let done = state.insert(route, position, stop);
                prop_assert_eq!(estimate.is_some(), done);
                if let Some(estimate) = estimate {
                    prop_assert_eq!(state.cost + index.absence[stop as usize] - cost, estimate);
                    state.remove(route, position, 1);
                    state.absent.pop();
                    state.refresh(route);
                }
                prop_assert_eq!(state.cost, cost);
            }
        }
    }
}
