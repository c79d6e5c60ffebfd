//! Find anomalies in a table of signals.

use super::Context;
use crate::anomaly::signal::Settings;
use crate::features::signals;
use crate::pipeline::detect::detect;
use crate::runtime::atomic_file;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Table (Parquet or CSV): series_id, ts, y, or any table of a time, a number and a name; or a time
    /// and a column of numbers per signal. Or a folder of reports, whose key figures are watched.
    #[arg(long)]
    data: PathBuf,
    /// Score and alert of every row, as Parquet, or as CSV if the file is called so.
    #[arg(long, default_value = "scores.csv")]
    out: PathBuf,
    /// Alerts as JSON, each with what is unusual and how much so, since when, where to look for the
    /// cause, and what it amounts to.
    #[arg(long)]
    alerts: Option<PathBuf>,
    /// Table of what the series belong to: series_id and one column per level, such as area, depot.
    #[arg(long)]
    hierarchy: Option<PathBuf>,
    /// False alarms per series and day that are accepted on average.
    #[arg(long, default_value_t = Settings::default().false_alarms_per_day)]
    false_alarms: f64,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let settings =
        Settings::with_false_alarms("command line", "--false-alarms", args.false_alarms)?;
    let (hierarchy, cancel) = (args.hierarchy.as_deref(), &context.cancel);
    let found = detect(&args.data, hierarchy, &settings, cancel, &context.progress)?;
    signals::write_scores(&args.out, &found.signals, &found.scores)?;
    let rows: usize = found.scores.iter().map(Vec::len).sum();
    if let Some(path) = &args.alerts {
        let text = serde_json::to_vec_pretty(&found.anomalies)?;
        atomic_file::write(path, &text)?;
        println!("{}", path.display());
    }
    eprintln!(
        "{} alerts in {rows} rows of {} series",
        found.anomalies.len(),
        found.signals.len()
    );
    println!("{}", args.out.display());
    Ok(())
}
