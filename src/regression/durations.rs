//! Predicted durations beside those that came true: figures, and the file that scorers read.

use crate::domain::forecast::Quantiles;
use crate::runtime::{atomic_file, csv};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// Metrics of predictions, in seconds unless the name says otherwise: their number by the name of
/// what was predicted (`trips`, `visits`), mean absolute error and bias of the median (`mae_s`,
/// `bias_s`), mean pinball loss over the three levels (`pinball_s`; Koenker & Bassett 1978), share
/// inside p10..p90 (`coverage_80_percent`), mean width of that interval (`width_80_s`), and bias of
/// the mean relative to the mean duration (`mean_bias_percent`).
pub fn metrics(counted: &str, predicted: &[Quantiles], seconds: &[f64]) -> BTreeMap<String, f64> {
    let count = seconds.len().max(1) as f64;
    let average = |of: &dyn Fn(&Quantiles, f64) -> f64| {
        let values = predicted.iter().zip(seconds).map(|(q, y)| of(q, *y));
        values.sum::<f64>() / count
    };
    let pinball = |level: f64, q: f64, y: f64| (level * (y - q)).max((level - 1.0) * (y - q));
    let losses = |q: &Quantiles, y: f64| {
        pinball(0.1, q.p10, y) + pinball(0.5, q.p50, y) + pinball(0.9, q.p90, y)
    };
    let inside = |q: &Quantiles, y: f64| f64::from(u8::from((q.p10..=q.p90).contains(&y)));
    let mean_duration = average(&|_, y| y).max(f64::MIN_POSITIVE);
    BTreeMap::from(
        [
            (counted, seconds.len() as f64),
            ("mae_s", average(&|q, y| (q.p50 - y).abs())),
            ("bias_s", average(&|q, y| q.p50 - y)),
            ("pinball_s", average(&|q, y| losses(q, y) / 3.0)),
            ("coverage_80_percent", average(&|q, y| 100.0 * inside(q, y))),
            ("width_80_s", average(&|q, _| q.p90 - q.p10)),
            (
                "mean_bias_percent",
                100.0 * average(&|q, y| q.mean - y) / mean_duration,
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    )
}

/// Writes `<id_name>,p10,p50,p90,mean` in seconds, to a tenth; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write(out: &Path, id_name: &str, ids: &[String], predicted: &[Quantiles]) -> io::Result<()> {
    atomic_file::write_with(out, |file| {
        writeln!(file, "{id_name},p10,p50,p90,mean")?;
        for (id, q) in ids.iter().zip(predicted) {
            let id = csv::field(id);
            writeln!(
                file,
                "{id},{:.1},{:.1},{:.1},{:.1}",
                q.p10, q.p50, q.p90, q.mean
            )?;
        }
        Ok(())
    })
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
        let found = metrics("trips", &[q, q], &[120.0, 80.0]);
        assert_eq!(found["trips"], 2.0);
        assert_eq!(found["mae_s"], 20.0);
        assert_eq!(found["bias_s"], 0.0);
        assert_eq!(found["coverage_80_percent"], 50.0);
        assert!((found["mean_bias_percent"] - 10.0).abs() < 1e-9);
        // (3 + 10 + 1) / 3 for the first trip, (9 + 10 + 5) / 3 for the second.
        assert!((found["pinball_s"] - (14.0 + 24.0) / 6.0).abs() < 1e-9);
    }
}
