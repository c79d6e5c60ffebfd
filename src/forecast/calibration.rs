//! Corrects quantiles and mean by what held-back steps showed.
//!
//! The widths below and above the median are scaled so that a tenth of the held-back values lies
//! outside on either side (split-conformal, in the scaled form of Romano, Patterson and Candès
//! 2019); the mean is scaled so that the held-back volume is met.

use crate::domain::forecast::Quantiles;
use crate::onnx::QuantileGraph;
use crate::onnx::graph::Value;

/// Least width between median and outer quantile, of a series scaled to 1: zero widths could not
/// be scaled.
const LEAST_WIDTH: f64 = 0.02;
/// Corrections beyond these would rather tell of a broken model than repair it.
const WIDTH_FACTORS: (f64, f64) = (0.4, 4.0);
const MEAN_FACTORS: (f64, f64) = (0.8, 1.25);
/// Rows below which nothing is corrected.
const LEAST_ROWS: usize = 50;

/// Factors of a correction.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Calibration {
    /// Of the width between p10 and p50.
    pub lower: f64,
    /// Of the width between p50 and p90.
    pub upper: f64,
    /// Of the mean.
    pub mean: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            lower: 1.0,
            upper: 1.0,
            mean: 1.0,
        }
    }
}

impl Calibration {
    /// Learns the correction from scaled forecasts and what happened, scaled alike; `volume` is
    /// the scale of every row.
    pub fn learn(forecasts: &[Quantiles], actual: &[f64], volume: &[f64]) -> Self {
        if forecasts.len() < LEAST_ROWS {
            return Self::default();
        }
        let pairs = || forecasts.iter().zip(actual);
        let lower = pairs().map(|(q, y)| (q.p50 - y) / width(q.p50 - q.p10));
        let upper = pairs().map(|(q, y)| (y - q.p50) / width(q.p90 - q.p50));
        let clamp = |value: f64, (low, high): (f64, f64)| value.clamp(low, high);
        let (predicted, happened) = pairs().zip(volume).fold((0.0, 0.0), |(p, h), ((q, y), v)| {
            (p + q.mean * v, h + y * v)
        });
        Self {
            lower: clamp(quantile_90(lower.collect()), WIDTH_FACTORS),
            upper: clamp(quantile_90(upper.collect()), WIDTH_FACTORS),
            mean: if predicted > 0.0 && happened > 0.0 {
                clamp(happened / predicted, MEAN_FACTORS)
            } else {
                1.0
            },
        }
    }

    /// Corrects one scaled forecast; the same arithmetic as [`export`](Self::export).
    pub fn apply(&self, q: &Quantiles) -> Quantiles {
        let low = q.p50 - self.lower * width(q.p50 - q.p10);
        let high = q.p50 + self.upper * width(q.p90 - q.p50);
        Quantiles {
            p10: low,
            p50: q.p50,
            p90: high,
            mean: self.mean * q.mean,
        }
    }

    /// Adds the correction to a graph; gives p10, p50, p90 and mean.
    pub fn export(&self, graph: &mut QuantileGraph, raw: &[Value; 4]) -> [Value; 4] {
        let [p10, p50, p90, mean] = raw;
        let below = graph.subtract(p50, p10);
        let below = graph.at_least(&below, LEAST_WIDTH as f32);
        let below = graph.affine(&below, -self.lower as f32, 0.0);
        let above = graph.subtract(p90, p50);
        let above = graph.at_least(&above, LEAST_WIDTH as f32);
        let above = graph.affine(&above, self.upper as f32, 0.0);
        [
            graph.add(p50, &below),
            p50.clone(),
            graph.add(p50, &above),
            graph.affine(mean, self.mean as f32, 0.0),
        ]
    }
}

fn width(raw: f64) -> f64 {
    raw.max(LEAST_WIDTH)
}

/// The value that 90 % of the values do not exceed, with the finite-sample correction of
/// split-conformal prediction.
fn quantile_90(mut values: Vec<f64>) -> f64 {
    values.retain(|v| v.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    let rank = ((values.len() as f64 + 1.0) * 0.9).ceil() as usize;
    let position = rank.saturating_sub(1).min(values.len().saturating_sub(1));
    values.get(position).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn eighty_percent_are_covered_whatever_the_widths_were() {
        let mut draw = crate::runtime::random::generator(3, "calibration");
        let raw = Quantiles {
            p10: 4.9,
            p50: 5.0,
            p90: 5.05,
            mean: 4.0,
        };
        let actual: Vec<f64> = (0..5000)
            .map(|_| 5.0 + draw.random_range(-0.2..0.2))
            .collect();
        let forecasts = vec![raw; actual.len()];
        let learned = Calibration::learn(&forecasts, &actual, &vec![2.0; actual.len()]);
        let q = learned.apply(&raw);
        let share = |holds: &dyn Fn(f64) -> bool| {
            actual.iter().filter(|y| holds(**y)).count() as f64 / actual.len() as f64
        };
        assert!((share(&|y| y < q.p10) - 0.1).abs() < 0.01);
        assert!((share(&|y| y > q.p90) - 0.1).abs() < 0.01);
        assert!((q.mean - 5.0).abs() < 0.05);
    }

    #[test]
    fn few_rows_correct_nothing() {
        let learned = Calibration::learn(&[Quantiles::default()], &[1.0], &[1.0]);
        assert_eq!(learned, Calibration::default());
    }
}
