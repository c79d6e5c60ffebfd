//! Training: a table of visits to a version in the registry.

use super::candidates::choose;
use super::columns::{COLUMNS, VERSION};
use super::error::ServiceTimeError;
use super::log_model::LogModel;
use super::model::MODEL_NAME;
use super::options::{Kind, TrainOptions};
use super::parameters::Parameters;
use super::pool::Pool;
use crate::domain::InputError;
use crate::features::visits::{self, Visits};
use crate::onnx::manifest::{BacktestScore, FeatureSchema, TrainingWindow};
use crate::onnx::{Trained, Training};
use crate::runtime::{Cancel, Progress};
use chrono::Utc;
use std::path::Path;

/// A fitted model that is not saved yet.
#[derive(Debug)]
pub struct Fitted {
    /// Which candidate it is.
    pub kind: Kind,
    /// The model by the libraries that fitted it.
    pub model: LogModel,
    /// What prediction needs beside the graph.
    pub parameters: Parameters,
    /// All candidates on visits held back in time.
    pub scores: Vec<BacktestScore>,
    /// First and last start it was fitted on.
    pub window: TrainingWindow,
    /// Visits it was fitted and calibrated on.
    pub rows: usize,
}

/// Trains on a visits table (a Parquet file, or a folder with `visits.parquet`) and writes a new
/// version of the model `service-time` into `models_dir`.
pub fn train(
    data: &Path,
    models_dir: &Path,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Trained, ServiceTimeError> {
    progress.report("train service-time: read visits", 0, 1);
    let visits = visits::read(data)?;
    let fitted = fit(&visits, options, cancel, progress)?;
    let training = Training {
        name: MODEL_NAME,
        kind: fitted.kind.name(),
        ended_at: Utc::now(),
        features: FeatureSchema {
            version: VERSION,
            columns: COLUMNS.map(str::to_owned).to_vec(),
        },
        window: fitted.window,
        rows: fitted.rows,
        data: Path::new(&visits.source),
        seed: options.seed,
        time_zone: visits.time_zone.name(),
        backtest: fitted.scores,
        parameters: fitted.parameters.to_map()?,
    };
    let model = fitted.model.to_onnx()?;
    cancel.check()?;
    let trained = training.save(models_dir, &model)?;
    progress.report("train service-time: done", 1, 1);
    Ok(trained)
}

/// Fits the candidates and keeps one. Visits of other splits than `train` and `valid` are not looked
/// at.
///
/// # Errors
/// Too few visits, or a dimension that the table does not have.
pub fn fit(
    visits: &Visits,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Fitted, ServiceTimeError> {
    if let Some(dimension) = &options.dimension {
        check_dimension(visits, dimension)?;
    }
    let pool = Pool::of(visits)?;
    progress.report("train service-time: fit", 0, 1);
    let choice = choose(&pool, options, cancel, progress)?;
    let Some((start, end)) = pool.visits.window() else {
        return Err(ServiceTimeError::Fit(choice.kind.name()));
    };
    Ok(Fitted {
        kind: choice.kind,
        model: choice.model,
        parameters: choice.parameters,
        scores: choice.scores,
        window: TrainingWindow { start, end },
        rows: pool.visits.len(),
    })
}

fn check_dimension(visits: &Visits, dimension: &str) -> Result<(), InputError> {
    let mut names = visits.quantities.iter().map(|(name, _)| name.as_str());
    if names.clone().any(|name| name == dimension) {
        return Ok(());
    }
    let found = names.next().map_or("none".to_owned(), |first| {
        names.fold(first.to_owned(), |list, name| list + ", " + name)
    });
    let error = InputError::new(
        &visits.source,
        "no such quantity",
        format!("give a dimension without `qty_`; found: {found}"),
    );
    Err(error.field("dimension").value(dimension))
}
