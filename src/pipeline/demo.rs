//! The whole chain on a simulated operator: history, clean tables, models, plans, days, report.
//!
//! Nothing in it knows that the operator is simulated but the parts that make the history and play
//! the days: everything between reads the files that a real operator would give.

use super::PipelineError;
use super::customers;
use super::demand::{self, Level};
use super::demo_report;
use super::expected_stops::Expectation;
use super::value::{DayToValue, PlayedPlan};
use crate::cost::file;
use crate::customers::Settings;
use crate::domain::Document;
use crate::domain::day_record::DayRecord;
use crate::domain::forecast::DemandForecast;
use crate::domain::plan::{Plan, PlanBasis};
use crate::domain::stop::ServiceTimes;
use crate::domain::value_of_forecast::ValueOfForecast;
use crate::features::sites::{self, SiteHabits};
use crate::features::travel::Holidays;
use crate::ingest::{self, Kind, QualityReport};
use crate::onnx::Manifest;
use crate::planning::{Caution, SearchSettings};
use crate::report::ReportFiles;
use crate::runtime::{Cancel, Progress, atomic_file};
use crate::service_time::{self, ServiceTimeModel};
use crate::simulation::{HistoryFiles, HistoryOptions, World, WorldOptions, write_history};
use crate::travel_time::{self, TravelTimeModel};
use crate::{domain, forecast};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Cost of leaving out a stop that is only expected, and of a minute of lateness, in EUR.
const EXPECTED_STOP_PENALTY: f64 = 50.0;
const LATE_COST_PER_MIN: f64 = 1.0;

/// What to run.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// Folder that everything goes into.
    pub dir: PathBuf,
    /// Seed of the operator, the models and the searches.
    pub seed: u64,
    /// The operator.
    pub world: WorldOptions,
    /// Its history.
    pub history: HistoryOptions,
    /// Working days to plan and play from the day after the history on.
    pub days: usize,
    /// Wall time of each search.
    pub search: Duration,
}

impl DemoOptions {
    /// The full demo in a folder.
    pub fn full(dir: &Path, seed: u64) -> Self {
        Self {
            dir: dir.to_owned(),
            seed,
            world: WorldOptions::default(),
            history: HistoryOptions::default(),
            days: 5,
            search: Duration::from_millis(2_000),
        }
    }

    /// A small operator for tests: the same chain in seconds.
    pub fn small(dir: &Path, seed: u64) -> Self {
        let full = Self::full(dir, seed);
        Self {
            world: WorldOptions {
                sites: 24,
                vehicles: 4,
                history_days: 90,
                ..full.world
            },
            history: HistoryOptions {
                trips: 4_000,
                position_days: 1,
                ..full.history
            },
            days: 2,
            search: Duration::from_millis(300),
            ..full
        }
    }
}

/// What came out, with the paths of what was written.
#[derive(Debug)]
pub struct DemoOutcome {
    /// The day that was planned first.
    pub date: NaiveDate,
    /// The files of its report.
    pub report: ReportFiles,
    /// The plan of that day on predicted costs.
    pub plan: Plan,
    /// That day as played.
    pub day: DayRecord,
    /// What the forecast was worth over all days.
    pub value: ValueOfForecast,
    /// How many alerts came out of the first day.
    pub alerts: usize,
    /// Clean raw files of the history.
    pub history: HistoryFiles,
}

/// Trained models with what they need at serving.
struct Models {
    travel: TravelTimeModel,
    travel_manifest: Manifest,
    service: ServiceTimeModel,
    service_manifest: Manifest,
    demand_manifest: Manifest,
}

