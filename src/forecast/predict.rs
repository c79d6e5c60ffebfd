//! Forecasts from a saved model.

use super::error::ForecastError;
use crate::domain::InputError;
use crate::domain::forecast::{DemandForecast, Quantiles};
use crate::features::demand::history::History;
use crate::features::demand::{DemandSpec, Panel, RowBuilder, spec};
use crate::onnx::{Manifest, Model, Session};
use std::collections::BTreeMap;

/// Forecasts every series of `panel` for `horizon` steps behind its last value, in the order of
/// the series, then of time. Covariates known for those steps stand in rows of the panel without
/// value. `unseen` series get a forecast from what the others do.
///
/// # Errors
/// The model was trained on other covariates or another frequency than the panel has.
pub fn predict(
    model: &Model,
    panel: &Panel,
    horizon: u32,
    unseen: &[String],
) -> Result<Vec<DemandForecast>, ForecastError> {
    let end = panel.end().unwrap_or(0);
    let steps = end..end + i64::from(horizon);
    let wanted: Vec<Wanted> = (0..panel.series.len())
        .flat_map(|series| steps.clone().map(move |target| Wanted { series, target }))
        .collect();
    let predictor = Predictor::new(&model.manifest, &model.session)?;
    let mut forecasts = predictor.forecast(panel, end - 1, &wanted)?;
    for id in unseen {
        if forecasts.iter().any(|f| f.series_id == *id) {
            continue;
        }
        for target in steps.clone() {
            let ts = panel.time(target);
            let others = forecasts.iter().filter(|f| f.ts == ts).map(|f| f.quantiles);
            let quantiles = typical(others.collect());
            forecasts.push(DemandForecast {
                series_id: id.clone(),
                ts,
                quantiles,
            });
        }
    }
    Ok(forecasts)
}

/// A step of a series to forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Position of the series in the panel.
    pub series: usize,
    /// Number of the step.
    pub target: i64,
}

/// A loaded model with its feature rows.
#[derive(Debug)]
pub struct Predictor<'a> {
    spec: DemandSpec,
    session: &'a Session,
}

fn spec_of(manifest: &Manifest) -> Result<DemandSpec, serde_json::Error> {
    let spec = manifest.parameters.get("spec").cloned();
    serde_json::from_value(spec.unwrap_or_default())
}

/// Steps ahead that a version forecasts; `None` if its manifest does not say.
pub fn horizon_of(manifest: &Manifest) -> Option<u32> {
    Some(spec_of(manifest).ok()?.horizon)
}

impl<'a> Predictor<'a> {
    /// Reads off the manifest how rows are built.
    pub fn new(manifest: &Manifest, session: &'a Session) -> Result<Self, ForecastError> {
        let source = format!("model {}/{}", manifest.name, manifest.version);
        let remedy = "train the model again: routeforce train demand";
        if manifest.features.version != spec::VERSION {
            let problem = format!("features of version {}", manifest.features.version);
            return Err(InputError::new(source, problem, remedy).into());
        }
        let spec = spec_of(manifest).map_err(|e| {
            InputError::new(&source, e.to_string(), remedy).field("parameters.spec")
        })?;
        if RowBuilder::new(&spec).names() != manifest.features.columns {
            let problem = "its columns are not those this program builds";
            return Err(InputError::new(source, problem, remedy).into());
        }
        Ok(Self { spec, session })
    }

    /// What its rows are made of.
    pub(super) fn spec(&self) -> &DemandSpec {
        &self.spec
    }

