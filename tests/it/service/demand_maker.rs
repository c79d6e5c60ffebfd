//! A demand chain that does as the test says: its forecasts tell their series and step.

use super::server::{FAIL, UNTIL_CANCELLED};
use chrono::{NaiveDateTime, TimeDelta};
use routeforce::app::job_kinds::backtest::{BacktestReport, BacktestRequest};
use routeforce::app::job_kinds::forecast::{ForecastRequest, MadeForecasts};
use routeforce::app::{DemandMaker, JobError, ModelCards, TableOutline};
use routeforce::domain::InputError;
use routeforce::domain::demand_table::DemandTable;
use routeforce::domain::forecast::{DemandForecast, GroupForecast, Quantiles};
use routeforce::domain::hierarchy::Hierarchy;
use routeforce::onnx::OnnxError;
use routeforce::runtime::{Cancel, Progress};
use serde_json::{Value, json};
use std::time::Duration;

/// First step behind every history.
pub const NEXT: &str = "2026-03-02T00:00:00";

pub struct TestDemand;

/// A table of series, one day each.
pub fn table(series: &[&str]) -> Value {
    let row = |id: &&str| json!({ "series_id": id, "ts": ["2026-03-01T00:00:00"], "y": [1.0] });
    json!({ "series": series.iter().map(row).collect::<Vec<_>>() })
}

fn series(table: &DemandTable) -> Vec<String> {
    match table {
        DemandTable::Series(all) => all.iter().map(|s| s.series_id.clone()).collect(),
        DemandTable::Csv(text) => vec![text.clone()],
    }
}

fn obey(seed: u64, cancel: &Cancel, progress: &Progress) -> Result<(), JobError> {
    match seed {
        UNTIL_CANCELLED => {
            for done in 0.. {
                cancel.check()?;
                progress.report("folds", done, 1_000);
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }
        FAIL => Err(JobError::Failed("no model in the folder".into())),
        _ => Ok(()),
    }
}

fn quantiles(mean: f64) -> Quantiles {
    Quantiles {
        p10: mean - 1.0,
        p50: mean,
        p90: mean + 1.0,
        mean,
    }
}

impl DemandMaker for TestDemand {
    fn check_backtest(&self, request: &BacktestRequest) -> Result<(), InputError> {
        match request.known_covariates.is_empty() {
            true => Ok(()),
            false => Err(InputError::new("request body", "no such column", "x").field("known")),
        }
    }

    fn backtest(
        &self,
        request: &BacktestRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<BacktestReport, JobError> {
        obey(request.seed, cancel, progress)?;
        Ok(BacktestReport {
            horizon: request.horizon,
            series: series(&request.table).len(),
            folds: Vec::new(),
            overall: Vec::new(),
        })
    }

    fn check_forecast(
        &self,
        request: &ForecastRequest,
        _hierarchy: Option<&Hierarchy>,
    ) -> Result<TableOutline, InputError> {
        Ok(TableOutline {
            series: series(&request.table),
            horizon: request.horizon.unwrap_or(1),
        })
    }

    fn forecast(
        &self,
        request: &ForecastRequest,
        hierarchy: Option<&Hierarchy>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<MadeForecasts, JobError> {
        obey(request.seed, cancel, progress)?;
        let first: NaiveDateTime = NEXT.parse().unwrap();
        let ids = series(&request.table);
        let (mut all, mut groups) = (Vec::new(), Vec::new());
        for step in 0..i64::from(request.horizon.unwrap_or(1)) {
            let ts = first + TimeDelta::days(step);
            let mean = |id: &str| id.len() as f64 + 10.0 * step as f64;
            all.extend(ids.iter().map(|id| DemandForecast {
                series_id: id.clone(),
                ts,
                quantiles: quantiles(mean(id)),
            }));
            for level in hierarchy.iter().flat_map(|h| &h.levels) {
                groups.extend(level.groups.iter().map(|(group, ids)| GroupForecast {
                    level: level.name.clone(),
                    group: group.clone(),
                    ts,
                    quantiles: quantiles(ids.iter().map(|id| mean(id)).sum()),
                }));
            }
        }
        Ok(MadeForecasts {
            series: all,
            groups,
            model: "test".into(),
            ..MadeForecasts::default()
        })
    }
}

impl ModelCards for TestDemand {
    fn markdown(&self, name: &str, version: &str) -> Result<String, OnnxError> {
        Ok(format!("# {name} {version}\n"))
    }
}
