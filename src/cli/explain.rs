//! Say why a solution of an instance is as it is.

use super::Context;
use super::instance::{InstanceArgs, stops_called};
use crate::runtime::Cancelled;
use crate::solver::explain::ExplainOptions;
use crate::solver::format::{explain_solution, read_solution};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Instance: VRPLIB, Solomon, Li & Lim, MAMUT, VROOM or pragmatic.
    instance: PathBuf,
    /// The solution: text, or the JSON of the instance's format.
    solution: PathBuf,
    #[command(flatten)]
    reading: InstanceArgs,
    /// Explain this stop only; give one option for each.
    #[arg(long, value_name = "ID")]
    stop: Vec<String>,
    /// Changes tried for a stop that is left out, each by solving again.
    #[arg(long, value_name = "N", default_value_t = 4)]
    tries: usize,
    /// Seed of the searches that verify changes.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Longest search that verifies a change.
const LONGEST_SEARCH: Duration = Duration::from_secs(1);

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let instance = args.reading.read(&args.instance)?;
    let only = stops_called(&instance, "--stop", &args.stop)?;
    let solution = read_solution(&args.solution, &instance)?;
    let options = ExplainOptions {
        seed: args.seed,
        tries: args.tries,
        time_limit: LONGEST_SEARCH,
        ..ExplainOptions::default()
    };
    let only = (!args.stop.is_empty()).then_some(only.as_slice());
    let explanation = explain_solution(&instance, &solution, only, &options, &context.cancel);
    if context.cancel.is_cancelled() {
        return Err(Cancelled.into());
    }
    match args.json {
        true => println!("{}", serde_json::to_string_pretty(&explanation)?),
        false => print!("{explanation}"),
    }
    Ok(())
}