    /// Forecasts steps of series as seen from `origin`, the last step whose value is known; the
    /// panel holds no value after it.
    pub fn forecast(
        &self,
        panel: &Panel,
        origin: i64,
        wanted: &[Wanted],
    ) -> Result<Vec<DemandForecast>, ForecastError> {
        let panel = self.fitting(panel)?;
        let builder = RowBuilder::new(&self.spec);
        let mut matrix = builder.matrix(wanted.len());
        let mut scales = vec![(1.0, false); wanted.len()];
        let mut by_series: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, step) in wanted.iter().enumerate() {
            by_series.entry(step.series).or_default().push(number);
        }
        let mut order = Vec::with_capacity(wanted.len());
        for (series, numbers) in by_series {
            let Some(series) = panel.series.get(series) else {
                continue;
            };
            let history = History::new(series, &self.spec);
            let known = history.window(history.start(), origin).count > 0.0;
            let pairs: Vec<(i64, i64)> = numbers
                .iter()
                .map(|&n| (origin, wanted[n].target))
                .collect();
            let built = builder.build(&history, &pairs, &mut matrix.data);
            matrix.rows += pairs.len();
            for (&number, scale) in numbers.iter().zip(built) {
                scales[number] = (scale, known);
                order.push(number);
            }
        }
        let predictions = self.session.predict(&matrix)?;
        let mut forecasts = Vec::with_capacity(predictions.len());
        let mut by_step: BTreeMap<i64, Vec<Quantiles>> = BTreeMap::new();
        for (q, &number) in predictions.iter().zip(&order) {
            let (step, (scale, known)) = (wanted[number], scales[number]);
            let quantiles = Quantiles {
                p10: q.p10 * scale,
                p50: q.p50 * scale,
                p90: q.p90 * scale,
                mean: q.mean * scale,
            };
            if known {
                by_step.entry(step.target).or_default().push(quantiles);
            }
            forecasts.push((number, step, known, quantiles));
        }
        forecasts.sort_unstable_by_key(|(number, ..)| *number);
        // A series without history is forecast like a typical other one.
        let typical: BTreeMap<i64, Quantiles> = by_step
            .into_iter()
            .map(|(step, all)| (step, typical(all)))
            .collect();
        let finished = forecasts
            .into_iter()
            .filter_map(|(_, step, known, quantiles)| {
                let series = panel.series.get(step.series)?;
                let closed = quantiles == Quantiles::default();
                let stand_in = typical.get(&step.target).filter(|_| !known && !closed);
                Some(DemandForecast {
                    series_id: series.id.clone(),
                    ts: panel.time(step.target),
                    quantiles: stand_in.copied().unwrap_or(quantiles),
                })
            });
        Ok(finished.collect())
    }

    /// The panel with the covariates of the model, in its order.
    pub(super) fn fitting(&self, panel: &Panel) -> Result<Panel, InputError> {
        let refused =
            |problem: String, remedy: &str| InputError::new(&panel.source, problem, remedy);
        if panel.frequency != self.spec.frequency && !panel.series.is_empty() {
            let problem = format!(
                "{:?} series, the model was trained on {:?} ones",
                panel.frequency, self.spec.frequency
            );
            return Err(refused(problem, "give series of the model's frequency"));
        }
        let position = |name: &String| panel.covariates.iter().position(|c| c.name == *name);
        let order: Vec<usize> = self
            .spec
            .covariates
            .iter()
            .map(|covariate| {
                position(&covariate.name).ok_or_else(|| {
                    refused(
                        "missing".into(),
                        "give the covariates the model was trained on",
                    )
                    .field(&covariate.name)
                })
            })
            .collect::<Result<_, _>>()?;
        let mut fitting = panel.clone();
        fitting.covariates = pick(&panel.covariates, &order);
        for series in &mut fitting.series {
            series.covariates = pick(&series.covariates, &order);
        }
        Ok(fitting)
    }
}

fn pick<T: Clone>(list: &[T], order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|i| list.get(*i).cloned()).collect()
}

/// What a series is expected to do of which only the others are known: outer quantiles of their
/// outer quantiles, the median of their medians, the mean of their means.
fn typical(mut others: Vec<Quantiles>) -> Quantiles {
    let count = others.len();
    if count == 0 {
        return Quantiles::default();
    }
    let mean = others.iter().map(|q| q.mean).sum::<f64>() / count as f64;
    let mut ranked = |key: fn(&Quantiles) -> f64, share: f64| {
        others.sort_by(|a, b| key(a).total_cmp(&key(b)));
        let position = ((count - 1) as f64 * share).round() as usize;
        others.get(position).map_or(0.0, key)
    };
    Quantiles {
        p10: ranked(|q| q.p10, 0.1),
        p50: ranked(|q| q.p50, 0.5),
        p90: ranked(|q| q.p90, 0.9),
        mean,
    }
}
