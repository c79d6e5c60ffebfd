//! Calibration on visits held back in time.

use super::log_model::{Calibration, LogRow};

/// Fewest visits a calibration is learned from.
const FEWEST_VISITS: usize = 50;
/// Least standard deviation that reaches are measured in, in log seconds.
const LEAST_SD: f64 = 1e-3;

/// Learns a calibration from predictions and what happened, in log seconds.
///
/// The median is shifted by the median error; p10 and p90 lie as many standard deviations away that
/// 10 % are beyond each, at the level that split conformal prediction prescribes for a finite number
/// of visits (Romano, Patterson & Candès 2019, in the scaled form); the mean is shifted so that sums
/// of predictions and of service times agree.
pub(super) fn learn(rows: &[LogRow], log_y: &[f64]) -> Calibration {
    if rows.len() < FEWEST_VISITS {
        return Calibration::NONE;
    }
    let errors: Vec<f64> = rows
        .iter()
        .zip(log_y)
        .map(|(r, y)| y - r.location)
        .collect();
    let shift = quantile(&sorted(errors.iter().copied()), 0.5);
    let count = rows.len() as f64;
    let level = (((count + 1.0) * 0.9).ceil() / count).min(1.0);
    let reach = |sign: f64| {
        let reaches = rows.iter().zip(&errors).filter(|(r, _)| r.sd > LEAST_SD);
        let reaches = sorted(reaches.map(|(row, error)| sign * (error - shift) / row.sd));
        match reaches.len() < FEWEST_VISITS {
            true => Calibration::NONE.high,
            false => quantile(&reaches, level).max(0.0),
        }
    };
    let seconds: f64 = log_y.iter().map(|y| y.exp()).sum();
    let predicted: f64 = rows.iter().map(|r| r.mean().exp()).sum();
    Calibration {
        shift,
        low: reach(-1.0),
        high: reach(1.0),
        mean_shift: (seconds / predicted).ln(),
    }
}

/// What is left of a calibration's level after a refit on head and tail: the refit has seen the
/// tail, so it has already moved by its share.
pub(super) fn after_refit(calibration: Calibration, tail_share: f64) -> Calibration {
    Calibration {
        shift: calibration.shift * (1.0 - tail_share),
        mean_shift: calibration.mean_shift - calibration.shift * tail_share,
        ..calibration
    }
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
