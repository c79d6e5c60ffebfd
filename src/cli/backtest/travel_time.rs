//! Backtest the travel-time model.

use crate::cli::conditions::ConditionsArgs;
use crate::cli::{Context, network_times};
use crate::travel_time::{self, Kind, TrainOptions};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Trips with a column `split`: a Parquet file, or a folder with trips.parquet.
    #[arg(long)]
    data: PathBuf,
    /// Where predictions go: trip_id,p10,p50,p90,mean in seconds.
    #[arg(long)]
    out: PathBuf,
    /// Where predictions with live correction go: each trip knows those that had ended before it.
    #[arg(long)]
    live_out: Option<PathBuf>,
    /// Which model predicts; auto: the best on trips held back in time.
    #[arg(long, value_enum, default_value_t = Candidate::Auto)]
    model: Candidate,
    /// Road network of `routeforce network build`, whose free-flow ways are features.
    #[arg(long)]
    network: Option<PathBuf>,
    #[command(flatten)]
    conditions: ConditionsArgs,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Candidate {
    Auto,
    Baseline,
    Linear,
    Boosted,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let conditions = args.conditions.read()?;
    let options = TrainOptions {
        seed: args.seed,
        network: network_times(args.network.as_deref())?,
        holidays: conditions.holidays,
        weather: conditions.weather,
        kind: match args.model {
            Candidate::Auto => Kind::Auto,
            Candidate::Baseline => Kind::Baseline,
            Candidate::Linear => Kind::Linear,
            Candidate::Boosted => Kind::Boosted,
        },
        ..TrainOptions::default()
    };
    let report = travel_time::backtest(
        &args.data,
        &args.out,
        args.live_out.as_deref(),
        &options,
        &context.cancel,
        &context.progress,
    )?;
    let mut figures = serde_json::to_value(&report.metrics)?;
    if let Some(object) = figures.as_object_mut() {
        object.insert("live".into(), serde_json::to_value(&report.live_metrics)?);
        object.insert("model".into(), report.model.into());
        object.insert("history_used".into(), report.history_used.into());
    }
    println!("{figures}");
    Ok(())
}
