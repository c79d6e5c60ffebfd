//! What a model file does not say about itself.

use super::training_profile::TrainingProfile;
use crate::domain::Document;
use chrono::{DateTime, NaiveDateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The columns a model was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeatureSchema {
    /// Version of the code that builds them; a model is refused by code of another version.
    pub version: u32,
    /// Names of the columns, in order.
    pub columns: Vec<String>,
}

/// First and last moment of what a model was trained on, in the time of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrainingWindow {
    /// First moment.
    pub start: NaiveDateTime,
    /// Last moment.
    pub end: NaiveDateTime,
}

/// How one candidate did in the backtest inside the training window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BacktestScore {
    /// Name of the candidate, such as `seasonal-naive`.
    pub model: String,
    /// Whether this one is what `model.onnx` holds.
    pub exported: bool,
    /// Figures by name, such as `wape`; lower is better unless the name says otherwise.
    pub metrics: BTreeMap<String, f64>,
}

/// Beside every `model.onnx`: what it was trained on, by which code, and how well it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// Name of the model, such as `demand`.
    pub name: String,
    /// Version: time of training and beginning of the data's hash; the greatest is the latest.
    pub version: String,
    /// When the training ended.
    pub created_at: DateTime<Utc>,
    /// Version of the program that trained it.
    pub code_version: String,
    /// What kind of model was exported, such as `boosted`.
    pub kind: String,
    /// Columns of its input.
    pub features: FeatureSchema,
    /// What it was trained on.
    pub training_window: TrainingWindow,
    /// Number of training rows.
    pub training_rows: u64,
    /// SHA-256 of the training data file.
    pub data_sha256: String,
    /// SHA-256 of `model.onnx`; filled when the model is saved, checked when it is loaded.
    pub model_sha256: String,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// IANA time zone of the calendar features, if they have one.
    pub time_zone: Option<String>,
    /// The exported model and the ones it was compared with, on the same held-back rows.
    pub backtest: Vec<BacktestScore>,
    /// What the inputs looked like, for telling whether later ones still do; not of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_profile: Option<TrainingProfile>,
    /// Whatever else was learned or chosen and prediction needs, by name.
    pub parameters: BTreeMap<String, Value>,
}

impl Document for Manifest {
    const KIND: &'static str = "model-manifest";
    const VERSION: u32 = 1;
}

impl Manifest {
    /// The version of a model trained at `created_at` on data with this hash.
    pub fn version_of(created_at: DateTime<Utc>, data_sha256: &str) -> String {
        let prefix: String = data_sha256.chars().take(8).collect();
        format!("{}-{prefix}", created_at.format("%Y%m%dT%H%M%SZ"))
    }
}
