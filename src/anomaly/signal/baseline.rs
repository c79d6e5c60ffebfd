//! What a signal usually is at a time of day or week: slow, so that what lasts is still seen as
//! unusual, and robust, so that what is unusual hardly moves it.

use super::DAY_S;

/// Least gain of a phase: about eight repetitions are remembered.
const PHASE_GAIN: f64 = 0.12;
/// Multiples of the mean error that an error counts for at most.
const CLIP: f64 = 2.5;
/// How much more a form counts that errs less.
const SHARPNESS: i32 = 4;
/// Repetitions that the mean squared error of all phases counts for in that of one.
const VARIANCE_PRIOR: f64 = 3.0;
/// Length of a mean year in seconds.
const YEAR_S: i64 = 31_556_952;

/// Cycles of a signal with a row every `step_s` seconds, and the rows of its season.
pub(super) fn of_pace(step_s: i64) -> (Vec<Cycle>, f64) {
    let day = (DAY_S / step_s).max(1) as usize;
    let week = 7 * DAY_S;
    if step_s < DAY_S {
        let cycles = vec![
            Cycle::new(DAY_S, day.min(48)),
            Cycle::new(week, (7 * day).min(168)),
        ];
        (cycles, day as f64)
    } else if step_s < week {
        (vec![Cycle::new(week, 7)], 7.0)
    } else {
        (vec![Cycle::new(YEAR_S, 12)], 12.0)
    }
}

/// Distances from the level by phase.
#[derive(Debug, Clone)]
pub(super) struct Cycle {
    length_s: i64,
    phases: Vec<Phase>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Phase {
    offset: f64,
    variance: f64,
    seen: f64,
}

impl Cycle {
    fn new(length_s: i64, phases: usize) -> Self {
        Self {
            length_s,
            phases: vec![Phase::default(); phases.max(1)],
        }
    }

    fn position(&self, at_s: i64) -> usize {
        let count = self.phases.len();
        let into = at_s.rem_euclid(self.length_s) as u64 * count as u64;
        ((into / self.length_s.unsigned_abs()) as usize).min(count - 1)
    }

    fn phase(&self, at_s: i64) -> &Phase {
        &self.phases[self.position(at_s)]
    }
}

/// A level with cycles, each form of it weighed by how well it did.
#[derive(Debug, Clone)]
pub(super) struct Baseline {
    cycles: Vec<Cycle>,
    level: f64,
    rows: f64,
    gain: f64,
    /// Faded mean absolute error of the level alone, then of every cycle on top of it; NaN before
    /// there was any.
    errors: Vec<f64>,
    weights: Vec<f64>,
    spread: f64,
    variance: f64,
}

impl Baseline {
    /// `memory`: rows after which the level has followed a change by two thirds.
    pub(super) fn new(cycles: Vec<Cycle>, memory: f64) -> Self {
        let forms = cycles.len() + 1;
        let mut weights = vec![0.0; forms];
        weights[0] = 1.0;
        Self {
            cycles,
            level: 0.0,
            rows: 0.0,
            gain: 1.0 / memory,
            errors: vec![f64::NAN; forms],
            weights,
            spread: 0.0,
            variance: 0.0,
        }
    }

    /// Mean absolute error of what was expected.
    pub(super) fn spread(&self) -> f64 {
        self.spread
    }

    /// Expected value at a moment.
    pub(super) fn expect(&self, at_s: i64) -> f64 {
        let of_phase = |phase: &Phase| (phase.seen > 0.0).then_some(self.level + phase.offset);
        self.blend(at_s, self.level, of_phase)
    }

    /// Usual squared error at a moment.
    pub(super) fn variance(&self, at_s: i64) -> f64 {
        let of_phase = |phase: &Phase| {
            let sum = phase.variance * phase.seen + VARIANCE_PRIOR * self.variance;
            Some(sum / (phase.seen + VARIANCE_PRIOR))
        };
        self.blend(at_s, self.variance, of_phase)
    }

    /// Mean over the forms by their weights.
    fn blend(&self, at_s: i64, plain: f64, of_phase: impl Fn(&Phase) -> Option<f64>) -> f64 {
        let mut sum = self.weights[0] * plain;
        let mut all = self.weights[0];
        for (cycle, weight) in self.cycles.iter().zip(&self.weights[1..]) {
            if let Some(value) = of_phase(cycle.phase(at_s)) {
                sum += weight * value;
                all += weight;
            }
        }
        if all > 0.0 { sum / all } else { plain }
    }

    /// Takes in a value, which counts by `trust`, 0 to 1.
    pub(super) fn learn(&mut self, at_s: i64, value: f64, trust: f64) {
        if self.rows == 0.0 {
            self.level = value;
        }
        self.rows += 1.0;
        let error = value - self.expect(at_s);
        let limit = match self.spread > 0.0 {
            true => CLIP * self.spread,
            false => f64::INFINITY,
        };
        let gain = trust * (0.5 * self.gain).max(1.0 / self.rows);
        // Early on a clip could freeze a bad start.
        let most = if self.rows < 30.0 {
            f64::INFINITY
        } else {
            4.0 * limit
        };
        self.spread += gain * (error.abs().min(most) - self.spread);
        self.weigh(at_s, value, 4.0 * limit, gain);
        let square = error.clamp(-1.6 * limit, 1.6 * limit).powi(2);
        self.variance += gain * (square - self.variance);
        let level = self.level;
        let level_gain = trust * self.gain.max(1.0 / self.rows);
        self.level += level_gain * error.clamp(-limit, limit);
        for cycle in &mut self.cycles {
            let position = cycle.position(at_s);
            let phase = &mut cycle.phases[position];
            phase.seen += trust;
            let seen = phase.seen.max(1.0);
            phase.variance += trust * 0.1_f64.max(1.0 / seen) * (square - phase.variance);
            let limit = if phase.seen <= 2.0 {
                f64::INFINITY
            } else {
                limit
            };
            let miss = (value - level - phase.offset).clamp(-limit, limit);
            phase.offset += trust * PHASE_GAIN.max(1.0 / seen) * miss;
        }
    }

    /// Judges the forms by a value and weighs them anew.
    fn weigh(&mut self, at_s: i64, value: f64, most: f64, gain: f64) {
        for (form, error) in self.errors.iter_mut().enumerate() {
            let said = match form
                .checked_sub(1)
                .map(|cycle| self.cycles[cycle].phase(at_s))
            {
                None => Some(self.level),
                Some(phase) => (phase.seen > 0.0).then_some(self.level + phase.offset),
            };
            if let Some(said) = said {
                let miss = (value - said).abs().min(most);
                *error = match error.is_nan() {
                    true => miss,
                    false => *error + gain * (miss - *error),
                };
            }
        }
        // NaN is passed over.
        let least = self.errors.iter().copied().fold(f64::INFINITY, f64::min);
        for (weight, error) in self.weights.iter_mut().zip(&self.errors) {
            *weight = match (error.is_nan(), *error > 0.0) {
                (true, _) => 0.0,
                (false, true) => (least / error).powi(SHARPNESS),
                (false, false) => 1.0,
            };
        }
    }
}
