//! The whole measurement: cut the trips, fit both models, plan and play every day.

use super::super::PipelineError;
use super::super::expected_stops::Expectation;
use super::super::plan::MadePlan;
use super::super::value::{BASES, DayToValue, PlayedPlan};
use super::chains::{self, ChainCheck, check_chains};
use super::days;
use super::models::{hold_back, model_of};
use super::reading::{READINGS, Reading};
use super::recent::at_moments;
use super::summary::{Summary, average};
use super::truth::{MeasuredTruth, TruthCoverage};
use crate::cost::CostError;
use crate::cost::tensor::SliceAxis;
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::domain::plan::PlanBasis;
use crate::domain::value_of_forecast::{DayValue, ValueOfForecast};
use crate::features::travel::{self, Trips};
use crate::planning::{self, Caution, SearchSettings, local_instant};
use crate::runtime::{Cancel, Progress};
use crate::simulation::DayTruth;
use crate::travel_time::live::LiveTraffic;
use crate::travel_time::{TrainOptions, TravelTimeError, TravelTimeModel};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// How long before its midnight a day is planned: at six in the evening.
const PLANNED_AHEAD: TimeDelta = TimeDelta::hours(6);

/// What to measure.
#[derive(Debug, Clone)]
pub struct TripValueOptions {
    /// The trips table.
    pub trips: PathBuf,
    /// First day held back; the planner learns from trips before it only.
    pub from: NaiveDate,
    /// First day that is not looked at, for choices on earlier days than those that are measured in
    /// the end; `None`: all of the table.
    pub until: Option<NaiveDate>,
    /// Most days to plan.
    pub days: usize,
    /// Stops of a day.
    pub stops: usize,
    /// Vehicles of the fleet.
    pub vehicles: usize,
    /// How the planner's model is trained.
    pub train: TrainOptions,
    /// How every plan is searched for.
    pub search: SearchSettings,
    /// How a cautious search prices lateness.
    pub caution: Caution,
    /// What a minute of lateness at a stop costs, in currency units.
    pub late_cost_per_min: f64,
    /// How often the noise of legs is drawn that nobody foresees; plans are played on every draw.
    pub draws: usize,
    /// Whether forecasts are corrected by the trips that had ended when a day was planned.
    pub live: bool,
}

/// What was measured under one reading of the truth.
#[derive(Debug)]
pub struct ReadingValue {
    /// The reading.
    pub reading: Reading,
    /// Results per day and basis, each day's on average over its draws (counts rounded).
    pub value: ValueOfForecast,
    /// The same by draw.
    pub draws: Vec<Vec<DayValue>>,
    /// Their summary.
    pub summary: Summary,
}

/// What was measured.
#[derive(Debug)]
pub struct TripValue {
    /// In the order of [`READINGS`]; only plays and perfect plans differ, the plans of the other
    /// bases are the same.
    pub readings: Vec<ReadingValue>,
    /// How much of the truth was really driven.
    pub coverage: TruthCoverage,
    /// Arrival p90 on chains of the trips held back.
    pub chains: ChainCheck,
    /// Trips the planner learned from, and trips held back.
    pub trips: (usize, usize),
    /// The factor on the spread that the planner's model has learned.
    pub spread_factor: Option<f64>,
    /// Plans of the first day and how they went by the first reading, in the order of the bases.
    pub first_day: Vec<PlayedPlan>,
}

impl TripValue {
    /// What was measured under a reading.
    pub fn of(&self, reading: Reading) -> Option<&ReadingValue> {
        self.readings.iter().find(|r| r.reading == reading)
    }
}

