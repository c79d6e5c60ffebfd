//! Train the travel-time model.

use crate::cli::conditions::ConditionsArgs;
use crate::cli::{Context, network_times};
use crate::travel_time::{self, TrainOptions};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Trips: a Parquet file, or a folder with trips.parquet.
    #[arg(long)]
    data: PathBuf,
    /// Folder of models.
    #[arg(long, default_value = "models")]
    models: PathBuf,
    /// Road network of `routeforce network build`, whose free-flow ways are features; the model is
    /// served with the same one only.
    #[arg(long)]
    network: Option<PathBuf>,
    #[command(flatten)]
    conditions: ConditionsArgs,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make it the version that serves if its backtest is better than that of the one that does.
    #[arg(long)]
    promote: bool,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let conditions = args.conditions.read()?;
    let options = TrainOptions {
        seed: args.seed,
        network: network_times(args.network.as_deref())?,
        holidays: conditions.holidays,
        weather: conditions.weather,
        ..TrainOptions::default()
    };
    let trained = travel_time::train(
        &args.data,
        &args.models,
        &options,
        &context.cancel,
        &context.progress,
    )?;
    super::print_durations(&trained);
    if args.promote {
        super::promote(&args.models, &trained.manifest)?;
    }
    Ok(())
}
