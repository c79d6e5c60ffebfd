//! Parts of the genetic search against brute force, and the whole against the checker.

use super::crossover;
use super::evolve::evolve;
use super::individual::Individual;
use super::penalties::Penalties;
use super::population::{Population, SURVIVORS};
use super::split::split;
use super::stretch::Stretch;
use super::tables::{Tables, supports};
use crate::runtime::{Cancel, Progress, random};
use crate::solver::check::check;
use crate::solver::problem::{Problem, Stop, TimeWindow, VehicleType};
use crate::solver::search::limits::{Found, Limits};
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use proptest::prelude::*;
use rand::Rng;
use rand::seq::SliceRandom;
use std::time::{Duration, Instant};

/// What a random problem has besides loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// Legs that differ by direction, a fixed cost and a limit of distance.
    Asymmetric,
    Windows,
}

/// Sixteen stops around a depot.
pub(super) fn problem(seed: u64, kind: Kind) -> Problem {
    sized(seed, kind, 16)
}

fn sized(seed: u64, kind: Kind, stops: usize) -> Problem {
    let mut random = random::generator(seed, "genetic tests: problem");
    let mut coordinate = || random.random_range(0.0..900.0_f64);
    let points: Vec<(f64, f64)> = (0..=stops).map(|_| (coordinate(), coordinate())).collect();
    let distance = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).hypot(a.1 - b.1).ceil() as u32;
    let row = |a| points.iter().map(move |b| distance(a, b));
    let mut cells: Vec<u32> = points.iter().flat_map(row).collect();
    if kind == Kind::Asymmetric {
        cells
            .iter_mut()
            .for_each(|cell| *cell += random.random_range(0..50));
    }
    let profile = StaticProfile {
        durations: cells.clone().into(),
        distances: cells.into(),
    };
    let travel = StaticTravel::new(stops + 1, vec![profile]).unwrap();
    let mut vehicle = VehicleType::at_depot(0, stops, vec![14]);
    if kind == Kind::Asymmetric {
        vehicle.fixed_cost = 333;
        vehicle.max_distance = Some(3_000);
        vehicle.cost_per_distance = 2;
    }
    if kind == Kind::Windows {
        vehicle.latest_end_s = 20_000;
    }
    let stop = |place| {
        let mut stop = Stop::at(place, vec![random.random_range(1..6)]);
        if kind == Kind::Windows && place % 4 != 0 {
            // No stop is too far from the depot to be reached in time.
            let open_s = random.random_range(1_000..8_000);
            let close_s = open_s + random.random_range(300..4_000);
            stop.windows = vec![TimeWindow { open_s, close_s }];
            stop.service_s = random.random_range(0..300);
        }
        stop
    };
    let stops = (1..=stops).map(stop).collect();
    Problem::new(Travel::Static(travel.into()), vec![vehicle], stops).unwrap()
}

fn shuffled(tables: &Tables, seed: u64) -> Vec<u32> {
    let mut tour: Vec<u32> = tables.nodes().collect();
    tour.shuffle(&mut random::generator(seed, "genetic tests: tour"));
    tour
}

/// The least penalised cost of all ways to cut a tour.
fn best_of_all_cuts(tables: &Tables, penalties: &Penalties, tour: &[u32]) -> i64 {
    let ways = 1_u32 << (tour.len() - 1);
    let cost = |way: u32| {
        let mut routes = vec![Vec::new()];
        for (k, &node) in tour.iter().enumerate() {
            routes.last_mut().unwrap().push(node);
            if way >> k & 1 == 1 && k + 1 < tour.len() {
                routes.push(Vec::new());
            }
        }
        let fits = routes.len() <= tables.fleet;
        let light = |route: &Vec<u32>| {
            let load: i64 = route
                .iter()
                .map(|&n| i64::from(tables.demand[n as usize]))
                .sum();
            load * 2 <= tables.capacity * 3
        };
        let allowed = fits && routes.iter().all(light);
        allowed.then(|| Individual::new(tables, routes).penalised(penalties))
    };
    (0..ways).filter_map(cost).min().unwrap()
}

