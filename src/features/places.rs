//! Tables of places (`id`, `lat`, `lon`), and of the ways between them (`from`, `to`, `duration_s`, `length_m`).

use super::table_file;
use crate::domain::{InputError, LatLon};
use polars::prelude::{Column, DataFrame, DataType};
use std::collections::HashMap;
use std::path::Path;

/// A place with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Identity, unique in its table.
    pub id: String,
    /// Where it is.
    pub at: LatLon,
}

const REMEDY: &str = "give a Parquet or CSV table with id, lat and lon in degrees (WGS 84)";

/// Reads places, in the order of the table; other columns do not matter.
///
/// # Errors
/// No such file, a column missing, a place off the map, an identity empty or twice.
pub fn read(path: &Path) -> Result<Vec<Place>, InputError> {
    let (frame, first_row) = table_file::read(path, REMEDY)?;
    of(&path.display().to_string(), &frame, first_row)
}

fn of(source: &str, frame: &DataFrame, first_row: u64) -> Result<Vec<Place>, InputError> {
    let column = |name: &str, to: DataType| {
        let found = frame.column(name).and_then(|c| c.cast(&to));
        let there = || {
            let names = frame
                .get_column_names()
                .into_iter()
                .map(|name| name.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        found.map_err(|_| {
            let problem = format!("missing; the table has {}", there());
            InputError::new(source, problem, REMEDY).field(name)
        })
    };
    let ids = column("id", DataType::String)?;
    let (lats, lons) = (
        column("lat", DataType::Float64)?,
        column("lon", DataType::Float64)?,
    );
    let unusable = |e: polars::prelude::PolarsError| InputError::new(source, e.to_string(), REMEDY);
    let ids = ids.str().map_err(unusable)?;
    let (lats, lons) = (lats.f64().map_err(unusable)?, lons.f64().map_err(unusable)?);
    let mut places = Vec::with_capacity(frame.height());
    let mut seen: HashMap<&str, u64> = HashMap::new();
    for (at, ((id, lat), lon)) in ids.iter().zip(lats.iter()).zip(lons.iter()).enumerate() {
        let row = first_row + at as u64;
        let fault = |field: &str, problem: String| {
            InputError::new(source, problem, REMEDY)
                .row(row)
                .field(field)
        };
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            return Err(fault("id", "empty".into()));
        };
        if let Some(before) = seen.insert(id, row) {
            return Err(fault("id", format!("also in row {before}")).value(id));
        }
        let number = |field: &str, value: Option<f64>| {
            value.ok_or_else(|| fault(field, "empty, or no number".into()))
        };
        let (lat, lon) = (number("lat", lat)?, number("lon", lon)?);
        let place = LatLon::new(lat, lon).map_err(|_| {
            let field = if lat.is_finite() && lat.abs() <= 90.0 {
                "lon"
            } else {
                "lat"
            };
            fault(field, "off the map".into()).value(format!("{lat}, {lon}"))
        })?;
        places.push(Place {
            id: id.to_owned(),
            at: place,
        });
    }
    match places.is_empty() {
        true => Err(InputError::new(source, "no places", REMEDY)),
        false => Ok(places),
    }
}

/// Writes duration in seconds and length in metres from every place to every other one, row by row;
/// both are empty where there is no way. Replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write_matrix(
    path: &Path,
    places: &[Place],
    way: impl Fn(usize, usize) -> Option<(f64, f64)>,
) -> Result<(), InputError> {
    let pairs = || (0..places.len()).flat_map(|a| (0..places.len()).map(move |b| (a, b)));
    let ids = |which: fn((usize, usize)) -> usize| -> Vec<&str> {
        pairs()
            .map(|pair| places[which(pair)].id.as_str())
            .collect()
    };
    let ways: Vec<Option<(f64, f64)>> = pairs().map(|(a, b)| way(a, b)).collect();
    let numbers = |of: fn((f64, f64)) -> f64| -> Vec<Option<f64>> {
        ways.iter().map(|way| way.map(of)).collect()
    };
    let columns = vec![
        Column::new("from".into(), ids(|pair| pair.0)),
        Column::new("to".into(), ids(|pair| pair.1)),
        Column::new("duration_s".into(), numbers(|way| way.0)),
        Column::new("length_m".into(), numbers(|way| way.1)),
    ];
    table_file::write(path, DataFrame::new(ways.len(), columns))
}
