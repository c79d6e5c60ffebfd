//! Solve a benchmark instance.

use super::Context;
use crate::domain::InputError;
use crate::solver::check::check;
use crate::solver::format::{read_instance, write_solution};
use crate::solver::{SearchOptions, solve};
use anyhow::Context as _;
use std::path::PathBuf;
use std::time::Duration;

/// Longest time limit: a week.
const LONGEST_S: f64 = 604_800.0;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Instance: VRPLIB (CVRP, VRPTW) or Solomon text.
    instance: PathBuf,
    /// Seconds to search.
    #[arg(long, value_name = "S", default_value_t = 10.0)]
    time_limit: f64,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Searches to run side by side.
    #[arg(long, value_name = "N", default_value_t = 1)]
    threads: usize,
    /// Stop after this many iterations, if that comes first.
    #[arg(long, value_name = "K")]
    max_iterations: Option<u64>,
    /// Where to write the solution; without it, to standard output.
    #[arg(long, value_name = "FILE.sol")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let options = options(&args)?;
    let instance = read_instance(&args.instance)?;
    let outcome = solve(
        &instance.problem,
        &options,
        &context.cancel,
        &context.progress,
    );
    let solution = &outcome.solution;
    if let Some(fault) = check(&instance.problem, solution).faults.first() {
        anyhow::bail!("the solution breaks a rule, which is a fault of this program: {fault}");
    }
    eprintln!(
        "{}: cost {}, {} routes, {} customers left out, {} iterations in {:.2} s",
        instance.name,
        instance.show_cost(solution.cost),
        solution.routes.len(),
        solution.unplanned.len(),
        outcome.iterations,
        outcome.elapsed.as_secs_f64(),
    );
    match &args.out {
        Some(path) => instance
            .save_solution(path, solution)
            .with_context(|| format!("cannot write {}", path.display())),
        None => {
            print!("{}", write_solution(&instance, solution));
            Ok(())
        }
    }
}

fn options(args: &Args) -> Result<SearchOptions, InputError> {
    let wrong = |field: &str, value: &dyn std::fmt::Display, remedy: &str| {
        let error = InputError::new("command line", "not usable", remedy);
        Err(error.field(field).value(value))
    };
    if !(0.0..=LONGEST_S).contains(&args.time_limit) {
        return wrong("--time-limit", &args.time_limit, "give 0 to 604800 seconds");
    }
    if !(1..=1024).contains(&args.threads) {
        return wrong("--threads", &args.threads, "give 1 to 1024");
    }
    Ok(SearchOptions {
        time_limit: Duration::from_secs_f64(args.time_limit),
        seed: args.seed,
        threads: args.threads,
        max_iterations: args.max_iterations,
        initial: None,
    })
}
