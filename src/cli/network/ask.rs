//! Routes and matrices of a network file, or of a router that runs as a service.

use super::time::Time;
use crate::cli::Context;
use crate::cli::router::RouterArgs;
use crate::domain::{InputError, LatLon};
use crate::features::places;
use crate::network::{self, CREDIT, Itinerary, Network, SnapOptions};
use crate::routers::{OwnRoads, Router};
use anyhow::Context as _;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Route {
    /// Network file; none if a server is asked.
    #[arg(required_unless_present_any = ["osrm", "valhalla"], conflicts_with_all = ["osrm", "valhalla"])]
    network: Option<PathBuf>,
    #[command(flatten)]
    server: RouterArgs,
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

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Geojson,
    Gpx,
}

#[derive(Debug, clap::Args)]
pub(super) struct Matrix {
    /// Network file, unless a server is asked; and places: a CSV or Parquet table with id, lat and lon.
    #[arg(required = true, num_args = 1..=2, value_names = ["NETWORK", "PLACES"])]
    files: Vec<PathBuf>,
    #[command(flatten)]
    server: RouterArgs,
    #[command(flatten)]
    time: Time,
    /// Seconds and metres by from and to, as CSV or Parquet.
    #[arg(long, default_value = "matrix.csv")]
    out: PathBuf,
}

fn place(text: &str) -> Result<LatLon, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    match numbers.as_deref() {
        Ok([lat, lon]) => LatLon::new(*lat, *lon).map_err(|e| e.to_string()),
        _ => Err("give latitude,longitude in degrees, such as 49.41,8.69".to_owned()),
    }
}

pub(super) fn route(args: &Route, context: &Context) -> anyhow::Result<()> {
    let ends = [args.from, args.to];
    let found = match (args.server.service()?, &args.network) {
        (Some(server), _) => server.route(&ends, &context.cancel)?,
        (None, Some(file)) => {
            let network = network::load(file)?;
            own(&network, &args.time)?.route(&ends, &context.cancel)?
        }
        (None, None) => None,
    };
    let found = found.context("there is no way between the two places")?;
    match args.format {
        Format::Geojson => println!("{}", found.to_geojson()),
        Format::Gpx => print!("{}", found.to_gpx()),
        Format::Text => tell(&found, &args.time),
    }
    Ok(())
}

fn tell(found: &Itinerary, time: &Time) {
    let (km, minutes) = (found.length_m / 1e3, found.duration_s / 60.0);
    println!("{km:.1} km, {minutes:.0} min {}", time.words());
    for step in &found.steps {
        println!("{:>7.0} m  {}", step.length_m, step.what);
    }
    println!("{CREDIT}");
}

pub(super) fn matrix(args: &Matrix, context: &Context) -> anyhow::Result<()> {
    let watch = (&context.cancel, &context.progress);
    let server = args.server.service()?;
    let (network, table) = match (&args.files[..], &server) {
        ([table], Some(_)) => (None, table),
        ([network, table], None) => (Some(network::load(network)?), table),
        _ => {
            let remedy = "give NETWORK and PLACES, or --osrm or --valhalla and PLACES";
            let problem = "it is not clear which file is which";
            return Err(InputError::new("command line", problem, remedy).into());
        }
    };
    let places = places::read(table)?;
    let at: Vec<LatLon> = places.iter().map(|place| place.at).collect();
    let matrix = match (&server, &network) {
        (Some(server), _) => server.matrix(&at, &at, watch)?,
        (None, Some(network)) => {
            name_lost(network, &places);
            own(network, &args.time)?.matrix(&at, &at, watch)?
        }
        (None, None) => anyhow::bail!("neither a network nor a server"),
    };
    write(&args.out, &places, |a, b| {
        matrix.seconds(a, b).zip(matrix.metres(a, b))
    })
}

fn own<'a>(network: &'a Network, time: &Time) -> anyhow::Result<OwnRoads<'a>> {
    let durations_ms = time.durations_ms(network)?;
    let timed = durations_ms.map(|durations_ms| network.timed(durations_ms));
    Ok(OwnRoads {
        network,
        snapping: SnapOptions::default(),
        timed: timed.transpose()?,
    })
}

/// Names the places that are on no road.
fn name_lost(network: &Network, places: &[places::Place]) {
    let options = SnapOptions::default();
    for place in places {
        if network.snap(place.at, &options).is_none() {
            let within = options.within_m;
            eprintln!(
                "{}: no road of the network within {within} m; its durations stay empty",
                place.id
            );
        }
    }
}

fn write(
    out: &Path,
    places: &[places::Place],
    way: impl Fn(usize, usize) -> Option<(f64, f64)>,
) -> anyhow::Result<()> {
    places::write_matrix(out, places, way)?;
    println!("{}", out.display());
    Ok(())
}
