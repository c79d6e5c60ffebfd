//! What the rows kept look like: columns, time span, days and series with gaps.

use super::convert_times::{DAY_US, local_micros};
use super::intake::Intake;
use super::kind::Kind;
use super::quality::{ColumnQuality, Gaps, SeriesQuality, Span};
use super::times::from_naive_micros;
use chrono::{DateTime, NaiveDate};
use polars::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Days that are shown as examples.
const SHOWN_DAYS: usize = 10;

/// Collects what the report says of the rows kept.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    rows: u64,
    columns: Vec<Extent>,
    days: BTreeSet<i32>,
    series: HashMap<String, Steps>,
    step_us: Option<i64>,
}

#[derive(Debug)]
struct Extent {
    name: String,
    dtype: DataType,
    missing: u64,
    min: Option<f64>,
    max: Option<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Steps {
    first: i64,
    last: i64,
    previous: i64,
    rows: u64,
}

/// The column that says when a row was, by kind.
fn time_column(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Orders => Some("due_date"),
        Kind::Trips => Some("depart"),
        Kind::Visits => Some("service_start"),
        Kind::Positions | Kind::Demand => Some("ts"),
        Kind::Calendar => Some("date"),
        Kind::Fleet | Kind::Stops => None,
    }
}

impl Profile {
    /// Adds rows that are kept.
    pub fn add(&mut self, intake: &Intake, kept: &DataFrame) -> PolarsResult<()> {
        self.rows += kept.height() as u64;
        for (index, column) in kept.columns().iter().enumerate() {
            if self.columns.len() <= index {
                self.columns.push(Extent {
                    name: column.name().to_string(),
                    dtype: column.dtype().clone(),
                    missing: 0,
                    min: None,
                    max: None,
                });
            }
            if let Some(extent) = self.columns.get_mut(index) {
                extent.add(column)?;
            }
        }
        if let Some(name) = time_column(intake.kind)
            && let Ok(column) = kept.column(name)
        {
            self.add_times(intake, kept, column)?;
        }
        Ok(())
    }

    fn add_times(
        &mut self,
        intake: &Intake,
        kept: &DataFrame,
        column: &Column,
    ) -> PolarsResult<()> {
        let micros = local_micros(column)?;
        let mut last_day = None;
        for day in micros.iter().flatten().map(|m| m.div_euclid(DAY_US)) {
            // Neighbours share their day nearly always.
            if last_day != Some(day) {
                self.days.extend(i32::try_from(day));
                last_day = Some(day);
            }
        }
        if intake.kind != Kind::Demand {
            return Ok(());
        }
        let ids = kept.column("series_id")?.str()?;
        for (id, at) in ids.iter().zip(micros.iter()) {
            let (Some(id), Some(at)) = (id, at) else {
                continue;
            };
            match self.series.get_mut(id) {
                Some(steps) => {
                    let step = at - steps.previous;
                    if step > 0 {
                        self.step_us = Some(self.step_us.map_or(step, |known| known.min(step)));
                    }
                    *steps = Steps {
                        first: steps.first.min(at),
                        last: steps.last.max(at),
                        previous: at,
                        rows: steps.rows + 1,
                    };
                }
                None => {
                    let steps = Steps {
                        first: at,
                        last: at,
                        previous: at,
                        rows: 1,
                    };
                    self.series.insert(id.to_owned(), steps);
                }
            }
        }
        Ok(())
    }

    /// The columns.
    pub fn columns(&self) -> Vec<ColumnQuality> {
        self.columns
            .iter()
            .map(|extent| extent.quality(self.rows))
            .collect()
    }

    /// Earliest and latest time.
    pub fn span(&self, kind: Kind) -> Option<Span> {
        let name = time_column(kind)?;
        let extent = self.columns.iter().find(|extent| extent.name == name)?;
        Some(Span {
            column: name.to_owned(),
            first: extent.show(extent.min?),
            last: extent.show(extent.max?),
        })
    }

