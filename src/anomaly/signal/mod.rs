//! Anomalies in single signals, row by row: spikes and dips, shifts of level, drifts, outages.
//!
//! A slow and robust [`baseline`] says what is usual at a time of day and week. How far off a row
//! is, alone and together with the rows before it ([`windows`]), is judged by how often the signal
//! was that far off in its own past ([`tail`]: conformal p-values, with a prior tail where nothing
//! was seen yet). The most surprising of these looks is judged by its own past once more, which makes
//! the p-value one of the row. Rows below the p-value that the accepted false alarms allow open an
//! alert; it stays open while the anomaly lasts ([`alarm`]). What many signals do at the same moment
//! is no anomaly of any one of them ([`common`], [`group`]).
//!
//! A row is only ever judged by rows before it; batch and streaming are the same code.

mod alarm;
mod baseline;
mod common;
mod group;
mod tail;
mod windows;

pub use group::{pace_s, watch};

use alarm::Alarm;
use baseline::Baseline;
use common::Common;
use tail::{Binned, Prior, Surprises, Tail};
use windows::Windows;

use crate::domain::InputError;

const DAY_S: i64 = 86_400;

/// Seasons that the baseline remembers, and the least and most rows of that.
const SEASONS_REMEMBERED: f64 = 8.0;
const ROWS_REMEMBERED: (f64, f64) = (60.0, 4_000.0);
/// How many times longer tails remember than the baseline.
const TAIL_MEMORY: f64 = 3.0;
/// Surprise of a row above which it teaches less, and by how much: what is learned must not soon
/// take an anomaly for usual.
const DOUBTFUL: f64 = 6.0;
const DOUBTFUL_TRUST: f64 = 0.2;
/// Rows, and seasons, before the tails learn, and before rows are judged.
const ROWS_BEFORE_TAILS: (f64, f64) = (20.0, 0.5);
const ROWS_BEFORE_SCORES: (f64, f64) = (60.0, 1.0);
/// Greatest value that is taken for one.
const GREATEST: f64 = 1e100;
/// Rows before a signal counts among what all do.
const ROWS_BEFORE_COMMON: usize = 20;
/// How far off a row may be for sums over several rows, in usual errors: one outlier is a spike,
/// not a shift.
const MOST_OFF: f64 = 8.0;
/// Sums over several rows count in full only if the row itself is off by a usual error in the same
/// direction; otherwise this much of them does: what has passed is no news.
const PASSED: f64 = 0.7;
/// Share of the mean squared error that variances of phases have in addition.
const LEAST_VARIANCE: f64 = 0.3;

/// How sensitive a detector is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// False alarms per signal and day that are accepted on average.
    pub false_alarms_per_day: f64,
}

impl Settings {
    /// Settings with so many false alarms; `source` and `field` name the number in errors.
    ///
    /// # Errors
    /// The number is not above 0, or above 24.
    pub fn with_false_alarms(source: &str, field: &str, per_day: f64) -> Result<Self, InputError> {
        if per_day > 0.0 && per_day <= 24.0 {
            return Ok(Self {
                false_alarms_per_day: per_day,
            });
        }
        let remedy = "give a number above 0, up to 24";
        let fault = InputError::new(source, "not a number of false alarms", remedy);
        Err(fault.field(field).value(per_day))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            false_alarms_per_day: 0.02,
        }
    }
}

/// What a detector says of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Seen {
    /// How unusual: minus the natural logarithm of the p-value, 0 while nothing can be said.
    pub score: f64,
    /// What would have been usual.
    pub expected: f64,
    /// Opened with this row.
    pub alert: Option<Finding>,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// More than usual, or less.
    pub above: bool,
    /// Rows it is about, this one and those before it.
    pub rows: usize,
}

/// The detector of one signal.
#[derive(Debug, Clone)]
pub struct Detector {
    baseline: Baseline,
    windows: Windows,
    /// Of steps that the rows before do not explain, up and down.
    steps: [Tail; 2],
    surprises: Surprises,
    alarm: Alarm,
    common: Common,
    rows: usize,
    /// Rows of a season.
    season: f64,
    carried: Carried,
    /// The least value so far, and the share of zeros.
    least: f64,
    zeros: f64,
    pending: Option<Pending>,
}

/// A row between its two halves.
#[derive(Debug, Clone, Copy)]
struct Pending {
    at_s: i64,
    value: f64,
    /// Distance from what was expected.
    off: f64,
    /// Usual size of that.
    usual: f64,
}

/// How much of a row's distance the next one inherits.
#[derive(Debug, Clone, Copy, Default)]
struct Carried {
    last: f64,
    covariance: f64,
    variance: f64,
}

impl Carried {
    /// Autocorrelation at a lag of one row.
    fn share(&self) -> f64 {
        if self.variance > 0.0 {
            (self.covariance / self.variance).clamp(0.0, 0.98)
        } else {
            0.0
        }
    }

    fn learn(&mut self, off: f64, most: f64, gain: f64) {
        let (now, last) = (off.clamp(-most, most), self.last.clamp(-most, most));
        self.covariance += gain * (now * last - self.covariance);
        self.variance += gain * (now * now - self.variance);
        self.last = off;
    }
}

