//! Key figures of a day: what was planned, what came of it.
//!
//! In: a plan, its day record, and, if there are any, demand forecasts and what was really ordered.
//! Out: a [`KpiReport`] with a definition and a unit for every figure; a figure that the day gives
//! no ground for has no value. One file per family of figures.
//! Never does: judge the figures, or read a file.

mod cost;
mod driving;
mod forecast_accuracy;
mod load;
mod plan_accuracy;
mod punctuality;
mod unserved;

use crate::domain::day_record::{DayRecord, StopEvent, StopOutcome};
use crate::domain::forecast::DemandForecast;
use crate::domain::kpi::{Kpi, KpiReport};
use crate::domain::plan::{Plan, Visit};
use std::collections::{BTreeMap, HashMap};

/// Unit of money.
const CURRENCY: &str = "EUR";

/// Everything that the figures are made from.
struct Facts<'a> {
    plan: &'a Plan,
    day: &'a DayRecord,
    forecasts: &'a [DemandForecast],
    /// What was really ordered by series, in the forecasts' unit; a series without an entry
    /// ordered nothing. Empty: not known.
    realised: &'a BTreeMap<String, f64>,
}

/// The key figures of a day. `forecasts` are those of the day's demand (one step a day) and
/// `realised` the demand that really came, by series; both may be empty.
pub fn report(
    plan: &Plan,
    day: &DayRecord,
    forecasts: &[DemandForecast],
    realised: &BTreeMap<String, f64>,
) -> KpiReport {
    let facts = Facts {
        plan,
        day,
        forecasts,
        realised,
    };
    let families = [
        punctuality::figures,
        cost::figures,
        driving::figures,
        load::figures,
        unserved::figures,
        plan_accuracy::figures,
        forecast_accuracy::figures,
    ];
    KpiReport {
        date: day.date,
        kpis: families.iter().flat_map(|family| family(&facts)).collect(),
    }
}

impl<'a> Facts<'a> {
    /// Stops at which something was delivered.
    fn served(&self) -> impl Iterator<Item = &'a StopEvent> {
        let events = self.day.routes.iter().flat_map(|r| &r.events);
        events.filter(|e| e.outcome != StopOutcome::NotNeeded)
    }

    /// Stops on the plan's routes.
    fn visits(&self) -> impl Iterator<Item = &'a Visit> {
        self.plan.routes.iter().flat_map(|r| &r.visits)
    }

    /// Visits that took place, with how they went.
    fn visits_with_events(&self) -> Vec<(&'a Visit, &'a StopEvent)> {
        let events = self.day.routes.iter().flat_map(|r| &r.events);
        let by_stop: HashMap<&str, &StopEvent> = events.map(|e| (e.stop_id.as_str(), e)).collect();
        self.visits()
            .filter_map(|v| Some((v, *by_stop.get(v.stop_id.as_str())?)))
            .collect()
    }
}

/// A figure; values that are not finite are none.
fn kpi(
    id: &str,
    name: &str,
    unit: &str,
    value: Option<f64>,
    planned: Option<f64>,
    definition: &str,
) -> Kpi {
    let finite = |value: Option<f64>| value.filter(|v| v.is_finite());
    Kpi {
        id: id.to_owned(),
        name: name.to_owned(),
        value: finite(value),
        planned: finite(planned),
        unit: unit.to_owned(),
        definition: definition.to_owned(),
    }
}

/// `part / whole`, or nothing if there is no whole.
fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Arithmetic mean, or nothing of nothing.
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), v| (sum + v, count + 1));
    ratio(sum, f64::from(count))
}
