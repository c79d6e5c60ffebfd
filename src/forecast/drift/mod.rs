//! Whether the world is still the one a demand model was trained for.
//!
//! In: a model whose manifest holds a profile of its training rows, and a table with newer steps.
//! Out: a [`DriftReport`] with a verdict per group of inputs ([`inputs`], against the windows of the
//! training data) and per figure of its errors ([`errors`], against its backtest), each beyond chance
//! and large enough to matter. Never does: training, promoting, looking behind an origin.

mod errors;
mod inputs;
mod prediction_test;
mod profile;
mod psi;
mod report;
mod spread;

pub use profile::profile;
pub use psi::stability_index;
pub use report::{ColumnDrift, DriftReport, ErrorDrift, InputDrift, SeriesDrift, Verdict};

use super::error::ForecastError;
use super::predict::Predictor;
use crate::domain::InputError;
use crate::features::demand::{Panel, RowBuilder, training};
use crate::onnx::Model;
use crate::runtime::Cancel;

/// Rows that are compared at most.
const MOST_ROWS: usize = 60_000;

/// Compares the steps of `panel` behind the training data of `model` with what it was trained on.
///
/// # Errors
/// The panel does not suit the model, or has no step behind its training data; cancelled.
pub fn watch(model: &Model, panel: &Panel, cancel: &Cancel) -> Result<DriftReport, ForecastError> {
    let manifest = &model.manifest;
    let predictor = Predictor::new(manifest, &model.session)?;
    let (panel, spec) = (predictor.fitting(panel)?, predictor.spec());
    let trained_until = manifest.training_window.end;
    let last_trained = spec.frequency.index(trained_until);
    let end = panel.end().unwrap_or(i64::MIN);
    let Some(last_trained) = last_trained.filter(|last| end > last + 1) else {
        let problem =
            format!("holds no step behind {trained_until}, where the model's training ended");
        let remedy = "give a table with newer steps";
        return Err(InputError::new(&panel.source, problem, remedy).into());
    };
    let steps = (last_trained + 1, end - 1);
    let inputs = match &manifest.training_profile {
        Some(profile) => {
            let windows = inputs::Windows::of(profile, last_trained + 1, end - 1);
            let (steps, seed) = (windows.steps(), manifest.seed);
            let rows = training::to_compare(&panel, spec, steps, MOST_ROWS, seed, cancel)?;
            let names = RowBuilder::new(spec).names().to_vec();
            inputs::judge(profile, &names, &rows, &windows, &|step| panel.time(step))
        }
        None => Vec::new(),
    };
    let replay = errors::Replay::of(&panel, spec, &model.session, last_trained, cancel)?;
    let (errors, series) = errors::judge(manifest, &panel, &replay);
    let all = inputs.iter().map(|i| i.verdict);
    let verdict = all.chain(errors.iter().map(|e| e.verdict)).max();
    Ok(DriftReport {
        model: format!("{}/{}", manifest.name, manifest.version),
        trained_until,
        first: panel.time(steps.0),
        last: panel.time(steps.1),
        verdict: verdict.unwrap_or(Verdict::NotJudged),
        inputs,
        errors,
        series,
    })
}
