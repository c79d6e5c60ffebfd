//! Match traces of positions to roads.

use super::Context;
use crate::features::traces;
use crate::network::CREDIT;
use crate::network::matching::MatchOptions;
use crate::pipeline::match_traces::match_table;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Positions: a CSV or Parquet table with vehicle_id or trace_id, ts, lat, lon and optionally
    /// accuracy_m and heading_deg, such as the positions.parquet of `routeforce ingest positions`.
    #[arg(long)]
    data: PathBuf,
    /// Network file of `routeforce network build`.
    #[arg(long)]
    network: PathBuf,
    /// Noise of positions that do not tell, as a standard deviation in metres.
    #[arg(long, default_value_t = MatchOptions::default().accuracy_m)]
    accuracy_m: f64,
    /// Longest time between two positions of one drive, in seconds.
    #[arg(long, default_value_t = MatchOptions::default().longest_gap_s)]
    longest_gap_s: f64,
    /// Point, way and probability of every position, as CSV or Parquet.
    #[arg(long, default_value = "matched.csv")]
    out: PathBuf,
    /// Roads that were driven, with the nodes along them, as CSV or Parquet.
    #[arg(long)]
    driven: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let options = MatchOptions {
        accuracy_m: args.accuracy_m,
        longest_gap_s: args.longest_gap_s,
        ..MatchOptions::default()
    };
    let (cancel, progress) = (&context.cancel, &context.progress);
    let found = match_table(&args.data, &args.network, options, cancel, progress)?;
    traces::write_matched(&args.out, &found.positions)?;
    println!(
        "{} traces, {} positions on roads, {} on none; {CREDIT}",
        found.traces,
        found.positions.len(),
        found.off_road.len()
    );
    println!("{}", args.out.display());
    if let Some(driven) = args.driven {
        traces::write_driven(&driven, &found.driven)?;
        println!("{}", driven.display());
    }
    Ok(())
}
