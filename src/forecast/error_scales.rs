//! Scales that errors of a series are measured in, from its past (Hyndman and Koehler 2006).

use crate::features::demand::history::History;
use crate::features::demand::{DemandSpec, Panel};

/// Scales of a series; NaN where its past is too short.
#[derive(Debug, Clone, Copy)]
pub struct ErrorScale {
    /// Mean absolute error of a seasonal naive forecast, for MASE.
    pub naive_error: f64,
    /// Root mean square of the changes from step to step, for RMSSE.
    pub change: f64,
}

/// Scale of every series of a panel, from its steps before `first`.
pub fn before(panel: &Panel, spec: &DemandSpec, first: i64) -> Vec<ErrorScale> {
    let of_series = panel.series.iter().map(|series| {
        let history = History::new(series, spec);
        let window = history.window(series.start, first - 1);
        let steps = (series.start + 1..first)
            .map(|i| f64::from(series.value(i) - series.value(i - 1)))
            .filter(|d| d.is_finite());
        let (count, squares) = steps.fold((0.0, 0.0), |(n, s), d| (n + 1.0, s + d * d));
        ErrorScale {
            naive_error: window.seasonal_error / window.seasonal_count,
            change: (squares / count).sqrt(),
        }
    });
    of_series.collect()
}
