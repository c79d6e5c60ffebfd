//! Calibration on trips held back in time.

use super::log_model::{Calibration, LogRow};
use crate::domain::forecast::{Quantiles, Z90};

/// Fewest trips a calibration is learned from.
const FEWEST_TRIPS: usize = 50;
/// Narrowest half-width of an interval that is scaled, in log seconds.
const NARROWEST: f64 = 1e-3;
/// Bounds of the factor on a spread, against trips held back that were few or strange.
const SPREAD_FACTORS: (f64, f64) = (0.5, 3.0);

/// Learns a calibration from predictions and what happened, in log seconds.
///
/// The median is shifted by the median error; each half of the interval is stretched so that 10 %
/// lie beyond it, at the level that split conformal prediction prescribes for a finite number of
/// trips (Romano, Patterson & Candès 2019, in the scaled form); the mean is shifted so that sums
/// of predictions and of durations agree.
pub(super) fn learn(rows: &[LogRow], log_y: &[f64]) -> Calibration {
    if rows.len() < FEWEST_TRIPS {
        return Calibration::NONE;
    }
    let errors: Vec<f64> = rows
        .iter()
        .zip(log_y)
        .map(|(r, y)| y - r.middle())
        .collect();
    let shift = quantile(&sorted(errors.iter().copied()), 0.5);
    let count = rows.len() as f64;
    let level = (((count + 1.0) * 0.9).ceil() / count).min(1.0);
    let stretch = |side: usize| {
        let reach = rows.iter().zip(&errors).filter_map(|(row, error)| {
            let half = row.spread[side] - row.spread[1];
            (half.abs() > NARROWEST).then(|| (error - shift) / half)
        });
        let reach = sorted(reach);
        if reach.len() < FEWEST_TRIPS {
            1.0
        } else {
            quantile(&reach, level).max(0.0)
        }
    };
    let seconds: f64 = log_y.iter().map(|y| y.exp()).sum();
    let predicted: f64 = rows.iter().map(|r| r.mean().exp()).sum();
    Calibration {
        shift,
        low: stretch(0),
        high: stretch(2),
        mean_shift: (seconds / predicted).ln(),
    }
}

/// The calibration of the model that was fitted again on head and tail. What was learned on the tail
/// about median and mean holds relative to the mean error there, `tail_error`; that of the days to come is
/// expected to be `level`. Both in log seconds.
pub(super) fn after_refit(calibration: Calibration, tail_error: f64, level: f64) -> Calibration {
    let moved = level - tail_error;
    Calibration {
        shift: calibration.shift + moved,
        mean_shift: calibration.mean_shift + moved,
        ..calibration
    }
}

/// Standard deviation of durations about their means, over that which normal variables with the same
/// means and p90 would have; `None` with few trips. Variances of legs add up along a route, so this is
/// what makes the variance of a route right, however long the tails of its legs are.
pub(super) fn spread_factor(said: &[Quantiles], driven_s: &[f64]) -> Option<f64> {
    if said.len() < FEWEST_TRIPS {
        return None;
    }
    let pairs = said.iter().zip(driven_s);
    let (found, normal) = pairs.fold((0.0, 0.0), |(found, normal), (q, driven)| {
        let sd = (q.p90 - q.mean).max(0.0) / Z90;
        (found + (driven - q.mean).powi(2), normal + sd * sd)
    });
    let factor = (found / normal).sqrt();
    let (least, most) = SPREAD_FACTORS;
    factor.is_finite().then(|| factor.clamp(least, most))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Quantile of sorted values, linear between them; 0 without any.
pub(super) fn quantile(sorted: &[f64], level: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let position = level.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (position.floor() as usize, position.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::random;
    use rand_distr::{Distribution, Normal};

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!(quantile(&[], 0.75), 0.0);
    }

    #[test]
    fn the_spread_factor_makes_up_for_long_tails() {
        let mut generator = random::generator(4, "spread factor");
        let said = Quantiles {
            p10: 500.0,
            p50: 600.0,
            p90: 600.0 + 100.0 * Z90,
            mean: 600.0,
        };
        let mut drawn = |sd: f64| -> Vec<f64> {
            let noise = Normal::new(600.0, sd).unwrap();
            (0..20_000).map(|_| noise.sample(&mut generator)).collect()
        };
        for sd in [100.0, 150.0] {
            let factor = spread_factor(&[said; 20_000], &drawn(sd)).unwrap();
            assert!((factor - sd / 100.0).abs() < 0.03, "{factor} for {sd}");
        }
        assert_eq!(spread_factor(&[said; 3], &drawn(1e6)[..3]), None);
        assert_eq!(spread_factor(&[said; 20_000], &drawn(1e6)), Some(3.0));
    }

    #[test]
    fn a_wrong_spread_is_stretched_to_cover() {
        let mut generator = random::generator(3, "calibration");
        let noise = Normal::new(0.1, 0.5).unwrap();
        let mut draw = || -> (Vec<LogRow>, Vec<f64>) {
            let rows = vec![
                LogRow {
                    location: 6.0,
                    spread: [-0.1, 0.0, 0.1],
                };
                20_000
            ];
            let y = rows
                .iter()
                .map(|r| r.location + noise.sample(&mut generator));
            let y = y.collect();
            (rows, y)
        };
        let (rows, y) = draw();
        let calibration = learn(&rows, &y);
        let (rows, y) = draw();
        let inside = rows.iter().zip(&y).filter(|(row, y)| {
            let q = row.quantiles(&calibration);
            (q.p10..=q.p90).contains(&y.exp())
        });
        let share = inside.count() as f64 / y.len() as f64;
        assert!((share - 0.8).abs() < 0.02, "{share}");
        let mean: f64 = y.iter().map(|y| y.exp()).sum::<f64>() / y.len() as f64;
        let predicted = rows[0].quantiles(&calibration).mean;
        assert!((predicted / mean - 1.0).abs() < 0.02, "{predicted} {mean}");
    }
}
