//! Forecasts as a table: `series_id`, `ts`, `p10`, `p50`, `p90`, `mean`.

use crate::domain::InputError;
use crate::domain::forecast::{DemandForecast, Quantiles};
use crate::features::table_file;
use polars::prelude::{Column, DataFrame, PolarsResult};
use std::path::Path;

/// Writes forecasts as Parquet, or as CSV if the file is called so; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, forecasts: &[DemandForecast]) -> Result<(), InputError> {
    table_file::write(path, frame(forecasts))
}

fn frame(forecasts: &[DemandForecast]) -> PolarsResult<DataFrame> {
    let ids: Vec<&str> = forecasts.iter().map(|f| f.series_id.as_str()).collect();
    let stamps = table_file::times(forecasts.iter().map(|f| f.ts))?;
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
