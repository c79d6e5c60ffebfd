//! Reads a demand table: `series_id`, `ts`, `y`, and numeric or boolean covariates.
//!
//! Rows may come in any order. A row whose `y` is empty is the future: its covariates are known,
//! its demand is not. Two rows for one series and step are refused, since neither their sum nor
//! either of them is known to be meant. Text columns pass by unused.

use super::calendar::Frequency;
use super::error::DemandFeatureError;
use super::panel::{Covariate, Panel, Series, trim};
use crate::domain::InputError;
use chrono::{DateTime, NaiveDateTime};
use polars::prelude::{Column, DataFrame, DataType, TimeUnit};
use polars_io::SerReader;
use polars_io::csv::read::CsvReadOptions;
use polars_io::parquet::read::ParquetReader;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What a folder written by `routeforce ingest` calls the table.
const FILE_IN_FOLDER: &str = "demand.parquet";
/// Most steps between the first and the last row of all series: a century of hours.
const MOST_STEPS: i64 = 900_000;
const CLEAN: &str = "clean the table first: routeforce ingest demand";

/// The file meant by a path: `demand.parquet` in a folder, else the path itself.
pub fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(FILE_IN_FOLDER)
    } else {
        path.to_owned()
    }
}

/// Reads a Parquet table (or, by its extension, CSV) as a panel. Times are local and naive.
///
/// # Errors
/// No such file, a column missing or of another type, an infinite value, a time off the grid, two
/// rows for one step. Rows count from 1, in CSV including the header.
pub fn read(path: &Path) -> Result<Panel, DemandFeatureError> {
    Ok(Table::open(&file_of(path))?.panel()?)
}

/// A table being read; polars stays in here.
struct Table {
    source: String,
    frame: DataFrame,
    first_row: u64,
}

/// One row of the table.
struct Row {
    index: i64,
    position: usize,
}

impl Table {
    fn open(path: &Path) -> Result<Self, InputError> {
        let source = path.display().to_string();
        let refused = |problem: String| {
            InputError::new(
                &source,
                problem,
                "give a Parquet or CSV table of demand series",
            )
        };
        let csv = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
        let frame = if csv {
            CsvReadOptions::default()
                .with_has_header(true)
                .with_infer_schema_length(None)
                .map_parse_options(|o| o.with_try_parse_dates(true))
                .try_into_reader_with_file_path(Some(path.to_owned()))
                .and_then(|reader| reader.finish())
                .map_err(|e| refused(format!("not a usable CSV file: {e}")))?
        } else {
            let file = File::open(path).map_err(|e| refused(e.to_string()))?;
            ParquetReader::new(file)
                .finish()
                .map_err(|e| refused(format!("not a usable Parquet file: {e}")))?
        };
        if frame.height() == 0 {
            return Err(refused("the table has no rows".into()));
        }
        let first_row = if csv { 2 } else { 1 };
        Ok(Self {
            source,
            frame,
            first_row,
        })
    }

    fn error(&self, field: &str, problem: impl Into<String>) -> InputError {
        InputError::new(&self.source, problem, CLEAN).field(field)
    }

    fn row_error(&self, position: usize, field: &str, problem: &str) -> InputError {
        self.error(field, problem)
            .row(self.first_row + position as u64)
    }

    fn column(&self, name: &str) -> Result<&Column, InputError> {
        self.frame.column(name).map_err(|_| {
            let there: Vec<String> = self.names();
            self.error(name, format!("missing; the table has {}", there.join(", ")))
        })
    }

    fn names(&self) -> Vec<String> {
        let names = self.frame.get_column_names();
        names.into_iter().map(|n| n.to_string()).collect()
    }

    /// A column cast to another type, with the column named if that does not go.
    fn cast(&self, name: &str, to: &DataType) -> Result<Column, InputError> {
        let column = self.column(name)?;
        column.strict_cast(to).map_err(|_| {
            let problem = format!("a column of {}, not of {to}", column.dtype());
            self.error(name, problem)
        })
    }

    fn series_ids(&self) -> Result<Vec<String>, InputError> {
        let column = self.cast("series_id", &DataType::String)?;
        let texts = column
            .str()
            .map_err(|e| self.error("series_id", e.to_string()))?;
        let ids = texts.iter().enumerate().map(|(i, id)| match id {
            Some(id) if !id.is_empty() => Ok(id.to_owned()),
            _ => Err(self.row_error(i, "series_id", "empty")),
        });
        ids.collect()
    }

    fn times(&self) -> Result<Vec<NaiveDateTime>, InputError> {
        let found = self.column("ts")?.dtype().clone();
        match found {
            DataType::Date | DataType::Datetime(_, None) => {}
            other => {
                let problem = format!("a column of {other}, not of dates or local times");
                return Err(self.error("ts", problem));
            }
        }
        let column = self.cast("ts", &DataType::Datetime(TimeUnit::Microseconds, None))?;
        let stamps = column
            .datetime()
            .map_err(|e| self.error("ts", e.to_string()))?;
        let times = stamps.physical().iter().enumerate().map(|(i, micros)| {
            let time = micros.and_then(DateTime::from_timestamp_micros);
            time.map(|t| t.naive_utc())
                .ok_or_else(|| self.row_error(i, "ts", "empty"))
        });
        times.collect()
    }

