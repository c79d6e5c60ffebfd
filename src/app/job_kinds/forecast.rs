//! Jobs that forecast demand: series, and the groups that they add up to.

use super::JobKind;
use super::backtest::MOST_STEPS;
use crate::app::demand_maker::{TableOutline, check_range, check_size};
use crate::app::forecasts::check_id;
use crate::app::jobs::JobView;
use crate::app::{App, AppError};
use crate::domain::InputError;
use crate::domain::demand_table::DemandTable;
use crate::domain::forecast::{DemandForecast, GroupForecast};
use crate::domain::hierarchy::Hierarchy;
use crate::store::{StoreError, TenantScope};
use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Most forecasts of series that a job makes: they are stored in one transaction.
const MOST_FORECASTS: usize = 200_000;

/// Demand to forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForecastRequest {
    /// The history; up to 200,000 rows. Columns besides series, time and value are used if rows
    /// behind the history know them for the steps ahead.
    pub table: DemandTable,
    /// Steps ahead, 1 to 1,000; without it two days of hours, 14 days, 4 weeks or 6 months.
    #[serde(default)]
    pub horizon: Option<u32>,
    /// Whether a model is trained on the table; otherwise the demand model that serves forecasts.
    #[serde(default = "yes")]
    pub train: bool,
    /// Whether the groups of the hierarchy are forecast too, if there is one.
    #[serde(default = "yes")]
    pub groups: bool,
    /// Seed of everything drawn at random.
    #[serde(default)]
    pub seed: u64,
}

/// What is done unless a request says otherwise.
pub fn yes() -> bool {
    true
}

/// Forecasts that were made, not stored yet.
#[derive(Debug, Clone, Default)]
pub struct MadeForecasts {
    /// By series and time.
    pub series: Vec<DemandForecast>,
    /// By level, group and time.
    pub groups: Vec<GroupForecast>,
    /// The model: its kind if it was trained on the table, else its name and version.
    pub model: String,
    /// Columns that were left out, since the table does not know them for the steps ahead.
    pub left_out: Vec<String>,
    /// Figures of every candidate on steps held back from training, by name.
    pub candidates: BTreeMap<String, BTreeMap<String, f64>>,
}

/// What there is to say about forecasts; they are at `/api/v1/forecasts` and
/// `/api/v1/forecasts/groups`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ForecastReport {
    /// The model: its kind if it was trained on the table, else its name and version.
    pub model: String,
    /// First step, local time of the series.
    pub from: Option<NaiveDateTime>,
    /// Last step.
    pub to: Option<NaiveDateTime>,
    /// Series that were forecast.
    pub series: usize,
    /// Forecasts of series.
    pub forecasts: usize,
    /// Forecasts of groups.
    pub group_forecasts: usize,
    /// Series that belong to no group, so that no sum holds them.
    pub ungrouped: Vec<String>,
    /// Columns that were left out, since the table does not know them for the steps ahead.
    pub left_out: Vec<String>,
    /// Figures of every candidate on steps held back from training, by name.
    pub candidates: BTreeMap<String, BTreeMap<String, f64>>,
}

impl MadeForecasts {
    pub(super) fn report(&self, hierarchy: Option<&Hierarchy>) -> ForecastReport {
        let series: BTreeSet<&str> = self.series.iter().map(|f| f.series_id.as_str()).collect();
        let grouped = hierarchy.map(Hierarchy::series);
        let alone = |id: &&&str| grouped.as_ref().is_some_and(|all| !all.contains(**id));
        let times = || self.series.iter().map(|f| f.ts);
        ForecastReport {
            model: self.model.clone(),
            from: times().min(),
            to: times().max(),
            series: series.len(),
            forecasts: self.series.len(),
            group_forecasts: self.groups.len(),
            ungrouped: series
                .iter()
                .filter(alone)
                .map(|id| (*id).to_owned())
                .collect(),
            left_out: self.left_out.clone(),
            candidates: self.candidates.clone(),
        }
    }
}

impl ForecastRequest {
    /// Checks what can be known without reading the table; names the first fault.
    pub fn check(&self) -> Result<(), InputError> {
        check_size(&self.table)?;
        match self.horizon {
            Some(horizon) => check_range("horizon", horizon, 1..=MOST_STEPS),
            None => Ok(()),
        }
    }
}

fn check_outline(outline: &TableOutline) -> Result<(), InputError> {
    for id in &outline.series {
        check_id(id).map_err(|error| error.field("table").value(id))?;
    }
    let forecasts = outline
        .series
        .len()
        .saturating_mul(outline.horizon as usize);
    if forecasts <= MOST_FORECASTS {
        return Ok(());
    }
    let problem = format!("{forecasts} forecasts of {} series", outline.series.len());
    let remedy = format!("ask for up to {MOST_FORECASTS} at once, or for fewer series or steps");
    Err(InputError::new("request body", problem, remedy).field("horizon"))
}

impl App {
    /// Asks for forecasts. The same key and request again give the same job.
    pub async fn request_forecast(
        &self,
        scope: TenantScope,
        request: ForecastRequest,
        idempotency_key: Option<&str>,
    ) -> Result<JobView, AppError> {
        request.check()?;
        let hierarchy = self.hierarchy_for(scope, &request).await?;
        let demand = Arc::clone(&self.parts().demand);
        let work = move || {
            let outline = demand.check_forecast(&request, hierarchy.as_ref());
            (outline, request)
        };
        let (outline, request) = self.compute("reading the table", work).await?;
        check_outline(&outline?)?;
        self.enqueue(scope, JobKind::Forecast, &request, idempotency_key)
            .await
    }

    /// What a forecast job tells: a [`ForecastReport`] as JSON.
    pub async fn forecast_report(&self, scope: TenantScope, job: Uuid) -> Result<Value, AppError> {
        self.job_report(scope, JobKind::Forecast, job).await
    }

    /// The hierarchy that forecasts are added up by; `None` if there is none or it is not wanted.
    pub(super) async fn hierarchy_for(
        &self,
        scope: TenantScope,
        request: &ForecastRequest,
    ) -> Result<Option<Hierarchy>, StoreError> {
        if !request.groups {
            return Ok(None);
        }
        let hierarchy = self.store().hierarchy(scope).await?;
        Ok((!hierarchy.levels.is_empty()).then_some(hierarchy))
    }
}
