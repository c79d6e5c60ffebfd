//! Backtest the demand model.

use crate::cli::Context;
use crate::cli::train::ModelChoice;
use crate::features::demand::table;
use crate::forecast::TrainOptions;
use crate::forecast::backtest::{self, Fold, Split};
use crate::runtime::{atomic_file, csv};
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Demand table (Parquet or CSV: series_id, ts, y, covariates).
    #[arg(long)]
    data: PathBuf,
    /// JSON object by data file stem: horizon, cutoffs, known_covariates.
    #[arg(long)]
    splits: PathBuf,
    /// Forecasts as CSV: series_id, ts, fold, p10, p50, p90, mean.
    #[arg(long)]
    out: PathBuf,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Which candidate forecasts.
    #[arg(long, value_enum, default_value = "auto")]
    model: ModelChoice,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let split = Split::read(&args.splits, &args.data)?;
    let panel = table::read(&args.data)?;
    let options = TrainOptions {
        seed: args.seed,
        choice: args.model.into(),
        ..TrainOptions::default()
    };
    let folds = backtest::run(&panel, &split, &options, &context.cancel, &context.progress)?;
    atomic_file::write_with(&args.out, |file| write(file, &folds))?;
    for fold in &folds {
        eprintln!(
            "fold {}: {} forecasts by {}",
            fold.fold,
            fold.forecasts.len(),
            fold.manifest.kind
        );
    }
    println!("{}", args.out.display());
    Ok(())
}

fn write(file: &mut impl Write, folds: &[Fold]) -> io::Result<()> {
    writeln!(file, "series_id,ts,fold,p10,p50,p90,mean")?;
    for fold in folds {
        for forecast in &fold.forecasts {
            let q = forecast.quantiles;
            writeln!(
                file,
                "{},{},{},{},{},{},{}",
                csv::field(&forecast.series_id),
                forecast.ts.format("%Y-%m-%dT%H:%M:%S"),
                fold.fold,
                q.p10,
                q.p50,
                q.p90,
                q.mean
            )?;
        }
    }
    Ok(())
}
