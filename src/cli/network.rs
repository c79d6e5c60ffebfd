//! Build a road network, and ask it.

mod learn;

use super::Context;
use crate::domain::InputError;
use crate::domain::LatLon;
use crate::features::places;
use crate::network::osm::{Profile, Vehicle};
use crate::network::{self, CREDIT, Network, SnapOptions, Snapped};
use crate::speeds::{RoadSpeeds, SpeedsOn};
use anyhow::Context as _;
use chrono::{NaiveDateTime, TimeZone, Utc};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Read an OpenStreetMap extract as a vehicle may use it, and prepare it for routing.
    Build(Build),
    /// Tell what a network holds, and what of the extract was not understood.
    Info {
        /// Network file.
        network: PathBuf,
    },
    /// The quickest way, in words or as a file for other programs.
    Route(Route),
    /// Durations and lengths between all places of a table, at free flow or by learned speeds.
    Matrix(Matrix),
    /// Learn speeds of its roads by hour of the week from trips or positions.
    Learn(learn::Args),
}

#[derive(Debug, clap::Args)]
struct Build {
    /// Extract in PBF format.
    extract: PathBuf,
    /// Who drives: car, van, truck, bicycle or foot.
    #[arg(long, default_value = "car", value_parser = profile)]
    profile: Profile,
    /// Height of the vehicle in metres.
    #[arg(long)]
    height_m: Option<f64>,
    /// Width of the vehicle in metres.
    #[arg(long)]
    width_m: Option<f64>,
    /// Length of the vehicle in metres.
    #[arg(long)]
    length_m: Option<f64>,
    /// Weight of the vehicle in tonnes.
    #[arg(long)]
    weight_t: Option<f64>,
    /// Weight of an axle in tonnes.
    #[arg(long)]
    axle_load_t: Option<f64>,
    /// It carries dangerous goods.
    #[arg(long)]
    hazmat: bool,
    /// Network file to write.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Route {
    /// Network file.
    network: PathBuf,
    /// Where it begins: latitude,longitude.
    #[arg(long, value_parser = place, allow_hyphen_values = true)]
    from: LatLon,
    /// Where it ends: latitude,longitude.
    #[arg(long, value_parser = place, allow_hyphen_values = true)]
    to: LatLon,
    #[command(flatten)]
    time: Time,
    /// How to tell it.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// When one departs, where it matters.
#[derive(Debug, clap::Args)]
struct Time {
    /// Speeds of `routeforce network learn`; without, roads are empty.
    #[arg(long, requires = "depart")]
    speeds: Option<PathBuf>,
    /// Departure in local time of the speeds, such as 2026-05-04T08:00.
    #[arg(long, requires = "speeds", value_parser = moment)]
    depart: Option<NaiveDateTime>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Geojson,
    Gpx,
}

#[derive(Debug, clap::Args)]
struct Matrix {
    /// Network file.
    network: PathBuf,
    /// Places: a CSV or Parquet table with id, lat and lon.
    places: PathBuf,
    #[command(flatten)]
    time: Time,
    /// Seconds and metres by from and to, as CSV or Parquet.
    #[arg(long, default_value = "matrix.csv")]
    out: PathBuf,
}

fn profile(name: &str) -> Result<Profile, String> {
    let names = || Profile::ALL.map(Profile::name).join(", ");
    Profile::of(name).ok_or_else(|| format!("give one of {}", names()))
}

fn place(text: &str) -> Result<LatLon, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    match numbers.as_deref() {
        Ok([lat, lon]) => LatLon::new(*lat, *lon).map_err(|e| e.to_string()),
        _ => Err("give latitude,longitude in degrees, such as 49.41,8.69".to_owned()),
    }
}

fn moment(text: &str) -> Result<NaiveDateTime, String> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let found = formats
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
    found.ok_or_else(|| "give a local date and time, such as 2026-05-04T08:00".to_owned())
}

impl Time {
    /// What every edge takes then; `None` at free flow.
    fn durations_ms(&self, network: &Network) -> Result<Option<Vec<u32>>, InputError> {
        let Some((file, depart)) = self.speeds.as_ref().zip(self.depart) else {
            return Ok(None);
        };
        let speeds = RoadSpeeds::load(file)?;
        let on_network = SpeedsOn::new(&speeds, network)?;
        // Of a local time that comes twice the first one; one that is skipped does not exist.
        let local = speeds.zone()?.from_local_datetime(&depart).earliest();
        let local = local.ok_or_else(|| {
            let problem = format!("does not exist in {}: clocks skip it", speeds.time_zone);
            let remedy = "give a time an hour earlier or later";
            InputError::new("command line", problem, remedy)
                .field("--depart")
                .value(depart)
        })?;
        Ok(Some(on_network.durations_ms(local.with_timezone(&Utc))))
    }

