//! Instance and solution files of every dialect.

mod malformed;
mod published;
mod round_trip;

use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::{Problem, SearchOptions, SolveOutcome, solve};

/// Solves by a number of iterations.
fn search(problem: &Problem, seed: u64, iterations: u64) -> SolveOutcome {
    let options = SearchOptions {
        seed,
        max_iterations: Some(iterations),
        ..SearchOptions::default()
    };
    solve(problem, &options, &Cancel::default(), &Progress::silent())
}
