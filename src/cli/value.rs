//! What the forecast is worth on real trips.

use super::{Context, network_times};
use crate::pipeline::trip_value::{self, TripValueOptions};
use crate::planning::{Caution, PricedLateness, SearchSettings};
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
    /// First day that is not looked at: to choose options on earlier days than those to be measured.
    #[arg(long)]
    until: Option<NaiveDate>,
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
    /// How uncertain legs are while the cautious basis prices expected lateness, as a factor on the spread from mean to p90;
    /// without it, the factor that the planner's model has learned on its trips held back.
    #[arg(long, conflicts_with = "slow_day")]
    spread_weight: Option<f64>,
    /// Price, for the cautious basis, the lateness of a slow day instead of the expected one: where each leg of it lies between
    /// mean (0) and p90 (1).
    #[arg(long)]
    slow_day: Option<f64>,
    /// Seconds a route may take longer in order to leave earlier; with --slow-day.
    #[arg(long, default_value_t = 120)]
    slack: i64,
    /// Do not correct forecasts by the trips that had ended when a day was planned.
    #[arg(long)]
    without_live: bool,
    /// How often the noise of single trips is drawn, where nobody foresees it; plans are played on every draw.
    #[arg(long, default_value_t = 20)]
    draws: usize,
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
        until: args.until,
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
            late_cost_per_min: args.late_cost,
            of: match (args.slow_day, args.spread_weight) {
                (Some(spread_weight), _) => PricedLateness::SlowDay {
                    spread_weight,
                    longer_for_slack_s: args.slack,
                },
                (None, spread_weight) => PricedLateness::Expected { spread_weight },
            },
        },
        late_cost_per_min: args.late_cost,
        draws: args.draws,
        live: !args.without_live,
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
