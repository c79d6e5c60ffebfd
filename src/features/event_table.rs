//! Columns of a clean table of trips or visits, with errors that name them. Polars stays in here and
//! in the tables.

use crate::domain::InputError;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use polars::prelude::{Column, DataFrame, DataType, PolarsError, StringChunked, TimeUnit};

/// The frame with the name of its file.
pub(super) struct EventTable {
    pub source: String,
    pub frame: DataFrame,
    /// What to do about a fault of its content.
    pub remedy: &'static str,
}

impl EventTable {
    pub fn has(&self, name: &str) -> bool {
        self.frame.column(name).is_ok()
    }

    fn column(&self, name: &str) -> Result<&Column, InputError> {
        self.frame.column(name).map_err(|_| {
            let names = self.frame.get_column_names();
            let names: Vec<&str> = names.iter().map(|n| n.as_str()).collect();
            self.error(name, format!("missing; the table has {}", names.join(", ")))
        })
    }

    fn cast(&self, name: &str, to: &DataType) -> Result<Column, InputError> {
        let column = self.column(name)?;
        let wrong = || {
            let problem = format!("a column of {}, not of {to}", column.dtype());
            self.error(name, problem)
        };
        if *to == DataType::Float64 && !column.dtype().is_primitive_numeric() {
            return Err(wrong());
        }
        column.cast(to).map_err(|_| wrong())
    }

    /// Missing values become NaN.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, InputError> {
        let column = self.cast(name, &DataType::Float64)?;
        let values = column.f64().map_err(|e| self.unreadable(name, &e))?;
        Ok(values.iter().map(|v| v.unwrap_or(f64::NAN)).collect())
    }

    pub fn texts(&self, name: &str) -> Result<StringChunked, InputError> {
        let column = self.cast(name, &DataType::String)?;
        let values = column.str().map_err(|e| self.unreadable(name, &e))?;
        Ok(values.clone())
    }

    /// Instants, none missing, with the time zone that they are shown in; `zone_remedy` is what to do
    /// where there is none.
    pub fn instants(
        &self,
        name: &str,
        zone_remedy: &str,
    ) -> Result<(Tz, Vec<DateTime<Utc>>), InputError> {
        let about =
            |problem: String| InputError::new(&self.source, problem, zone_remedy).field(name);
        let column = self.column(name)?;
        let DataType::Datetime(unit, Some(zone)) = column.dtype() else {
            return Err(about(format!("{} without time zone", column.dtype())));
        };
        let zone = zone.as_str();
        let zone: Tz = zone
            .parse()
            .map_err(|_| about("not an IANA time zone".into()).value(zone))?;
        let values = column.datetime().map_err(|e| self.unreadable(name, &e))?;
        let instant = |ticks: i64| match unit {
            TimeUnit::Nanoseconds => Some(DateTime::from_timestamp_nanos(ticks)),
            TimeUnit::Microseconds => DateTime::from_timestamp_micros(ticks),
            TimeUnit::Milliseconds => DateTime::from_timestamp_millis(ticks),
        };
        let ticks = values.physical().iter().enumerate();
        let instants = ticks.map(|(i, ticks)| {
            ticks
                .and_then(instant)
                .ok_or_else(|| self.bad(i, name, "", "no point in time"))
        });
        Ok((zone, instants.collect::<Result<_, _>>()?))
    }

    /// An error of a row, by its position among the rows.
    pub fn bad(
        &self,
        index: usize,
        field: &str,
        value: impl std::fmt::Display,
        problem: &str,
    ) -> InputError {
        self.error(field, problem.to_owned())
            .row(index as u64 + 1)
            .value(value)
    }

    fn unreadable(&self, field: &str, error: &PolarsError) -> InputError {
        self.error(field, error.to_string())
    }

    fn error(&self, field: &str, problem: String) -> InputError {
        InputError::new(&self.source, problem, self.remedy).field(field)
    }
}
