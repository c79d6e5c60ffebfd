//! Keep models up to date.

use super::{Context, network_times};
use crate::pipeline::retrain::{self, Entry, Round, Settings};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("when").required(true))]
pub(crate) struct Args {
    /// Folder of clean tables: demand.parquet, trips.parquet, visits.parquet, or some of them.
    #[arg(long)]
    data: PathBuf,
    /// Folder of models.
    #[arg(long, default_value = "models")]
    models: PathBuf,
    /// One round, as a timer starts it.
    #[arg(long, group = "when")]
    once: bool,
    /// A round every so many hours, until stopped.
    #[arg(long, group = "when", value_parser = clap::value_parser!(u32).range(1..=8760))]
    every_h: Option<u32>,
    /// Train the demand model only if its inputs or errors have drifted.
    #[arg(long)]
    if_drift: bool,
    /// Versions of each model to keep, besides those that serve or served last.
    #[arg(long, default_value_t = 5)]
    keep: usize,
    /// Road network whose free-flow ways are features of the travel-time model.
    #[arg(long)]
    network: Option<PathBuf>,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let settings = Settings {
        data: args.data,
        models: args.models,
        if_drift: args.if_drift,
        keep: args.keep,
        seed: args.seed,
        network: network_times(args.network.as_deref())?,
    };
    let (cancel, progress) = (&context.cancel, &context.progress);
    match args.every_h {
        Some(hours) => {
            let interval = Duration::from_secs(u64::from(hours) * 3_600);
            retrain::every(&settings, interval, &tell, cancel, progress)?;
        }
        None => tell(Ok(&retrain::once(&settings, cancel, progress)?)),
    }
    Ok(())
}

fn tell(round: Round<'_>) {
    match round {
        Ok(done) => done.iter().for_each(print),
        Err(error) => eprintln!("error: {error}"),
    }
}

fn print(entry: &Entry) {
    let version = entry.version.as_deref().unwrap_or("-");
    println!(
        "{} {version}: {}: {}",
        entry.model, entry.action, entry.reason
    );
    if let Some(serves) = &entry.serves {
        println!("{}/{serves} serves", entry.model);
    }
    for version in &entry.removed {
        println!("removed {}/{version}", entry.model);
    }
}
