//! One series prepared for many questions about its past.

use super::panel::Series;
use super::spec::DemandSpec;

/// Sums over a window of steps with a value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Window {
    /// Steps with a value.
    pub count: f64,
    /// Sum of the values.
    pub sum: f64,
    /// Sum of the absolute values.
    pub absolute: f64,
    /// Sum of the squares.
    pub squares: f64,
    /// Steps whose value is zero.
    pub zeros: f64,
    /// Sum of absolute differences to the value one season before.
    pub seasonal_error: f64,
    /// Steps with such a difference.
    pub seasonal_count: f64,
}

impl Window {
    fn plus(self, other: Self, sign: f64) -> Self {
        Self {
            count: self.count + sign * other.count,
            sum: self.sum + sign * other.sum,
            absolute: self.absolute + sign * other.absolute,
            squares: self.squares + sign * other.squares,
            zeros: self.zeros + sign * other.zeros,
            seasonal_error: self.seasonal_error + sign * other.seasonal_error,
            seasonal_count: self.seasonal_count + sign * other.seasonal_count,
        }
    }

    /// Mean of the values; NaN without any.
    pub fn mean(&self) -> f64 {
        self.sum / self.count
    }

    /// Standard deviation of the values; NaN without any.
    pub fn deviation(&self) -> f64 {
        (self.squares / self.count - self.mean().powi(2))
            .max(0.0)
            .sqrt()
    }
}

/// A series with closed steps taken out and prefix sums over the rest.
#[derive(Debug, Clone)]
pub struct History<'a> {
    series: &'a Series,
    /// Values with gaps and closed steps as NaN.
    open: Vec<f32>,
    /// Sums over the first `i` steps.
    sums: Vec<Window>,
    /// Steps since the last value that is not zero, per step; large before the first.
    idle: Vec<u32>,
    /// Binary covariates of every step packed into bits; `None` where one is unknown.
    state: Vec<Option<u32>>,
}

impl<'a> History<'a> {
    /// Prepares a series.
    pub fn new(series: &'a Series, spec: &DemandSpec) -> Self {
        let closed = |index: i64| {
            spec.closures
                .iter()
                .any(|c| series.covariate(c.covariate, index) == f32::from(c.value))
        };
        let open: Vec<f32> = series
            .values
            .iter()
            .zip(series.start..)
            .map(|(value, index)| {
                if value.is_finite() && !closed(index) {
                    *value
                } else {
                    f32::NAN
                }
            })
            .collect();
        let season = usize::try_from(spec.frequency.season()).unwrap_or(1);
        let mut sums = Vec::with_capacity(open.len() + 1);
        let mut idle = Vec::with_capacity(open.len());
        let mut sum = Window::default();
        let mut since = u32::MAX;
        sums.push(sum);
        for (i, value) in open.iter().enumerate() {
            let before = i.checked_sub(season).and_then(|b| open.get(b));
            sum = sum.plus(one(*value, before.copied().unwrap_or(f32::NAN)), 1.0);
            sums.push(sum);
            since = if value.is_finite() && *value != 0.0 {
                0
            } else {
                since.saturating_add(1)
            };
            idle.push(since);
        }
        let steps = series.covariates.iter().map(Vec::len).max().unwrap_or(0);
        let state = (0..steps as i64)
            .map(|step| state(series, spec, series.start + step))
            .collect();
        Self {
            series,
            open,
            sums,
            idle,
            state,
        }
    }

    /// The series.
    pub fn series(&self) -> &'a Series {
        self.series
    }

    /// Number of the first step.
    pub fn start(&self) -> i64 {
        self.series.start
    }

    /// Value of a step that was open; NaN otherwise.
    pub fn open_value(&self, index: i64) -> f32 {
        usize::try_from(index - self.series.start)
            .ok()
            .and_then(|i| self.open.get(i))
            .copied()
            .unwrap_or(f32::NAN)
    }

    /// Sums over the steps `first..=last`.
    pub fn window(&self, first: i64, last: i64) -> Window {
        let clip = |index: i64| {
            let position = (index - self.series.start).clamp(0, self.open.len() as i64);
            let sum = usize::try_from(position)
                .ok()
                .and_then(|p| self.sums.get(p));
            sum.copied().unwrap_or_default()
        };
        if first > last {
            return Window::default();
        }
        clip(last + 1).plus(clip(first), -1.0)
    }

    /// Steps since the last value that is not zero, seen from step `index`; NaN if there was none.
    pub fn idle(&self, index: i64) -> f32 {
        let Some(last) = self.open.len().checked_sub(1) else {
            return f32::NAN;
        };
        let position = usize::try_from(index - self.series.start).ok();
        let Some(seen) = position.and_then(|p| self.idle.get(p.min(last))) else {
            return f32::NAN;
        };
        let beyond = position.unwrap_or(0).saturating_sub(last);
        match *seen {
            u32::MAX => f32::NAN,
            steps => steps as f32 + beyond as f32,
        }
    }

    /// Binary covariates of a step as bits; `None` where one is unknown.
    pub fn state(&self, index: i64) -> Option<u32> {
        usize::try_from(index - self.series.start)
            .ok()
            .and_then(|i| self.state.get(i))
            .copied()
            .flatten()
    }
}

fn one(value: f32, season_before: f32) -> Window {
    if value.is_nan() {
        return Window::default();
    }
    let y = f64::from(value);
    let error = (y - f64::from(season_before)).abs();
    Window {
        count: 1.0,
        sum: y,
        absolute: y.abs(),
        squares: y * y,
        zeros: f64::from(u8::from(y == 0.0)),
        seasonal_error: if error.is_nan() { 0.0 } else { error },
        seasonal_count: f64::from(u8::from(!error.is_nan())),
    }
}

fn state(series: &Series, spec: &DemandSpec, index: i64) -> Option<u32> {
    let binary = spec.covariates.iter().enumerate().filter(|(_, c)| c.binary);
    binary.take(32).try_fold(0_u32, |bits, (which, _)| {
        let value = series.covariate(which, index);
        value
            .is_finite()
            .then_some(bits << 1 | u32::from(value != 0.0))
    })
}
