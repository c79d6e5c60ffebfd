//! Train a model and write it with its manifest.

mod demand;
mod travel_time;

pub(super) use demand::{ModelChoice, print_scores};

use super::Context;

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
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    match args.model {
        Model::Demand(args) => demand::run(args, context),
        Model::TravelTime(args) => travel_time::run(args, context),
    }
}