/// Runs the chain.
pub fn run(
    options: &DemoOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<DemoOutcome, PipelineError> {
    let world = World::new(options.seed, options.world.clone())?;
    let history = write_history(&options.dir, &world, &options.history, cancel, progress)?;
    let quality = ingest_all(options, &world, &history, cancel, progress)?;
    let clean = options.dir.join("clean");
    let models = train(options, &clean, cancel, progress)?;
    let forecasts = demand::forecast(
        &options.dir.join("models"),
        &clean.join("demand.parquet"),
        demand::HORIZON_DAYS,
        cancel,
    )?;
    let habits = sites::habits(&clean.join("orders.parquet"), world.planning_date())?;
    let days = plan_and_play(
        options, &world, &models, &habits, &forecasts, cancel, progress,
    )?;
    let value = ValueOfForecast {
        late_cost_per_min: LATE_COST_PER_MIN,
        days: days.iter().map(|day| day.value.clone()).collect(),
    };
    let first = days.into_iter().next().map(|day| day.predicted);
    let Some(first) = first else {
        let remedy = "plan at least one day";
        let fault = domain::InputError::new("demo", "no day to plan", remedy).field("days");
        return Err(fault.into());
    };
    write_plan_and_day(&options.dir, &first, &value, &forecasts, &world)?;
    let customers = customers::of_orders(
        &clean.join("orders.parquet"),
        Some(world.planning_date()),
        &Settings {
            seed: options.seed,
            ..Settings::default()
        },
        cancel,
    )?;
    let report = demo_report::write(
        &demo_report::Material {
            dir: &options.dir,
            world: &world,
            first: &first,
            value: &value,
            forecasts: &forecasts,
            quality: &quality,
            customers: &customers,
            manifests: [
                &models.demand_manifest,
                &models.travel_manifest,
                &models.service_manifest,
            ],
            travel: &models.travel,
        },
        progress,
    )?;
    Ok(DemoOutcome {
        date: world.planning_date(),
        report: report.files,
        alerts: report.alerts,
        plan: first.made.plan,
        day: first.played.record,
        value,
        history,
    })
}

/// Ingests every raw table into `clean`.
fn ingest_all(
    options: &DemoOptions,
    world: &World,
    history: &HistoryFiles,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<QualityReport>, PipelineError> {
    let settings = ingest::Options {
        time_zone: Some(world.time_zone()),
        calendar: Some(history.calendar.clone()),
        ..ingest::Options::default()
    };
    let tables = [
        (Kind::Calendar, &history.calendar),
        (Kind::Orders, &history.orders),
        (Kind::Trips, &history.trips),
        (Kind::Visits, &history.visits),
        (Kind::Positions, &history.positions),
        (Kind::Fleet, &history.fleet),
    ];
    let clean = options.dir.join("clean");
    let ingest = |(kind, file): (Kind, &PathBuf)| {
        let files = std::slice::from_ref(file);
        Ok(ingest::run(
            kind, files, &clean, &settings, cancel, progress,
        )?)
    };
    tables.into_iter().map(ingest).collect()
}

/// Trains the models, the slow ones side by side.
fn train(
    options: &DemoOptions,
    clean: &Path,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Models, PipelineError> {
    let models_dir = options.dir.join("models");
    progress.report("train the models", 0, 2);
    let calendar = ingest::load_calendar(&clean.join("calendar.parquet"))?;
    let travel_options = travel_time::TrainOptions {
        seed: options.seed,
        holidays: Holidays::of_calendar(&calendar),
        ..travel_time::TrainOptions::quick()
    };
    let demand_options = forecast::TrainOptions {
        seed: options.seed,
        horizon: Some(demand::HORIZON_DAYS),
        ..forecast::TrainOptions::default()
    };
    // Reports of two trainings at once would interleave into noise.
    let silent = Progress::silent();
    let (demand_manifest, travel_manifest) = rayon::join(
        || {
            let data = clean.join("demand.parquet");
            let trained = forecast::train_file(&data, &demand_options, cancel, &silent)?;
            trained.save(&models_dir)
        },
        || {
            let data = clean.join("trips.parquet");
            travel_time::train(&data, &models_dir, &travel_options, cancel, &silent)
        },
    );
    let data = clean.join("visits.parquet");
    let service_options = service_time::TrainOptions {
        seed: options.seed,
        ..service_time::TrainOptions::default()
    };
    let service = service_time::train(&data, &models_dir, &service_options, cancel, &silent)?;
    progress.report("train the models", 2, 2);
    Ok(Models {
        service_manifest: service.manifest,
        service: ServiceTimeModel::load(&models_dir)?,
        demand_manifest: demand_manifest?.1,
        travel_manifest: travel_manifest?.manifest,
        travel: TravelTimeModel::load(&models_dir)?,
    })
}

/// A day's value and the plan that the planner would have used.
struct Day {
    value: domain::value_of_forecast::DayValue,
    predicted: PlayedPlan,
}

/// Plans and plays the days, several side by side.
fn plan_and_play(
    options: &DemoOptions,
    world: &World,
    models: &Models,
    habits: &[SiteHabits],
    forecasts: &[DemandForecast],
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Day>, PipelineError> {
    let dates = working_days(world.planning_date(), options.days);
    let total = dates.len() as u64;
    let done = std::sync::atomic::AtomicU64::new(0);
    progress.report("plan and play days", 0, total);
    let demand_model = format!(
        "{}/{}",
        models.demand_manifest.name, models.demand_manifest.version
    );
    let plan_day = |date: &NaiveDate| -> Result<Day, PipelineError> {
        let orders = world.day_truth(*date);
        let day = DayToValue {
            date: *date,
            time_zone: world.time_zone(),
            fleet: world.fleet(),
            habits,
            forecast: Expectation::Forecast {
                by_site: demand::on_day(forecasts, *date),
                level: Level::Mean,
                dimension: demand::dimension(habits),
            },
            penalty: EXPECTED_STOP_PENALTY,
            orders: &orders,
            travel: world,
            model: &models.travel,
            live: None,
            service: Some((&models.service, ServiceTimes::Stated)),
            other_models: vec![demand_model.clone()],
            created_at: eve(world, *date),
            search: SearchSettings {
                time_limit: options.search,
                seed: options.seed,
                threads: 1,
                max_iterations: None,
            },
            caution: Caution::default(),
            late_cost_per_min: LATE_COST_PER_MIN,
        };
        let (value, played) = day.value(cancel, &Progress::silent())?;
        let predicted = played
            .into_iter()
            .find(|p| p.made.plan.basis == PlanBasis::Predicted);
        let count = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        progress.report("plan and play days", count, total);
        predicted
            .map(|predicted| Day { value, predicted })
            .ok_or_else(|| {
                domain::InputError::new("demo", "no plan on predictions", "report this as a bug")
                    .into()
            })
    };
    dates.par_iter().map(plan_day).collect()
}

/// The first `count` days from `first` on that are not on a weekend.
fn working_days(first: NaiveDate, count: usize) -> Vec<NaiveDate> {
    let is_working = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    first.iter_days().filter(is_working).take(count).collect()
}

/// When the simulated planner plans: six in the evening of the day before.
fn eve(world: &World, date: NaiveDate) -> DateTime<Utc> {
    let evening = NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default();
    let before = date
        .checked_sub_days(Days::new(1))
        .unwrap_or(date)
        .and_time(evening);
    let local = world.time_zone().from_local_datetime(&before).earliest();
    local.map_or_else(|| before.and_utc(), |at| at.with_timezone(&Utc))
}

/// Writes what the service and the notebook read: plan, tensor, day, value, forecasts, roads.
fn write_plan_and_day(
    dir: &Path,
    first: &PlayedPlan,
    value: &ValueOfForecast,
    forecasts: &[DemandForecast],
    world: &World,
) -> Result<(), PipelineError> {
    let plan_path = dir.join("plan").join("plan.json");
    let costs_path = plan_path.with_extension("costs");
    let day_path = dir.join("day").join("day.json");
    let value_path = dir.join("day").join("value.json");
    file::write(&costs_path, &first.made.costs)?;
    first
        .made
        .plan
        .write(&plan_path)
        .map_err(PipelineError::io(&plan_path))?;
    first
        .played
        .record
        .write(&day_path)
        .map_err(PipelineError::io(&day_path))?;
    value
        .write(&value_path)
        .map_err(PipelineError::io(&value_path))?;
    let forecasts = serde_json::to_vec(forecasts).map_err(std::io::Error::other);
    let roads = serde_json::to_vec(&world.roads_geojson()).map_err(std::io::Error::other);
    for (name, content) in [("plan/forecasts.json", forecasts), ("roads.geojson", roads)] {
        let path = dir.join(name);
        let written = content.and_then(|content| atomic_file::write(&path, &content));
        written.map_err(PipelineError::io(&path))?;
    }
    Ok(())
}
