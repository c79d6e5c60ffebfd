//! Train the demand model.

use crate::cli::Context;
use crate::forecast::{Choice, TrainOptions, train_file};
use crate::onnx::Manifest;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Demand table (Parquet or CSV: series_id, ts, y, covariates), or a folder with demand.parquet.
    #[arg(long)]
    data: PathBuf,
    /// Folder of models.
    #[arg(long, default_value = "models")]
    models: PathBuf,
    /// Steps ahead the model is trained for.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    horizon: Option<u32>,
    /// Seed of everything drawn at random.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Which candidate to export.
    #[arg(long, value_enum, default_value = "auto")]
    model: ModelChoice,
    /// Make it the version that serves if its backtest is better than that of the one that does.
    #[arg(long)]
    promote: bool,
}

/// Which candidate to export.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum ModelChoice {
    /// The best on held-back steps.
    Auto,
    /// Seasonal naive.
    Baseline,
    /// Models of every series alone.
    Local,
    /// Elastic net.
    Linear,
    /// Boosted quantiles.
    Boosted,
}

impl From<ModelChoice> for Choice {
    fn from(choice: ModelChoice) -> Self {
        match choice {
            ModelChoice::Auto => Self::Auto,
            ModelChoice::Baseline => Self::Baseline,
            ModelChoice::Local => Self::Local,
            ModelChoice::Linear => Self::Linear,
            ModelChoice::Boosted => Self::Boosted,
        }
    }
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let options = TrainOptions {
        horizon: args.horizon,
        seed: args.seed,
        choice: args.model.into(),
        ..TrainOptions::default()
    };
    let trained = train_file(&args.data, &options, &context.cancel, &context.progress)?;
    let (folder, manifest) = trained.save(&args.models)?;
    println!("{}", folder.display());
    print_scores(&manifest);
    if args.promote {
        super::promote(&args.models, &manifest)?;
    }
    Ok(())
}

/// Prints how the candidates did on the steps held back.
pub(crate) fn print_scores(manifest: &Manifest) {
    for score in &manifest.backtest {
        let figure = |name: &str| match score.metrics.get(name) {
            Some(value) => format!("{value:.4}"),
            None => "-".into(),
        };
        println!(
            "{} {:<16} wql {}  wape {}  coverage {}  bias {}  mase {}",
            if score.exported { "*" } else { " " },
            score.model,
            figure("wql"),
            figure("wape"),
            figure("coverage_80"),
            figure("bias"),
            figure("mase"),
        );
    }
}
