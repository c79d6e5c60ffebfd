//! Learn speeds of the roads of a network.

use crate::cli::Context;
use crate::domain::{Document, InputError};
use crate::features::{traces, travel};
use crate::network;
use crate::network::matching::MatchOptions;
use crate::speeds::{self, KindSpeeds, LearnOptions, RoadSpeeds, SLOTS, TripWays};
use chrono_tz::Tz;
use std::ops::Range;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("from").required(true))]
pub(crate) struct Args {
    /// Network file.
    network: PathBuf,
    /// Trips as `routeforce ingest trips` writes them: ends, departure and duration.
    #[arg(long, group = "from")]
    trips: Option<PathBuf>,
    /// Positions: a CSV or Parquet table with vehicle_id or trace_id, ts, lat and lon; ts are
    /// instants.
    #[arg(long, group = "from", requires = "time_zone")]
    positions: Option<PathBuf>,
    /// The roads' IANA time zone; without it, that of the trips.
    #[arg(long)]
    time_zone: Option<Tz>,
    /// Farthest road from an end of a trip, in metres.
    #[arg(long, default_value_t = TripWays::default().within_m)]
    within_m: f64,
    /// Where to write the speeds.
    #[arg(long, default_value = "roads.rfspeeds")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let network = network::load(&args.network)?;
    let (cancel, progress) = (&context.cancel, &context.progress);
    let options = |source: String, time_zone: Tz| LearnOptions {
        time_zone,
        holidays: travel::Holidays::default(),
        source,
    };
    let learned = match (&args.trips, &args.positions, args.time_zone) {
        (Some(path), _, zone) => {
            let trips =
                travel::read(path, cancel).map_err(crate::travel_time::TravelTimeError::from)?;
            let options = options(trips.source.clone(), zone.unwrap_or(trips.time_zone));
            let ways = TripWays {
                within_m: args.within_m,
                ..TripWays::default()
            };
            speeds::from_trips(&network, &trips, ways, &options, cancel, progress)?
        }
        (None, Some(path), Some(zone)) => {
            let traces = traces::read(path)?;
            let options = options(path.display().to_string(), zone);
            let matching = MatchOptions::default();
            speeds::from_positions(&network, &traces, matching, &options, cancel, progress)?
        }
        _ => {
            let remedy = "give --trips, or --positions with --time-zone";
            return Err(InputError::new("command line", "nothing to learn from", remedy).into());
        }
    };
    learned.write(&args.out)?;
    print(&learned);
    println!("{}", args.out.display());
    Ok(())
}

/// Periods of the table, in hours of working days; days off are one.
const PERIODS: [(&str, Range<usize>); 6] = [
    ("0-6 h", 0..6),
    ("6-10 h", 6..10),
    ("10-15 h", 10..15),
    ("15-19 h", 15..19),
    ("19-24 h", 19..24),
    ("day off", 24..SLOTS),
];

fn print(speeds: &RoadSpeeds) {
    println!(
        "{} observations of {} drives ({} said nothing), on {}",
        speeds.observations, speeds.drives, speeds.left_out, speeds.network
    );
    println!("time over that at free flow, turns apart:");
    print!("{:34} {:>9} {:>8}", "kind of road", "seen", "all");
    PERIODS.iter().for_each(|(name, _)| print!(" {name:>8}"));
    println!();
    for kind in &speeds.kinds {
        row(&kind.kind.name(), kind);
    }
    let drive = speeds.drive;
    println!(
        "a drive takes {:.2} to {:.2} times what is expected, four times out of five; {} single roads differ from their kind",
        drive.p10,
        drive.p90,
        speeds.edges.len()
    );
}

fn row(name: &str, kind: &KindSpeeds) {
    let seen: u32 = kind.observations.iter().sum();
    print!("{name:34} {seen:>9} {:>8.2}", kind.factor);
    for (_, slots) in PERIODS {
        // By how often each hour was seen; alike where none was.
        let weights = slots
            .clone()
            .map(|slot| f64::from(kind.observations[slot]) + 1e-6);
        let sum: f64 = weights
            .clone()
            .zip(&kind.slots[slots])
            .map(|(w, f)| w * f)
            .sum();
        print!(" {:>8.2}", sum / weights.sum::<f64>());
    }
    println!();
}
