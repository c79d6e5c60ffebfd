//! Forecasts of the past as if it were the future: one training and one forecast per cut-off.

use super::error::ForecastError;
use super::options::TrainOptions;
use super::predict::{Predictor, Wanted};
use super::train::train;
use crate::domain::InputError;
use crate::domain::forecast::DemandForecast;
use crate::features::demand::Panel;
use crate::onnx::{Manifest, Session};
use crate::runtime::{Cancel, Progress};
use chrono::NaiveDateTime;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// How one data set is cut, as in `splits.json`, an object by the data file's stem.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Split {
    /// Rows to forecast behind every cut-off, per series.
    pub horizon: u32,
    /// Last moments that are known, `yyyy-mm-dd HH:MM:SS` or RFC 3339 without zone.
    pub cutoffs: Vec<String>,
    /// Covariates that are known for the steps to forecast; no other is used.
    #[serde(default)]
    pub known_covariates: Vec<String>,
}

impl Split {
    /// Reads the split of a data file.
    pub fn read(splits: &Path, data: &Path) -> Result<Self, InputError> {
        let source = splits.display().to_string();
        let refused = |problem: String| {
            InputError::new(
                &source,
                problem,
                "give a splits.json with cutoffs and horizon",
            )
        };
        let text = std::fs::read(splits).map_err(|e| refused(e.to_string()))?;
        let mut all: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&text).map_err(|e| refused(format!("not usable JSON: {e}")))?;
        let name = data
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        let known: Vec<String> = all.keys().cloned().collect();
        let found = all.remove(name).ok_or_else(|| {
            refused(format!("no such data set; there are {}", known.join(", "))).field(name)
        })?;
        serde_json::from_value(found).map_err(|e| refused(e.to_string()).field(name))
    }

    /// Cut-offs one horizon apart, so that the folds share no step and the last one ends with the
    /// panel; `source` names the caller's data in errors.
    ///
    /// # Errors
    /// Less than two horizons would be known at the first cut-off; no such covariate.
    pub fn rolling(
        panel: &Panel,
        horizon: u32,
        folds: u32,
        known_covariates: &[String],
        source: &str,
    ) -> Result<Self, InputError> {
        let there: Vec<&str> = panel.covariates.iter().map(|c| c.name.as_str()).collect();
        let unknown = known_covariates
            .iter()
            .find(|n| !there.contains(&n.as_str()));
        if let Some(unknown) = unknown {
            let remedy = format!("name some of: {}", there.join(", "));
            let error = InputError::new(source, "no such column of numbers", remedy);
            return Err(error.field("known_covariates").value(unknown));
        }
        let begin = panel.series.iter().map(|s| s.start).min().unwrap_or(0);
        let end = panel.end().unwrap_or(begin);
        let ahead = i64::from(horizon.max(1));
        let first = end - 1 - ahead * i64::from(folds);
        if first + 1 - begin < 2 * ahead {
            let most = ((end - begin) / ahead - 2).max(0);
            let problem = format!("{} steps of history are too few", end - begin);
            let remedy = format!("give up to {most} for this horizon, or more history");
            let error = InputError::new(source, problem, remedy);
            return Err(error.field("folds").value(folds));
        }
        let cutoffs = (0..i64::from(folds)).map(|fold| {
            let moment = panel.time(first + fold * ahead);
            moment.format("%Y-%m-%d %H:%M:%S").to_string()
        });
        Ok(Self {
            horizon,
            cutoffs: cutoffs.collect(),
            known_covariates: known_covariates.to_vec(),
        })
    }

    /// The cut-offs as times.
    pub(super) fn moments(&self) -> Result<Vec<NaiveDateTime>, InputError> {
        let parse = |text: &String| {
            let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
            let moment = formats
                .iter()
                .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
            moment.ok_or_else(|| {
                let remedy = "give local times as 2026-03-01 00:00:00";
                InputError::new("splits", "not a time", remedy)
                    .field("cutoffs")
                    .value(text)
            })
        };
        self.cutoffs.iter().map(parse).collect()
    }
}

/// Forecasts of one fold.
#[derive(Debug, Clone)]
pub struct Fold {
    /// Number of the cut-off, from 0.
    pub fold: usize,
    /// Manifest of the model trained on what was known.
    pub manifest: Manifest,
    /// Forecasts of every row behind the cut-off, the first `horizon` of each series.
    pub forecasts: Vec<DemandForecast>,
}

/// Trains and forecasts once per cut-off. Nothing after the cut-off is seen but the covariates
/// named as known; forecasts go through ONNX Runtime.
pub fn run(
    panel: &Panel,
    split: &Split,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Fold>, ForecastError> {
    let panel = panel.clone().with_covariates(&split.known_covariates);
    let options = TrainOptions {
        horizon: Some(split.horizon),
        ..options.clone()
    };
    let moments = split.moments()?;
    let mut folds = Vec::with_capacity(moments.len());
    for (fold, moment) in moments.iter().enumerate() {
        progress.report("backtest demand: folds", fold as u64, moments.len() as u64);
        // The last step that begins at or before the cut-off.
        let last = last_step(&panel, *moment).ok_or_else(|| {
            InputError::new(
                "splits",
                "before all data",
                "give a cut-off inside the data",
            )
            .field("cutoffs")
            .value(moment)
        })?;
        let known = panel.until(last);
        let within = progress.within(&format!("fold {} of {}", fold + 1, moments.len()));
        let trained = train(&known, "backtest", &options, cancel, &within)?;
        let session = Session::from_bytes("backtest", &trained.onnx)?;
        let predictor = Predictor::new(&trained.manifest, &session)?;
        let forecasts =
            predictor.forecast(&future(&panel, last), last, &wanted(&panel, last, split))?;
        folds.push(Fold {
            fold,
            manifest: trained.manifest,
            forecasts,
        });
    }
    Ok(folds)
}

fn last_step(panel: &Panel, moment: NaiveDateTime) -> Option<i64> {
    let end = panel.end()?;
    let begin = panel.series.iter().map(|s| s.start).min()?;
    (begin..end)
        .rev()
        .find(|index| panel.time(*index) <= moment)
}

/// The panel with every value after `last` gone, but all series kept: also one that begins later
/// is asked for, and forecast without history.
fn future(panel: &Panel, last: i64) -> Panel {
    let mut future = panel.clone();
    for series in &mut future.series {
        let keep = usize::try_from(last + 1 - series.start).unwrap_or(0);
        series.values.truncate(keep);
    }
    future
}

/// The first `horizon` rows of each series behind `last`.
fn wanted(panel: &Panel, last: i64, split: &Split) -> Vec<Wanted> {
    let horizon = usize::try_from(split.horizon).unwrap_or(usize::MAX);
    let mut wanted = Vec::new();
    for (series, about) in panel.series.iter().enumerate() {
        let behind = (last + 1).max(about.start)..=about.last_row;
        let rows = behind.filter(|index| about.value(*index).is_finite());
        wanted.extend(rows.take(horizon).map(|target| Wanted { series, target }));
    }
    wanted
}
