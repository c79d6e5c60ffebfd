//! Forecast a demand table.

use super::Context;
use super::train::print_scores;
use crate::features::demand::{explanation_table, forecast_table};
use crate::pipeline::forecast_table::{Request, make, to_draw};
use crate::report;
use std::path::PathBuf;

/// Charts on a sheet.
const CHARTS: usize = 6;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Demand table (Parquet or CSV): series_id, ts, y and columns known ahead, or any table of a
    /// time, a number and a name. Rows without y are the steps ahead.
    #[arg(long)]
    data: PathBuf,
    /// Folder of models whose demand model forecasts; without it one is trained on the table.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Table of what the series add up to: series_id and one column per level, such as area, depot.
    #[arg(long)]
    hierarchy: Option<PathBuf>,
    /// Steps ahead.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    horizon: Option<u32>,
    /// Forecasts, as Parquet, or as CSV if the file is called so.
    #[arg(long, default_value = "forecast.csv")]
    out: PathBuf,
    /// Picture of the largest series: SVG, or PNG if the file is called so. Default: beside the
    /// forecasts, `.svg`.
    #[arg(long)]
    picture: Option<PathBuf>,
    /// What drove every forecast, as Parquet, or as CSV if the file is called so: by series and step
    /// the typical value and what each group of features adds to it, which add up to the mean.
    #[arg(long)]
    explain: Option<PathBuf>,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let request = Request {
        data: &args.data,
        models: args.models.as_deref(),
        hierarchy: args.hierarchy.as_deref(),
        horizon: args.horizon,
        seed: args.seed,
        explain: args.explain.is_some(),
    };
    let made = make(&request, &context.cancel, &context.progress)?;
    if let Some(reading) = &made.reading {
        eprintln!("read as {reading}");
    }
    if !made.unknown_ahead.is_empty() {
        let names = made.unknown_ahead.join(", ");
        eprintln!("left out, since no row ahead knows them: {names}");
    }
    print_scores(&made.manifest);
    forecast_table::write(&args.out, &made.rows())?;
    println!("{}", args.out.display());
    if let Some(path) = &args.explain {
        explanation_table::write(path, &made.explanations)?;
        println!("{}", path.display());
    }
    let picture = args
        .picture
        .unwrap_or_else(|| args.out.with_extension("svg"));
    report::write_forecast_sheet(&to_draw(&made, CHARTS), &picture)?;
    println!("{}", picture.display());
    Ok(())
}
