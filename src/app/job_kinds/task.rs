//! What a worker does with a job, by its kind.

use super::backtest::BacktestRequest;
use super::forecast::{ForecastRequest, MadeForecasts};
use super::{JobError, JobKind};
use crate::app::{App, PlanJobRequest};
use crate::domain::hierarchy::Hierarchy;
use crate::domain::plan::Plan;
use crate::runtime::{Cancel, Progress};
use crate::store::{ClaimedJob, ForecastRows, Outcome, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A job that can be done, with everything it takes from the database.
pub enum Task {
    /// See [`PlanJobRequest`].
    Plan(PlanJobRequest),
    /// See [`BacktestRequest`].
    Backtest(BacktestRequest),
    /// See [`ForecastRequest`]; with the hierarchy to add up by, if that was asked for.
    Forecast(ForecastRequest, Option<Hierarchy>),
}

/// What came of it.
pub enum Made {
    /// A plan.
    Plan(Box<Plan>),
    /// The report of a backtest, as JSON.
    Backtest(String),
    /// Forecasts, what they add up by, and their report as JSON.
    Forecast(MadeForecasts, Option<Hierarchy>, String),
}

impl Task {
    /// Reads a job; the inner error says why it cannot be done.
    pub async fn of(app: &App, job: &ClaimedJob) -> Result<Result<Self, String>, StoreError> {
        let task = match JobKind::of_name(&job.kind) {
            Some(JobKind::Plan) => request(job).map(Self::Plan),
            Some(JobKind::Backtest) => request(job).map(Self::Backtest),
            Some(JobKind::Forecast) => match request::<ForecastRequest>(job) {
                Ok(request) => {
                    let hierarchy = app.hierarchy_for(job.scope, &request).await?;
                    Ok(Self::Forecast(request, hierarchy))
                }
                Err(error) => Err(error),
            },
            None => Err(format!("unknown kind of job `{}`", job.kind)),
        };
        Ok(task)
    }

    /// Does it, on the thread it is called on.
    pub fn run(self, app: &App, cancel: &Cancel, progress: &Progress) -> Result<Made, JobError> {
        let parts = app.parts();
        match self {
            Self::Plan(request) => {
                let plan = parts.planner.make(&request, cancel, progress)?;
                Ok(Made::Plan(Box::new(plan)))
            }
            Self::Backtest(request) => {
                let report = parts.demand.backtest(&request, cancel, progress)?;
                Ok(Made::Backtest(json(&report)?))
            }
            Self::Forecast(request, hierarchy) => {
                let demand = &parts.demand;
                let made = demand.forecast(&request, hierarchy.as_ref(), cancel, progress)?;
                let report = json(&made.report(hierarchy.as_ref()))?;
                Ok(Made::Forecast(made, hierarchy, report))
            }
        }
    }
}

impl Made {
    /// What is to be stored.
    pub fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Plan(plan) => Outcome::Planned(plan),
            Self::Backtest(report) => Outcome::Reported(report),
            Self::Forecast(made, hierarchy, report) => Outcome::Forecast {
                rows: ForecastRows {
                    series: &made.series,
                    groups: &made.groups,
                    hierarchy: hierarchy.as_ref(),
                },
                report,
            },
        }
    }
}

fn request<T: DeserializeOwned>(job: &ClaimedJob) -> Result<T, String> {
    serde_json::from_str(&job.payload).map_err(|e| format!("the request cannot be read: {e}"))
}

fn json(report: &impl Serialize) -> Result<String, JobError> {
    serde_json::to_string(report)
        .map_err(|e| JobError::Failed(format!("the report cannot be written: {e}")))
}
