//! A table of series being read: `series_id`, `ts`, `y` and other columns of numbers. Polars stays
//! in here.
//!
//! A table of two or three columns under other names is understood by its types: the one column of
//! times is `ts`, the last one of numbers `y`, the third, if there is one, names the series. A wide
//! table has one column of times and, for every series, one of numbers.

use super::table_file;
use crate::domain::InputError;
use crate::ingest::parquet;
use chrono::{DateTime, NaiveDateTime};
use polars::prelude::{Column, DataFrame, DataType, PolarsError, TimeUnit};
use polars_io::SerReader;
use polars_io::csv::read::CsvReadOptions;
use polars_io::parquet::read::ParquetReader;
use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;
use std::path::Path;

/// A table with what errors say about it.
pub(super) struct SeriesTable {
    source: String,
    frame: DataFrame,
    first_row: u64,
    remedy: &'static str,
    names: Names,
}

/// Which columns hold what.
struct Names {
    /// `None`: all rows are of one series, named like the file.
    series_id: Option<String>,
    ts: String,
    y: String,
}

impl Names {
    fn standard() -> Self {
        Self {
            series_id: Some("series_id".into()),
            ts: "ts".into(),
            y: "y".into(),
        }
    }

    /// Columns by their types, unless they bear our names or it is not clear which is which.
    fn of(frame: &DataFrame) -> Self {
        let columns = frame.columns();
        let standard = Self::standard();
        let ours = |c: &&Column| ["series_id", "ts", "y"].contains(&c.name().as_str());
        let is_time = |c: &Column| matches!(c.dtype(), DataType::Date | DataType::Datetime(_, _));
        if !(2..=3).contains(&columns.len()) || columns.iter().filter(ours).count() == 3 {
            return standard;
        }
        let (times, others): (Vec<&Column>, Vec<&Column>) =
            columns.iter().partition(|c| is_time(c));
        let y = others
            .iter()
            .rposition(|c| c.dtype().is_primitive_numeric());
        match (times.as_slice(), y) {
            ([time], Some(y)) => {
                let name = |c: &&Column| c.name().to_string();
                let mut rest = others.iter().enumerate().filter(|(k, _)| *k != y);
                Self {
                    series_id: rest.next().map(|(_, c)| name(c)),
                    ts: time.name().to_string(),
                    y: name(&others[y]),
                }
            }
            _ => standard,
        }
    }
}

/// A column without any value, of whatever type its reader took it for.
fn is_empty(column: &Column) -> bool {
    column.null_count() == column.len()
}

fn csv_options() -> CsvReadOptions {
    CsvReadOptions::default()
        .with_has_header(true)
        .with_infer_schema_length(None)
        .map_parse_options(|o| o.with_try_parse_dates(true))
}

fn refused(source: &str, problem: String) -> InputError {
    let remedy = "give a Parquet or CSV table with series_id, ts and y";
    InputError::new(source, problem, remedy)
}

fn no_csv(source: &str, error: &PolarsError) -> InputError {
    refused(source, format!("not a usable CSV file: {error}"))
}

impl SeriesTable {
    /// Opens a Parquet table, or by its extension a CSV table; `remedy` is what to do about a
    /// fault of its content.
    pub(super) fn open(path: &Path, remedy: &'static str) -> Result<Self, InputError> {
        let source = path.display().to_string();
        if table_file::is_csv(path) {
            let frame = csv_options()
                .try_into_reader_with_file_path(Some(path.to_owned()))
                .and_then(|reader| reader.finish());
            let frame = frame.map_err(|e| no_csv(&source, &e))?;
            return Self::checked(&source, frame, 2, remedy);
        }
        let frame = parquet::guarded(path, |file| ParquetReader::new(file).finish())?;
        Self::checked(&source, frame, 1, remedy)
    }

    /// A CSV table in memory.
    pub(super) fn of_csv(
        source: &str,
        text: &[u8],
        remedy: &'static str,
    ) -> Result<Self, InputError> {
        let frame = csv_options()
            .into_reader_with_file_handle(Cursor::new(text))
            .finish();
        let frame = frame.map_err(|e| no_csv(source, &e))?;
        Self::checked(source, frame, 2, remedy)
    }

