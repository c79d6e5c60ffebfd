//! The service's demand chain and model cards.

use super::serve_models::Models;
use crate::app::demand_maker::{DemandMaker, TableOutline};
use crate::app::job_kinds::backtest::{BacktestReport, BacktestRequest, FoldReport, ModelReport};
use crate::app::job_kinds::forecast::{ForecastRequest, MadeForecasts};
use crate::app::{JobError, ModelCards};
use crate::domain::InputError;
use crate::domain::demand_table::DemandTable;
use crate::domain::hierarchy::Hierarchy;
use crate::features::demand::{Panel, sent};
use crate::forecast::backtest::Split;
use crate::forecast::fold_scores::{self, ModelFigures};
use crate::forecast::{ForecastError, TrainOptions, default_horizon};
use crate::onnx::OnnxError;
use crate::pipeline::forecast_table::{self, Order};
use crate::pipeline::{PipelineError, model_card};
use crate::runtime::{Cancel, Progress};

/// What tables come in, and the hierarchy that they are checked against.
const BODY: &str = "request body";
const HIERARCHY: &str = "the hierarchy at /api/v1/hierarchy";
/// Values and covariates of a table, gaps included: 80 MB.
const MOST_CELLS: u64 = 20_000_000;

fn read(table: &DemandTable) -> Result<Panel, InputError> {
    sent::read(table, BODY, MOST_CELLS)
}

fn read_to_backtest(request: &BacktestRequest) -> Result<(Panel, Split), InputError> {
    let panel = read(&request.table)?;
    let known = &request.known_covariates;
    let split = Split::rolling(&panel, request.horizon, request.folds, known, BODY)?;
    Ok((panel, split))
}

fn report(figures: ModelFigures) -> ModelReport {
    ModelReport {
        model: figures.choice,
        kind: figures.kind,
        figures: figures.figures,
    }
}

fn failed(error: PipelineError) -> JobError {
    match error {
        PipelineError::Input(e) | PipelineError::Forecast(ForecastError::Input(e)) => e.into(),
        PipelineError::Cancelled(e) | PipelineError::Forecast(ForecastError::Cancelled(e)) => {
            e.into()
        }
        other => JobError::Failed(other.to_string()),
    }
}

impl DemandMaker for Models {
    fn check_backtest(&self, request: &BacktestRequest) -> Result<(), InputError> {
        read_to_backtest(request).map(|_| ())
    }

    fn backtest(
        &self,
        request: &BacktestRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<BacktestReport, JobError> {
        let (panel, split) = read_to_backtest(request)?;
        let options = TrainOptions {
            seed: request.seed,
            ..TrainOptions::default()
        };
        let models = &request.models;
        let scores = fold_scores::score(&panel, &split, models, &options, cancel, progress)
            .map_err(|error| failed(error.into()))?;
        let folds = scores.folds.into_iter().map(|fold| FoldReport {
            cutoff: fold.cutoff,
            models: fold.models.into_iter().map(report).collect(),
        });
        Ok(BacktestReport {
            horizon: split.horizon,
            series: panel.series.len(),
            folds: folds.collect(),
            overall: scores.overall.into_iter().map(report).collect(),
        })
    }

    fn check_forecast(
        &self,
        request: &ForecastRequest,
        hierarchy: Option<&Hierarchy>,
    ) -> Result<TableOutline, InputError> {
        let panel = read(&request.table)?;
        if let Some(hierarchy) = hierarchy {
            forecast_table::check_known(hierarchy, HIERARCHY, &panel)?;
        }
        let usual = default_horizon(panel.frequency);
        Ok(TableOutline {
            series: panel.series.into_iter().map(|s| s.id).collect(),
            horizon: request.horizon.unwrap_or(usual),
        })
    }

    fn forecast(
        &self,
        request: &ForecastRequest,
        hierarchy: Option<&Hierarchy>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<MadeForecasts, JobError> {
        let order = Order {
            models: (!request.train).then_some(self.folder()),
            hierarchy: hierarchy.map(|hierarchy| (hierarchy, HIERARCHY)),
            horizon: request.horizon,
            seed: request.seed,
            explain: false,
        };
        let panel = read(&request.table)?;
        let made = forecast_table::of_panel(panel, &order, cancel, progress).map_err(failed)?;
        let manifest = made.manifest;
        let scores = manifest.backtest.into_iter();
        Ok(MadeForecasts {
            series: made.forecasts,
            groups: made.groups,
            model: match request.train {
                true => manifest.kind,
                false => format!("{}/{}", manifest.name, manifest.version),
            },
            left_out: made.unknown_ahead,
            candidates: scores.map(|score| (score.model, score.metrics)).collect(),
        })
    }
}

impl ModelCards for Models {
    fn markdown(&self, name: &str, version: &str) -> Result<String, OnnxError> {
        Ok(model_card::read(self.folder(), name, version)?.markdown(None))
    }
}
