//! Play a plan against the trips that were really driven on its day.

use super::{Context, network_times, plan};
use crate::cost::file;
use crate::domain::Document;
use crate::domain::plan::Plan;
use crate::features::travel;
use crate::pipeline::trip_truth::TripTruth;
use crate::planning::places;
use crate::simulation::{DayTruth, PlayOptions, play};
use crate::travel_time::TravelTimeModel;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The plan; its cost tensor is expected beside it.
    #[arg(long)]
    plan: PathBuf,
    /// Trips that were driven, Parquet; those of the planned day are looked at.
    #[arg(long)]
    trips: PathBuf,
    /// Folder of trained models; the travel-time model behind the plan.
    #[arg(long, default_value = "models")]
    models: PathBuf,
    /// Road network that the model was trained with.
    #[arg(long)]
    network: Option<PathBuf>,
    /// Where to write the day record.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    let document = Plan::read(&args.plan)?;
    let costs = file::read(&plan::costs_path(&args.plan))?;
    let mut model = TravelTimeModel::load(&args.models)?;
    if let Some(network) = network_times(args.network.as_deref())? {
        model = model.with_network(network);
    }
    let trips = travel::read(&args.trips, &context.cancel)?;
    let all = places(&document.fleet, &document.stops);
    let truth = TripTruth::new(all, &costs, &trips, &model)?;
    let orders = DayTruth::of_stops(document.date, document.created_at, &document.stops);
    let day = play(&document, &orders, &truth, &PlayOptions::default())?;
    day.write(&args.out)?;
    let (asked, known) = truth.legs_asked_and_known();
    let events = || day.routes.iter().flat_map(|r| &r.events);
    println!(
        "{}: {} stops visited, {} late, cost {:.2} (planned {:.2}); {} trips of the day, {known} of {asked} legs asked had a real trip nearby",
        args.out.display(),
        events().count(),
        events().filter(|e| e.late_s > 0).count(),
        day.cost.total(),
        document.cost.total(),
        truth.trips(),
    );
    Ok(())
}
