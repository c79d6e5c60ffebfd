//! The whole measurement: cut the trips, fit both models, plan and play every day.

use super::super::PipelineError;
use super::super::expected_stops::Expectation;
use super::super::value::{DayToValue, PlayedPlan};
use super::chains::{ChainCheck, check_chains};
use super::days;
use super::models::{hold_back, model_of};
use super::summary::Summary;
use super::truth::{Luck, MeasuredTruth, TruthCoverage};
use crate::cost::CostError;
use crate::cost::tensor::SliceAxis;
use crate::domain::InputError;
use crate::domain::value_of_forecast::{DayValue, ValueOfForecast};
use crate::features::travel::{self, Trips};
use crate::planning::{self, Caution, SearchSettings};
use crate::runtime::{Cancel, Progress};
use crate::simulation::DayTruth;
use crate::travel_time::{TrainOptions, TravelTimeError, TravelTimeModel};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// What to measure.
#[derive(Debug, Clone)]
pub struct TripValueOptions {
    /// The trips table.
    pub trips: PathBuf,
    /// First day held back; the planner learns from trips before it only.
    pub from: NaiveDate,
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
    /// How a cautious search prices a slow day.
    pub caution: Caution,
    /// What a minute of lateness at a stop costs, in currency units.
    pub late_cost_per_min: f64,
    /// What legs take where no trip was driven.
    pub luck: Luck,
}

/// What was measured.
#[derive(Debug)]
pub struct TripValue {
    /// Results per day and basis.
    pub value: ValueOfForecast,
    /// Their summary.
    pub summary: Summary,
    /// How much of the truth was really driven.
    pub coverage: TruthCoverage,
    /// Arrival p90 on chains of the trips held back.
    pub chains: ChainCheck,
    /// Trips the planner learned from, and trips held back.
    pub trips: (usize, usize),
    /// Plans of the first day and how they went, in the order of the bases.
    pub first_day: Vec<PlayedPlan>,
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
    let held = hold_back(table, options.from)?;
    let model = |trips: &Trips, name: &str, train: &TrainOptions| {
        model_of(trips, name, train, cancel, &progress.within(name))
    };
    let planner = model(&held.before, "planner", &options.train)?;
    let judge = model(&held.after, "judge", &options.train)?;
    let Some(depot) = days::busiest_origin(&held.before) else {
        let remedy = "give a table of trips";
        return Err(InputError::new(&table.source, "no trips", remedy).into());
    };
    let period = Period {
        options,
        held: &held.after,
        planner: &planner,
        judge: &judge,
        fleet: days::fleet(depot, options.vehicles),
        depot,
    };
    let played = period.play(cancel, progress)?;
    let mut coverage = TruthCoverage::default();
    let (mut results, mut first_day) = (Vec::new(), Vec::new());
    for day in played {
        coverage.blocks += day.coverage.blocks;
        coverage.driven += day.coverage.driven;
        if results.is_empty() {
            first_day = day.plans;
        }
        results.push(day.value);
    }
    Ok(TripValue {
        summary: Summary::of(&results, options.search.seed),
        value: ValueOfForecast {
            late_cost_per_min: options.late_cost_per_min,
            days: results,
        },
        coverage,
        chains: check_chains(&held.after, &planner)?,
        trips: (held.before.len(), held.after.len()),
        first_day,
    })
}

/// The days held back with all that plans and judges them.
struct Period<'a> {
    options: &'a TripValueOptions,
    held: &'a Trips,
    planner: &'a TravelTimeModel,
    judge: &'a TravelTimeModel,
    fleet: crate::domain::fleet::Fleet,
    depot: crate::domain::LatLon,
}

/// A day as planned and played on every basis.
struct PlayedDay {
    value: DayValue,
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
        let (done, total) = (AtomicU64::new(0), dates.len() as u64);
        let stage = "value: plan and play days";
        progress.report(stage, 0, total);
        let play = |(date, trips): &(NaiveDate, Vec<usize>)| {
            let day = self.day(*date, trips, cancel);
            progress.report(stage, done.fetch_add(1, Ordering::Relaxed) + 1, total);
            day
        };
        dates.par_iter().map(play).collect()
    }

    fn day(
        &self,
        date: NaiveDate,
        of_day: &[usize],
        cancel: &Cancel,
    ) -> Result<PlayedDay, PipelineError> {
        let options = self.options;
        let seed = options.search.seed;
        let stops = days::stops(self.held, of_day, date, options.stops, self.depot, seed)?;
        let zone = self.held.time_zone;
        let axis =
            SliceAxis::for_day(date, zone, super::super::plan::SLICE_S).map_err(CostError::from)?;
        let travel = MeasuredTruth::new(
            planning::places(&self.fleet, &stops),
            axis,
            days::PROFILE,
            &self.held.select(of_day),
            self.judge,
            options.luck,
            seed,
        )?;
        // Six in the evening of the day before.
        let created_at: DateTime<Utc> = axis.origin - TimeDelta::hours(6);
        let orders = DayTruth::of_stops(date, created_at, &stops);
        let day = DayToValue {
            date,
            time_zone: zone,
            fleet: &self.fleet,
            habits: &[],
            forecast: Expectation::Nothing,
            penalty: 0.0,
            orders: &orders,
            travel: &travel,
            model: self.planner,
            service: None,
            other_models: Vec::new(),
            created_at,
            search: options.search,
            caution: options.caution,
            late_cost_per_min: options.late_cost_per_min,
        };
        let (value, plans) = day.value(cancel, &Progress::silent())?;
        Ok(PlayedDay {
            value,
            plans,
            coverage: travel.coverage(),
        })
    }
}
