//! Weather, by which speeds differ: as it was for the trips that were driven, as it is forecast for those
//! to come.

use super::TravelFeatureError;
use crate::domain::InputError;
use crate::features::table_file;
use chrono::{DateTime, Utc};
use polars::prelude::{Column, DataFrame, DataType, TimeUnit};
use std::path::Path;

/// Longest that a row of the table holds, in seconds: tables are hourly or three-hourly.
const HOLDS_S: i64 = 3 * 3600;
/// What can be, in degrees Celsius.
const TEMPERATURES: (f64, f64) = (-90.0, 60.0);
/// What can be, in millimetres per hour.
const PRECIPITATIONS: (f64, f64) = (0.0, 500.0);
const REMEDY: &str = "give a CSV or Parquet table of ts (times in UTC, or with their offset) and temperature_c, precipitation_mm_h or both";

/// The weather of a moment; NaN where it is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeatherAt {
    /// Air temperature in degrees Celsius.
    pub temperature_c: f64,
    /// Rain and melted snow in millimetres per hour.
    pub precipitation_mm_h: f64,
}

impl WeatherAt {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        temperature_c: f64::NAN,
        precipitation_mm_h: f64::NAN,
    };

    fn is_known(&self) -> bool {
        !(self.temperature_c.is_nan() && self.precipitation_mm_h.is_nan())
    }
}

/// The weather of the operator's area over time. Empty where none is known: then it counts nowhere.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weather {
    /// Seconds since 1970 from which a row holds, ascending.
    from_s: Vec<i64>,
    rows: Vec<WeatherAt>,
}

impl Weather {
    /// From the times at which rows begin to hold, in any order; of equal times the last counts.
    pub fn new(mut rows: Vec<(DateTime<Utc>, WeatherAt)>) -> Self {
        rows.sort_by_key(|(from, _)| *from);
        let (from_s, rows) = rows
            .into_iter()
            .map(|(from, row)| (from.timestamp(), row))
            .unzip();
        Self { from_s, rows }
    }

    /// Reads a table; a time without offset is one in UTC, a number seconds since 1970. Values that are
    /// missing are not known.
    ///
    /// # Errors
    /// No such file, a column missing, or a value that cannot be: with its row, field and value.
    pub fn read(path: &Path) -> Result<Self, TravelFeatureError> {
        let source = path.display().to_string();
        let (frame, first_row) = table_file::read(path, REMEDY)?;
        let table = Table {
            source: &source,
            frame: &frame,
            first_row,
        };
        Ok(table.weather()?)
    }

    /// Whether nothing is known of any time.
    pub fn is_empty(&self) -> bool {
        !self.rows.iter().any(WeatherAt::is_known)
    }

    /// The weather of a moment: the last row that began before, if that is at most three hours old.
    pub fn at(&self, time: DateTime<Utc>) -> WeatherAt {
        let time_s = time.timestamp();
        let after = self.from_s.partition_point(|from| *from <= time_s);
        match after.checked_sub(1) {
            Some(at) if time_s - self.from_s[at] < HOLDS_S => self.rows[at],
            _ => WeatherAt::UNKNOWN,
        }
    }
}

struct Table<'a> {
    source: &'a str,
    frame: &'a DataFrame,
    first_row: u64,
}

impl Table<'_> {
    fn weather(&self) -> Result<Weather, InputError> {
        let times = self.times()?;
        let temperature = self.numbers("temperature_c", TEMPERATURES)?;
        let precipitation = self.numbers("precipitation_mm_h", PRECIPITATIONS)?;
        if temperature.is_none() && precipitation.is_none() {
            return Err(self.fault("temperature_c", "missing, and so is precipitation_mm_h"));
        }
        let value = |column: &Option<Vec<f64>>, row: usize| {
            column.as_ref().map_or(f64::NAN, |values| values[row])
        };
        let rows = times.into_iter().enumerate().map(|(row, time)| {
            let weather = WeatherAt {
                temperature_c: value(&temperature, row),
                precipitation_mm_h: value(&precipitation, row),
            };
            (time, weather)
        });
        Ok(Weather::new(rows.collect()))
    }

    fn times(&self) -> Result<Vec<DateTime<Utc>>, InputError> {
        let column = self.frame.column("ts");
        let column = column.map_err(|_| self.fault("ts", "missing"))?;
        let (ticks, per_s) = match column.dtype() {
            DataType::Datetime(_, zone) => {
                let millis = DataType::Datetime(TimeUnit::Milliseconds, zone.clone());
                let ticks = column.cast(&millis).and_then(|c| c.cast(&DataType::Int64));
                (ticks, 1_000)
            }
            dtype if dtype.is_integer() => (column.cast(&DataType::Int64), 1),
            dtype => {
                let problem = format!("a column of {dtype}, not of times");
                return Err(self.fault("ts", &problem));
            }
        };
        let unreadable = |e: polars::prelude::PolarsError| self.fault("ts", &e.to_string());
        let ticks = ticks.map_err(unreadable)?;
        let ticks = ticks.i64().map_err(unreadable)?.iter().enumerate();
        let time = |(row, ticks): (usize, Option<i64>)| {
            let time = ticks.and_then(|t| DateTime::from_timestamp(t.div_euclid(per_s), 0));
            time.ok_or_else(|| self.at_row(self.fault("ts", "empty, or no time"), row))
        };
        ticks.map(time).collect()
    }

    /// The values of a column, NaN where missing; `None` if the table does not have it.
    fn numbers(
        &self,
        name: &str,
        (least, most): (f64, f64),
    ) -> Result<Option<Vec<f64>>, InputError> {
        let Ok(column) = self.frame.column(name) else {
            return Ok(None);
        };
        let dtype = column.dtype();
        if !dtype.is_primitive_numeric() && *dtype != DataType::Null {
            let problem = format!("a column of {dtype}, not of numbers");
            return Err(self.fault(name, &problem));
        }
        let values = self.floats(name, column)?;
        for (row, value) in values.iter().enumerate() {
            if !value.is_nan() && !(least..=most).contains(value) {
                let problem = format!("not between {least} and {most}");
                return Err(self.at_row(self.fault(name, &problem).value(value), row));
            }
        }
        Ok(Some(values))
    }

    fn floats(&self, name: &str, column: &Column) -> Result<Vec<f64>, InputError> {
        let unreadable = |e: polars::prelude::PolarsError| self.fault(name, &e.to_string());
        let column = column.cast(&DataType::Float64).map_err(unreadable)?;
        let values = column.f64().map_err(unreadable)?.iter();
        Ok(values.map(|v| v.unwrap_or(f64::NAN)).collect())
    }

    fn fault(&self, field: &str, problem: &str) -> InputError {
        InputError::new(self.source, problem, REMEDY).field(field)
    }

    fn at_row(&self, error: InputError, row: usize) -> InputError {
        error.row(self.first_row + row as u64)
    }
}