    /// Columns of our names; rows count from 1.
    pub(super) fn of_frame(
        source: &str,
        frame: DataFrame,
        remedy: &'static str,
    ) -> Result<Self, InputError> {
        Self::checked(source, frame, 1, remedy)
    }

    fn checked(
        source: &str,
        frame: DataFrame,
        first_row: u64,
        remedy: &'static str,
    ) -> Result<Self, InputError> {
        if frame.height() == 0 {
            return Err(refused(source, "the table has no rows".into()));
        }
        Ok(Self {
            source: source.to_owned(),
            names: Names::of(&frame),
            frame,
            first_row,
            remedy,
        })
    }

    /// The file.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// An error of a column.
    pub(super) fn error(&self, field: &str, problem: impl Into<String>) -> InputError {
        InputError::new(&self.source, problem, self.remedy).field(field)
    }

    /// An error of a row, by its position among the rows.
    pub(super) fn row_error(&self, position: usize, field: &str, problem: &str) -> InputError {
        self.error(field, problem)
            .row(self.first_row + position as u64)
    }

    /// What was understood by columns that do not bear our names.
    pub(super) fn reading(&self) -> Option<String> {
        let Names { series_id, ts, y } = &self.names;
        let ours = series_id.as_deref() == Some("series_id") && ts == "ts" && y == "y";
        let series = match series_id {
            Some(name) => format!("series by `{name}`"),
            None => "one series".to_owned(),
        };
        (!ours).then(|| format!("{series}, time from `{ts}`, value from `{y}`"))
    }

    /// The column of times and those of numbers, one per series, of a wide table; `None` if the table
    /// is a long one. Of two columns of numbers the first may name the series, unless it holds
    /// fractions.
    pub(super) fn wide(&self) -> Option<(String, Vec<String>)> {
        let columns = self.frame.columns();
        // A signal may be called `y` among many; with one or two columns it is the value.
        let ours = |c: &Column| match c.name().as_str() {
            "series_id" => true,
            "y" => columns.len() <= 3,
            _ => false,
        };
        let is_time = |c: &Column| matches!(c.dtype(), DataType::Date | DataType::Datetime(_, _));
        let (times, others): (Vec<&Column>, Vec<&Column>) =
            columns.iter().partition(|c| is_time(c));
        let ([time], false) = (times.as_slice(), columns.iter().any(ours)) else {
            return None;
        };
        // A figure that never had a value is still one.
        let number = |c: &&Column| c.dtype().is_primitive_numeric() || is_empty(c);
        let enough = match others.as_slice() {
            [] | [_] => false,
            [first, _] => first.dtype().is_float(),
            _ => true,
        };
        let name = |c: &Column| c.name().to_string();
        let wide = enough && others.iter().all(number);
        wide.then(|| (name(time), others.iter().map(|c| name(c)).collect()))
    }

    fn column(&self, name: &str) -> Result<&Column, InputError> {
        self.frame.column(name).map_err(|_| {
            let there: Vec<String> = self.columns();
            self.error(name, format!("missing; the table has {}", there.join(", ")))
        })
    }

    /// Names of all columns.
    pub(super) fn columns(&self) -> Vec<String> {
        let names = self.frame.get_column_names();
        names.into_iter().map(|n| n.to_string()).collect()
    }

    /// Columns of numbers or truth values besides series, time and value.
    pub(super) fn covariates(&self) -> Vec<String> {
        let Names { series_id, ts, y } = &self.names;
        let known = |name: &String| series_id.as_ref() == Some(name) || name == ts || name == y;
        let numeric = |name: &String| {
            let dtype = self.frame.column(name).map(|c| c.dtype().clone());
            dtype.is_ok_and(|t| t.is_primitive_numeric() || t == DataType::Boolean)
        };
        let others = self.columns().into_iter();
        others
            .filter(|name| !known(name) && numeric(name))
            .collect()
    }