fn run(problem: &Problem, seed: u64, iterations: u64) -> Found {
    let cancel = Cancel::new();
    let limits = Limits {
        start: Instant::now(),
        time: Duration::from_secs(3_600),
        iterations: Some(iterations),
        cancel: &cancel,
    };
    evolve(problem, None, seed, &limits, &Progress::silent())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn split_is_the_best_way_to_cut(seed in any::<u64>(), few in any::<bool>()) {
        for kind in [Kind::Plain, Kind::Asymmetric, Kind::Windows] {
            let mut tables = Tables::new(&sized(seed, kind, 9));
            let penalties = Penalties { load: 40.0, limit: 2.0, warp: 3.0 };
            let tour = shuffled(&tables, seed);
            if few {
                let load: i64 = tables.demand.iter().map(|&d| i64::from(d)).sum();
                tables.fleet = (load as usize).div_ceil(tables.capacity as usize);
            }
            let plan = split(&tables, &penalties, &tour);
            prop_assert_eq!(
                plan.penalised(&penalties),
                best_of_all_cuts(&tables, &penalties, &tour)
            );
        }
    }

    #[test]
    fn joining_stretches_equals_driving(seed in any::<u64>()) {
        let mut random = random::generator(seed, "genetic tests: stretch");
        let mut visit = || {
            let early_s = random.random_range(0..1_000);
            let late_s = early_s + random.random_range(0..500);
            (random.random_range(0..200_i64), early_s, late_s, random.random_range(0..300_i64))
        };
        let chain: Vec<(i64, i64, i64, i64)> = (0..6).map(|_| visit()).collect();
        let stretch = |k: usize| Stretch::visit(chain[k].0, chain[k].1, chain[k].2);
        let mut whole = stretch(0);
        let (mut at_s, mut warp_s) = (chain[0].1, 0);
        for k in 1..6 {
            whole = whole.then(chain[k].3 as i32, stretch(k));
            at_s = (at_s + chain[k - 1].0 + chain[k].3).max(chain[k].1);
            warp_s += (at_s - chain[k].2).max(0);
            at_s = at_s.min(chain[k].2);
        }
        prop_assert_eq!(i64::from(whole.warp_s), warp_s);
        let halves = (1..5).map(|cut| {
            let join = |from: usize, to: usize| {
                let rest = from + 1..=to;
                rest.fold(stretch(from), |s, k| s.then(chain[k].3 as i32, stretch(k)))
            };
            join(0, cut).then(chain[cut + 1].3 as i32, join(cut + 1, 5))
        });
        for joined in halves {
            prop_assert_eq!(joined.warp_s, whole.warp_s);
        }
    }

    #[test]
    fn children_have_every_stop_once(seed in any::<u64>()) {
        for kind in [Kind::Asymmetric, Kind::Windows] {
            let tables = Tables::new(&problem(seed, kind));
            let penalties = Penalties::new(&tables);
            let mut random = random::generator(seed, "genetic tests: child");
            let (one, other) = (shuffled(&tables, seed), shuffled(&tables, !seed));
            let sorted = |mut tour: Vec<u32>| { tour.sort_unstable(); tour };
            let all: Vec<u32> = tables.nodes().collect();
            let tour = crossover::order::cross(&one, &other, &mut random);
            prop_assert_eq!(sorted(tour), all.clone());
            let a = split(&tables, &penalties, &one);
            let b = split(&tables, &penalties, &other);
            let child = crossover::routes::cross(&tables, &penalties, &a, &b, &mut random);
            prop_assert_eq!(sorted(child.tour.clone()), all);
            prop_assert!(child.ends.len() <= a.ends.len());
        }
    }

    #[test]
    fn survivors_are_few_and_hold_the_best(seed in any::<u64>()) {
        let tables = Tables::new(&problem(seed, Kind::Plain));
        let penalties = Penalties::new(&tables);
        let mut population = Population::default();
        let mut best = [i64::MAX; 2];
        for k in 0..200 {
            let plan = split(&tables, &penalties, &shuffled(&tables, seed ^ k));
            let least = &mut best[usize::from(plan.is_feasible())];
            *least = plan.penalised(&penalties).min(*least);
            population.add(plan, &penalties);
            prop_assert!(population.sizes().iter().all(|&size| size <= SURVIVORS + 40));
        }
        prop_assert_eq!(population.least_costs(), best);
    }

    #[test]
    fn plans_break_no_rule_and_repeat(seed in any::<u64>()) {
        for kind in [Kind::Plain, Kind::Asymmetric, Kind::Windows] {
            let problem = problem(seed, kind);
            prop_assert!(supports(&problem));
            let found = run(&problem, seed, 60);
            let report = check(&problem, &found.solution);
            prop_assert_eq!(report.faults, vec![]);
            prop_assert_eq!(report.cost, i128::from(found.solution.cost));
            prop_assert!(found.solution.unplanned.is_empty());
            prop_assert_eq!(found.iterations, 60);
            prop_assert_eq!(found.solution, run(&problem, seed, 60).solution);
        }
    }
}

#[test]
fn too_few_vehicles_leave_stops_out() {
    let plain = problem(7, Kind::Plain);
    let vehicle = VehicleType::at_depot(0, 2, vec![14]);
    let problem = Problem::new(
        plain.travel().clone(),
        vec![vehicle],
        plain.stops().to_vec(),
    );
    let problem = problem.unwrap();
    let found = run(&problem, 1, 40);
    let report = check(&problem, &found.solution);
    assert_eq!(found.solution.routes.len(), 2);
    assert!(!found.solution.unplanned.is_empty());
    assert!(report.cost > 0);
}

#[test]
fn what_is_not_classic_is_refused() {
    let plain = problem(7, Kind::Plain);
    let with = |change: &dyn Fn(&mut VehicleType, &mut Vec<Stop>)| {
        let mut vehicle = plain.vehicle_types()[0].clone();
        let mut stops = plain.stops().to_vec();
        change(&mut vehicle, &mut stops);
        supports(&Problem::new(plain.travel().clone(), vec![vehicle], stops).unwrap())
    };
    assert!(with(&|_, _| {}));
    assert!(!with(&|vehicle, _| vehicle.cost_per_second = 1));
    assert!(!with(&|vehicle, _| vehicle.max_duration_s = Some(9)));
    assert!(!with(&|vehicle, _| vehicle.max_stops = Some(9)));
    assert!(!with(&|vehicle, _| vehicle.end = None));
    assert!(!with(&|_, stops| stops[3].penalty = Some(9)));
    assert!(!with(&|_, stops| stops[3].pickup = vec![1]));
    assert!(!with(&|_, stops| stops[3].release_s = 9));
    assert!(!with(&|_, stops| {
        let window = |open_s| TimeWindow {
            open_s,
            close_s: open_s + 9,
        };
        stops[3].windows = vec![window(0), window(100)];
    }));
    assert!(!with(&|_, stops| stops[3].required_skills = 1));
}
