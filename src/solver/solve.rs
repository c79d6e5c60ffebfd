//! The way in: limits, threads, and the best of several searches.

use super::problem::Problem;
use super::search::{Found, Index, Limits, anneal, evolve, supports};
use super::solution::Solution;
use crate::runtime::{Cancel, Progress};
use rayon::prelude::*;
use std::time::{Duration, Instant};

/// How to search.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// Wall-time limit.
    pub time_limit: Duration,
    /// Seed of all random choices.
    pub seed: u64,
    /// Independent searches to run side by side, with different random choices.
    pub threads: usize,
    /// Iterations of each search after which to stop, if that comes before the time limit. One
    /// thread with the same seed and limit of iterations gives the same solution again, as long as
    /// the time limit does not cut it short.
    pub max_iterations: Option<u64>,
    /// Routes to start from; whatever of them breaks a rule is dropped.
    pub initial: Option<Solution>,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            time_limit: Duration::from_secs(10),
            seed: 1,
            threads: 1,
            max_iterations: None,
            initial: None,
        }
    }
}

/// What a search found and what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct SolveOutcome {
    /// The best solution met.
    pub solution: Solution,
    /// Iterations of all searches together.
    pub iterations: u64,
    /// Wall time.
    pub elapsed: Duration,
}

/// Searches for the cheapest solution until a limit. Mandatory stops that cannot be served are left
/// out, never a failure. Cancelling ends the search with the best solution so far.
pub fn solve(
    problem: &Problem,
    options: &SearchOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> SolveOutcome {
    let start = Instant::now();
    let index = Index::new(problem);
    let limits = Limits {
        start,
        time: options.time_limit,
        iterations: options.max_iterations,
        cancel,
    };
    let search = |worker: usize| {
        let progress = if worker == 0 {
            progress.clone()
        } else {
            Progress::silent()
        };
        let seed = options.seed.wrapping_add(worker as u64);
        if std::env::var_os("LAB_ANNEAL").is_none() && supports(problem) {
            return evolve(&index, options.initial.as_ref(), seed, &limits, &progress);
        }
        anneal(&index, options.initial.as_ref(), seed, &limits, &progress)
    };
    let found: Vec<Found> = match options.threads {
        0 | 1 => vec![search(0)],
        threads => in_parallel(threads, &search),
    };
    let iterations = found.iter().map(|f| f.iterations).sum();
    let best = found.into_iter().min_by_key(|f| f.search_cost);
    SolveOutcome {
        solution: best.map(|f| f.solution).unwrap_or_default(),
        iterations,
        elapsed: start.elapsed(),
    }
}

/// Runs `threads` searches at once, each on a thread of its own so that none waits for another.
fn in_parallel(threads: usize, search: &(impl Fn(usize) -> Found + Sync)) -> Vec<Found> {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(|| {
            (0..threads)
                .into_par_iter()
                .with_max_len(1)
                .map(search)
                .collect()
        }),
        // No threads to be had: search anyway.
        Err(_) => vec![search(0)],
    }
}
