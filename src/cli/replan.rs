//! Plan an instance again during the day.

use super::Context;
use super::instance::{InstanceArgs, stops_called};
use super::solve::{OutputArgs, SearchArgs};
use crate::domain::InputError;
use crate::solver::check::check;
use crate::solver::format::{Changes, Instance, read_solution};
use crate::solver::replan::{ReplanError, ReplanRequest, Replanned, replan};
use std::path::PathBuf;

/// Highest price of a moved stop, in units of the problem.
const HIGHEST_PRICE: f64 = (1_i64 << 40) as f64;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The instance of the morning; stops known since may follow at its end.
    instance: PathBuf,
    /// The plan that is being driven.
    solution: PathBuf,
    #[command(flatten)]
    reading: InstanceArgs,
    /// When the new plan takes over: an instant if the instance has a calendar, else in units of
    /// the instance.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    now: String,
    /// A stop that needs no service any more; give one option for each.
    #[arg(long, value_name = "ID")]
    cancel: Vec<String>,
    /// What it costs to give a stop another vehicle, in units of cost of the instance.
    #[arg(
        long,
        value_name = "COST",
        default_value_t = 0.0,
        allow_hyphen_values = true
    )]
    move_price: f64,
    /// Most stops that may change their vehicle.
    #[arg(long, value_name = "N")]
    most_moved: Option<usize>,
    #[command(flatten)]
    search: SearchArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Print the changes as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let options = args.search.options()?;
    let instance = args.reading.read(&args.instance)?;
    let solution = read_solution(&args.solution, &instance)?;
    let now_s = instance.parse_time("--now", &args.now)?;
    let request = ReplanRequest {
        cancelled: stops_called(&instance, "--cancel", &args.cancel)?,
        move_price: move_price(&args, &instance)?,
        most_moved: args.most_moved,
        ..ReplanRequest::at(&instance.problem, &solution, now_s)
    };
    let again = replan(&request, &options, &context.cancel, &context.progress)
        .map_err(|error| refusal(&args, &instance, &error))?;
    warn_of_faults(&again);
    let cost = check(&instance.problem, &solution).cost;
    let cost = i64::try_from(cost).unwrap_or(i64::MAX);
    let changes = Changes::new(&instance, cost, now_s, &again);
    let rest = instance.for_rest_of_day(&again.rest);
    args.output.write_to_file(&rest, &again.solution)?;
    match args.json {
        true => println!("{}", serde_json::to_string_pretty(&changes)?),
        false => print!("{changes}"),
    }
    Ok(())
}

/// What has been driven may make rules impossible to keep.
fn warn_of_faults(again: &Replanned) {
    for fault in check(&again.rest.problem, &again.solution).faults {
        eprintln!("warning: with what is driven already, a rule cannot be kept: {fault}");
    }
}

fn move_price(args: &Args, instance: &Instance) -> Result<i64, InputError> {
    let price = (args.move_price * instance.cost_scale as f64).round();
    match (0.0..=HIGHEST_PRICE).contains(&price) {
        true => Ok(price as i64),
        false => {
            let remedy = "give 0 or more, in units of cost of the instance";
            let error = InputError::new("command line", "not a price", remedy);
            Err(error.field("--move-price").value(args.move_price))
        }
    }
}

/// Why the day cannot be planned again, by option or file.
fn refusal(args: &Args, instance: &Instance, error: &ReplanError) -> InputError {
    let problem = error.to_string();
    match error {
        ReplanError::ForeignPlan { .. } => {
            let source = args.solution.display().to_string();
            InputError::new(source, problem, "give the plan that is being driven")
        }
        ReplanError::UnknownStop { stop, .. } | ReplanError::AlreadyDriven { stop } => {
            let id = instance.stop_ids.get(*stop).cloned();
            let problem = "it is served or being driven to by then";
            InputError::new("command line", problem, "cancel stops that are still ahead")
                .field("--cancel")
                .value(id.unwrap_or_default())
        }
        ReplanError::Problem(_) => {
            let source = args.instance.display().to_string();
            let remedy = "check --now and --move-price, and the stops at the end of the instance";
            InputError::new(source, problem, remedy)
        }
    }
}
