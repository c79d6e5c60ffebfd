//! How models did in a backtest: figures per fold and model, all on the same steps.

use super::backtest::{self, Fold, Split};
use super::error::ForecastError;
use super::error_scales;
use super::metrics::Judged;
use super::options::{Choice, TrainOptions};
use crate::domain::forecast::Quantiles;
use crate::features::demand::{DemandSpec, Panel};
use crate::runtime::{Cancel, Progress};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// How a model did.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFigures {
    /// What was asked for.
    pub choice: Choice,
    /// What came of it in this fold, such as `blend`; `None` over several folds.
    pub kind: Option<String>,
    /// Figures by name, as [`Judged::figures`] gives them.
    pub figures: BTreeMap<String, f64>,
}

/// How all models did behind one cut-off.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldScores {
    /// Last step that was known.
    pub cutoff: NaiveDateTime,
    /// By model, in the order they were asked for.
    pub models: Vec<ModelFigures>,
}

/// The scores of a backtest.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// By cut-off, the earliest first.
    pub folds: Vec<FoldScores>,
    /// Over the steps of all folds, by model.
    pub overall: Vec<ModelFigures>,
}

/// Forecast beside what happened, row by row.
#[derive(Debug, Default, Clone)]
struct Rows {
    forecasts: Vec<Quantiles>,
    actual: Vec<f64>,
    naive_error: Vec<f64>,
    change: Vec<f64>,
}

impl Rows {
    fn figures(&self) -> BTreeMap<String, f64> {
        Judged {
            forecasts: &self.forecasts,
            actual: &self.actual,
            naive_error: &self.naive_error,
            change: &self.change,
        }
        .figures()
    }

    fn extend(&mut self, other: Self) {
        self.forecasts.extend(other.forecasts);
        self.actual.extend(other.actual);
        self.naive_error.extend(other.naive_error);
        self.change.extend(other.change);
    }
}

/// Backtests every model of `choices` on the same cut-offs.
///
/// # Errors
/// As [`backtest::run`].
pub fn score(
    panel: &Panel,
    split: &Split,
    choices: &[Choice],
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Scores, ForecastError> {
    // Errors are scaled by what the models see.
    let panel = &panel.clone().with_covariates(&split.known_covariates);
    let cutoffs = split.moments()?;
    let unscored = |cutoff| FoldScores {
        cutoff,
        models: Vec::new(),
    };
    let mut folds: Vec<FoldScores> = cutoffs.into_iter().map(unscored).collect();
    let mut overall = Vec::new();
    for choice in choices {
        let options = TrainOptions {
            choice: *choice,
            ..options.clone()
        };
        let mut all = Rows::default();
        let progress = progress.within(choice.name());
        for fold in backtest::run(panel, split, &options, cancel, &progress)? {
            let rows = judged_rows(panel, &fold, split.horizon);
            let figures = ModelFigures {
                choice: *choice,
                kind: Some(fold.manifest.kind),
                figures: rows.figures(),
            };
            all.extend(rows);
            if let Some(scores) = folds.get_mut(fold.fold) {
                scores.models.push(figures);
            }
        }
        overall.push(ModelFigures {
            choice: *choice,
            kind: None,
            figures: all.figures(),
        });
    }
    Ok(Scores { folds, overall })
}

/// The forecasts of a fold beside what happened; errors are scaled by the past before its cut-off.
fn judged_rows(panel: &Panel, fold: &Fold, horizon: u32) -> Rows {
    let series: BTreeMap<&str, usize> = panel
        .series
        .iter()
        .map(|s| s.id.as_str())
        .zip(0..)
        .collect();
    let placed: Vec<(usize, i64, Quantiles)> = fold
        .forecasts
        .iter()
        .filter_map(|forecast| {
            let number = series.get(forecast.series_id.as_str())?;
            let index = panel.frequency.index(forecast.ts)?;
            Some((*number, index, forecast.quantiles))
        })
        .collect();
    let first = placed.iter().map(|(_, index, _)| *index).min();
    let spec = DemandSpec::of(panel, horizon);
    let scales = error_scales::before(panel, &spec, first.unwrap_or(0));
    let mut rows = Rows::default();
    for (number, index, forecast) in placed {
        let Some((about, scale)) = panel.series.get(number).zip(scales.get(number)) else {
            continue;
        };
        rows.forecasts.push(forecast);
        rows.actual.push(f64::from(about.value(index)));
        rows.naive_error.push(scale.naive_error);
        rows.change.push(scale.change);
    }
    rows
}
