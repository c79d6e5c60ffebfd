//! How good predictions were.

use crate::domain::forecast::Quantiles;
use std::collections::BTreeMap;

/// Metrics of predictions, in seconds unless the name says otherwise: mean absolute error and bias
/// of the median (`mae_s`, `bias_s`), mean pinball loss over the three levels (`pinball_s`;
/// Koenker & Bassett 1978), share of visits inside p10..p90 (`coverage_80_percent`), mean width of
/// that interval (`width_80_s`), and bias of the mean relative to the mean service time
/// (`mean_bias_percent`).
pub(super) fn metrics(predicted: &[Quantiles], seconds: &[f64]) -> BTreeMap<String, f64> {
    let count = seconds.len().max(1) as f64;
    let average = |of: &dyn Fn(&Quantiles, f64) -> f64| {
        let values = predicted.iter().zip(seconds).map(|(q, y)| of(q, *y));
        values.sum::<f64>() / count
    };
    let pinball = |level: f64, q: f64, y: f64| (level * (y - q)).max((level - 1.0) * (y - q));
    let mean = average(&|_, y| y).max(f64::MIN_POSITIVE);
    let losses = |q: &Quantiles, y: f64| {
        pinball(0.1, q.p10, y) + pinball(0.5, q.p50, y) + pinball(0.9, q.p90, y)
    };
    let inside = |q: &Quantiles, y: f64| f64::from(u8::from((q.p10..=q.p90).contains(&y)));
    BTreeMap::from(
        [
            ("visits", seconds.len() as f64),
            ("mae_s", average(&|q, y| (q.p50 - y).abs())),
            ("bias_s", average(&|q, y| q.p50 - y)),
            ("pinball_s", average(&|q, y| losses(q, y) / 3.0)),
            ("coverage_80_percent", 100.0 * average(&inside)),
            ("width_80_s", average(&|q, _| q.p90 - q.p10)),
            (
                "mean_bias_percent",
                100.0 * average(&|q, y| q.mean - y) / mean,
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    )
}
