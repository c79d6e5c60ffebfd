//! Alerts: what of a plan or a day somebody should act on, and why; and anomalies in single signals
//! ([`signal`]).
//!
//! In: a plan, what happened so far, forecasts and what came, legs with their intervals.
//! Out: few [`Alert`]s with owner, cause, consequence and remedy, most urgent first. The same
//! finding always has the same id. One file per rule.
//! Never does: send or store them; a rule knows nothing of the other rules.

mod areas;
mod budget;
mod demand;
mod identity;
mod late_risk;
mod legs;
pub mod signal;
mod tails;
mod travel_time;

pub use legs::{Leg, observed_legs};

use crate::domain::alert::Alert;
use crate::domain::day_record::DayRecord;
use crate::domain::forecast::DemandForecast;
use crate::domain::plan::Plan;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// How sensitive the rules are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Alerts of a day at most.
    pub budget: usize,
    /// False alarms per day and rule that are accepted on average; sets the rules' thresholds.
    pub false_alarms_per_day: f64,
    /// A planned stop is at risk from this probability of being late.
    pub late_probability: f64,
    /// A stop is projected late from this many seconds after its last window.
    pub late_s: i64,
    /// How much legs of one group have in common beyond their own chance (intra-class correlation
    /// of being outside the interval), 0 to below 1: bad days and hours hit all legs alike.
    pub leg_correlation: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            budget: 8,
            false_alarms_per_day: 0.5,
            late_probability: 0.4,
            late_s: 300,
            leg_correlation: 0.12,
        }
    }
}

/// What is known when the rules look.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What happened; events after `now` are not looked at.
    pub day: Option<&'a DayRecord>,
    /// The present.
    pub now: DateTime<Utc>,
    /// Forecasts of the day's demand.
    pub forecasts: &'a [DemandForecast],
    /// What really came, by series; empty: not known yet.
    pub realised: &'a BTreeMap<String, f64>,
    /// Legs driven so far with their predicted intervals.
    pub legs: &'a [Leg],
}

impl Observed<'_> {
    /// The plan's time zone; UTC if it names none that is known.
    fn zone(&self) -> Tz {
        self.plan.time_zone.parse().unwrap_or(Tz::UTC)
    }
}

/// A rule: what it finds, most serious first.
type Rule = fn(&Observed<'_>, &Settings) -> Vec<Alert>;

/// Every rule.
const RULES: [Rule; 4] = [
    late_risk::of_plan,
    late_risk::of_events,
    demand::off_interval,
    travel_time::off_interval,
];

/// All alerts of a state of affairs, at most [`Settings::budget`].
pub fn detect(observed: &Observed<'_>, settings: &Settings) -> Vec<Alert> {
    let found = RULES.iter().map(|rule| rule(observed, settings)).collect();
    budget::limit(found, settings.budget)
}

/// All alerts of a whole day, without travel-time intervals. `realised` is the demand that really
/// came, by series, empty if it is not known.
pub fn of_day(
    plan: &Plan,
    day: &DayRecord,
    forecasts: &[DemandForecast],
    realised: &BTreeMap<String, f64>,
) -> Vec<Alert> {
    of_day_with_legs(plan, day, forecasts, realised, &[])
}

/// All alerts of a whole day. `legs` as from [`observed_legs`].
pub fn of_day_with_legs(
    plan: &Plan,
    day: &DayRecord,
    forecasts: &[DemandForecast],
    realised: &BTreeMap<String, f64>,
    legs: &[Leg],
) -> Vec<Alert> {
    let last = day.routes.iter().map(|r| r.end).max();
    let now = last.unwrap_or(plan.created_at) + TimeDelta::seconds(1);
    let observed = Observed {
        plan,
        day: Some(day),
        now,
        forecasts,
        realised,
        legs,
    };
    detect(&observed, &Settings::default())
}
