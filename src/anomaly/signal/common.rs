//! What a signal shares with all others at the same moment.

/// Least gain of the shared part.
const GAIN: f64 = 0.01;
/// Rows before anything is taken as shared.
const ROWS: f64 = 10.0;
/// Distances count up to this, in usual errors.
const MOST: f64 = 10.0;
/// A signal follows the others by this much at most.
const MOST_SHARE: f64 = 1.5;

/// How much a signal has followed the others, by regression on the median of all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Common {
    covariance: f64,
    variance: f64,
    rows: f64,
}

impl Common {
    /// Part of how far off the signal is that all signals explain, and learns from it.
    pub(super) fn part(&mut self, own: f64, all: f64) -> f64 {
        let share = match self.rows > ROWS && self.variance > 0.0 {
            true => (self.covariance / self.variance).clamp(0.0, MOST_SHARE),
            false => 0.0,
        };
        self.rows += 1.0;
        let gain = GAIN.max(1.0 / self.rows);
        self.covariance += gain * (own.clamp(-MOST, MOST) * all - self.covariance);
        self.variance += gain * (all * all - self.variance);
        share * all
    }
}

/// Median of how far off signals are, each up to [`MOST`]; `None` of fewer than `least`.
pub(super) fn median(off: &mut [f64], least: usize) -> Option<f64> {
    if off.len() < least.max(1) {
        return None;
    }
    off.iter_mut().for_each(|off| *off = off.clamp(-MOST, MOST));
    off.sort_unstable_by(f64::total_cmp);
    let (low, high) = ((off.len() - 1) / 2, off.len() / 2);
    Some(0.5 * (off[low] + off[high]))
}
