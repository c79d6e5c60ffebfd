//! Demand forecast against reality.

use super::{Facts, kpi, mean, ratio};
use crate::domain::kpi::Kpi;

pub(super) fn figures(facts: &Facts<'_>) -> Vec<Kpi> {
    // Without realised demand nothing can be said; with it, a series that is not there is zero.
    let known = !facts.realised.is_empty();
    let forecasts = if known { facts.forecasts } else { &[] };
    let pairs: Vec<_> = forecasts
        .iter()
        .map(|f| {
            (
                f.quantiles,
                facts.realised.get(&f.series_id).copied().unwrap_or(0.0),
            )
        })
        .collect();
    let total: f64 = pairs.iter().map(|(_, y)| y).sum();
    let error: f64 = pairs.iter().map(|(q, y)| (q.p50 - y).abs()).sum();
    let bias: f64 = pairs.iter().map(|(q, y)| q.mean - y).sum();
    let inside = pairs.iter().map(|(q, y)| {
        if (q.p10..=q.p90).contains(y) {
            100.0
        } else {
            0.0
        }
    });
    vec![
        kpi(
            "demand_wape",
            "Demand forecast error (WAPE)",
            "%",
            ratio(100.0 * error, total),
            None,
            "Sum of |p50 − actual| over the sum of actuals, over all series of the day.",
        ),
        kpi(
            "demand_bias",
            "Demand forecast bias",
            "%",
            ratio(100.0 * bias, total),
            Some(0.0).filter(|_| total > 0.0),
            "Sum of mean − actual over the sum of actuals; positive means that too much was expected.",
        ),
        kpi(
            "demand_coverage",
            "Demand within its interval",
            "%",
            mean(inside),
            Some(80.0).filter(|_| !pairs.is_empty()),
            "Share of series whose demand was between p10 and p90; 80 % if the intervals are right (more for series that are often zero).",
        ),
    ]
}
