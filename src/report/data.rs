//! What a report is made of.

use crate::domain::alert::Alert;
use crate::domain::customers::CustomerReport;
use crate::domain::day_record::DayRecord;
use crate::domain::forecast::{DemandForecast, Quantiles};
use crate::domain::kpi::KpiReport;
use crate::domain::plan::Plan;
use crate::domain::value_of_forecast::ValueOfForecast;
use chrono::{DateTime, NaiveDateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that a report shows. Parts that are absent are left out of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportData {
    /// Whose day it is; the title of the page.
    pub operator: String,
    /// Code of the currency that all costs are in, such as `EUR`.
    pub currency: String,
    /// The plan.
    pub plan: Plan,
    /// The day as it was driven, if it was.
    pub day: Option<DayRecord>,
    /// Key figures; a figure with unit `%` is in percent, not a share.
    pub kpis: KpiReport,
    /// Alerts of the day, most urgent first.
    pub alerts: Vec<Alert>,
    /// Demand series to draw; a few, chosen by the caller.
    pub demand: Vec<DemandSeries>,
    /// Pairs of places to draw; a few, chosen by the caller.
    pub travel_times: Vec<TravelTimeProfile>,
    /// What the forecast was worth, if it was measured.
    pub value: Option<ValueOfForecast>,
    /// Roads for the background of the map: a GeoJSON FeatureCollection with line geometries.
    pub roads: Option<serde_json::Value>,
    /// What ingestion kept and rejected, per table.
    pub quality: Vec<QualitySummary>,
    /// How customers behave, if orders were given.
    pub customers: Option<CustomerReport>,
    /// How the models did in their backtests, beside their baselines.
    pub models: Vec<ModelMetric>,
}

/// One demand series with its forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DemandSeries {
    /// The series, in the day's pipeline a site.
    pub series_id: String,
    /// Unit of the amounts, such as `kg`.
    pub unit: String,
    /// Length of a step in words, such as `day`.
    pub step: String,
    /// The last observations before the forecast, oldest first.
    pub history: Vec<Observation>,
    /// The forecast, oldest step first.
    pub forecasts: Vec<DemandForecast>,
    /// What really came in the forecast steps, as far as known.
    pub realised: Vec<Observation>,
}

/// One observed amount.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// Start of the step, local time of the series.
    pub ts: NaiveDateTime,
    /// The amount, in the unit of the series.
    pub y: f64,
}

/// Predicted travel time of one pair of places over the planned day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TravelTimeProfile {
    /// Name for people, such as `Depot North → Site 17`.
    pub name: String,
    /// Predictions by departure, oldest first.
    pub points: Vec<ProfilePoint>,
    /// Trips that were really made, of any day; drawn at their local clock time.
    pub realised: Vec<RealisedTrip>,
}

/// Predicted travel time for one departure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProfilePoint {
    /// When the trip starts.
    pub depart: DateTime<Utc>,
    /// The prediction in seconds.
    pub seconds: Quantiles,
}

/// A trip that was made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RealisedTrip {
    /// When it started.
    pub depart: DateTime<Utc>,
    /// How long it took, in seconds.
    pub duration_s: f64,
}

/// What ingestion kept of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QualitySummary {
    /// The table, such as `orders`.
    pub table: String,
    /// Rows read.
    pub read: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows rejected, by reason.
    pub rejected: BTreeMap<String, u64>,
}

/// One figure of a model's backtest beside its baseline's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelMetric {
    /// The model, as `name/version`.
    pub model: String,
    /// The figure, such as `MASE` or `pinball loss p90`.
    pub metric: String,
    /// Its unit; empty for a ratio.
    pub unit: String,
    /// The model's value.
    pub value: f64,
    /// Name of the baseline, such as `seasonal naive`.
    pub baseline: String,
    /// The baseline's value.
    pub baseline_value: f64,
}
