//! The card of a trained model.

use crate::onnx::stages::{self, Stages};
use crate::onnx::{Manifest, OnnxError, registry};
use crate::report::{CandidateScore, ModelCard};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Parameters longer than this are not for people.
const LONGEST: usize = 600;

/// What there is to say about a version.
///
/// # Errors
/// There is no such version, or it cannot be read.
pub fn read(models: &Path, name: &str, version: &str) -> Result<ModelCard, OnnxError> {
    let manifest = registry::manifest(models, name, version)?;
    let standing = stages::standing(models, name, version)?;
    Ok(of(&manifest, standing, &Stages::read(models, name)?))
}

fn of(manifest: &Manifest, standing: String, stages: &Stages) -> ModelCard {
    let window = &manifest.training_window;
    let candidates = manifest.backtest.iter().map(|score| CandidateScore {
        name: score.model.clone(),
        kept: score.exported,
        metrics: score.metrics.clone(),
    });
    let history = stages.changes.iter().map(|change| {
        let why = match change.rolled_back {
            true => format!("rolled back: {}", change.reason),
            false => change.reason.clone(),
        };
        (change.at, change.version.clone(), why)
    });
    ModelCard {
        name: manifest.name.clone(),
        version: manifest.version.clone(),
        stage: standing,
        kind: manifest.kind.clone(),
        purpose: purpose(&manifest.name).into(),
        created_at: manifest.created_at,
        code_version: manifest.code_version.clone(),
        window: (window.start, window.end),
        rows: manifest.training_rows,
        seed: manifest.seed,
        data_sha256: manifest.data_sha256.clone(),
        columns: manifest.features.columns.clone(),
        candidates: candidates.collect(),
        parameters: parameters(&manifest.parameters),
        history: history.collect(),
    }
}

fn purpose(name: &str) -> &'static str {
    match name {
        crate::forecast::MODEL_NAME => {
            "Forecasts demand by series and step: p10, p50, p90 and mean, for planning tomorrow's \
             loads. Means add up over series, quantiles do not. It knows nothing of what is not in \
             its table: a first promotion or a new customer is a surprise to it."
        }
        crate::travel_time::MODEL_NAME => {
            "Predicts how long a trip takes by origin, destination and departure: p10, p50, p90 and \
             mean in seconds, for planning routes. Outside the area and the hours of its training \
             trips it only extrapolates."
        }
        crate::service_time::MODEL_NAME => {
            "Predicts how long serving a customer takes by customer, amount, driver and hour: p10, \
             p50, p90 and mean in seconds, for planning routes. New customers and drivers get the \
             population's figures and its larger uncertainty."
        }
        _ => "A model of this program.",
    }
}

fn parameters(all: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let texts = all.iter().filter(|(_, value)| !value.is_null());
    texts
        .map(|(name, value)| (name.clone(), value.to_string()))
        .filter(|(_, text)| text.len() <= LONGEST)
        .collect()
}
