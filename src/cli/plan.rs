//! Plan a day.

use super::Context;
use super::conditions::ConditionsArgs;
use super::recent::RecentArgs;
use super::router::RouterArgs;
use crate::cost::file;
use crate::domain::fleet::Fleet;
use crate::domain::plan::{Plan, PlanBasis};
use crate::domain::stop::{ServiceTimes, Stop, StopOrigin};
use crate::domain::{Document, InputError};
use crate::ingest;
use crate::pipeline::expected_stops::{Expectation, with_expected};
use crate::pipeline::plan::{PlanOrder, make_plan};
use crate::pipeline::road_times::RoadTimes;
use crate::pipeline::{demand, plan, service_times};
use crate::planning::{Caution, SearchSettings};
use crate::service_time::ServiceTimeModel;
use crate::speeds::RoadSpeeds;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Stops of the day, CSV, XLSX or Parquet.
    #[arg(long)]
    stops: PathBuf,
    /// Vehicles and depots, CSV, XLSX or Parquet.
    #[arg(long)]
    fleet: PathBuf,
    /// Day to plan, YYYY-MM-DD.
    #[arg(long)]
    date: NaiveDate,
    /// The depots' IANA time zone; without it, that of the travel-time model.
    #[arg(long)]
    time_zone: Option<Tz>,
    /// Folder of trained models.
    #[arg(long, default_value = "models")]
    models: PathBuf,
    /// Road network of `routeforce network build`, for distances and as the travel-time model was
    /// trained.
    #[arg(long)]
    network: Option<PathBuf>,
    /// Learned speeds of the network's roads (`routeforce network learn`): every slice of the day is
    /// then routed on them.
    #[arg(long, requires = "network", conflicts_with_all = ["osrm", "valhalla"])]
    speeds: Option<PathBuf>,
    #[command(flatten)]
    router: RouterArgs,
    #[command(flatten)]
    conditions: ConditionsArgs,
    #[command(flatten)]
    recent: RecentArgs,
    /// Knowledge to plan with.
    #[arg(long, value_enum, default_value = "predicted")]
    basis: Basis,
    /// Clean orders (Parquet); with --demand, sites that have not ordered yet are planned for too.
    #[arg(long, requires = "demand")]
    orders: Option<PathBuf>,
    /// Clean demand series (Parquet) that the demand model continues.
    #[arg(long, requires = "orders")]
    demand: Option<PathBuf>,
    /// Which forecast amount to load for. Means add up to what all expected orders will need
    /// together; quantiles of single sites do not.
    #[arg(long, value_enum, default_value = "mean")]
    quantile: Quantile,
    /// Service times: what stops state, with gaps filled from past visits where there is a model of
    /// them; or learned for all stops and drivers.
    #[arg(long, value_enum, default_value = "stated")]
    service_times: Service,
    /// Cost of not serving an expected order, in currency units.
    #[arg(long, default_value_t = 50.0)]
    penalty: f64,
    /// Wall time for the search, in seconds.
    #[arg(long, default_value_t = 10.0)]
    time_limit: f64,
    /// Seed of the search.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Searches side by side.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// What a minute of lateness at a stop costs, in currency units; for the cautious basis.
    #[arg(long, default_value_t = 1.0)]
    late_cost: f64,
    /// Where to write the plan; its cost tensor goes beside it, with extension `.costs`.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Quantile {
    P50,
    P90,
    Mean,
}

