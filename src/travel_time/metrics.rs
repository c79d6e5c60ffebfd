//! How good predictions were.

use crate::domain::forecast::Quantiles;
use crate::regression::durations;
use std::collections::BTreeMap;

/// Metrics of [`durations::metrics`], and the root mean square error of the mean (`mean_rmse_s`).
pub(super) fn metrics(predicted: &[Quantiles], seconds: &[f64]) -> BTreeMap<String, f64> {
    let squares = predicted.iter().zip(seconds);
    let squares: f64 = squares.map(|(q, y)| (q.mean - y).powi(2)).sum();
    let mean_square = squares / seconds.len().max(1) as f64;
    let mut metrics = durations::metrics("trips", predicted, seconds);
    metrics.insert("mean_rmse_s".to_owned(), mean_square.sqrt());
    metrics
}