    fn numbers(&self, name: &str) -> Result<Vec<f32>, InputError> {
        let found = self.column(name)?.dtype();
        if !(found.is_primitive_numeric()
            || *found == DataType::Boolean
            || *found == DataType::Null)
        {
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

    fn panel(&self) -> Result<Panel, InputError> {
        let ids = self.series_ids()?;
        let times = self.times()?;
        let values = self.numbers("y")?;
        let mut covariates = Vec::new();
        let mut lists = Vec::new();
        for name in self.names() {
            let known = ["series_id", "ts", "y"].contains(&name.as_str());
            let dtype = self.column(&name)?.dtype();
            if known || !(dtype.is_primitive_numeric() || *dtype == DataType::Boolean) {
                continue;
            }
            let list = self.numbers(&name)?;
            let binary = list.iter().all(|v| v.is_nan() || *v == 0.0 || *v == 1.0);
            covariates.push(Covariate { name, binary });
            lists.push(list);
        }
        let (frequency, weekday) = self.frequency(&ids, &times)?;
        let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for (position, (id, ts)) in ids.iter().zip(&times).enumerate() {
            let index = frequency.index(*ts);
            let on_grid = index.filter(|i| frequency.time(*i, weekday) == *ts);
            let index = on_grid.ok_or_else(|| {
                let problem = format!("off the {frequency:?} grid of the other rows");
                self.row_error(position, "ts", &problem.to_lowercase())
                    .value(ts)
            })?;
            rows.entry(id).or_default().push(Row { index, position });
        }
        let columns = Columns { values, lists };
        let series = rows
            .into_iter()
            .map(|(id, rows)| self.series(id, rows, &columns, &times));
        let mut series: Vec<Series> = series.collect::<Result<_, _>>()?;
        // A series of which nothing is known yet is forecast like one never seen.
        series.retain(|s| !s.covariates.is_empty() || !s.values.is_empty());
        let panel = Panel {
            source: self.source.clone(),
            frequency,
            weekday,
            covariates,
            series,
        };
        Ok(panel)
    }

    /// The most common distance between neighbouring rows of a series.
    fn frequency(
        &self,
        ids: &[String],
        times: &[NaiveDateTime],
    ) -> Result<(Frequency, u8), InputError> {
        use chrono::Datelike;
        let mut sorted: Vec<(&str, NaiveDateTime)> = ids
            .iter()
            .map(String::as_str)
            .zip(times.iter().copied())
            .collect();
        sorted.sort_unstable();
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for pair in sorted.windows(2) {
            if let [(a, from), (b, to)] = pair
                && a == b
                && from != to
            {
                *counts.entry((*to - *from).num_seconds()).or_default() += 1;
            }
        }
        // Months differ in length: they count together.
        let mut by_frequency: BTreeMap<u8, (usize, Frequency)> = BTreeMap::new();
        for (seconds, count) in &counts {
            if let Some(frequency) = Frequency::of_distance(*seconds) {
                let entry = by_frequency
                    .entry(frequency as u8)
                    .or_insert((0, frequency));
                entry.0 += count;
            }
        }
        let best = by_frequency.into_values().max_by_key(|(count, _)| *count);
        let typical = counts.iter().max_by_key(|(_, count)| **count);
        let weekday = times
            .first()
            .map_or(0, |ts| ts.weekday().num_days_from_monday() as u8);
        match (best, typical) {
            (None, None) => Err(self.error("ts", "every series has one row only")),
            (Some((count, frequency)), Some((_, most))) if count >= *most => {
                Ok((frequency, weekday))
            }
            (_, Some((seconds, _))) => {
                let problem =
                    format!("steps of {seconds} s; hours, days, weeks and months can be forecast");
                Err(self.error("ts", problem))
            }
            (Some((_, frequency)), None) => Ok((frequency, weekday)),
        }
    }

    fn series(
        &self,
        id: &str,
        mut rows: Vec<Row>,
        columns: &Columns,
        times: &[NaiveDateTime],
    ) -> Result<Series, InputError> {
        rows.sort_by_key(|row| (row.index, row.position));
        for pair in rows.windows(2) {
            if let [a, b] = pair
                && a.index == b.index
            {
                let problem = format!("a second row of series `{id}` for this step");
                let error = self.row_error(b.position, "ts", &problem);
                return Err(match times.get(b.position) {
                    Some(ts) => error.value(ts),
                    None => error,
                });
            }
        }
        let start = rows.first().map_or(0, |r| r.index);
        let last_row = rows.last().map_or(0, |r| r.index);
        if last_row - start >= MOST_STEPS {
            let problem = format!("series `{id}` spans {} steps", last_row - start);
            return Err(self.error("ts", problem));
        }
        let steps = usize::try_from(last_row - start + 1).unwrap_or(0);
        let spread = |list: &[f32]| {
            let mut spread = vec![f32::NAN; steps];
            for row in &rows {
                let slot = usize::try_from(row.index - start).ok();
                let slot = slot.and_then(|i| spread.get_mut(i));
                if let (Some(slot), Some(value)) = (slot, list.get(row.position)) {
                    *slot = *value;
                }
            }
            spread
        };
        let mut values = spread(&columns.values);
        trim(&mut values);
        Ok(Series {
            id: id.to_owned(),
            start,
            values,
            covariates: columns.lists.iter().map(|list| spread(list)).collect(),
            last_row,
        })
    }
}

struct Columns {
    values: Vec<f32>,
    lists: Vec<Vec<f32>>,
}
