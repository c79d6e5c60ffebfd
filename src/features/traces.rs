//! Tables of positions as traces (`vehicle_id` or `trace_id`, `ts`, `lat`, `lon`, and optionally
//! `accuracy_m` and `heading_deg`), and of what they were matched to.

use super::table_file;
use crate::domain::{InputError, LatLon};
use polars::prelude::{Column, DataFrame, DataType, PolarsResult, TimeUnit};
use std::collections::BTreeMap;
use std::path::Path;

/// A position of a trace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Row of the table, counted from 0.
    pub row: usize,
    /// Where.
    pub at: LatLon,
    /// When, in seconds; of the epoch, if the table has times.
    pub time_s: f64,
    /// Standard deviation of the noise in metres, if the table tells.
    pub accuracy_m: Option<f64>,
    /// Degrees clockwise from north, if the table tells.
    pub heading_deg: Option<f64>,
}

/// What a position was matched to.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchedRow {
    /// Trace.
    pub trace_id: String,
    /// Row of the table of positions, counted from 0.
    pub row: usize,
    /// Number of the part without a break, from 0.
    pub piece: u32,
    /// Way of the extract.
    pub way: i64,
    /// Nodes of the extract that the edge leads from and to.
    pub nodes: [i64; 2],
    /// The point of the road.
    pub at: LatLon,
    /// How far the position is from it, in metres.
    pub distance_m: f64,
    /// Probability that it is this edge.
    pub probability: f64,
}

/// An edge that was driven.
#[derive(Debug, Clone, PartialEq)]
pub struct DrivenRow {
    /// Trace.
    pub trace_id: String,
    /// Number of the part without a break, from 0.
    pub piece: u32,
    /// Way of the extract.
    pub way: i64,
    /// Nodes of the extract along the edge, in order.
    pub nodes: Vec<i64>,
    /// Length in metres.
    pub length_m: f64,
    /// Name of the road; empty if it has none.
    pub name: String,
}

const REMEDY: &str = "give a Parquet or CSV table with vehicle_id or trace_id, ts, lat and lon";

/// Reads traces by their identity, the positions of each in order of time.
///
/// # Errors
/// No such file, a column missing, an empty identity or time, a place off the map.
pub fn read(path: &Path) -> Result<BTreeMap<String, Vec<Position>>, InputError> {
    let source = path.display().to_string();
    let (frame, first_row) = table_file::read(path, REMEDY)?;
    let fault = |field: &str, problem: &str| InputError::new(&source, problem, REMEDY).field(field);
    let id = ["trace_id", "vehicle_id"]
        .into_iter()
        .find(|name| frame.column(name).is_ok());
    let id = id.ok_or_else(|| fault("vehicle_id", "missing"))?;
    let numbers = |name: &str| -> Result<Vec<Option<f64>>, InputError> {
        let column = frame.column(name).map_err(|_| fault(name, "missing"))?;
        let refused = |e: polars::prelude::PolarsError| fault(name, &e.to_string());
        let column = column.cast(&DataType::Float64).map_err(refused)?;
        Ok(column.f64().map_err(refused)?.iter().collect())
    };
    let optional = |name: &str| match frame.column(name) {
        Ok(_) => numbers(name),
        Err(_) => Ok(vec![None; frame.height()]),
    };
    let ids = frame.column(id).and_then(|c| c.cast(&DataType::String));
    let ids = ids.map_err(|e| fault(id, &e.to_string()))?;
    let ids = ids.str().map_err(|e| fault(id, &e.to_string()))?;
    let times = seconds(&frame, &fault)?;
    let (lats, lons) = (numbers("lat")?, numbers("lon")?);
    let (accuracies, headings) = (optional("accuracy_m")?, optional("heading_deg")?);
    let mut traces: BTreeMap<String, Vec<Position>> = BTreeMap::new();
    for row in 0..frame.height() {
        let at_row = |error: InputError| error.row(first_row + row as u64);
        let trace = ids.get(row).filter(|id| !id.is_empty());
        let trace = trace.ok_or_else(|| at_row(fault(id, "empty")))?;
        let time_s = times[row].ok_or_else(|| at_row(fault("ts", "empty, or no time")))?;
        let (Some(lat), Some(lon)) = (lats[row], lons[row]) else {
            return Err(at_row(fault("lat", "no place: lat or lon is empty")));
        };
        let at = LatLon::new(lat, lon)
            .map_err(|_| at_row(fault("lat", "off the map")).value(format!("{lat}, {lon}")))?;
        traces.entry(trace.to_owned()).or_default().push(Position {
            row,
            at,
            time_s,
            accuracy_m: accuracies[row],
            heading_deg: headings[row],
        });
    }
    for trace in traces.values_mut() {
        trace.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    }
    Ok(traces)
}

