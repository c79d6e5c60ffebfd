//! Build a cost tensor of places, or tell what one holds.

use super::router::RouterArgs;
use super::{Context, plan};
use crate::cost::{CostTensor, SliceAxis, file};
use crate::domain::{InputError, LatLon};
use crate::features::places::{self, Place};
use crate::pipeline::costs::{Known, MadeCosts, Method, Wanted};
use crate::pipeline::plan::SLICE_S;
use crate::pipeline::road_times::RoadTimes;
use crate::speeds::RoadSpeeds;
use crate::travel_time::TravelTimeModel;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Build a tensor for a day: by a travel-time model, by the matrix of a network or a router and a
    /// model's factors, by such a matrix alone, or by a network with learned speeds.
    Build(Box<Build>),
    /// Tell what a tensor holds.
    Info {
        /// Tensor file.
        tensor: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Build {
    /// Places: a CSV or Parquet table with id, lat and lon.
    places: PathBuf,
    /// Day, YYYY-MM-DD; the tensor covers it and six hours more.
    #[arg(long)]
    date: NaiveDate,
    /// The places' IANA time zone; without it, that of the speeds or the model.
    #[arg(long)]
    time_zone: Option<Tz>,
    /// Folder of trained models.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Road network of `routeforce network build`.
    #[arg(long)]
    network: Option<PathBuf>,
    /// Learned speeds of `routeforce network learn`.
    #[arg(long, requires = "network", conflicts_with_all = ["osrm", "valhalla"])]
    speeds: Option<PathBuf>,
    #[command(flatten)]
    router: RouterArgs,
    /// How to build it; without: with a router factors, or base if there is no model; roads with
    /// speeds, factors with a network that the model was not trained with, else the model.
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Profiles of vehicles.
    #[arg(long = "profile", default_value = "van")]
    profiles: Vec<String>,
    /// Seconds of a slice.
    #[arg(long, default_value_t = SLICE_S, value_parser = clap::value_parser!(u32).range(60..=86_400))]
    slice_s: u32,
    /// Tensor file to write.
    #[arg(long, default_value = "day.costs")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum By {
    /// By the travel-time model.
    Model,
    /// The matrix of a router or a network × the model's factors.
    Factors,
    /// The matrix of a router or a network alone, the same all day.
    Base,
    /// Every slice routed on learned speeds.
    Roads,
}

impl From<By> for Method {
    fn from(by: By) -> Self {
        match by {
            By::Model => Self::Model,
            By::Factors => Self::Factors,
            By::Base => Self::Base,
            By::Roads => Self::Roads,
        }
    }
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    match args.action {
        Action::Build(args) => build(&args, context),
        Action::Info { tensor } => info(&tensor),
    }
}

fn build(args: &Build, context: &Context) -> anyhow::Result<()> {
    let started = Instant::now();
    let given = places::read(&args.places)?;
    let roads = RoadTimes::load_given(args.network.as_deref())?;
    let speeds = plan::load_speeds(args.speeds.as_deref())?;
    let router = args.router.service()?;
    let model = args
        .models
        .as_deref()
        .map(TravelTimeModel::load)
        .transpose()?;
    let model = model.map(|model| match &roads {
        Some(roads) => model.with_network(roads.clone()),
        None => model,
    });
    let zone = zone(args, speeds.as_deref(), router.is_some())?;
    let axis = SliceAxis::for_day(args.date, zone, args.slice_s)?;
    let at: Vec<LatLon> = given.iter().map(|place| place.at).collect();
    let profiles: Vec<&str> = args.profiles.iter().map(String::as_str).collect();
    let known = Known {
        model: model.as_ref().map(Into::into),
        roads: roads.as_deref(),
        speeds: speeds.as_deref(),
        router: router.as_ref(),
    };
    let wanted = Wanted {
        places: &at,
        names: &|place| given[place].id.clone(),
        axis,
        profiles: &profiles,
    };
    let method = match args.by {
        Some(by) => by.into(),
        None => known.best()?,
    };
    let made = known.costs(method, wanted, &context.cancel, &context.progress)?;
    tell(&made, &given);
    file::write(&args.out, &made.tensor)?;
    print(&made.tensor, &args.out)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("by {} in {seconds:.1} s", method.name());
    Ok(())
}

/// Zone of the day: as given, of the speeds, of the model.
fn zone(args: &Build, speeds: Option<&RoadSpeeds>, with_router: bool) -> anyhow::Result<Tz> {
    match (args.time_zone, speeds, &args.models) {
        (Some(zone), _, _) => Ok(zone),
        (None, Some(speeds), _) => Ok(speeds.zone()?),
        (None, None, Some(models)) => Ok(crate::pipeline::plan::model_time_zone(models)?),
        (None, None, None) if with_router => {
            let problem = "nothing says in which time zone the day is";
            let remedy = "give --time-zone, such as Europe/Berlin, or --models";
            let error = InputError::new("command line", problem, remedy);
            Err(error.field("--time-zone").into())
        }
        (None, None, None) => {
            let remedy = "give --models, or --network with --speeds, or --osrm or --valhalla";
            let problem = "nothing says how long trips take";
            Err(InputError::new("command line", problem, remedy).into())
        }
    }
}

/// Names places of which less is known.
fn tell(made: &MadeCosts, given: &[Place]) {
    for (which, what) in [
        (
            &made.off_roads,
            "on no road of the network: distances by great circle",
        ),
        (
            &made.far_outside,
            "far from all trips learned from: a guess",
        ),
    ] {
        for &place in which {
            eprintln!("{}: {what}", given[place].id);
        }
    }
}

fn info(path: &Path) -> anyhow::Result<()> {
    print(&file::map(path)?, path)
}

fn print(tensor: &CostTensor, path: &Path) -> anyhow::Result<()> {
    let axis = tensor.axis();
    println!(
        "{} places, {} slices of {} s from {} ({})",
        tensor.places(),
        axis.slices,
        axis.slice_s,
        axis.local_start(0).format("%Y-%m-%d %H:%M"),
        axis.time_zone
    );
    for profile in tensor.profiles() {
        println!(
            "{}: {} bytes a cell, longest {} s in the mean, {} s at p90",
            profile.name,
            profile.mean_s.width(),
            profile.mean_s.max(),
            profile.p90_s.max()
        );
    }
    println!(
        "{} cells raised so that leaving later never arrives earlier, correlation of legs {:.2}",
        tensor.fifo_repairs(),
        tensor.leg_correlation()
    );
    let bytes = std::fs::metadata(path)?.len();
    println!("{}: {bytes} bytes", path.display());
    Ok(())
}
