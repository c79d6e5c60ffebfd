//! Train a model and write it with its manifest.

mod demand;
mod service_time;
mod travel_time;

pub(super) use demand::{ModelChoice, print_scores};
pub(super) use service_time::Candidate;

use super::Context;
use crate::onnx::{Manifest, Trained, contest};
use chrono::Utc;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    model: Model,
}

#[derive(Debug, clap::Subcommand)]
enum Model {
    /// Train the demand model.
    Demand(demand::Args),
    /// Train the travel-time model.
    TravelTime(travel_time::Args),
    /// Train the service-time model.
    ServiceTime(service_time::Args),
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    match args.model {
        Model::Demand(args) => demand::run(args, context),
        Model::TravelTime(args) => travel_time::run(args, context),
        Model::ServiceTime(args) => service_time::run(args, context),
    }
}

/// Prints where a model of durations is, and how the candidates did on what was held back.
fn print_durations(trained: &Trained) {
    println!("{}", trained.folder.display());
    println!(
        "{:10} {:>8} {:>10} {:>10} {:>8}",
        "model", "MAE s", "pinball s", "cover80 %", "bias %"
    );
    for score in &trained.manifest.backtest {
        let figure = |name: &str| score.metrics.get(name).copied().unwrap_or(f64::NAN);
        println!(
            "{:10} {:>8.1} {:>10.1} {:>10.1} {:>8.1}{}",
            score.model,
            figure("mae_s"),
            figure("pinball_s"),
            figure("coverage_80_percent"),
            figure("mean_bias_percent"),
            if score.exported { "  exported" } else { "" }
        );
    }
}

/// Promotes a version that was just trained if it is better, and prints what was decided and why.
fn promote(models: &Path, trained: &Manifest) -> anyhow::Result<()> {
    let (name, version) = (&trained.name, &trained.version);
    let decision = contest::decide(models, name, version, Utc::now())?;
    let verb = match decision.promoted {
        true => "promoted",
        false => "not promoted",
    };
    println!("{verb} {name}/{version}: {}", decision.reason);
    println!("{name}/{} serves", decision.serves);
    Ok(())
}