/// Times in seconds: a column of times, or of numbers.
fn seconds(
    frame: &DataFrame,
    fault: &impl Fn(&str, &str) -> InputError,
) -> Result<Vec<Option<f64>>, InputError> {
    let column = frame.column("ts").map_err(|_| fault("ts", "missing"))?;
    let refused = |e: polars::prelude::PolarsError| fault("ts", &e.to_string());
    let (column, unit) = match column.dtype() {
        DataType::Datetime(_, zone) => {
            let micros = DataType::Datetime(TimeUnit::Microseconds, zone.clone());
            let column = column.cast(&micros).and_then(|c| c.cast(&DataType::Int64));
            (column.map_err(refused)?, 1e6)
        }
        dtype if dtype.is_primitive_numeric() => (column.clone(), 1.0),
        dtype => {
            return Err(fault(
                "ts",
                &format!("a column of {dtype}, not of times or seconds"),
            ));
        }
    };
    let column = column.cast(&DataType::Float64).map_err(refused)?;
    let numbers = column.f64().map_err(refused)?.iter();
    Ok(numbers
        .map(|x| x.filter(|x| x.is_finite()).map(|x| x / unit))
        .collect())
}

/// Writes what positions were matched to; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write_matched(path: &Path, rows: &[MatchedRow]) -> Result<(), InputError> {
    let numbers = |name: &str, of: fn(&MatchedRow) -> f64| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<f64>>())
    };
    let integers = |name: &str, of: fn(&MatchedRow) -> i64| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<i64>>())
    };
    let ids: Vec<&str> = rows.iter().map(|row| row.trace_id.as_str()).collect();
    let columns = vec![
        Column::new("trace_id".into(), ids),
        integers("row", |row| row.row as i64),
        integers("piece", |row| i64::from(row.piece)),
        integers("way", |row| row.way),
        integers("from_node", |row| row.nodes[0]),
        integers("to_node", |row| row.nodes[1]),
        numbers("lat", |row| row.at.lat),
        numbers("lon", |row| row.at.lon),
        numbers("distance_m", |row| row.distance_m),
        numbers("probability", |row| row.probability),
    ];
    table_file::write(path, DataFrame::new(rows.len(), columns))
}

/// Writes the edges that were driven, in order; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write_driven(path: &Path, rows: &[DrivenRow]) -> Result<(), InputError> {
    let frame = || -> PolarsResult<DataFrame> {
        let ids: Vec<&str> = rows.iter().map(|row| row.trace_id.as_str()).collect();
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        let pieces: Vec<u32> = rows.iter().map(|row| row.piece).collect();
        let ways: Vec<i64> = rows.iter().map(|row| row.way).collect();
        let nodes = rows.iter().map(|row| {
            let nodes = row.nodes.iter().map(i64::to_string);
            nodes.collect::<Vec<_>>().join(" ")
        });
        let lengths: Vec<f64> = rows.iter().map(|row| row.length_m).collect();
        let columns = vec![
            Column::new("trace_id".into(), ids),
            Column::new("piece".into(), pieces),
            Column::new("way".into(), ways),
            Column::new("nodes".into(), nodes.collect::<Vec<String>>()),
            Column::new("length_m".into(), lengths),
            Column::new("name".into(), names),
        ];
        DataFrame::new(rows.len(), columns)
    };
    table_file::write(path, frame())
}
