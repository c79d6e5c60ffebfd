//! Solve an instance of a benchmark or of another planner.

use super::Context;
use super::instance::InstanceArgs;
use crate::domain::InputError;
use crate::runtime::atomic_file;
use crate::solver::check::check;
use crate::solver::format::{Instance, OutputFormat, read_solution, write_solution};
use crate::solver::{SearchOptions, Solution, solve};
use anyhow::Context as _;
use std::path::PathBuf;
use std::time::Duration;

/// Longest time limit: a week.
const LONGEST_S: f64 = 604_800.0;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Instance: VRPLIB, Solomon, Li & Lim, MAMUT, VROOM or pragmatic.
    instance: PathBuf,
    #[command(flatten)]
    reading: InstanceArgs,
    #[command(flatten)]
    search: SearchArgs,
    /// A solution of the instance to start from.
    #[arg(long, value_name = "FILE")]
    initial: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let mut options = args.search.options()?;
    let instance = args.reading.read(&args.instance)?;
    if let Some(path) = &args.initial {
        options.initial = Some(read_solution(path, &instance)?);
    }
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
        "{}: cost {}, {} routes, {} stops left out, {} iterations in {:.2} s",
        instance.name,
        instance.show_cost(solution.cost),
        solution.routes.len(),
        solution.unplanned.len(),
        outcome.iterations,
        outcome.elapsed.as_secs_f64(),
    );
    args.output.write(&instance, solution)
}

/// How long and how to search.
#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
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
}

impl SearchArgs {
    /// The options, checked.
    pub fn options(&self) -> Result<SearchOptions, InputError> {
        let wrong = |field: &str, value: &dyn std::fmt::Display, remedy: &str| {
            let error = InputError::new("command line", "not usable", remedy);
            Err(error.field(field).value(value))
        };
        if !(0.0..=LONGEST_S).contains(&self.time_limit) {
            return wrong("--time-limit", &self.time_limit, "give 0 to 604800 seconds");
        }
        if !(1..=1024).contains(&self.threads) {
            return wrong("--threads", &self.threads, "give 1 to 1024");
        }
        Ok(SearchOptions {
            time_limit: Duration::from_secs_f64(self.time_limit),
            seed: self.seed,
            threads: self.threads,
            max_iterations: self.max_iterations,
            initial: None,
        })
    }
}

/// Where the solution goes.
#[derive(Debug, clap::Args)]
pub(super) struct OutputArgs {
    /// Where to write the solution; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Format of the solution: own (that of the instance), sol, csv, geojson or gpx; by default as
    /// the extension of the file says.
    #[arg(long, value_name = "NAME")]
    out_format: Option<OutputFormat>,
}

impl OutputArgs {
    /// Writes a solution if a file is named for it.
    pub fn write_to_file(&self, instance: &Instance, solution: &Solution) -> anyhow::Result<()> {
        match (&self.out, &self.out_format) {
            (None, Some(_)) => {
                let error = InputError::new("command line", "no file to write", "give --out too");
                Err(error.field("--out-format").into())
            }
            (None, None) => Ok(()),
            (Some(_), _) => self.write(instance, solution),
        }
    }

    /// Writes a solution.
    pub fn write(&self, instance: &Instance, solution: &Solution) -> anyhow::Result<()> {
        let by_name = self.out.as_ref().map(|path| OutputFormat::of_file(path));
        let format = self.out_format.or(by_name).unwrap_or(OutputFormat::Own);
        let text = write_solution(instance, solution, format)?;
        match &self.out {
            Some(path) => atomic_file::write(path, text.as_bytes())
                .with_context(|| format!("cannot write {}", path.display())),
            None => {
                print!("{text}");
                Ok(())
            }
        }
    }
}
