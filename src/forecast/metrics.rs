//! Figures of a backtest.

use crate::domain::forecast::Quantiles;
use std::collections::BTreeMap;

/// Forecasts beside what happened, all in the unit of the series.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Forecasts.
    pub forecasts: &'a [Quantiles],
    /// What happened.
    pub actual: &'a [f64],
    /// Mean absolute error of a seasonal naive forecast of the row's series, for MASE.
    pub naive_error: &'a [f64],
    /// Root mean square of the series' step-to-step changes, for RMSSE.
    pub change: &'a [f64],
}

/// Pinball loss of a quantile forecast at a level (Koenker and Bassett 1978).
pub fn pinball(level: f64, forecast: f64, actual: f64) -> f64 {
    let miss = actual - forecast;
    (level * miss).max((level - 1.0) * miss)
}

impl Judged<'_> {
    /// Weighted quantile loss: mean over p10, p50, p90 of twice the summed pinball loss over the
    /// summed demand. What candidates are chosen by.
    pub fn wql(&self) -> f64 {
        let volume: f64 = self.actual.iter().map(|y| y.abs()).sum();
        2.0 * self.pinball_sum() / 3.0 / volume.max(f64::MIN_POSITIVE)
    }

    fn pinball_sum(&self) -> f64 {
        let pairs = self.forecasts.iter().zip(self.actual);
        let row = |(q, y): (&Quantiles, &f64)| {
            pinball(0.1, q.p10, *y) + pinball(0.5, q.p50, *y) + pinball(0.9, q.p90, *y)
        };
        pairs.map(row).sum()
    }

    /// All figures by name. Those whose denominator is zero are left out.
    pub fn figures(&self) -> BTreeMap<String, f64> {
        let rows = self.actual.len() as f64;
        let pairs = || self.forecasts.iter().zip(self.actual);
        let share = |holds: &dyn Fn(&Quantiles, f64) -> bool| {
            pairs().filter(|(q, y)| holds(q, **y)).count() as f64 / rows
        };
        let volume: f64 = self.actual.iter().map(|y| y.abs()).sum();
        let error: f64 = pairs().map(|(q, y)| (y - q.p50).abs()).sum();
        let excess: f64 = pairs().map(|(q, y)| q.mean - y).sum();
        let figures = [
            ("rows", rows),
            ("wql", 2.0 * self.pinball_sum() / 3.0 / volume),
            ("pinball", self.pinball_sum() / 3.0 / rows),
            ("wape", error / volume),
            ("bias", excess / volume),
            ("coverage_80", share(&|q, y| y >= q.p10 && y <= q.p90)),
            ("below_p10", share(&|q, y| y < q.p10)),
            ("above_p90", share(&|q, y| y > q.p90)),
            (
                "mase",
                self.scaled(self.naive_error, |q, y| (y - q.p50).abs()),
            ),
            ("rmsse", self.scaled_root()),
        ];
        let finite = figures.into_iter().filter(|(_, value)| value.is_finite());
        finite
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Mean over rows of an error divided by the row's scale, rows without scale left out.
    fn scaled(&self, scales: &[f64], error: impl Fn(&Quantiles, f64) -> f64) -> f64 {
        let rows = self.forecasts.iter().zip(self.actual).zip(scales);
        let usable = rows.filter(|(_, scale)| scale.is_finite() && **scale > 0.0);
        let (count, sum) = usable.fold((0.0, 0.0), |(n, sum), ((q, y), scale)| {
            (n + 1.0, sum + error(q, *y) / scale)
        });
        sum / count
    }

    fn scaled_root(&self) -> f64 {
        let squares: Vec<f64> = self.change.iter().map(|c| c * c).collect();
        self.scaled(&squares, |q, y| (y - q.mean).powi(2)).sqrt()
    }
}