/// Runs the measurement.
///
/// # Errors
/// A table that cannot be used, too few trips on a day for its stops, a plan that fails.
pub fn run(
    options: &TripValueOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<TripValue, PipelineError> {
    progress.report("value: read trips", 0, 1);
    let table = travel::read(&options.trips, cancel).map_err(TravelTimeError::from)?;
    measure(&table, options, cancel, progress)
}

/// [`run`] on trips that were read already.
///
/// # Errors
/// As [`run`].
pub fn measure(
    table: &Trips,
    options: &TripValueOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<TripValue, PipelineError> {
    let held = hold_back(table, options.from, options.until)?;
    let model = |trips: &Trips, name: &str, train: &TrainOptions| {
        model_of(trips, name, train, cancel, &progress.within(name))
    };
    let planner = model(&held.before, "planner", &options.train)?;
    let judge = model(&held.after, "judge", &options.train)?;
    let Some(depot) = days::busiest_origin(&held.before) else {
        let remedy = "give a table of trips";
        return Err(InputError::new(&table.source, "no trips", remedy).into());
    };
    let said = chains::forecasts(&held.after, &planner)?;
    let period = Period {
        options,
        held: &held.after,
        said: &said,
        planner: &planner,
        judge: &judge,
        fleet: days::fleet(depot, options.vehicles),
        depot,
    };
    let played = period.play(cancel, progress)?;
    let mut coverage = TruthCoverage::default();
    let mut results: Vec<Vec<Vec<DayValue>>> = vec![Vec::new(); READINGS.len()];
    let mut first_day = Vec::new();
    for day in played {
        coverage.blocks += day.coverage.blocks;
        coverage.driven += day.coverage.driven;
        if first_day.is_empty() {
            first_day = day.plans;
        }
        for (results, value) in results.iter_mut().zip(day.values) {
            results.push(value);
        }
    }
    let of_reading = |(reading, draws): (Reading, Vec<Vec<DayValue>>)| ReadingValue {
        reading,
        summary: Summary::of(&draws, options.search.seed),
        value: ValueOfForecast {
            late_cost_per_min: options.late_cost_per_min,
            days: draws.iter().filter_map(|day| average(day)).collect(),
        },
        draws,
    };
    let parameters = planner.parameters();
    Ok(TripValue {
        readings: READINGS.into_iter().zip(results).map(of_reading).collect(),
        coverage,
        chains: check_chains(&held.after, &said, parameters, evening_before)?,
        trips: (held.before.len(), held.after.len()),
        spread_factor: parameters.spread_factor,
        first_day,
    })
}

/// When a day is planned on which a vehicle departs: at six in the evening of the day before.
fn evening_before(depart: DateTime<Tz>) -> DateTime<Utc> {
    let midnight = local_instant(depart.date_naive(), NaiveTime::MIN, depart.timezone());
    midnight - PLANNED_AHEAD
}

/// The days held back with all that plans and judges them.
struct Period<'a> {
    options: &'a TripValueOptions,
    held: &'a Trips,
    /// What the planner's model says of every trip held back.
    said: &'a [Quantiles],
    planner: &'a TravelTimeModel,
    judge: &'a TravelTimeModel,
    fleet: crate::domain::fleet::Fleet,
    depot: crate::domain::LatLon,
}

/// A day as planned and played.
struct PlayedDay {
    /// By reading and draw.
    values: Vec<Vec<DayValue>>,
    /// By basis, under the first reading.
    plans: Vec<PlayedPlan>,
    coverage: TruthCoverage,
}

impl Period<'_> {
    /// All days, several side by side, oldest first.
    fn play(&self, cancel: &Cancel, progress: &Progress) -> Result<Vec<PlayedDay>, PipelineError> {
        let mut by_date: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        for trip in 0..self.held.len() {
            let date = self.held.local_depart(trip).date_naive();
            by_date.entry(date).or_default().push(trip);
        }
        let dates: Vec<_> = by_date.into_iter().take(self.options.days).collect();
        let live = self.live(&dates)?;
        let (done, total) = (AtomicU64::new(0), dates.len() as u64);
        let stage = "value: plan and play days";
        progress.report(stage, 0, total);
        let play = |((date, trips), live): (&(NaiveDate, Vec<usize>), &LiveTraffic)| {
            let day = self.day(*date, trips, live, cancel);
            progress.report(stage, done.fetch_add(1, Ordering::Relaxed) + 1, total);
            day
        };
        dates.par_iter().zip(&live).map(play).collect()
    }

    /// What was known of traffic when each of the days was planned.
    fn live(&self, dates: &[(NaiveDate, Vec<usize>)]) -> Result<Vec<LiveTraffic>, PipelineError> {
        let zone = self.held.time_zone;
        let moments: Vec<DateTime<Utc>> = dates
            .iter()
            .map(|(date, _)| local_instant(*date, NaiveTime::MIN, zone) - PLANNED_AHEAD)
            .collect();
        let mut live = Vec::with_capacity(dates.len());
        let parameters = &self.planner.parameters().live;
        at_moments(self.held, self.said, parameters, &moments, |_, traffic| {
            live.push(traffic.clone());
        })?;
        Ok(live)
    }

    fn day(
        &self,
        date: NaiveDate,
        of_day: &[usize],
        live: &LiveTraffic,
        cancel: &Cancel,
    ) -> Result<PlayedDay, PipelineError> {
        let options = self.options;
        let seed = options.search.seed;
        let stops = days::stops(self.held, of_day, date, options.stops, self.depot, seed)?;
        let zone = self.held.time_zone;
        let axis =
            SliceAxis::for_day(date, zone, super::super::plan::SLICE_S).map_err(CostError::from)?;
        let truth = MeasuredTruth::new(
            &planning::places(&self.fleet, &stops),
            axis,
            days::PROFILE,
            &self.held.select(of_day),
            self.judge,
            (options.draws, seed),
        )?;
        let created_at: DateTime<Utc> = axis.origin - PLANNED_AHEAD;
        let orders = DayTruth::of_stops(date, created_at, &stops);
        let day = DayToValue {
            date,
            time_zone: zone,
            fleet: &self.fleet,
            habits: &[],
            forecast: Expectation::Nothing,
            penalty: 0.0,
            orders: &orders,
            travel: &truth.travel(READINGS[0])[0],
            model: self.planner,
            live: options.live.then_some(live),
            service: None,
            other_models: Vec::new(),
            created_at,
            search: options.search,
            caution: options.caution,
            late_cost_per_min: options.late_cost_per_min,
        };
        play_readings(&day, &truth, cancel)
    }
}

