//! Forecast the past as if it were the future, for scoring.

mod demand;
mod service_time;
mod travel_time;

use super::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    model: Model,
}

#[derive(Debug, clap::Subcommand)]
enum Model {
    /// Forecast demand after each cut-off of a splits file.
    Demand(demand::Args),
    /// Predict the travel times of the trips marked `test`.
    TravelTime(travel_time::Args),
    /// Predict the service times of the visits marked `test`, or of the last fifth.
    ServiceTime(service_time::Args),
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    match args.model {
        Model::Demand(args) => demand::run(args, context),
        Model::TravelTime(args) => travel_time::run(args, context),
        Model::ServiceTime(args) => service_time::run(args, context),
    }
}
