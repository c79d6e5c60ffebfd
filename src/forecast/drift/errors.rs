//! Forecasts of the steps behind the training data, replayed, against the backtest of the model.

use super::report::{ErrorDrift, SeriesDrift, Verdict};
use super::spread::{Estimate, Part, estimate};
use crate::domain::forecast::Quantiles;
use crate::features::demand::{DemandSpec, Panel, TrainingRows, training};
use crate::forecast::error::ForecastError;
use crate::forecast::metrics::pinball;
use crate::onnx::{Manifest, Session};
use crate::runtime::Cancel;

/// Windows replayed at most, the newest.
const WINDOWS: i64 = 8;
/// Series named.
const SERIES: usize = 5;
/// Loss as a multiple of the backtest's that is to be watched, and acted on.
const LOSS: (f64, f64) = (1.1, 1.25);
/// Distance of bias and of coverage from the backtest's, likewise.
const DISTANCE: (f64, f64) = (0.05, 0.1);

/// The steps behind the training data as the model forecasts them.
pub(super) struct Replay {
    rows: TrainingRows,
    /// In the unit of the series.
    forecasts: Vec<Quantiles>,
    window: i64,
}

impl Replay {
    /// Forecasts whole horizons from origins behind the training data, as the backtest does.
    pub(super) fn of(
        panel: &Panel,
        spec: &DemandSpec,
        session: &Session,
        last_trained: i64,
        cancel: &Cancel,
    ) -> Result<Self, ForecastError> {
        let horizon = i64::from(spec.horizon);
        let window = spec.frequency.season().min(horizon).max(1);
        let end = panel.end().unwrap_or(0);
        let last = end - 1 - horizon;
        let first = last_trained.max(last - (WINDOWS * window - horizon).max(0));
        let pace = usize::try_from((horizon / 2).max(1)).unwrap_or(1);
        // Counted back from the newest, so that it is always looked at.
        let origins: Vec<i64> = (first..=last).rev().step_by(pace).collect();
        let rows = training::to_judge(panel, spec, &origins, usize::MAX, 0, cancel)?;
        let predictions = session.predict(&rows.matrix)?;
        let in_unit = predictions
            .iter()
            .zip(&rows.scale)
            .map(|(q, scale)| Quantiles {
                p10: q.p10 * scale,
                p50: q.p50 * scale,
                p90: q.p90 * scale,
                mean: q.mean * scale,
            });
        Ok(Self {
            forecasts: in_unit.collect(),
            rows,
            window,
        })
    }

    /// What every row adds to a figure.
    fn parts(&self, figure: Figure) -> Vec<Part> {
        let rows = self.forecasts.iter().zip(&self.rows.actual);
        let places = self.rows.series.iter().zip(&self.rows.target);
        rows.zip(places)
            .map(|((q, &actual), (&series, &step))| {
                let (above, below) = figure.of(q, actual);
                Part {
                    series,
                    step,
                    above,
                    below,
                }
            })
            .collect()
    }
}

/// A figure that is a ratio of two sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Loss,
    Bias,
    Coverage,
}

impl Figure {
    const ALL: [Self; 3] = [Self::Loss, Self::Bias, Self::Coverage];

    /// Its name in the backtest.
    fn name(self) -> &'static str {
        match self {
            Self::Loss => "wql",
            Self::Bias => "bias",
            Self::Coverage => "coverage_80",
        }
    }

    /// What a row adds to numerator and denominator; as in `metrics`.
    fn of(self, q: &Quantiles, actual: f64) -> (f64, f64) {
        match self {
            Self::Loss => {
                let sum = pinball(0.1, q.p10, actual)
                    + pinball(0.5, q.p50, actual)
                    + pinball(0.9, q.p90, actual);
                (2.0 * sum / 3.0, actual.abs())
            }
            Self::Bias => (q.mean - actual, actual.abs()),
            Self::Coverage => {
                let inside = actual >= q.p10 && actual <= q.p90;
                (f64::from(u8::from(inside)), 1.0)
            }
        }
    }

    /// What an interval of values amounts to: only what all of it is beyond counts.
    fn verdict(self, trained: f64, [low, high]: [f64; 2]) -> Verdict {
        let beyond = |limits: (f64, f64)| match self {
            Self::Loss => low > trained * limits.0,
            Self::Bias | Self::Coverage => low > trained + limits.1 || high < trained - limits.1,
        };
        if beyond((LOSS.1, DISTANCE.1)) {
            Verdict::Retrain
        } else if beyond((LOSS.0, DISTANCE.0)) {
            Verdict::Watch
        } else {
            Verdict::AsTrained
        }
    }
}

