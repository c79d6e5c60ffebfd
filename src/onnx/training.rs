//! From what was fitted to a version in the registry.

use super::error::OnnxError;
use super::manifest::{BacktestScore, FeatureSchema, Manifest, TrainingWindow};
use super::registry;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was trained, and on what; the rest of a manifest follows from it.
#[derive(Debug)]
pub struct Training<'a> {
    /// Name of the model, such as `travel-time`.
    pub name: &'a str,
    /// What kind of model is exported.
    pub kind: &'a str,
    /// When the training ended.
    pub ended_at: DateTime<Utc>,
    /// Columns of its input.
    pub features: FeatureSchema,
    /// First and last moment of the rows.
    pub window: TrainingWindow,
    /// Number of training rows.
    pub rows: usize,
    /// Table they are from.
    pub data: &'a Path,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// IANA time zone of the calendar features.
    pub time_zone: &'a str,
    /// All candidates on rows held back.
    pub backtest: Vec<BacktestScore>,
    /// What else prediction needs, by name.
    pub parameters: BTreeMap<String, Value>,
}

/// A version in the registry.
#[derive(Debug)]
pub struct Trained {
    /// Its folder.
    pub folder: PathBuf,
    /// What it is.
    pub manifest: Manifest,
}

impl Training<'_> {
    /// Saves the model as a new version.
    ///
    /// # Errors
    /// The table cannot be read, or the version not be written.
    pub fn save(self, models_dir: &Path, onnx_bytes: &[u8]) -> Result<Trained, OnnxError> {
        let data_sha256 = registry::sha256_of_file(self.data)?;
        let manifest = Manifest {
            name: self.name.to_owned(),
            version: Manifest::version_of(self.ended_at, &data_sha256),
            created_at: self.ended_at,
            code_version: env!("CARGO_PKG_VERSION").to_owned(),
            kind: self.kind.to_owned(),
            features: self.features,
            training_window: self.window,
            training_rows: self.rows as u64,
            data_sha256,
            model_sha256: String::new(),
            seed: self.seed,
            time_zone: Some(self.time_zone.to_owned()),
            backtest: self.backtest,
            training_profile: None,
            parameters: self.parameters,
        };
        let (folder, manifest) = registry::save(models_dir, self.name, onnx_bytes, manifest)?;
        Ok(Trained { folder, manifest })
    }
}
