//! Many series on one grid of time steps.

use super::calendar::Frequency;
use chrono::NaiveDateTime;

/// One series. Gaps are NaN; covariates may reach beyond the last value, into the future they are
/// known for.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Identity.
    pub id: String,
    /// Number of the first step (see [`Frequency::index`]).
    pub start: i64,
    /// Value of every step from `start`; NaN where there is none.
    pub values: Vec<f32>,
    /// One list per covariate of the panel, of the steps from `start`; NaN where unknown.
    pub covariates: Vec<Vec<f32>>,
    /// Number of the last step with a row in the table, value or not.
    pub last_row: i64,
}

impl Series {
    /// Number of the step behind the last value.
    pub fn end(&self) -> i64 {
        self.start + self.values.len() as i64
    }

    /// Value of a step; NaN where there is none.
    pub fn value(&self, index: i64) -> f32 {
        at(&self.values, self.start, index)
    }

    /// Covariate of a step; NaN where unknown.
    pub fn covariate(&self, which: usize, index: i64) -> f32 {
        self.covariates
            .get(which)
            .map_or(f32::NAN, |list| at(list, self.start, index))
    }
}

fn at(list: &[f32], start: i64, index: i64) -> f32 {
    usize::try_from(index - start)
        .ok()
        .and_then(|position| list.get(position))
        .copied()
        .unwrap_or(f32::NAN)
}

/// A name and nature of a covariate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covariate {
    /// Column of the table.
    pub name: String,
    /// Whether it is only ever 0 or 1.
    pub binary: bool,
}

/// Many series on one grid of time steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// File it was read from, for errors.
    pub source: String,
    /// Distance between steps.
    pub frequency: Frequency,
    /// Days from Monday on which weeks begin.
    pub weekday: u8,
    /// Covariates, in the order of [`Series::covariates`].
    pub covariates: Vec<Covariate>,
    /// The series, by identity.
    pub series: Vec<Series>,
}

impl Panel {
    /// Number of the step behind the last value of any series: where the future begins.
    pub fn end(&self) -> Option<i64> {
        self.series.iter().map(Series::end).max()
    }

    /// When a step begins.
    pub fn time(&self, index: i64) -> NaiveDateTime {
        self.frequency.time(index, self.weekday)
    }

    /// First and last moment with a value.
    pub fn window(&self) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let start = self.series.iter().map(|s| s.start).min()?;
        Some((self.time(start), self.time(self.end()? - 1)))
    }

    /// The panel as it was known after step `last`: no value after it, and only series that had
    /// begun. Covariates stay, since they are known ahead.
    pub fn until(&self, last: i64) -> Self {
        let series = self
            .series
            .iter()
            .filter(|s| s.start <= last)
            .map(|series| {
                let mut cut = series.clone();
                let keep = usize::try_from(last + 1 - series.start).unwrap_or(0);
                cut.values.truncate(keep);
                trim(&mut cut.values);
                cut
            });
        Self {
            series: series.collect(),
            ..self.clone()
        }
    }

    /// The panel with only some covariates; names that are not there are left out.
    pub fn with_covariates(mut self, names: &[String]) -> Self {
        let keep: Vec<usize> = (0..self.covariates.len())
            .filter(|i| {
                let covariate = self.covariates.get(*i);
                covariate.is_some_and(|c| names.contains(&c.name))
            })
            .collect();
        fn pick<T: Clone>(list: &[T], keep: &[usize]) -> Vec<T> {
            keep.iter().filter_map(|i| list.get(*i).cloned()).collect()
        }
        self.covariates = pick(&self.covariates, &keep);
        for series in &mut self.series {
            series.covariates = pick(&series.covariates, &keep);
        }
        self
    }
}

/// Drops missing values at the end.
pub(super) fn trim(values: &mut Vec<f32>) {
    while values.last().is_some_and(|v| v.is_nan()) {
        values.pop();
    }
}
