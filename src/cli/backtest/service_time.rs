//! Backtest the service-time model.

use crate::cli::Context;
use crate::cli::train::Candidate;
use crate::service_time::{self, TrainOptions};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Visits: a Parquet file, or a folder with visits.parquet. Without a column `split`, the last
    /// 20 % in time are predicted.
    #[arg(long)]
    data: PathBuf,
    /// Where predictions go: visit_id,p10,p50,p90,mean in seconds.
    #[arg(long)]
    out: PathBuf,
    /// Which model predicts; auto: the best on visits held back in time.
    #[arg(long, value_enum, default_value = "auto")]
    model: Candidate,
    /// The quantity that service takes longer for, such as kg; by default the one that explains most.
    #[arg(long, value_name = "NAME")]
    dimension: Option<String>,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let options = TrainOptions {
        seed: args.seed,
        kind: args.model.into(),
        dimension: args.dimension,
    };
    let (cancel, progress) = (&context.cancel, &context.progress);
    let report = service_time::backtest(&args.data, &args.out, &options, cancel, progress)?;
    let mut figures = serde_json::to_value(&report.metrics)?;
    if let Some(object) = figures.as_object_mut() {
        object.insert("model".into(), report.model.into());
    }
    println!("{figures}");
    Ok(())
}
