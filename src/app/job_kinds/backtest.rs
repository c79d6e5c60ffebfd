//! Jobs that judge demand models on the past.

use super::JobKind;
use crate::app::demand_maker::{check_range, check_size};
use crate::app::jobs::JobView;
use crate::app::{App, AppError};
use crate::domain::InputError;
use crate::domain::demand_table::DemandTable;
use crate::forecast::Choice;
use crate::store::TenantScope;
use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Most steps ahead.
pub(in crate::app) const MOST_STEPS: u32 = 1_000;
const MOST_FOLDS: u32 = 20;

/// Models to judge on the past of a demand table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BacktestRequest {
    /// The history; up to 200,000 rows.
    pub table: DemandTable,
    /// Steps that are forecast behind every cut-off, 1 to 1,000.
    pub horizon: u32,
    /// Cut-offs, one horizon apart, the last one a horizon before the end; 1 to 20.
    #[serde(default = "three_folds")]
    pub folds: u32,
    /// Models to judge, each trained anew on what was known at every cut-off.
    #[serde(default = "model_and_baseline")]
    pub models: Vec<Choice>,
    /// Columns that are known for the steps ahead; no other is used.
    #[serde(default)]
    pub known_covariates: Vec<String>,
    /// Seed of everything drawn at random.
    #[serde(default)]
    pub seed: u64,
}

/// Folds of a request that does not say how many.
pub fn three_folds() -> u32 {
    3
}

/// Models of a request that does not say which: the best there is, and the one to compare with.
pub fn model_and_baseline() -> Vec<Choice> {
    vec![Choice::Auto, Choice::Baseline]
}

/// How models did.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BacktestReport {
    /// Steps that were forecast behind every cut-off.
    pub horizon: u32,
    /// Series of the table.
    pub series: usize,
    /// By cut-off, the earliest first.
    pub folds: Vec<FoldReport>,
    /// Over all steps of all folds, by model.
    pub overall: Vec<ModelReport>,
}

/// How models did behind one cut-off.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FoldReport {
    /// Last step that was known, local time of the series.
    pub cutoff: NaiveDateTime,
    /// By model, in the order they were asked for.
    pub models: Vec<ModelReport>,
}

/// How a model did.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ModelReport {
    /// The model that was asked for.
    pub model: Choice,
    /// What training chose, such as `blend`; `null` over several folds.
    pub kind: Option<String>,
    /// Figures by name: `rows`, `wql` (weighted quantile loss), `wape`, `rmsse`, `mase`, `bias`
    /// (of the mean, as a share of demand), `coverage_80`, `below_p10`, `above_p90`, `pinball`.
    /// One without meaning is left out, such as `wape` where there was no demand.
    pub figures: BTreeMap<String, f64>,
}

impl BacktestRequest {
    /// Checks what can be known without reading the table; names the first fault.
    pub fn check(&self) -> Result<(), InputError> {
        check_size(&self.table)?;
        check_range("horizon", self.horizon, 1..=MOST_STEPS)?;
        check_range("folds", self.folds, 1..=MOST_FOLDS)?;
        let twice = (1..self.models.len()).find(|&i| self.models[..i].contains(&self.models[i]));
        let problem = match twice {
            Some(_) => "a model twice",
            None if self.models.is_empty() => "no model",
            None => return Ok(()),
        };
        let remedy = "give some of auto, baseline, local, linear and boosted, each once";
        Err(InputError::new("request body", problem, remedy).field("models"))
    }
}

impl App {
    /// Asks for a backtest. The same key and request again give the same job.
    pub async fn request_backtest(
        &self,
        scope: TenantScope,
        request: BacktestRequest,
        idempotency_key: Option<&str>,
    ) -> Result<JobView, AppError> {
        request.check()?;
        let demand = Arc::clone(&self.parts().demand);
        let work = move || (demand.check_backtest(&request), request);
        let (checked, request) = self.compute("reading the table", work).await?;
        checked?;
        self.enqueue(scope, JobKind::Backtest, &request, idempotency_key)
            .await
    }

    /// What a backtest found: a [`BacktestReport`] as JSON, by its job.
    pub async fn backtest(&self, scope: TenantScope, job: Uuid) -> Result<Value, AppError> {
        self.job_report(scope, JobKind::Backtest, job).await
    }
}
