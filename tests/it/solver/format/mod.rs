//! Instance and solution files of every dialect.

mod arrival_functions;
mod malformed;
mod mutations;
mod outputs;
mod pairs;
mod pragmatic;
mod pragmatic_refused;
mod published;
mod refused;
mod round_trip;
mod sections;
mod sections_refused;
mod vroom;
mod vroom_refused;

use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::check::{CheckReport, check};
use routeforce::solver::format::{
    Dialect, Instance, OutputFormat, ReadOptions, parse_instance, parse_solution, write_solution,
};
use routeforce::solver::{Problem, Route, SearchOptions, Solution, SolveOutcome, solve};
use std::time::Duration;

/// Solves by a number of iterations.
fn search(problem: &Problem, seed: u64, iterations: u64) -> SolveOutcome {
    let options = SearchOptions {
        time_limit: Duration::from_secs(600),
        seed,
        max_iterations: Some(iterations),
        ..SearchOptions::default()
    };
    solve(problem, &options, &Cancel::new(), &Progress::silent())
}

/// Reads an instance with nothing asked for.
fn read(source: &str, content: &str) -> Instance {
    parse_instance(source, content, &ReadOptions::default()).unwrap()
}

/// Why an instance is refused.
fn refusal(source: &str, content: &str) -> String {
    let refused = parse_instance(source, content, &ReadOptions::default());
    refused.expect_err("must be refused").to_string()
}

/// Solves an instance, writes the solution in the instance's own form, reads it again, and judges
/// what was read.
fn there_and_back(instance: &Instance, iterations: u64) -> (Solution, CheckReport) {
    let solution = search(&instance.problem, 1, iterations).solution;
    let text = write_solution(instance, &solution, OutputFormat::Own).unwrap();
    let again = parse_solution("solution", &text, instance).unwrap();
    // Only JSON answers know times.
    let known = |s: &Solution| match instance.dialect {
        Dialect::Vroom | Dialect::Pragmatic => s.routes.clone(),
        _ => {
            let timeless = |route: &Route| Route {
                departure_s: 0,
                ..route.clone()
            };
            s.routes.iter().map(timeless).collect()
        }
    };
    assert_eq!(known(&again), known(&solution), "{text}");
    assert_eq!(again.unplanned, solution.unplanned);
    assert_eq!(again.cost, solution.cost);
    let report = check(&instance.problem, &again);
    assert_eq!(report.faults, [], "{text}");
    (again, report)
}
