//! Clean orders tables, read once and in one way.

use crate::domain::InputError;
use crate::ingest::parquet;
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use std::collections::BTreeMap;
use std::path::Path;

/// Columns of an orders table.
pub(super) struct OrderRows {
    pub height: usize,
    pub order: Option<StringChunked>,
    pub site: StringChunked,
    due_days: Int32Chunked,
    pub lat: Float64Chunked,
    pub lon: Float64Chunked,
    pub service_s: Float64Chunked,
    pub quantities: Vec<(String, Float64Chunked)>,
    pub windows: Option<StringChunked>,
    pub window_start: Option<StringChunked>,
    pub window_end: Option<StringChunked>,
    pub skills: Option<StringChunked>,
    pub product_class: Option<StringChunked>,
    ordered_at: Option<(Int64Chunked, Option<Tz>)>,
}

impl OrderRows {
    /// Reads the `orders.parquet` of `routeforce ingest orders`.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let fault = |e: &dyn std::fmt::Display| {
            let remedy = "give the orders.parquet that `routeforce ingest orders` wrote";
            InputError::new(path.display().to_string(), e.to_string(), remedy)
        };
        let table = parquet::guarded(path, |file| ParquetReader::new(file).finish())?;
        Self::of(&table).map_err(|e| fault(&e))
    }

    fn of(table: &DataFrame) -> PolarsResult<Self> {
        let float = |name: &str| -> PolarsResult<Float64Chunked> {
            Ok(table.column(name)?.cast(&DataType::Float64)?.f64()?.clone())
        };
        let text = |name: &str| -> Option<StringChunked> {
            let column = table.column(name).ok()?.cast(&DataType::String).ok()?;
            Some(column.str().ok()?.clone())
        };
        let names = table.get_column_names();
        let quantities = names.iter().filter_map(|name| {
            let dimension = name.strip_prefix("qty_")?;
            Some(float(name).map(|column| (dimension.to_owned(), column)))
        });
        let due = table.column("due_date")?.cast(&DataType::Date)?;
        Ok(Self {
            height: table.height(),
            order: text("order_id"),
            site: table
                .column("site_id")?
                .cast(&DataType::String)?
                .str()?
                .clone(),
            due_days: due.cast(&DataType::Int32)?.i32()?.clone(),
            lat: float("lat")?,
            lon: float("lon")?,
            service_s: float("service_s")?,
            quantities: quantities.collect::<PolarsResult<_>>()?,
            windows: text("windows"),
            window_start: text("window_start"),
            window_end: text("window_end"),
            skills: text("skills"),
            product_class: text("product_class"),
            ordered_at: instants(table, "ordered_at")?,
        })
    }

    /// The due day of a row.
    pub fn due(&self, row: usize) -> Option<NaiveDate> {
        NaiveDate::from_epoch_days(self.due_days.get(row)?)
    }

    /// Local time at which a row's order was placed.
    pub fn ordered_at(&self, row: usize) -> Option<NaiveDateTime> {
        let (column, zone) = self.ordered_at.as_ref()?;
        let instant = DateTime::from_timestamp_micros(column.get(row)?)?;
        Some(zone.map_or_else(
            || instant.naive_utc(),
            |zone| instant.with_timezone(&zone).naive_local(),
        ))
    }

    /// Rows by site of orders due before a day, in the order of the table.
    pub fn by_site(&self, before: NaiveDate) -> BTreeMap<&str, Vec<usize>> {
        let mut by_site: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for row in 0..self.height {
            if let (Some(site), Some(due)) = (self.site.get(row), self.due(row))
                && due < before
            {
                by_site.entry(site).or_default().push(row);
            }
        }
        by_site
    }

    /// The last due day of the table.
    pub fn last_due(&self) -> Option<NaiveDate> {
        self.due_days.max().and_then(NaiveDate::from_epoch_days)
    }
}

/// A column of time stamps in microseconds, with the zone whose local time it shows.
fn instants(table: &DataFrame, name: &str) -> PolarsResult<Option<(Int64Chunked, Option<Tz>)>> {
    let Ok(column) = table.column(name) else {
        return Ok(None);
    };
    let DataType::Datetime(_, zone) = column.dtype() else {
        return Ok(None);
    };
    let named = zone.as_ref().and_then(|zone| zone.as_str().parse().ok());
    let micros = DataType::Datetime(TimeUnit::Microseconds, zone.clone());
    let values = column.cast(&micros)?.cast(&DataType::Int64)?;
    Ok(Some((values.i64()?.clone(), named)))
}
