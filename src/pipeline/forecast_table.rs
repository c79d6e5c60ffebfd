//! From a demand table alone to its forecast and a picture of it.

use super::PipelineError;
use crate::domain::InputError;
use crate::domain::forecast::{DemandForecast, GroupForecast};
use crate::domain::hierarchy::Hierarchy;
use crate::features::demand::explanation_table::Explanation;
use crate::features::demand::{Frequency, Panel, Series, hierarchy, table};
use crate::forecast::{self, ForecastError, MODEL_NAME, TrainOptions};
use crate::onnx::{Manifest, Model, Session, stages};
use crate::report::{DemandSeries, Observation};
use crate::runtime::{Cancel, Progress};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Steps of the past that a picture shows, in horizons.
const HORIZONS_SHOWN: u32 = 6;
/// Likewise, at least.
const STEPS_SHOWN: u32 = 60;

/// What is to be forecast, and by what.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The demand table.
    pub data: &'a Path,
    /// Folder of models whose demand model forecasts; `None`: one is trained on the table.
    pub models: Option<&'a Path>,
    /// Table of what the series add up to; forecasts of its groups are made too.
    pub hierarchy: Option<&'a Path>,
    /// Steps ahead; `None`: the usual ones of the table's frequency.
    pub horizon: Option<u32>,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Whether to say what drove the forecasts.
    pub explain: bool,
}

/// Likewise, of a table that has been read.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// Folder of models whose demand model forecasts; `None`: one is trained on the table.
    pub models: Option<&'a Path>,
    /// What the series add up to, and where that was read.
    pub hierarchy: Option<(&'a Hierarchy, &'a str)>,
    /// Steps ahead; `None`: the usual ones of the table's frequency.
    pub horizon: Option<u32>,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Whether to say what drove the forecasts.
    pub explain: bool,
}

/// A forecast with all it was made from.
#[derive(Debug, Clone)]
pub struct Made {
    /// The forecasts, by series and time.
    pub forecasts: Vec<DemandForecast>,
    /// Those of the hierarchy's groups, by level, group and time.
    pub groups: Vec<GroupForecast>,
    /// What drove those of the series, if that was asked for.
    pub explanations: Vec<Explanation>,
    /// The model's manifest.
    pub manifest: Manifest,
    /// The history.
    pub panel: Panel,
    /// What was understood by columns that do not bear our names.
    pub reading: Option<String>,
    /// Columns that were left out, since the table does not know them for the steps ahead.
    pub unknown_ahead: Vec<String>,
}

impl Made {
    /// All forecasts, those of groups as series called `level:group`.
    pub fn rows(&self) -> Vec<DemandForecast> {
        let groups = self.groups.iter().cloned().map(DemandForecast::from);
        self.forecasts.iter().cloned().chain(groups).collect()
    }
}

/// Forecasts a demand table in a file.
///
/// # Errors
/// The table or the model cannot be used; cancelled.
pub fn make(
    request: &Request<'_>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Made, PipelineError> {
    // What is wrong with it is told before anything is trained.
    let hierarchy = request.hierarchy.map(hierarchy::read).transpose()?;
    let (panel, reading) = table::read_with_reading(request.data).map_err(ForecastError::from)?;
    let named = request.hierarchy.map(|path| path.display().to_string());
    let order = Order {
        models: request.models,
        hierarchy: hierarchy.as_ref().zip(named.as_deref()),
        horizon: request.horizon,
        seed: request.seed,
        explain: request.explain,
    };
    let made = of_panel(panel, &order, cancel, progress)?;
    Ok(Made { reading, ..made })
}

