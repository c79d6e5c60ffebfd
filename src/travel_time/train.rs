//! Training: a table of trips to a version in the registry.

use super::baseline;
use super::candidates::{choose, decide_on_history};
use super::error::TravelTimeError;
use super::log_model::{LogModel, LogRow};
use super::model::MODEL_NAME;
use super::options::{Kind, TrainOptions};
use super::parameters::{Parameters, detour_factor, take_out_profiles};
use super::pool::{Pool, PoolRows};
use crate::features::travel::{self, BoundingBox, Trips};
use crate::onnx::manifest::{BacktestScore, FeatureSchema, TrainingWindow};
use crate::onnx::{Trained, Training};
use crate::runtime::{Cancel, Progress};
use chrono::Utc;
use std::collections::BTreeMap;
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
    /// All candidates on trips held back in time.
    pub scores: Vec<BacktestScore>,
    /// First and last departure it was fitted on.
    pub window: TrainingWindow,
    /// Trips it was fitted and calibrated on.
    pub rows: usize,
}

/// Trains on a trips table (a Parquet file, or a folder with `trips.parquet`) and writes a new
/// version of the model `travel-time` into `models_dir`.
pub fn train(
    data: &Path,
    models_dir: &Path,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Trained, TravelTimeError> {
    progress.report("train travel-time: read trips", 0, 1);
    let trips = travel::read(data, cancel)?;
    let fitted = fit(&trips, options, cancel, progress)?;
    let training = Training {
        name: MODEL_NAME,
        kind: fitted.kind.name(),
        ended_at: Utc::now(),
        features: FeatureSchema {
            version: travel::VERSION,
            columns: travel::COLUMNS.map(str::to_owned).to_vec(),
        },
        window: fitted.window,
        rows: fitted.rows,
        data: Path::new(&trips.source),
        seed: options.seed,
        time_zone: trips.time_zone.name(),
        backtest: fitted.scores,
        parameters: fitted.parameters.to_map()?,
    };
    let model = fitted.model.to_onnx()?;
    cancel.check()?;
    Ok(training.save(models_dir, &model)?)
}

/// Fits the candidates and keeps one. Trips of other splits than `train`, `valid` and `history`
/// are not looked at.
pub fn fit(
    trips: &Trips,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Fitted, TravelTimeError> {
    let rows = PoolRows::of(trips)?;
    let mut pool = Pool::new(trips, &rows, options);
    cancel.check()?;
    let used: Vec<usize> = [&rows.history, &rows.head, &rows.tail]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    let used = trips.select(&used);
    let profile_factors = match &used.profile {
        Some(profiles) => {
            let errors = errors_of_baseline(&pool);
            take_out_profiles(&mut pool, profiles, &errors)
        }
        None => BTreeMap::new(),
    };
    let history_used = decide_on_history(&mut pool, options, cancel, progress)?;
    let choice = choose(&pool, options, cancel, progress)?;
    let seen = used.select(&pool.all());
    let places = seen.origin.iter().chain(&seen.destination).copied();
    let (Some(bounding_box), Some((start, end))) = (BoundingBox::around(places), seen.window())
    else {
        return Err(TravelTimeError::Fit {
            model: choice.kind.name(),
            reason: "no trips".into(),
        });
    };
    let network = options.network.as_deref().filter(|_| pool.has_network());
    Ok(Fitted {
        kind: choice.kind,
        parameters: Parameters {
            profile_factors,
            detour_factor: detour_factor(&seen),
            leg_correlation: choice.leg_correlation,
            spread_factor: choice.spread_factor,
            live: choice.live,
            bounding_box,
            holidays: options.holidays.dates().collect(),
            history_used,
            network: network.is_some(),
            road_network: network.map(|network| network.identity().to_owned()),
            weather: !options.weather.is_empty(),
            trees: choice.model.trees.trees.len(),
        },
        model: choice.model,
        scores: choice.scores,
        window: TrainingWindow { start, end },
        rows: seen.len(),
    })
}

fn errors_of_baseline(pool: &Pool) -> Vec<f64> {
    let fitted = baseline::fit(pool, &pool.all());
    let rows = fitted.rows(&pool.matrix);
    let middles = rows.iter().map(LogRow::middle);
    pool.log_y.iter().zip(middles).map(|(y, m)| y - m).collect()
}