    /// A column cast to another type, with the column named if that does not go.
    fn cast(&self, name: &str, to: &DataType) -> Result<Column, InputError> {
        let column = self.column(name)?;
        column.strict_cast(to).map_err(|_| {
            let problem = format!("a column of {}, not of {to}", column.dtype());
            self.error(name, problem)
        })
    }

    /// Positions of the rows of every series, in the order of the table.
    pub(super) fn rows_by_series(&self) -> Result<BTreeMap<String, Vec<usize>>, InputError> {
        let Some(name) = &self.names.series_id else {
            let stem = Path::new(&self.source).file_stem();
            let stem = stem.map_or("series".into(), |s| s.to_string_lossy().into_owned());
            return Ok(BTreeMap::from([(stem, (0..self.frame.height()).collect())]));
        };
        let column = self.cast(name, &DataType::String)?;
        let texts = column.str().map_err(|e| self.error(name, e.to_string()))?;
        // Rows of one series mostly follow each other: only a change is looked up.
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut rows: Vec<(&str, Vec<usize>)> = Vec::new();
        let mut last = usize::MAX;
        for (position, id) in texts.iter().enumerate() {
            let id = id.filter(|id| !id.is_empty());
            let id = id.ok_or_else(|| self.row_error(position, name, "empty"))?;
            if rows.get(last).is_none_or(|(known, _)| *known != id) {
                last = *numbers.entry(id).or_insert(rows.len());
                if last == rows.len() {
                    rows.push((id, Vec::new()));
                }
            }
            if let Some((_, positions)) = rows.get_mut(last) {
                positions.push(position);
            }
        }
        let owned = rows.into_iter().map(|(id, rows)| (id.to_owned(), rows));
        Ok(owned.collect())
    }

    /// A column of names, none of them empty.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, InputError> {
        let column = self.cast(name, &DataType::String)?;
        let texts = column.str().map_err(|e| self.error(name, e.to_string()))?;
        let ids = texts.iter().enumerate().map(|(i, id)| match id {
            Some(id) if !id.is_empty() => Ok(id.to_owned()),
            _ => Err(self.row_error(i, name, "empty")),
        });
        ids.collect()
    }

    /// The time of every row, as it stands: local times stay local.
    pub(super) fn times(&self) -> Result<Vec<NaiveDateTime>, InputError> {
        self.times_of(&self.names.ts)
    }

    /// A column of times, none of them empty.
    pub(super) fn times_of(&self, name: &str) -> Result<Vec<NaiveDateTime>, InputError> {
        let found = self.column(name)?.dtype().clone();
        match found {
            DataType::Date | DataType::Datetime(_, None) => {}
            other => {
                let problem = format!("a column of {other}, not of dates or local times");
                return Err(self.error(name, problem));
            }
        }
        let column = self.cast(name, &DataType::Datetime(TimeUnit::Microseconds, None))?;
        let stamps = column
            .datetime()
            .map_err(|e| self.error(name, e.to_string()))?;
        let times = stamps.physical().iter().enumerate().map(|(i, micros)| {
            let time = micros.and_then(DateTime::from_timestamp_micros);
            time.map(|t| t.naive_utc())
                .ok_or_else(|| self.row_error(i, name, "empty"))
        });
        times.collect()
    }

    /// The values; NaN where there is none.
    pub(super) fn values(&self) -> Result<Vec<f32>, InputError> {
        self.numbers(&self.names.y)
    }

    /// A column of numbers; NaN where there is none.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<f32>, InputError> {
        let found = self.column(name)?.dtype();
        let empty = is_empty(self.column(name)?);
        if !(found.is_primitive_numeric() || *found == DataType::Boolean || empty) {
            return Err(self.error(name, format!("a column of {found}, not of numbers")));
        }
        let column = self.cast(name, &DataType::Float64)?;
        let numbers = column.f64().map_err(|e| self.error(name, e.to_string()))?;
        let numbers = numbers.iter().enumerate().map(|(i, value)| {
            let value = value.unwrap_or(f64::NAN) as f32;
            if value.is_infinite() {
                return Err(self.row_error(i, name, "too large"));
            }
            Ok(value)
        });
        numbers.collect()
    }
}
