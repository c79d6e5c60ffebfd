//! Backtest: fits on the past of a table, predicts its `test` split, writes what scorers read.

use super::error::TravelTimeError;
use super::live;
use super::metrics::metrics;
use super::model::TravelTimeModel;
use super::options::TrainOptions;
use super::recent::queries;
use super::train::fit;
use crate::domain::InputError;
use crate::domain::forecast::Quantiles;
use crate::features::travel::{self, Trips};
use crate::onnx::Session;
use crate::regression::durations;
use crate::runtime::{Cancel, Progress};
use std::collections::BTreeMap;
use std::path::Path;

/// What a backtest found.
#[derive(Debug, Clone)]
pub struct BacktestReport {
    /// Name of the model that predicted.
    pub model: &'static str,
    /// Figures on the test trips, by name.
    pub metrics: BTreeMap<String, f64>,
    /// The same with live correction: each trip knows those that had ended before it started.
    pub live_metrics: BTreeMap<String, f64>,
    /// Whether trips of the `history` split were fitted.
    pub history_used: bool,
}

/// Fits on `train`, `valid` and, if they help, `history`, predicts `test` through ONNX Runtime and
/// writes `trip_id,p10,p50,p90,mean` in seconds to `out`, and with live correction to `live_out`.
pub fn backtest(
    data: &Path,
    out: &Path,
    live_out: Option<&Path>,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<BacktestReport, TravelTimeError> {
    let trips = travel::read(data, cancel)?;
    let test = trips.select(&trips.of_split(&["test"]));
    if test.is_empty() {
        let problem = "no trips to predict";
        let remedy = "give a `split` column with `train` and `test`";
        return Err(InputError::new(&trips.source, problem, remedy)
            .field("split")
            .into());
    }
    let fitted = fit(&trips, options, cancel, progress)?;
    let session = Session::from_bytes("the model just fitted", &fitted.model.to_onnx()?)?;
    let history_used = fitted.parameters.history_used;
    let mut model = TravelTimeModel::from_parts(session, fitted.parameters, "backtest".into());
    if let Some(network) = &options.network {
        model = model.with_network(network.clone());
    }
    // Weather as it was, as if its forecast had been right.
    let model = model.with_weather(options.weather.clone());
    progress.report("backtest travel-time: predict", 0, test.len() as u64);
    let predicted = model.predict(&queries(&test, &model))?;
    write(out, &test, &predicted)?;
    let corrected = live::replay(&test, &predicted, &model.parameters().live)?;
    if let Some(live_out) = live_out {
        write(live_out, &test, &corrected)?;
    }
    Ok(BacktestReport {
        model: fitted.kind.name(),
        metrics: metrics(&predicted, &test.duration_s),
        live_metrics: metrics(&corrected, &test.duration_s),
        history_used,
    })
}

fn write(out: &Path, trips: &Trips, predicted: &[Quantiles]) -> Result<(), TravelTimeError> {
    let written = durations::write(out, "trip_id", &trips.trip_id, predicted);
    written.map_err(|source| TravelTimeError::Io {
        path: out.display().to_string(),
        source,
    })
}
