//! The way in: limits, threads, and the best of several searches.

use super::problem::Problem;
use super::search::{Limits, search};
use super::solution::Solution;
use crate::runtime::{Cancel, Progress};
use std::time::{Duration, Instant};

/// How to search.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// Wall-time limit.
    pub time_limit: Duration,
    /// Seed of all random choices.
    pub seed: u64,
    /// Threads to search with.
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
    let limits = Limits {
        start,
        time: options.time_limit,
        iterations: options.max_iterations,
        cancel,
    };
    let initial = options.initial.as_ref();
    let threads = options.threads.max(1);
    let found = search(problem, initial, options.seed, threads, &limits, progress);
    SolveOutcome {
        solution: found.solution,
        iterations: found.iterations,
        elapsed: start.elapsed(),
    }
}
