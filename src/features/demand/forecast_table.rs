//! Forecasts as a table: `series_id`, `ts`, `p10`, `p50`, `p90`, `mean`.

use crate::domain::InputError;
use crate::domain::forecast::{DemandForecast, Quantiles};
use crate::runtime::atomic_file;
use polars::prelude::{Column, DataFrame, DataType, TimeUnit};
use polars_io::SerWriter;
use polars_io::csv::write::CsvWriter;
use polars_io::prelude::ParquetWriter;
use std::path::Path;

/// Writes forecasts as Parquet, or as CSV if the file is called so; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, forecasts: &[DemandForecast]) -> Result<(), InputError> {
    let csv = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    let written = frame(forecasts).and_then(|mut frame| {
        atomic_file::write_with(path, |file| match csv {
            true => CsvWriter::new(file)
                .with_datetime_format(Some("%Y-%m-%dT%H:%M:%S".into()))
                .finish(&mut frame),
            false => ParquetWriter::new(file).finish(&mut frame).map(|_| ()),
        })
    });
    written.map_err(|e| {
        InputError::new(
            path.display().to_string(),
            e.to_string(),
            "give a file that can be written",
        )
    })
}

fn frame(forecasts: &[DemandForecast]) -> polars::prelude::PolarsResult<DataFrame> {
    let ids: Vec<&str> = forecasts.iter().map(|f| f.series_id.as_str()).collect();
    let stamps: Vec<i64> = forecasts
        .iter()
        .map(|f| f.ts.and_utc().timestamp_micros())
        .collect();
    let stamps =
        Column::new("ts".into(), stamps).cast(&DataType::Datetime(TimeUnit::Microseconds, None))?;
    let column = |name: &str, of: fn(&Quantiles) -> f64| {
        let values: Vec<f64> = forecasts.iter().map(|f| of(&f.quantiles)).collect();
        Column::new(name.into(), values)
    };
    let columns = vec![
        Column::new("series_id".into(), ids),
        stamps,
        column("p10", |q| q.p10),
        column("p50", |q| q.p50),
        column("p90", |q| q.p90),
        column("mean", |q| q.mean),
    ];
    DataFrame::new(forecasts.len(), columns)
}
