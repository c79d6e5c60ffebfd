//! The engines that search for good plans.
//!
//! In: a problem and limits. Out: the best solution met. [`general`] honours every rule a problem
//! can have; [`compact`] takes plain static problems and is many times faster; [`paired`] does so where
//! all stops are pickups and deliveries of shipments; [`genetic`] finds more on small classic ones.
//! [`search`] chooses.
//! Never does: return a plan that breaks a rule.

mod compact;
mod cooling;
mod general;
mod genetic;
mod limits;
mod paired;

pub(super) use limits::{Found, Limits};

use super::problem::Problem;
use super::solution::Solution;
use crate::runtime::Progress;
use general::Index;
use rayon::prelude::*;
use std::time::Duration;

/// Stops up to which a population finds more than a single chain, without and with windows
/// (`tests/bench/solver.py`), and the time it takes for each of them.
const MOST_FOR_GENETIC: usize = 600;
const MOST_FOR_GENETIC_WITH_WINDOWS: usize = 250;
const GENETIC_TIME_PER_STOP: Duration = Duration::from_millis(50);

/// Searches until a limit with the engine that suits the problem. The same problem, start, seed
/// and limit of iterations give the same result on one thread.
pub(super) fn search(
    problem: &Problem,
    initial: Option<&Solution>,
    seed: u64,
    threads: usize,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    if genetic::supports(problem) && suits_genetic(problem, limits) {
        let one = |worker: usize, progress: &Progress| {
            let seed = seed.wrapping_add(worker as u64);
            genetic::evolve(problem, initial, seed, limits, progress)
        };
        return side_by_side(threads, progress, &one);
    }
    if compact::supports(problem) {
        return compact::search(problem, initial, seed, threads, limits, progress);
    }
    if paired::supports(problem) {
        let one = |worker: usize, progress: &Progress| {
            let seed = seed.wrapping_add(worker as u64);
            paired::search(problem, initial, seed, limits, progress)
        };
        return side_by_side(threads, progress, &one);
    }
    let index = Index::new(problem, &|| limits.is_over());
    let one = |worker: usize, progress: &Progress| {
        let seed = seed.wrapping_add(worker as u64);
        general::anneal(&index, initial, seed, limits, progress)
    };
    side_by_side(threads, progress, &one)
}

/// Whether a population has time to get ahead of a single chain.
fn suits_genetic(problem: &Problem, limits: &Limits) -> bool {
    let stops = problem.stops().len();
    let windows = problem.stops().iter().any(|s| !s.windows.is_empty());
    let most = match windows {
        true => MOST_FOR_GENETIC_WITH_WINDOWS,
        false => MOST_FOR_GENETIC,
    };
    stops <= most && limits.time >= GENETIC_TIME_PER_STOP * stops as u32
}

/// Runs independent searches, each on a thread of its own, and takes the best.
fn side_by_side(
    threads: usize,
    progress: &Progress,
    search: &(impl Fn(usize, &Progress) -> Found + Sync),
) -> Found {
    let first = || search(0, progress);
    let pool = match threads {
        0 | 1 => return first(),
        _ => rayon::ThreadPoolBuilder::new().num_threads(threads).build(),
    };
    // No threads to be had: search anyway.
    let Ok(pool) = pool else {
        return first();
    };
    let found: Vec<Found> = pool.install(|| {
        let workers = (0..threads).into_par_iter().with_max_len(1);
        let silent = Progress::silent();
        let shown = |worker| if worker == 0 { progress } else { &silent };
        workers
            .map(|worker| search(worker, shown(worker)))
            .collect()
    });
    let iterations = found.iter().map(|f| f.iterations).sum();
    let best = found.into_iter().min_by_key(|f| f.search_cost);
    best.map_or_else(first, |best| Found { iterations, ..best })
}
