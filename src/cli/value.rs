//! What the forecast is worth on real trips.

use super::{Context, network_times};
use crate::pipeline::trip_value::{self, Luck, TripValueOptions};
use crate::planning::{Caution, SearchSettings};
use crate::travel_time::TrainOptions;
use chrono::NaiveDate;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Trips that were driven, Parquet, as `routeforce ingest trips` writes it.
    #[arg(long)]
    trips: PathBuf,
    /// First day held back: the planner learns from trips before it, the truth from trips after.
    #[arg(long)]
    from: NaiveDate,
    /// Most days to plan.
    #[arg(long, default_value_t = 31)]
    days: usize,
    /// Stops of a day.
    #[arg(long, default_value_t = 64)]
    stops: usize,
    /// Vehicles of the fleet.
    #[arg(long, default_value_t = 16)]
    vehicles: usize,
    /// Seconds for each search.
    #[arg(long, default_value_t = 5.0)]
    time_limit: f64,
    /// What a minute of lateness at a stop costs.
    #[arg(long, default_value_t = 1.0)]
    late_cost: f64,
    /// Where each leg of the slow day lies between mean (0) and p90 (1), for the cautious basis.
    #[arg(long, default_value_t = Caution::default().spread_weight)]
    spread_weight: f64,
    /// Seconds a cautious route may take longer in order to leave earlier.
    #[arg(long, default_value_t = Caution::default().longer_for_slack_s)]
    slack: i64,
    /// Play legs without the residuals of single trips: what is left is what a forecast could know.
    #[arg(long)]
    without_luck: bool,
    /// Train on fewer trips: a fifth of the time.
    #[arg(long)]
    quick: bool,
    /// Road network of `routeforce network build`, whose free-flow ways are features of both models.
    #[arg(long)]
    network: Option<PathBuf>,
    /// Seed of stops, truth, models and searches.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for travel_value.csv, .md and .json.
    #[arg(long, default_value = "reports/bench")]
    out: PathBuf,
    /// Folder for the report (HTML, CSV, XLSX); none without.
    #[arg(long)]
    report: Option<PathBuf>,
}

pub(crate) fn run(args: Args, context: &Context) -> anyhow::Result<()> {
    super::plan::check_time_limit(args.time_limit)?;
    let train = match args.quick {
        true => TrainOptions::quick(),
        false => TrainOptions::default(),
    };
    let options = TripValueOptions {
        trips: args.trips,
        from: args.from,
        days: args.days,
        stops: args.stops,
        vehicles: args.vehicles,
        train: TrainOptions {
            seed: args.seed,
            network: network_times(args.network.as_deref())?,
            ..train
        },
        search: SearchSettings {
            time_limit: Duration::from_secs_f64(args.time_limit),
            seed: args.seed,
            threads: 1,
            max_iterations: None,
        },
        caution: Caution {
            spread_weight: args.spread_weight,
            late_cost_per_min: args.late_cost,
            longer_for_slack_s: args.slack,
        },
        late_cost_per_min: args.late_cost,
        luck: match args.without_luck {
            true => Luck::None,
            false => Luck::OfEachLeg,
        },
    };
    let measured = trip_value::run(&options, &context.cancel, &context.progress)?;
    let files = trip_value::write(&measured, &options, &args.out, args.report.as_deref())?;
    print!("{}", std::fs::read_to_string(&files.markdown)?);
    println!("\n{}\n{}", files.csv.display(), files.markdown.display());
    if let Some(report) = &files.report {
        println!("{}", report.html.display());
    }
    Ok(())
}