/// Forecasts a demand table.
///
/// # Errors
/// The table or the model cannot be used; cancelled.
pub fn of_panel(
    panel: Panel,
    order: &Order<'_>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Made, PipelineError> {
    if let Some((hierarchy, source)) = order.hierarchy {
        check_known(hierarchy, source, &panel)?;
    }
    let horizon = order
        .horizon
        .unwrap_or_else(|| forecast::default_horizon(panel.frequency));
    let (model, panel, unknown_ahead) = match order.models {
        Some(models) => {
            let model = stages::load_serving(models, MODEL_NAME).map_err(ForecastError::from)?;
            (model, panel, Vec::new())
        }
        None => {
            let (panel, unknown_ahead) = with_known_covariates(panel, horizon);
            let options = TrainOptions {
                horizon: Some(horizon),
                seed: order.seed,
                ..TrainOptions::default()
            };
            let trained = forecast::train(&panel, "not saved", &options, cancel, progress)?;
            let session =
                Session::from_bytes("trained model", &trained.onnx).map_err(ForecastError::from)?;
            let manifest = trained.manifest;
            (Model { manifest, session }, panel, unknown_ahead)
        }
    };
    cancel.check()?;
    let forecasts = forecast::predict(&model, &panel, horizon, &[])?;
    let groups = order
        .hierarchy
        .map(|(hierarchy, _)| forecast::reconcile(hierarchy, &panel, &forecasts));
    let explanations = match order.explain {
        true => forecast::explain(&model, &panel, horizon, cancel, progress)?,
        false => Vec::new(),
    };
    Ok(Made {
        forecasts,
        groups: groups.unwrap_or_default(),
        explanations,
        manifest: model.manifest,
        panel,
        reading: None,
        unknown_ahead,
    })
}

/// Refuses a hierarchy of series that are not there: its sums would silently lack them. `source` is
/// where the hierarchy was read.
pub fn check_known(hierarchy: &Hierarchy, source: &str, panel: &Panel) -> Result<(), InputError> {
    let known: BTreeSet<&str> = panel.series.iter().map(|s| s.id.as_str()).collect();
    let Some(unknown) = hierarchy
        .series()
        .into_iter()
        .find(|id| !known.contains(id))
    else {
        return Ok(());
    };
    let remedy = "correct the name, or leave its row out";
    let problem = format!("not a series of {}", panel.source);
    let error = InputError::new(source, problem, remedy);
    Err(error.field("series_id").value(unknown))
}

/// The panel with the covariates that are known for some step ahead, and the names of the others.
fn with_known_covariates(panel: Panel, horizon: u32) -> (Panel, Vec<String>) {
    let end = panel.end().unwrap_or(0);
    let ahead = end..end + i64::from(horizon);
    let known = |which: usize| {
        let of_series = |s: &Series| ahead.clone().any(|i| s.covariate(which, i).is_finite());
        panel.series.iter().any(of_series)
    };
    let names = panel.covariates.iter().map(|c| c.name.clone());
    let (known, unknown): (Vec<_>, Vec<_>) = names.enumerate().partition(|(k, _)| known(*k));
    let plain = |list: Vec<(usize, String)>| list.into_iter().map(|(_, name)| name).collect();
    let known: Vec<String> = plain(known);
    (panel.with_covariates(&known), plain(unknown))
}

/// The series with most demand, as many as asked for, with the last part of their history, to draw.
pub fn to_draw(made: &Made, most: usize) -> Vec<DemandSeries> {
    let mut of_series: BTreeMap<&str, Vec<DemandForecast>> = BTreeMap::new();
    for forecast in &made.forecasts {
        let list = of_series.entry(forecast.series_id.as_str()).or_default();
        list.push(forecast.clone());
    }
    let volume = |series: &Series| {
        let known = series.values.iter().filter(|v| v.is_finite());
        known.map(|v| f64::from(v.abs())).sum::<f64>()
    };
    let mut series: Vec<&Series> = made.panel.series.iter().collect();
    series.sort_by(|a, b| {
        volume(b)
            .total_cmp(&volume(a))
            .then_with(|| a.id.cmp(&b.id))
    });
    let drawn = series.into_iter().take(most).map(|series| {
        let forecasts = of_series.remove(series.id.as_str()).unwrap_or_default();
        let ahead = u32::try_from(forecasts.len()).unwrap_or(u32::MAX);
        let shown = i64::from(ahead.saturating_mul(HORIZONS_SHOWN).max(STEPS_SHOWN));
        let steps = (series.end() - shown).max(series.start)..series.end();
        let past = steps.map(|index| Observation {
            ts: made.panel.time(index),
            y: f64::from(series.value(index)),
        });
        DemandSeries {
            series_id: series.id.clone(),
            unit: "units".into(),
            step: step(made.panel.frequency).into(),
            history: past.filter(|o| o.y.is_finite()).collect(),
            forecasts,
            realised: Vec::new(),
        }
    });
    drawn.collect()
}

fn step(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Hourly => "hour",
        Frequency::Daily => "day",
        Frequency::Weekly => "week",
        Frequency::Monthly => "month",
    }
}