    /// Days between the first and the last without a row; not for series, whose steps may be
    /// longer, nor for calendars, which name only special days.
    pub fn days_without_rows(&self, kind: Kind) -> Gaps {
        let (Some(&first), Some(&last)) = (self.days.first(), self.days.last()) else {
            return Gaps::default();
        };
        if matches!(kind, Kind::Demand | Kind::Calendar) {
            return Gaps::default();
        }
        let missing = (first..=last).filter(|day| !self.days.contains(day));
        Gaps {
            count: (i64::from(last) - i64::from(first) + 1 - self.days.len() as i64).max(0) as u64,
            first: missing
                .take(SHOWN_DAYS)
                .map(|day| date(i64::from(day)).to_string())
                .collect(),
        }
    }

    /// How complete the series are.
    pub fn series(&self) -> Option<SeriesQuality> {
        if self.series.is_empty() {
            return None;
        }
        let gaps = |steps: &Steps| self.expected_rows(steps).saturating_sub(steps.rows);
        let missing = self.series.iter().map(|(id, steps)| (gaps(steps), id));
        let worst = missing
            .clone()
            .max_by_key(|&(count, id)| (count, std::cmp::Reverse(id)));
        Some(SeriesQuality {
            count: self.series.len() as u64,
            step_s: self.step_us.map(|us| us / 1_000_000),
            with_gaps: missing.clone().filter(|(count, _)| *count > 0).count() as u64,
            steps_missing: missing.map(|(count, _)| count).sum(),
            worst: worst
                .filter(|(count, _)| *count > 0)
                .map(|(count, id)| (id.clone(), count)),
        })
    }

    /// Rows that a series without gaps would have; months are steps of 28 to 31 days.
    fn expected_rows(&self, steps: &Steps) -> u64 {
        let Some(step) = self.step_us else { return 1 };
        let length = steps.last - steps.first;
        let count = if (28 * DAY_US..=31 * DAY_US).contains(&step) {
            (length as f64 / (30.436_875 * DAY_US as f64)).round() as i64
        } else {
            length / step
        };
        count.unsigned_abs() + 1
    }
}

impl Extent {
    fn add(&mut self, column: &Column) -> PolarsResult<()> {
        self.missing += column.null_count() as u64;
        if matches!(column.dtype(), DataType::String | DataType::Null) {
            return Ok(());
        }
        let numbers = column.to_physical_repr().cast(&DataType::Float64)?;
        let numbers = numbers.f64()?;
        let merge =
            |known: Option<f64>, new: Option<f64>, pick: fn(f64, f64) -> f64| match (known, new) {
                (Some(a), Some(b)) => Some(pick(a, b)),
                (a, b) => a.or(b),
            };
        self.min = merge(self.min, numbers.min(), f64::min);
        self.max = merge(self.max, numbers.max(), f64::max);
        Ok(())
    }

    fn show(&self, value: f64) -> String {
        match &self.dtype {
            DataType::Date => date(value as i64).to_string(),
            DataType::Datetime(unit, zone) => {
                let micros = match unit {
                    TimeUnit::Nanoseconds => value as i64 / 1000,
                    TimeUnit::Microseconds => value as i64,
                    TimeUnit::Milliseconds => value as i64 * 1000,
                };
                show_time(micros, zone.as_ref().and_then(|z| z.parse().ok()))
            }
            DataType::Boolean => (value != 0.0).to_string(),
            _ => value.to_string(),
        }
    }

    fn quality(&self, rows: u64) -> ColumnQuality {
        ColumnQuality {
            name: self.name.clone(),
            holds: self.dtype.to_string(),
            missing_share: if rows == 0 {
                0.0
            } else {
                self.missing as f64 / rows as f64
            },
            min: self.min.map(|value| self.show(value)),
            max: self.max.map(|value| self.show(value)),
        }
    }
}

fn show_time(micros: i64, zone: Option<chrono_tz::Tz>) -> String {
    let instant = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    match zone {
        Some(zone) => instant
            .with_timezone(&zone)
            .format("%Y-%m-%dT%H:%M:%S%:z")
            .to_string(),
        None => instant.naive_utc().format("%Y-%m-%dT%H:%M:%S").to_string(),
    }
}

fn date(days: i64) -> NaiveDate {
    let midnight = days.checked_mul(DAY_US).and_then(from_naive_micros);
    midnight.map(|m| m.date()).unwrap_or_default()
}
