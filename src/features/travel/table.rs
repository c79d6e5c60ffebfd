//! Reads a `trips` table from Parquet.

use super::{TravelFeatureError, Trips};
use crate::domain::{InputError, LatLon};
use crate::features::event_table::EventTable;
use crate::features::table_file;
use crate::ingest::parquet;
use crate::runtime::Cancel;
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
const ZONE_REMEDY: &str =
    "give departures as instants with the operator's IANA time zone: routeforce ingest trips";

/// The file meant by a path: `trips.parquet` in a folder, else the path itself.
pub fn file_of(path: &Path) -> PathBuf {
    table_file::in_folder(path, FILE_IN_FOLDER)
}

/// Reads trips from a Parquet file, or from `trips.parquet` in a folder, and puts them in order of
/// departure (then of `trip_id`).
///
/// # Errors
/// No such file, not Parquet, a column missing or of another type, a departure without time zone,
/// or a value no trip can have; row numbers count from 1 in the order of the file.
pub fn read(path: &Path, cancel: &Cancel) -> Result<Trips, TravelFeatureError> {
    let table = open(&file_of(path))?;
    cancel.check()?;
    let trips = trips(&table)?;
    cancel.check()?;
    let mut order: Vec<usize> = (0..trips.len()).collect();
    let key = |i: usize| (trips.depart[i], &trips.trip_id[i]);
    order.sort_by(|&a, &b| key(a).cmp(&key(b)));
    Ok(trips.select(&order))
}

fn open(path: &Path) -> Result<EventTable, InputError> {
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
    Ok(EventTable {
        source,
        frame,
        remedy: CLEAN,
    })
}

fn trips(table: &EventTable) -> Result<Trips, InputError> {
    let (time_zone, depart) = table.instants("depart", ZONE_REMEDY)?;
    let duration_s = table.numbers("duration_s")?;
    for (i, duration) in duration_s.iter().enumerate() {
        if !(duration.is_finite() && *duration > 0.0) {
            return Err(table.bad(i, "duration_s", duration, "not a duration"));
        }
    }
    let distance_m = match table.has("distance_m") {
        true => table.numbers("distance_m")?,
        false => vec![f64::NAN; table.frame.height()],
    };
    Ok(Trips {
        source: table.source.clone(),
        time_zone,
        trip_id: texts(table, "trip_id")?,
        origin: places(table, "o_lat", "o_lon")?,
        destination: places(table, "d_lat", "d_lon")?,
        depart,
        duration_s,
        distance_m,
        profile: optional_texts(table, "profile")?,
        split: optional_texts(table, "split")?,
    })
}

/// Texts of a column, none of them missing.
fn texts(table: &EventTable, name: &str) -> Result<Vec<String>, InputError> {
    let values = table.texts(name)?;
    let texts = values.iter().enumerate().map(|(i, text)| match text {
        Some(text) => Ok(text.to_owned()),
        None => Err(table.bad(i, name, "", "missing")),
    });
    texts.collect()
}

fn optional_texts(table: &EventTable, name: &str) -> Result<Option<Vec<String>>, InputError> {
    table.has(name).then(|| texts(table, name)).transpose()
}

fn places(table: &EventTable, lat_name: &str, lon_name: &str) -> Result<Vec<LatLon>, InputError> {
    let (lats, lons) = (table.numbers(lat_name)?, table.numbers(lon_name)?);
    let places = lats.iter().zip(&lons).enumerate();
    let places = places.map(|(i, (&lat, &lon))| {
        LatLon::new(lat, lon).map_err(|e| {
            let lat_is_wrong = e.field.as_deref() == Some("lat");
            let (name, value) = match lat_is_wrong {
                true => (lat_name, lat),
                false => (lon_name, lon),
            };
            table.bad(i, name, value, &e.problem)
        })
    });
    places.collect()
}
