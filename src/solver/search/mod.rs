//! Ruin and recreate under simulated annealing: slack induction by string removals
//! (Christiaens & Vanden Berghe 2020) on neighbour lists, with exact feasibility at every step.
//!
//! In: a problem. Out: the best solution met. [`anneal`] is the outer loop; [`ruin`] takes strings
//! of stops out, [`recreate`] puts them back, [`refit`] changes vehicles, [`state`] keeps routes
//! and undoes them, [`index`] holds what never changes during a search.
//! Never does: accept a plan that breaks a rule, or time anything itself ([`super::schedule`]).

mod anneal;
mod compact;
mod index;
mod limits;
mod recreate;
mod refit;
mod ruin;
mod state;
#[cfg(test)]
mod tests;

pub(super) use limits::{Found, Limits};

use super::problem::Problem;
use super::solution::Solution;
use crate::runtime::Progress;
use index::Index;
use rayon::prelude::*;

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
    if compact::supports(problem) {
        return compact::search(problem, initial, seed, threads, limits, progress);
    }
    let index = Index::new(problem);
    let one = |worker: usize| {
        let progress = match worker {
            0 => progress.clone(),
            _ => Progress::silent(),
        };
        let seed = seed.wrapping_add(worker as u64);
        anneal::anneal(&index, initial, seed, limits, &progress)
    };
    side_by_side(threads, &one)
}

/// Runs independent searches, each on a thread of its own, and takes the best.
fn side_by_side(threads: usize, search: &(impl Fn(usize) -> Found + Sync)) -> Found {
    let first = || search(0);
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
        workers.map(search).collect()
    });
    let iterations = found.iter().map(|f| f.iterations).sum();
    let best = found.into_iter().min_by_key(|f| f.search_cost);
    best.map_or_else(first, |best| Found { iterations, ..best })
}
