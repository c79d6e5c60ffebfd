//! Reads a `trips` table from Parquet.

use super::{TravelFeatureError, Trips};
use crate::domain::{InputError, LatLon};
use crate::ingest::parquet;
use crate::runtime::Cancel;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use polars::prelude::{Column, DataFrame, DataType, TimeUnit};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use std::path::{Path, PathBuf};

/// Columns that are read where the table has them; of the others, none.
const OPTIONAL: [&str; 3] = ["distance_m", "profile", "split"];
const REQUIRED: [&str; 7] = [
    "trip_id",
    "o_lat",
    "o_lon",
    "d_lat",
    "d_lon",
    "depart",
    "duration_s",
];
/// What a folder written by `routeforce ingest` calls the table.
const FILE_IN_FOLDER: &str = "trips.parquet";
const CLEAN: &str = "clean the table first: routeforce ingest trips";

/// The file meant by a path: `trips.parquet` in a folder, else the path itself.
pub fn file_of(path: &Path) -> PathBuf {
    match path.is_dir() {
        true => path.join(FILE_IN_FOLDER),
        false => path.to_owned(),
    }
}

/// Reads trips from a Parquet file, or from `trips.parquet` in a folder, and puts them in order of
/// departure (then of `trip_id`).
///
/// # Errors
/// No such file, not Parquet, a column missing or of another type, a departure without time zone,
/// or a value no trip can have; row numbers count from 1 in the order of the file.
pub fn read(path: &Path, cancel: &Cancel) -> Result<Trips, TravelFeatureError> {
    let table = Table::open(&file_of(path))?;
    cancel.check()?;
    let trips = table.trips()?;
    cancel.check()?;
    let mut order: Vec<usize> = (0..trips.len()).collect();
    let key = |i: usize| (trips.depart[i], &trips.trip_id[i]);
    order.sort_by(|&a, &b| key(a).cmp(&key(b)));
    Ok(trips.select(&order))
}

/// The frame with the name of its file.
struct Table {
    source: String,
    frame: DataFrame,
}

impl Table {
    fn open(path: &Path) -> Result<Self, InputError> {
        let source = path.display().to_string();
        let refused = |problem: String| {
            let remedy = "give a Parquet table of trips, as routeforce ingest trips writes it";
            InputError::new(&source, problem, remedy)
        };
        let schema = parquet::guarded(path, |file| ParquetReader::new(file).schema())?;
        for name in REQUIRED {
            if !schema.contains(name) {
                let there: Vec<&str> = schema.iter_names().map(|n| n.as_str()).collect();
                return Err(
                    refused(format!("missing; the table has {}", there.join(", "))).field(name),
                );
            }
        }
        let wanted = REQUIRED.iter().chain(&OPTIONAL);
        let columns = wanted
            .filter(|name| schema.contains(name))
            .map(|name| (*name).to_owned())
            .collect();
        let frame = parquet::guarded(path, |file| {
            ParquetReader::new(file)
                .with_columns(Some(columns))
                .finish()
        })?;
        if frame.height() == 0 {
            return Err(refused("the table has no rows".into()));
        }
        Ok(Self { source, frame })
    }

    fn trips(&self) -> Result<Trips, InputError> {
        let (time_zone, depart) = self.departures()?;
        let duration_s = self.numbers("duration_s")?;
        for (i, duration) in duration_s.iter().enumerate() {
            if !(duration.is_finite() && *duration > 0.0) {
                return Err(self.bad(i, "duration_s", duration, "not a duration"));
            }
        }
        let distance_m = match self.column("distance_m") {
            Some(_) => self.numbers("distance_m")?,
            None => vec![f64::NAN; self.frame.height()],
        };
        Ok(Trips {
            source: self.source.clone(),
            time_zone,
            trip_id: self.texts("trip_id")?,
            origin: self.places("o_lat", "o_lon")?,
            destination: self.places("d_lat", "d_lon")?,
            depart,
            duration_s,
            distance_m,
            profile: self.optional_texts("profile")?,
            split: self.optional_texts("split")?,
        })
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.frame.column(name).ok()
    }