/// Verdicts by figure, and the series that are behind a greater loss.
pub(super) fn judge(
    manifest: &Manifest,
    panel: &Panel,
    replay: &Replay,
) -> (Vec<ErrorDrift>, Vec<SeriesDrift>) {
    let exported = manifest.backtest.iter().find(|score| score.exported);
    let trained = |figure: Figure| exported.and_then(|s| s.metrics.get(figure.name()).copied());
    let found: Vec<ErrorDrift> = Figure::ALL
        .into_iter()
        .map(|figure| of_figure(figure, trained(figure), panel, replay))
        .collect();
    let worse = found
        .first()
        .is_some_and(|loss| loss.verdict >= Verdict::Watch);
    let series = match trained(Figure::Loss).filter(|_| worse) {
        Some(trained) => worst_series(trained, panel, replay),
        None => Vec::new(),
    };
    (found, series)
}

fn of_figure(figure: Figure, trained: Option<f64>, panel: &Panel, replay: &Replay) -> ErrorDrift {
    let parts = replay.parts(figure);
    let now: Option<Estimate> = estimate(&parts, replay.window);
    let verdict = trained
        .zip(now)
        .map(|(t, now)| figure.verdict(t, now.bounds));
    let verdict = verdict.unwrap_or(Verdict::NotJudged);
    let since = trained
        .filter(|_| verdict >= Verdict::Watch)
        .and_then(|trained| since(figure, trained, &parts, replay.window));
    ErrorDrift {
        figure: figure.name().to_owned(),
        verdict,
        trained,
        now: now.map(|now| now.value),
        bounds: now.map(|now| now.bounds),
        since: since.map(|step| panel.time(step)),
    }
}

/// First step of the first window, of all up to the newest, in which the figure itself is off.
fn since(figure: Figure, trained: f64, parts: &[Part], window: i64) -> Option<i64> {
    let last = parts.iter().map(|p| p.step).max()?;
    let first = parts.iter().map(|p| p.step).min()?;
    let mut begin = None;
    let mut newest = last;
    while newest >= first {
        let inside = parts
            .iter()
            .filter(|p| p.step <= newest && p.step > newest - window);
        let (above, below) = inside.fold((0.0, 0.0), |(a, b), p| (a + p.above, b + p.below));
        let value = above / below;
        if figure.verdict(trained, [value, value]) < Verdict::Watch {
            break;
        }
        begin = Some((newest - window + 1).max(first));
        newest -= window;
    }
    begin
}

fn worst_series(trained: f64, panel: &Panel, replay: &Replay) -> Vec<SeriesDrift> {
    let mut sums = vec![(0.0, 0.0, 0.0); panel.series.len()];
    let losses = replay.parts(Figure::Loss);
    for (loss, bias) in losses.iter().zip(replay.parts(Figure::Bias)) {
        if let Some(sum) = sums.get_mut(loss.series) {
            *sum = (sum.0 + loss.above, sum.1 + loss.below, sum.2 + bias.above);
        }
    }
    let excess = |(loss, volume, _): &(f64, f64, f64)| loss - trained * volume;
    let all: f64 = sums.iter().map(|s| excess(s).max(0.0)).sum();
    let mut ranked: Vec<(f64, SeriesDrift)> = panel
        .series
        .iter()
        .zip(&sums)
        .filter(|(_, sum)| excess(sum) > 0.0)
        .map(|(series, sum)| {
            let volume = sum.1.max(f64::MIN_POSITIVE);
            let drift = SeriesDrift {
                series_id: series.id.clone(),
                wql: sum.0 / volume,
                bias: sum.2 / volume,
                excess_share: excess(sum) / all,
            };
            (excess(sum), drift)
        })
        .filter(|(_, drift)| drift.wql.is_finite() && drift.bias.is_finite())
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().map(|(_, d)| d).take(SERIES).collect()
}