    fn words(&self) -> String {
        match self.depart {
            None => "at free flow".to_owned(),
            Some(depart) => format!("leaving at {}", depart.format("%Y-%m-%d %H:%M")),
        }
    }
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    match args.action {
        Action::Build(args) => build(&args, context),
        Action::Info { network } => info(&network),
        Action::Route(args) => route(&args),
        Action::Matrix(args) => matrix(&args, context),
        Action::Learn(args) => learn::run(&args, context),
    }
}

fn build(args: &Build, context: &Context) -> anyhow::Result<()> {
    let vehicle = Vehicle {
        height_m: args.height_m,
        width_m: args.width_m,
        length_m: args.length_m,
        weight_t: args.weight_t,
        axle_load_t: args.axle_load_t,
        hazmat: args.hazmat,
    };
    let (cancel, progress) = (&context.cancel, &context.progress);
    let network = Network::build(&args.extract, args.profile, &vehicle, cancel, progress)?;
    network::save(&network, &args.out)?;
    print_info(&network);
    println!("{}", args.out.display());
    Ok(())
}

fn info(path: &Path) -> anyhow::Result<()> {
    print_info(&network::load(path)?);
    Ok(())
}

fn print_info(network: &Network) {
    let (graph, info) = (network.graph(), network.info());
    let edges = 0..graph.edges() as u32;
    let main = edges.filter(|&edge| graph.is_main(edge)).count();
    let km: f64 = graph.length_cm.iter().map(|&cm| f64::from(cm)).sum::<f64>() / 1e5;
    println!("{} of {}, {CREDIT}", info.profile.name(), info.source);
    println!(
        "{} junctions, {} directed edges ({:.0} km), {} of them in the main part, {} turns",
        graph.junctions(),
        graph.edges(),
        km,
        main,
        network.turns().into.len()
    );
    let report = &info.report;
    println!(
        "{} of {} ways are roads, {} turn restrictions",
        report.roads, report.ways, report.restrictions
    );
    for (why, count) in &report.skipped {
        println!("left out: {count} x {why}");
        for example in report.examples.get(why).into_iter().flatten().take(3) {
            println!("  {}: {}", example.element, example.what);
        }
    }
}

fn snapped(network: &Network, place: LatLon, what: &str) -> anyhow::Result<Snapped> {
    let options = SnapOptions::default();
    let found = network.snap(place, &options);
    found.with_context(|| {
        let (lat, lon, within) = (place.lat, place.lon, options.within_m);
        format!("{what} {lat},{lon}: no road of the network within {within} m")
    })
}

fn route(args: &Route) -> anyhow::Result<()> {
    let network = network::load(&args.network)?;
    let from = snapped(&network, args.from, "--from")?;
    let to = snapped(&network, args.to, "--to")?;
    let route = match args.time.durations_ms(&network)? {
        None => network.route(&from, &to)?,
        Some(durations_ms) => network.timed(durations_ms)?.route(&from, &to)?,
    };
    let route = route.context("there is no way between the two places")?;
    match args.format {
        Format::Geojson => println!("{}", network::to_geojson(&network, &route)),
        Format::Gpx => print!("{}", network::to_gpx(&network, &route)),
        Format::Text => {
            let (km, minutes) = (route.length_m / 1e3, route.duration_s / 60.0);
            println!("{km:.1} km, {minutes:.0} min {}", args.time.words());
            for step in network::steps(&network, &route) {
                println!("{:>7.0} m  {}", step.length_m, step.what);
            }
            println!("{CREDIT}");
        }
    }
    Ok(())
}

fn matrix(args: &Matrix, context: &Context) -> anyhow::Result<()> {
    let network = network::load(&args.network)?;
    let places = places::read(&args.places)?;
    let options = SnapOptions::default();
    let on_roads: Vec<Option<Snapped>> = places
        .iter()
        .map(|place| network.snap(place.at, &options))
        .collect();
    for (place, found) in places.iter().zip(&on_roads) {
        if found.is_none() {
            let within = options.within_m;
            eprintln!(
                "{}: no road of the network within {within} m; its durations stay empty",
                place.id
            );
        }
    }
    let cancel = &context.cancel;
    let matrix = match args.time.durations_ms(&network)? {
        None => network.matrix(&on_roads, &on_roads, cancel)?,
        Some(durations_ms) => network
            .timed(durations_ms)?
            .matrix(&on_roads, &on_roads, cancel)?,
    };
    places::write_matrix(&args.out, &places, |a, b| {
        matrix.seconds(a, b).zip(matrix.metres(a, b))
    })?;
    println!("{}", args.out.display());
    Ok(())
}
