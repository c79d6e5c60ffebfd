//! How good predictions were.

use crate::domain::forecast::Quantiles;
use std::collections::BTreeMap;

/// Metrics of predictions, in seconds unless the name says otherwise: mean absolute error and bias
/// of the median (`mae_s`, `bias_s`), mean pinball loss over the three levels (`pinball_s`;
/// Koenker & Bassett 1978), share of trips inside p10..p90 (`coverage_80_percent`), mean width of
/// that interval (`width_80_s`), bias of the mean relative to the mean duration
/// (`mean_bias_percent`), and the root mean square error of the mean (`mean_rmse_s`).
pub(super) fn metrics(predicted: &[Quantiles], seconds: &[f64]) -> BTreeMap<String, f64> {
    let count = seconds.len().max(1) as f64;
    let average = |of: &dyn Fn(&Quantiles, f64) -> f64| {
        let values = predicted.iter().zip(seconds).map(|(q, y)| of(q, *y));
        values.sum::<f64>() / count
    };
    let pinball = |level: f64, q: f64, y: f64| (level * (y - q)).max((level - 1.0) * (y - q));
    let mean_duration = average(&|_, y| y);
    BTreeMap::from(
        [
            ("trips", seconds.len() as f64),
            ("mae_s", average(&|q, y| (q.p50 - y).abs())),
            ("bias_s", average(&|q, y| q.p50 - y)),
            (
                "pinball_s",
                average(&|q, y| {
                    let levels = [(0.1, q.p10), (0.5, q.p50), (0.9, q.p90)];
                    levels
                        .map(|(level, q)| pinball(level, q, y))
                        .iter()
                        .sum::<f64>()
                        / 3.0
                }),
            ),
            (
                "coverage_80_percent",
                average(&|q, y| 100.0 * f64::from(u8::from((q.p10..=q.p90).contains(&y)))),
            ),
            ("width_80_s", average(&|q, _| q.p90 - q.p10)),
            (
                "mean_bias_percent",
                100.0 * average(&|q, y| q.mean - y) / mean_duration.max(f64::MIN_POSITIVE),
            ),
            ("mean_rmse_s", average(&|q, y| (q.mean - y).powi(2)).sqrt()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        let q = Quantiles {
            p10: 90.0,
            p50: 100.0,
            p90: 130.0,
            mean: 110.0,
        };
        let found = metrics(&[q, q], &[120.0, 80.0]);
        assert_eq!(found["mae_s"], 20.0);
        assert_eq!(found["bias_s"], 0.0);
        assert_eq!(found["coverage_80_percent"], 50.0);
        assert!((found["mean_bias_percent"] - 10.0).abs() < 1e-9);
        // (3 + 10 + 1) / 3 for the first trip, (9 + 10 + 5) / 3 for the second.
        assert!((found["pinball_s"] - (14.0 + 24.0) / 6.0).abs() < 1e-9);
    }
}
