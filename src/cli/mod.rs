//! The command line: one file per command, and the only place that puts everything together.
//!
//! Exit codes: 0 done, 1 failed, 2 bad input (one message names file, row, field, value and
//! remedy), 130 cancelled.

mod backtest;
mod check;
mod conditions;
mod customers;
mod demo;
mod detect;
mod explain;
mod forecast;
mod ingest;
mod instance;
mod match_traces;
mod migrate;
mod models;
mod network;
mod plan;
mod play;
mod recent;
mod refreshed;
mod replan;
mod report;
mod retrain;
mod router;
mod schema;
mod serve;
mod serve_demand;
mod serve_knowledge;
mod serve_models;
mod solve;
mod tensor;
mod terminal;
mod train;
mod value;

use crate::domain::InputError;
use crate::features::travel::NetworkTimes;
use crate::pipeline::PipelineError;
use crate::pipeline::road_times::RoadTimes;
use crate::runtime::{Cancel, Cancelled, Progress};
use clap::{Parser, Subcommand};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Learns demand and travel times from a fleet's own history and plans tomorrow's routes with them.
#[derive(Debug, Parser)]
#[command(name = "routeforce", version, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    /// Show no progress bars.
    #[arg(long, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the whole chain on a simulated operator: history, models, plan, day, report.
    Demo(demo::Args),
    /// Check raw tables and write clean ones, with a data-quality report.
    Ingest(ingest::Args),
    /// Train a model and write it with its manifest.
    Train(train::Args),
    /// Forecast the past as if it were the future, for scoring.
    Backtest(backtest::Args),
    /// Forecast a demand table, with a picture.
    Forecast(forecast::Args),
    /// Tell how customers order: rhythm, basket, lateness, probability of an order, segments.
    Customers(customers::Args),
    /// Find anomalies in a table of signals.
    Detect(detect::Args),
    /// Solve an instance (VRPLIB, Solomon, Li & Lim, MAMUT, VROOM or pragmatic).
    Solve(solve::Args),
    /// Build a road network of OpenStreetMap data, and ask it for routes and durations.
    Network(network::Args),
    /// Build a cost tensor of places, or tell what one holds.
    Tensor(tensor::Args),
    /// Match traces of positions to the roads of a network.
    Match(match_traces::Args),
    /// Plan a day.
    Plan(plan::Args),
    /// Measure on an operator's own trips what its travel-time forecast is worth.
    Value(value::Args),
    /// Play a plan against the trips that were really driven on its day.
    Play(play::Args),
    /// Recompute a plan, or a solution of an instance, independently and name every fault.
    Check(check::Args),
    /// Say of a solution of an instance what keeps stops out, and why every stop has its vehicle.
    Explain(explain::Args),
    /// Plan an instance again during the day: what is driven stays, goods stay on their van.
    Replan(replan::Args),
    /// Write the report of a day.
    Report(report::Args),
    /// Bring the database to the current schema.
    Migrate(migrate::Args),
    /// List models, say which version serves, go back, write a card.
    Models(models::Args),
    /// Train models again when there is new data, once or at intervals; the better ones serve.
    Retrain(retrain::Args),
    /// Run the service.
    Serve(serve::Args),
    /// Print the JSON Schema of a document.
    Schema(schema::Args),
}

/// What every command gets.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// Thrown by Ctrl-C and SIGTERM.
    pub cancel: Cancel,
    /// Shown as progress bars on standard error.
    pub progress: Progress,
}

/// Parses the command line, runs the command and prints what went wrong, if anything.
pub fn main() -> ExitCode {
    let line = CommandLine::parse();
    let context = Context {
        cancel: terminal::cancel_on_signal(),
        progress: terminal::progress(line.quiet),
    };
    let result = match line.command {
        Command::Demo(args) => demo::run(args, &context),
        Command::Ingest(args) => ingest::run(args, &context),
        Command::Train(args) => train::run(args, &context),
        Command::Backtest(args) => backtest::run(args, &context),
        Command::Forecast(args) => forecast::run(args, &context),
        Command::Customers(args) => customers::run(args, &context),
        Command::Detect(args) => detect::run(args, &context),
        Command::Solve(args) => solve::run(args, &context),
        Command::Network(args) => network::run(args, &context),
        Command::Tensor(args) => tensor::run(args, &context),
        Command::Match(args) => match_traces::run(args, &context),
        Command::Plan(args) => plan::run(args, &context),
        Command::Value(args) => value::run(args, &context),
        Command::Play(args) => play::run(args, &context),
        Command::Check(args) => check::run(args, &context),
        Command::Explain(args) => explain::run(args, &context),
        Command::Replan(args) => replan::run(args, &context),
        Command::Report(args) => report::run(args, &context),
        Command::Migrate(args) => migrate::run(args, &context),
        Command::Models(args) => models::run(args, &context),
        Command::Retrain(args) => retrain::run(args, &context),
        Command::Serve(args) => serve::run(args, &context),
        Command::Schema(args) => schema::run(args, &context),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

/// The road network of a file as a source of features, where one is given.
fn network_times(file: Option<&Path>) -> Result<Option<Arc<dyn NetworkTimes>>, PipelineError> {
    let roads = RoadTimes::load_given(file)?;
    Ok(roads.map(|roads| roads as Arc<dyn NetworkTimes>))
}

/// Prints an error and gives its exit code.
fn complain(error: &anyhow::Error) -> ExitCode {
    if let Some(input) = error.chain().find_map(|e| e.downcast_ref::<InputError>()) {
        eprintln!("error: {input}");
        return ExitCode::from(2);
    }
    if error.chain().any(|e| e.is::<Cancelled>()) {
        eprintln!("cancelled");
        return ExitCode::from(130);
    }
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