/// Plans a day on every basis, with perfect knowledge once per reading, and plays all of it.
fn play_readings(
    day: &DayToValue<'_>,
    truth: &MeasuredTruth,
    cancel: &Cancel,
) -> Result<PlayedDay, PipelineError> {
    let silent = Progress::silent();
    let mut blind = Vec::with_capacity(BASES.len());
    for basis in BASES.into_iter().filter(|b| *b != PlanBasis::Perfect) {
        cancel.check()?;
        blind.push(day.plan(basis, cancel, &silent)?);
    }
    let (mut values, mut first) = (Vec::with_capacity(READINGS.len()), Vec::new());
    for reading in READINGS {
        cancel.check()?;
        let foreseen = truth.foreseen(reading).clone();
        let perfect = day.plan_foreseeing(foreseen, cancel, &silent)?;
        let plans: Vec<MadePlan> = blind.iter().cloned().chain([perfect]).collect();
        let mut draws = Vec::new();
        for travel in truth.travel(reading) {
            let played = plans.iter().map(|made| day.play(made.clone(), travel));
            let played: Vec<PlayedPlan> = played.collect::<Result<_, _>>()?;
            draws.push(DayValue {
                date: day.date,
                results: played.iter().map(|p| day.result(p)).collect(),
            });
            if first.is_empty() {
                first = played;
            }
        }
        values.push(draws);
    }
    Ok(PlayedDay {
        values,
        plans: first,
        coverage: truth.coverage(),
    })
}
