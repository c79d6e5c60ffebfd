//! Backtest: fits on the past of a table, predicts the visits behind it, writes what scorers read.

use super::error::ServiceTimeError;
use super::model::ServiceTimeModel;
use super::options::{Kind, TrainOptions};
use super::train::fit;
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::visits::{self, VisitQuery, Visits};
use crate::onnx::Session;
use crate::regression::durations;
use crate::runtime::{Cancel, Progress};
use std::collections::BTreeMap;
use std::path::Path;

/// Share of the visits that are predicted where the table does not say which.
const TEST_SHARE: f64 = 0.2;

/// What a backtest found.
#[derive(Debug, Clone)]
pub struct BacktestReport {
    /// Name of the model that predicted.
    pub model: &'static str,
    /// Figures on the test visits, by name.
    pub metrics: BTreeMap<String, f64>,
}

/// Fits on `train` and `valid`, predicts `test` through ONNX Runtime and writes
/// `visit_id,p10,p50,p90,mean` in seconds to `out`. Without a column `split`, the last 20 % in time
/// are the test.
pub fn backtest(
    data: &Path,
    out: &Path,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<BacktestReport, ServiceTimeError> {
    let visits = visits::read(data)?;
    let (past, test) = split(&visits)?;
    let fitted = fit(&past, options, cancel, progress)?;
    let session = Session::from_bytes("the model just fitted", &fitted.model.to_onnx()?)?;
    let knows_drivers = matches!(fitted.kind, Kind::Effects | Kind::Boosted);
    let model =
        ServiceTimeModel::from_parts(session, fitted.parameters, knows_drivers, "backtest".into());
    progress.report("backtest service-time: predict", 0, test.len() as u64);
    let queries: Vec<VisitQuery> = (0..test.len()).map(|visit| test.query(visit)).collect();
    let predicted = model.predict(&queries)?;
    write(out, &test, &predicted)?;
    progress.report(
        "backtest service-time: predict",
        test.len() as u64,
        test.len() as u64,
    );
    Ok(BacktestReport {
        model: fitted.kind.name(),
        metrics: durations::metrics("visits", &predicted, &test.service_s),
    })
}

/// The past and the visits to predict.
fn split(visits: &Visits) -> Result<(Visits, Visits), InputError> {
    let all: Vec<usize> = (0..visits.len()).collect();
    let test = match &visits.split {
        Some(_) => visits.of_split(&["test"]),
        None => {
            let count = (all.len() as f64 * TEST_SHARE).round() as usize;
            all[all.len() - count..].to_vec()
        }
    };
    if test.is_empty() {
        let problem = "no visits to predict";
        let remedy = "give a `split` column with `train` and `test`, or none";
        return Err(InputError::new(&visits.source, problem, remedy).field("split"));
    }
    let past = match &visits.split {
        Some(_) => all,
        None => all[..all.len() - test.len()].to_vec(),
    };
    Ok((visits.select(&past), visits.select(&test)))
}

fn write(out: &Path, visits: &Visits, predicted: &[Quantiles]) -> Result<(), ServiceTimeError> {
    let written = durations::write(out, "visit_id", &visits.visit_id, predicted);
    written.map_err(|source| ServiceTimeError::Io {
        path: out.display().to_string(),
        source,
    })
}
