//! The way in: tables for the problem, fewer vehicles, then less distance, the best as a solution.

use super::chain::Chain;
use super::fleet;
use super::plan::Plan;
use super::recreate::Recreate;
use super::start;
use super::tables::Tables;
use crate::runtime::{Progress, random};
use crate::solver::problem::Problem;
use crate::solver::search::cooling::Cooling;
use crate::solver::search::limits::{Found, Limits};
use crate::solver::solution::Solution;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

/// First temperature, as a share of the cost per stop, for a search of so many iterations per stop:
/// who has longer to cool begins hotter, and gets out of wider valleys.
const ITERATIONS_PER_HOT: f64 = 220.0;

/// Least and greatest first temperature, likewise.
const LEAST_HOT: f64 = 1.0;
const MOST_HOT: f64 = 16.0;

/// Iterations expected of a second where time is limited alone.
const PER_SECOND: f64 = 20_000.0;

/// Last temperature, likewise.
const COLD: f64 = 0.02;

/// Iterations per stop that are enough for a search of its own, and how many searches there are at
/// most. With hardly enough vehicles there is no way from one good plan to another: only a fresh
/// start finds the others.
const ITERATIONS_PER_START: f64 = 2_500.0;
const MOST_STARTS: u64 = 3;

/// How much cooler a search starts that is given routes: what is good in them shall last.
const WARM: f64 = 0.1;

/// Searches until a limit. The same problem, start, seed and limit of iterations give the same
/// result. The problem must be one that the engine [supports](super::supports()).
pub(in crate::solver) fn search(
    problem: &Problem,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    let mut random = Pcg64Mcg::from_rng(&mut random::generator(seed, "solver: pairs"));
    let tables = Tables::new(problem);
    let stops = problem.stops().len();
    let starts = match initial {
        Some(_) => 1,
        None => starts(stops, limits),
    };
    let first = limits.part(starts, limits.iterations.map(|most| most.div_ceil(starts)));
    let mut found = from_one_start(&tables, initial, &first, progress, &mut random, i64::MAX);
    for left in (1..starts).rev() {
        if limits.reached(found.iterations) {
            break;
        }
        let most = limits
            .iterations
            .map(|most| most.saturating_sub(found.iterations).div_ceil(left));
        let part = limits.part(left, most);
        let known = found.search_cost;
        let next = from_one_start(&tables, None, &part, progress, &mut random, known);
        let iterations = found.iterations + next.iterations;
        if next.search_cost < known {
            found = next;
        }
        found.iterations = iterations;
    }
    found
}

/// One search from a start of its own; `known` is the best cost of those before.
fn from_one_start(
    tables: &Tables,
    initial: Option<&Solution>,
    limits: &Limits,
    progress: &Progress,
    random: &mut Pcg64Mcg,
    known: i64,
) -> Found {
    let mut plan = Plan::new(tables);
    if let Some(initial) = initial {
        start::load(&mut plan, initial);
    }
    start::construct(&mut plan, &mut Recreate::default(), limits, random);
    let iterations = fleet::reduce(&mut plan, limits, progress, random);
    let per_stop = start::typical_cost(&plan);
    let warmth = if initial.is_some() { WARM } else { 1.0 };
    let hot = warmth * hot(tables.problem.stops().len(), limits);
    let cooling = Cooling {
        hot: per_stop * hot,
        cold: per_stop * COLD,
    };
    let mut chain = Chain::new(plan, random.clone(), iterations, known);
    chain.run(cooling, limits, progress);
    *random = chain.random;
    Found {
        solution: chain.best.solution(tables),
        search_cost: chain.best.cost,
        iterations: chain.iterations,
    }
}

/// Iterations that a search may make for every stop.
fn iterations_per_stop(stops: usize, limits: &Limits) -> f64 {
    let in_time = limits.time.as_secs_f64() * PER_SECOND;
    let iterations = limits.iterations.map_or(in_time, |most| most as f64);
    iterations / stops.max(1) as f64
}

/// How many starts there is time for.
fn starts(stops: usize, limits: &Limits) -> u64 {
    let enough = iterations_per_stop(stops, limits) / ITERATIONS_PER_START;
    (enough as u64).clamp(1, MOST_STARTS)
}

/// First temperature, as a share of the cost per stop.
fn hot(stops: usize, limits: &Limits) -> f64 {
    (iterations_per_stop(stops, limits) / ITERATIONS_PER_HOT).clamp(LEAST_HOT, MOST_HOT)
}