impl Detector {
    /// A detector for a signal with a row every `step_s` seconds.
    pub fn new(settings: &Settings, step_s: i64) -> Self {
        let step_s = step_s.max(1);
        let (baseline, season) = baseline::of_pace(step_s);
        let memory = (SEASONS_REMEMBERED * season).clamp(ROWS_REMEMBERED.0, ROWS_REMEMBERED.1);
        let tail = Tail::new(TAIL_MEMORY * memory);
        let row_share = settings.false_alarms_per_day * step_s as f64 / DAY_S as f64;
        Self {
            baseline: Baseline::new(baseline, memory),
            windows: Windows::new(season, &tail),
            steps: [tail.clone(), tail],
            surprises: Surprises::new(TAIL_MEMORY * memory, memory),
            alarm: Alarm::new(row_share, season),
            common: Common::default(),
            rows: 0,
            season,
            carried: Carried::default(),
            least: f64::INFINITY,
            zeros: 0.0,
            pending: None,
        }
    }

    /// Takes in the next row, at a time in seconds; NaN where there is no value.
    pub fn observe(&mut self, at_s: i64, value: f64) -> Seen {
        self.begin(at_s, value);
        self.end(None)
    }

    /// First half of a row: how far off the value is, in usual errors; `None` without a value, or
    /// before anything is known.
    fn begin(&mut self, at_s: i64, value: f64) -> Option<f64> {
        self.pending = None;
        // Squares of greater ones are not finite.
        if !value.is_finite() || value.abs() > GREATEST {
            return None;
        }
        self.least = self.least.min(value);
        let gain = 0.005_f64.max(1.0 / (self.rows as f64 + 1.0));
        self.zeros += gain * (f64::from(u8::from(value == 0.0)) - self.zeros);
        if self.rows == 0 {
            self.baseline.learn(at_s, value, 1.0);
        }
        let off = value - self.baseline.expect(at_s);
        let least = LEAST_VARIANCE * self.baseline.spread().powi(2);
        let usual = (self.baseline.variance(at_s).max(1e-12) + least).sqrt();
        self.pending = Some(Pending {
            at_s,
            value,
            off,
            usual,
        });
        (self.rows > ROWS_BEFORE_COMMON).then_some(off / usual)
    }

    /// Second half: the row's score. `common`: how far off all signals are at this moment.
    fn end(&mut self, common: Option<f64>) -> Seen {
        let Some(Pending {
            at_s,
            mut value,
            mut off,
            usual,
        }) = self.pending.take()
        else {
            return Seen::default();
        };
        let expected = value - off;
        if let Some(all) = common {
            let shared = self.common.part(off / usual, all) * usual;
            off -= shared;
            value -= shared;
        }
        let step = self.step(off, usual);
        let size = Binned::of(step.abs());
        let (surprise, finding) = self.look(off, usual, (step, size));
        let past = |(rows, seasons): (f64, f64)| self.rows as f64 > rows.max(seasons * self.season);
        let (tails, scored) = (past(ROWS_BEFORE_TAILS), past(ROWS_BEFORE_SCORES));
        let score = match scored {
            true => self.surprises.score(surprise),
            false => 0.0,
        };
        let trust = if score > DOUBTFUL {
            DOUBTFUL_TRUST
        } else {
            1.0
        };
        if tails {
            let (up, down) = Binned::by_sign(step, size);
            self.steps[0].learn(up, trust);
            self.steps[1].learn(down, trust);
            self.windows.learn(trust);
        }
        if scored {
            self.surprises.learn(surprise, trust);
        }
        let most = match self.baseline.spread() {
            spread if spread > 0.0 => 4.0 * spread,
            _ => f64::INFINITY,
        };
        let gain = trust * 0.005_f64.max(1.0 / (self.rows as f64 + 1.0));
        self.carried.learn(off, most, gain);
        if self.rows > 0 {
            self.baseline.learn(at_s, value, trust);
        }
        self.rows += 1;
        Seen {
            score,
            expected,
            alert: self.alarm.opens(score).then_some(finding),
        }
    }

    /// What the row before does not explain, in usual errors.
    fn step(&self, off: f64, usual: f64) -> f64 {
        (off - self.carried.share() * self.carried.last) / usual
    }

    /// The greatest surprise of all looks at a row, and what it is about.
    fn look(&mut self, off: f64, usual: f64, (step, size): (f64, Binned)) -> (f64, Finding) {
        let (up, down) = self.priors();
        let above = step >= 0.0;
        let tail = &self.steps[usize::from(!above)];
        // Single steps down of something that is often far up are not bounded by zero alone.
        let prior = if above { up } else { Prior::HEAVY };
        let mut most = (tail.surprise(size, prior), Finding { above, rows: 1 });
        self.windows.add(
            off.clamp(-MOST_OFF * usual, MOST_OFF * usual),
            usual * usual,
        );
        for (rows, sum, surprise) in self.windows.surprises(up, down) {
            let now = off / usual * sum.signum();
            let surprise = surprise * (PASSED + (1.0 - PASSED) * now.clamp(0.0, 1.0));
            if surprise > most.0 {
                let above = sum >= 0.0;
                most = (surprise, Finding { above, rows });
            }
        }
        most
    }

    /// Priors of what was never seen, up and down. Orders of something that is often zero scatter
    /// widely upwards; what cannot fall below zero has a light lower tail, unless rows hang together.
    fn priors(&self) -> (Prior, Prior) {
        let up = Prior::between(Prior::HEAVY, Prior::HEAVIEST, self.zeros / 0.7);
        let apart = 1.0 - self.carried.share() / 0.6;
        let down = match self.least == 0.0 {
            true => Prior::between(Prior::HEAVY, Prior::LIGHT, apart),
            false => Prior::HEAVY,
        };
        (up, down)
    }
}

#[cfg(test)]
mod tests;
