//! Train the service-time model.

use crate::cli::Context;
use crate::service_time::{self, Kind, TrainOptions};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Visits: a Parquet file, or a folder with visits.parquet.
    #[arg(long)]
    data: PathBuf,
    /// Folder of models.
    #[arg(long, default_value = "models")]
    models: PathBuf,
    /// Which candidate to export; auto: the best on visits held back in time.
    #[arg(long, value_enum, default_value = "auto")]
    model: Candidate,
    /// The quantity that service takes longer for, such as kg; by default the one that explains most.
    #[arg(long, value_name = "NAME")]
    dimension: Option<String>,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make it the version that serves if its backtest is better than that of the one that does.
    #[arg(long)]
    promote: bool,
}

/// Which candidate to export.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Candidate {
    /// The best on visits held back.
    Auto,
    /// The same for every visit.
    Baseline,
    /// Each customer's median.
    Median,
    /// Amount, hour, customer and driver.
    Effects,
    /// The effects, and boosted trees on what they leave.
    Boosted,
}

impl From<Candidate> for Kind {
    fn from(candidate: Candidate) -> Self {
        match candidate {
            Candidate::Auto => Self::Auto,
            Candidate::Baseline => Self::Baseline,
            Candidate::Median => Self::Median,
            Candidate::Effects => Self::Effects,
            Candidate::Boosted => Self::Boosted,
        }
    }
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let options = TrainOptions {
        seed: args.seed,
        kind: args.model.into(),
        dimension: args.dimension,
    };
    let trained = service_time::train(
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
