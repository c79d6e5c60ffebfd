//! Reads a `visits` table from Parquet.

use super::Visits;
use crate::domain::InputError;
use crate::features::table_file;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use polars::prelude::{Column, DataFrame, DataType, TimeUnit};
use std::path::{Path, PathBuf};

/// What a folder written by `routeforce ingest` calls the table.
const FILE_IN_FOLDER: &str = "visits.parquet";
const CLEAN: &str = "clean the table first: routeforce ingest visits";

/// The file meant by a path: `visits.parquet` in a folder, else the path itself.
pub fn file_of(path: &Path) -> PathBuf {
    match path.is_dir() {
        true => path.join(FILE_IN_FOLDER),
        false => path.to_owned(),
    }
}

/// Reads visits from a Parquet file, or from `visits.parquet` in a folder, and puts them in order of
/// their start (then of `visit_id`).
///
/// # Errors
/// No such file, not Parquet, a column missing or of another type, starts without time zone, or a
/// value no visit can have; row numbers count from 1 in the order of the file.
pub fn read(path: &Path) -> Result<Visits, InputError> {
    let path = file_of(path);
    let (frame, _) = table_file::read(&path, CLEAN)?;
    let table = Table {
        source: path.display().to_string(),
        frame,
    };
    let visits = table.visits()?;
    let mut order: Vec<usize> = (0..visits.len()).collect();
    let key = |i: usize| (visits.start[i], &visits.visit_id[i]);
    order.sort_by(|&a, &b| key(a).cmp(&key(b)));
    Ok(visits.select(&order))
}

/// The frame with the name of its file.
struct Table {
    source: String,
    frame: DataFrame,
}

impl Table {
    fn visits(&self) -> Result<Visits, InputError> {
        if self.frame.height() == 0 {
            return Err(InputError::new(
                &self.source,
                "the table has no rows",
                CLEAN,
            ));
        }
        let (time_zone, start) = self.starts()?;
        let names = self.frame.get_column_names();
        let dimensions = names.iter().filter_map(|name| name.strip_prefix("qty_"));
        let quantities = dimensions.map(|dimension| {
            let amounts = self.numbers(&format!("qty_{dimension}"), |amount| amount >= 0.0)?;
            Ok((dimension.to_owned(), amounts))
        });
        let driver = match self.frame.column("driver_id").is_ok() {
            true => self.optional_texts("driver_id")?,
            false => self.optional_texts("vehicle_id")?,
        };
        let unknown = || vec![String::new(); self.frame.height()];
        Ok(Visits {
            source: self.source.clone(),
            time_zone,
            visit_id: self.texts("visit_id")?,
            site_id: self.texts("site_id")?,
            driver: driver.unwrap_or_else(unknown),
            start,
            service_s: self.numbers("service_s", |seconds| seconds > 0.0)?,
            quantities: quantities.collect::<Result<_, InputError>>()?,
            split: self.optional_texts("split")?,
        })
    }

    fn column(&self, name: &str) -> Result<&Column, InputError> {
        self.frame.column(name).map_err(|_| {
            let names = self.frame.get_column_names();
            let names: Vec<&str> = names.iter().map(|n| n.as_str()).collect();
            let problem = format!("missing; the table has {}", names.join(", "));
            InputError::new(&self.source, problem, CLEAN).field(name)
        })
    }

    fn cast(&self, name: &str, to: &DataType) -> Result<Column, InputError> {
        let column = self.column(name)?;
        let wrong = || {
            let problem = format!("a column of {}, not of {to}", column.dtype());
            InputError::new(&self.source, problem, CLEAN).field(name)
        };
        if *to == DataType::Float64 && !column.dtype().is_primitive_numeric() {
            return Err(wrong());
        }
        column.cast(to).map_err(|_| wrong())
    }

    fn numbers(&self, name: &str, is_right: impl Fn(f64) -> bool) -> Result<Vec<f64>, InputError> {
        let column = self.cast(name, &DataType::Float64)?;
        let values = column.f64().map_err(|e| self.unreadable(name, &e))?;
        let checked = values.iter().enumerate().map(|(i, value)| {
            let value = value.unwrap_or(f64::NAN);
            match value.is_finite() && is_right(value) {
                true => Ok(value),
                false => Err(self.bad(i, name, &value.to_string(), "not a value that a visit has")),
            }
        });
        checked.collect()
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, InputError> {
        let texts = self.optional_texts(name)?;
        let texts = texts.ok_or_else(|| match self.column(name) {
            Err(missing) => missing,
            Ok(_) => self.bad(0, name, "", "missing"),
        })?;
        match texts.iter().position(String::is_empty) {
            None => Ok(texts),
            Some(row) => Err(self.bad(row, name, "", "missing")),
        }
    }

    /// Texts of a column, empty where missing; `None` without the column.
    fn optional_texts(&self, name: &str) -> Result<Option<Vec<String>>, InputError> {
        if self.frame.column(name).is_err() {
            return Ok(None);
        }
        let column = self.cast(name, &DataType::String)?;
        let values = column.str().map_err(|e| self.unreadable(name, &e))?;
        let texts = values.iter().map(|v| v.unwrap_or_default().to_owned());
        Ok(Some(texts.collect()))
    }

    fn starts(&self) -> Result<(Tz, Vec<DateTime<Utc>>), InputError> {
        let name = "service_start";
        let column = self.column(name)?;
        let DataType::Datetime(_, Some(named)) = column.dtype() else {
            let problem = format!("{} without time zone", column.dtype());
            return Err(InputError::new(&self.source, problem, CLEAN).field(name));
        };
        let zone: Tz = named.as_str().parse().map_err(|_| {
            let error = InputError::new(&self.source, "not an IANA time zone", CLEAN);
            error.field(name).value(named.as_str())
        })?;
        let micros = DataType::Datetime(TimeUnit::Microseconds, Some(named.clone()));
        let column = column
            .cast(&micros)
            .and_then(|c| c.cast(&DataType::Int64))
            .map_err(|e| self.unreadable(name, &e))?;
        let values = column.i64().map_err(|e| self.unreadable(name, &e))?;
        let starts = values.iter().enumerate().map(|(i, micros)| {
            let start = micros.and_then(DateTime::from_timestamp_micros);
            start.ok_or_else(|| self.bad(i, name, "", "no point in time"))
        });
        Ok((zone, starts.collect::<Result<_, _>>()?))
    }

    fn bad(&self, index: usize, field: &str, value: &str, problem: &str) -> InputError {
        InputError::new(&self.source, problem, CLEAN)
            .row(index as u64 + 1)
            .field(field)
            .value(value)
    }

    fn unreadable(&self, field: &str, error: &polars::error::PolarsError) -> InputError {
        InputError::new(&self.source, error.to_string(), CLEAN).field(field)
    }
}