    fn cast(&self, name: &'static str, to: &DataType) -> Result<Column, InputError> {
        let wrong = |found: String| {
            InputError::new(
                &self.source,
                format!("a column of {found}, not of {to}"),
                CLEAN,
            )
            .field(name)
        };
        let column = self.column(name).ok_or_else(|| wrong("nothing".into()))?;
        let found = column.dtype();
        let fits = match to {
            DataType::Float64 => found.is_primitive_numeric(),
            _ => true,
        };
        if !fits {
            return Err(wrong(found.to_string()));
        }
        column.cast(to).map_err(|_| wrong(found.to_string()))
    }

    /// Missing values become NaN.
    fn numbers(&self, name: &'static str) -> Result<Vec<f64>, InputError> {
        let column = self.cast(name, &DataType::Float64)?;
        let values = column.f64().map_err(|e| self.unreadable(name, &e))?;
        Ok(values.iter().map(|v| v.unwrap_or(f64::NAN)).collect())
    }

    fn texts(&self, name: &'static str) -> Result<Vec<String>, InputError> {
        let column = self.cast(name, &DataType::String)?;
        let values = column.str().map_err(|e| self.unreadable(name, &e))?;
        values
            .iter()
            .enumerate()
            .map(|(i, v)| match v {
                Some(text) => Ok(text.to_owned()),
                None => Err(self.bad(i, name, "", "missing")),
            })
            .collect()
    }

    fn optional_texts(&self, name: &'static str) -> Result<Option<Vec<String>>, InputError> {
        self.column(name).map(|_| self.texts(name)).transpose()
    }

    fn places(
        &self,
        lat_name: &'static str,
        lon_name: &'static str,
    ) -> Result<Vec<LatLon>, InputError> {
        let lats = self.numbers(lat_name)?;
        let lons = self.numbers(lon_name)?;
        lats.iter()
            .zip(&lons)
            .enumerate()
            .map(|(i, (&lat, &lon))| {
                LatLon::new(lat, lon).map_err(|e| {
                    let lat_is_wrong = e.field.as_deref() == Some("lat");
                    let (name, value) = match lat_is_wrong {
                        true => (lat_name, lat),
                        false => (lon_name, lon),
                    };
                    self.bad(i, name, value, &e.problem)
                })
            })
            .collect()
    }

    fn departures(&self) -> Result<(Tz, Vec<DateTime<Utc>>), InputError> {
        let about = |problem: String, remedy: &str| {
            InputError::new(&self.source, problem, remedy).field("depart")
        };
        let zone_remedy = "give departures as instants with the operator's IANA time zone: routeforce ingest trips";
        let column = self.cast("depart", self.frame_type("depart"))?;
        let DataType::Datetime(unit, Some(zone)) = column.dtype().clone() else {
            return Err(about(
                format!("{} without time zone", column.dtype()),
                zone_remedy,
            ));
        };
        let zone: Tz = zone
            .as_str()
            .parse()
            .map_err(|_| about("not an IANA time zone".into(), zone_remedy).value(zone.as_str()))?;
        let values = column
            .datetime()
            .map_err(|e| self.unreadable("depart", &e))?;
        let instant = |ticks: i64| match unit {
            TimeUnit::Nanoseconds => Some(DateTime::from_timestamp_nanos(ticks)),
            TimeUnit::Microseconds => DateTime::from_timestamp_micros(ticks),
            TimeUnit::Milliseconds => DateTime::from_timestamp_millis(ticks),
        };
        let departures: Result<Vec<_>, _> = values
            .physical()
            .iter()
            .enumerate()
            .map(|(i, ticks)| {
                ticks
                    .and_then(instant)
                    .ok_or_else(|| self.bad(i, "depart", "", "no departure"))
            })
            .collect();
        Ok((zone, departures?))
    }

    fn frame_type(&self, name: &str) -> &DataType {
        self.column(name).map_or(&DataType::Null, Column::dtype)
    }

    fn bad(
        &self,
        index: usize,
        field: &str,
        value: impl std::fmt::Display,
        problem: &str,
    ) -> InputError {
        InputError::new(&self.source, problem, CLEAN)
            .row(index as u64 + 1)
            .field(field)
            .value(value)
    }

    fn unreadable(&self, field: &str, error: &polars::error::PolarsError) -> InputError {
        InputError::new(&self.source, error.to_string(), CLEAN).field(field)
    }
}