impl From<Quantile> for demand::Level {
    fn from(quantile: Quantile) -> Self {
        match quantile {
            Quantile::P50 => Self::P50,
            Quantile::P90 => Self::P90,
            Quantile::Mean => Self::Mean,
        }
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Service {
    /// What stops state.
    Stated,
    /// By customer, amount and driver.
    Learned,
}

impl From<Service> for ServiceTimes {
    fn from(service: Service) -> Self {
        match service {
            Service::Stated => Self::Stated,
            Service::Learned => Self::Learned,
        }
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Basis {
    /// Forecast demand and departure-time-dependent travel times.
    Predicted,
    /// One average travel time per pair, average demand.
    Static,
    /// As predicted, with a price on the lateness of a slow day.
    Cautious,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    check_time_limit(args.time_limit)?;
    let time_zone = match args.time_zone {
        Some(zone) => zone,
        None => plan::model_time_zone(&args.models)?,
    };
    let mut fleet = ingest::load_fleet(&args.fleet)?;
    let (ordered, without) = ingest::load_stops_with_gaps(&args.stops, args.date, time_zone)?;
    let (mut stops, demand_model) = all_stops(&args, ordered, time_zone, context)?;
    let service_model = add_service_times(&args, &without, &mut stops, &mut fleet)?;
    let made = make_plan(
        PlanOrder {
            date: args.date,
            time_zone,
            fleet,
            stops,
            basis: match args.basis {
                Basis::Predicted => PlanBasis::Predicted,
                Basis::Static => PlanBasis::Static,
                Basis::Cautious => PlanBasis::Cautious,
            },
            models: args.models.clone(),
            roads: RoadTimes::load_given(args.network.as_deref())?,
            speeds: load_speeds(args.speeds.as_deref())?,
            router: args.router.service()?.map(Arc::new),
            conditions: args.conditions.read()?,
            recent: args.recent.read(time_zone, &context.cancel)?,
            other_models: demand_model.into_iter().chain(service_model).collect(),
            created_at: args.recent.now(),
            search: SearchSettings {
                time_limit: Duration::from_secs_f64(args.time_limit),
                seed: args.seed,
                threads: args.threads.max(1),
                max_iterations: None,
            },
            caution: Caution {
                late_cost_per_min: args.late_cost,
                ..Caution::default()
            },
        },
        &context.cancel,
        &context.progress,
    )?;
    file::write(&costs_path(&args.out), &made.costs)?;
    made.plan.write(&args.out)?;
    print(&made.plan, &args.out);
    Ok(())
}

/// Learned speeds of a file, where one is given.
pub(crate) fn load_speeds(file: Option<&Path>) -> Result<Option<Arc<RoadSpeeds>>, InputError> {
    file.map(|file| RoadSpeeds::load(file).map(Arc::new))
        .transpose()
}

/// Refuses a time limit that is none.
pub(crate) fn check_time_limit(seconds: f64) -> Result<(), InputError> {
    if seconds > 0.0 && seconds <= 86_400.0 {
        return Ok(());
    }
    let remedy = "give seconds, more than 0 and at most 86400";
    Err(InputError::new("command line", "out of range", remedy)
        .field("--time-limit")
        .value(seconds))
}

/// Where the tensor of a plan lies: beside it.
pub(crate) fn costs_path(plan: &Path) -> PathBuf {
    plan.with_extension("costs")
}

/// The ordered stops and, if asked for, the expected ones; with the demand model's name.
fn all_stops(
    args: &Args,
    ordered: Vec<Stop>,
    time_zone: Tz,
    context: &Context,
) -> anyhow::Result<(Vec<Stop>, Option<String>)> {
    let (Some(orders), Some(history)) = (&args.orders, &args.demand) else {
        return Ok((ordered, None));
    };
    let habits = crate::features::sites::habits(orders, args.date)?;
    let (expectation, model) = match args.basis {
        Basis::Static => (Expectation::Average, None),
        Basis::Predicted | Basis::Cautious => {
            let expected = demand::expected(&args.models, history, args.date, &context.cancel)?;
            let dimension = demand::dimension(&habits);
            (
                Expectation::Forecast {
                    by_site: expected.by_site,
                    level: args.quantile.into(),
                    dimension,
                },
                Some(expected.model),
            )
        }
    };
    let stops = with_expected(
        ordered,
        &habits,
        &expectation,
        args.penalty,
        args.date,
        time_zone,
    );
    Ok((stops, model))
}

/// Fills service times and their uncertainty from the model, if there is one; gives its name.
fn add_service_times(
    args: &Args,
    without: &BTreeSet<String>,
    stops: &mut [Stop],
    fleet: &mut Fleet,
) -> anyhow::Result<Option<String>> {
    let from = args.service_times.into();
    let Some(model) = ServiceTimeModel::load_if_any(&args.models)? else {
        service_times::require_none(&args.stops.display().to_string(), from, without)?;
        return Ok(None);
    };
    service_times::apply(&model, from, without, stops, fleet)?;
    Ok(Some(service_times::name_of(&model)))
}

/// A short summary for people.
fn print(plan: &Plan, out: &Path) {
    let expected = plan
        .stops
        .iter()
        .filter(|s| s.origin == StopOrigin::Forecast)
        .count();
    println!(
        "{}: {} stops ({expected} expected by the forecast), {} routes, {} unplanned, cost {:.2}",
        out.display(),
        plan.stops.len(),
        plan.routes.len(),
        plan.unplanned.len(),
        plan.cost.total()
    );
    for stop in &plan.unplanned {
        println!("  not planned: {}: {}", stop.stop_id, stop.explanation);
    }
}
