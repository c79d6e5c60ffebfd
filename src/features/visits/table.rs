//! Reads a `visits` table from Parquet.

use super::Visits;
use crate::domain::InputError;
use crate::features::event_table::EventTable;
use crate::features::table_file;
use polars::prelude::StringChunked;
use std::path::{Path, PathBuf};

/// What a folder written by `routeforce ingest` calls the table.
const FILE_IN_FOLDER: &str = "visits.parquet";
const CLEAN: &str = "clean the table first: routeforce ingest visits";

/// The file meant by a path: `visits.parquet` in a folder, else the path itself.
pub fn file_of(path: &Path) -> PathBuf {
    table_file::in_folder(path, FILE_IN_FOLDER)
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
    let visits = visits(&EventTable {
        source: path.display().to_string(),
        frame,
        remedy: CLEAN,
    })?;
    let mut order: Vec<usize> = (0..visits.len()).collect();
    let key = |i: usize| (visits.start[i], &visits.visit_id[i]);
    order.sort_by(|&a, &b| key(a).cmp(&key(b)));
    Ok(visits.select(&order))
}

fn visits(table: &EventTable) -> Result<Visits, InputError> {
    let rows = table.frame.height();
    if rows == 0 {
        return Err(InputError::new(
            &table.source,
            "the table has no rows",
            CLEAN,
        ));
    }
    let (time_zone, start) = table.instants("service_start", CLEAN)?;
    let names = table.frame.get_column_names();
    let dimensions = names.iter().filter_map(|name| name.strip_prefix("qty_"));
    let quantities = dimensions.map(|dimension| {
        let amounts = numbers(table, &format!("qty_{dimension}"), |amount| amount >= 0.0)?;
        Ok((dimension.to_owned(), amounts))
    });
    let driver = match table.has("driver_id") {
        true => optional_texts(table, "driver_id")?,
        false => optional_texts(table, "vehicle_id")?,
    };
    Ok(Visits {
        source: table.source.clone(),
        time_zone,
        visit_id: texts(table, "visit_id")?,
        site_id: texts(table, "site_id")?,
        driver: driver.unwrap_or_else(|| vec![String::new(); rows]),
        start,
        service_s: numbers(table, "service_s", |seconds| seconds > 0.0)?,
        quantities: quantities.collect::<Result<_, InputError>>()?,
        split: optional_texts(table, "split")?,
    })
}

fn numbers(
    table: &EventTable,
    name: &str,
    is_right: impl Fn(f64) -> bool,
) -> Result<Vec<f64>, InputError> {
    let values = table.numbers(name)?;
    let wrong = |&value: &f64| !(value.is_finite() && is_right(value));
    match values.iter().position(wrong) {
        None => Ok(values),
        Some(row) => Err(table.bad(row, name, values[row], "not a value that a visit has")),
    }
}

/// Texts of a column, none of them missing or empty.
fn texts(table: &EventTable, name: &str) -> Result<Vec<String>, InputError> {
    let texts = owned(&table.texts(name)?);
    match texts.iter().position(String::is_empty) {
        None => Ok(texts),
        Some(row) => Err(table.bad(row, name, "", "missing")),
    }
}

/// Texts of a column, empty where missing; `None` without the column.
fn optional_texts(table: &EventTable, name: &str) -> Result<Option<Vec<String>>, InputError> {
    let texts = table.has(name).then(|| table.texts(name));
    Ok(texts.transpose()?.as_ref().map(owned))
}

/// Texts, empty where missing.
fn owned(texts: &StringChunked) -> Vec<String> {
    let texts = texts.iter().map(|text| text.unwrap_or_default().to_owned());
    texts.collect()
}
