//! The document that says whether a model still suits.

use crate::domain::Document;
use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What to make of a comparison; the last is the worst.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Too few steps, then or now, to say anything.
    NotJudged,
    /// Nothing beyond chance, or nothing that matters.
    AsTrained,
    /// Changed beyond chance, by an amount to keep an eye on.
    Watch,
    /// Changed beyond chance, and so much that a model of today's data is due.
    Retrain,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::NotJudged => "not judged",
            Self::AsTrained => "as trained",
            Self::Watch => "watch",
            Self::Retrain => "retrain",
        })
    }
}

/// Steps behind a model's training data, compared with what it was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriftReport {
    /// The model as `name/version`.
    pub model: String,
    /// Last step it was trained on, local time of the series.
    pub trained_until: NaiveDateTime,
    /// First step looked at.
    pub first: NaiveDateTime,
    /// Last step looked at.
    pub last: NaiveDateTime,
    /// The worst of all verdicts.
    pub verdict: Verdict,
    /// By group of columns; none if the model was saved without a profile of its inputs.
    pub inputs: Vec<InputDrift>,
    /// By figure of the backtest.
    pub errors: Vec<ErrorDrift>,
    /// Series with the greatest excess of loss, worst first; none while the loss is as trained.
    pub series: Vec<SeriesDrift>,
}

impl Document for DriftReport {
    const KIND: &'static str = "drift-report";
    const VERSION: u32 = 1;
}

/// A group of columns, now and in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputDrift {
    /// The group, such as `recent_demand`.
    pub group: String,
    /// What to make of it.
    pub verdict: Verdict,
    /// Probability that chance takes the newest four windows at least this far from those of the
    /// training data; a change is beyond chance up to 1 % per group and look.
    pub p_value: Option<f64>,
    /// Whole windows behind the training data.
    pub windows: u32,
    /// First step of the window from which on it changed; of watch and retrain only.
    pub since: Option<NaiveDateTime>,
    /// Columns that differ most in the newest look, worst first.
    pub columns: Vec<ColumnDrift>,
}

/// A column in the newest four windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnDrift {
    /// The column.
    pub column: String,
    /// Population stability index against the training windows: 0.1 is a small change, 0.25 a large
    /// one (Siddiqi 2006).
    pub psi: f64,
    /// Likewise of usual windows of the training data.
    pub usual_psi: f64,
}

/// A figure of the forecasts' errors, now and in the backtest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorDrift {
    /// The figure: `wql`, `bias` or `coverage_80`.
    pub figure: String,
    /// What to make of it.
    pub verdict: Verdict,
    /// In the backtest before training ended.
    pub trained: Option<f64>,
    /// Now.
    pub now: Option<f64>,
    /// Bounds of the figure now; beyond each with a probability of 1 %.
    pub bounds: Option<[f64; 2]>,
    /// First step of the window from which on it is off; of watch and retrain only.
    pub since: Option<NaiveDateTime>,
}

/// A series that is forecast worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeriesDrift {
    /// The series.
    pub series_id: String,
    /// Its weighted quantile loss now.
    pub wql: f64,
    /// Sum of forecast minus actual as a share of its demand.
    pub bias: f64,
    /// Its share of the whole excess of loss over what the backtest leads one to expect.
    pub excess_share: f64,
}
