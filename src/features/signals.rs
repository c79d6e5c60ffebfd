//! Single signals of any pace, as anomaly detection reads them (`series_id`, `ts`, `y`), and what
//! it says of every row (`series_id`, `ts`, `score`, `alert`).

use super::series_table::SeriesTable;
use super::table_file;
use crate::domain::InputError;
use chrono::NaiveDateTime;
use polars::prelude::{Column, DataFrame, PolarsResult};
use std::path::Path;

/// One signal, in order of time; rows of the same time stay in the order of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Identity.
    pub id: String,
    /// Time of every row, as it stands in the table.
    pub times: Vec<NaiveDateTime>,
    /// Value of every row; NaN where there is none.
    pub values: Vec<f64>,
}

/// Reads a Parquet table (or, by its extension, CSV); the signals come by their identity.
///
/// # Errors
/// No such file, a column missing or of another type, an empty identity or time, an infinite value.
pub fn read(path: &Path) -> Result<Vec<Signal>, InputError> {
    let table = SeriesTable::open(path, "correct the table")?;
    let rows = table.rows_by_series()?;
    let times = table.times()?;
    let values = table.values()?;
    let signals = rows.into_iter().map(|(id, mut positions)| {
        positions.sort_by_key(|&position| times[position]);
        Signal {
            id,
            times: positions.iter().map(|&p| times[p]).collect(),
            values: positions.iter().map(|&p| f64::from(values[p])).collect(),
        }
    });
    Ok(signals.collect())
}

/// What was found about a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowScore {
    /// How unusual, higher is more.
    pub score: f64,
    /// Whether an alert was raised.
    pub alert: bool,
}

/// Writes the scores of every row of the signals, in their order, as Parquet, or as CSV if the file
/// is called so; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write_scores(
    path: &Path,
    signals: &[Signal],
    scores: &[Vec<RowScore>],
) -> Result<(), InputError> {
    table_file::write(path, frame(signals, scores))
}

fn frame(signals: &[Signal], scores: &[Vec<RowScore>]) -> PolarsResult<DataFrame> {
    let ids: Vec<&str> = signals
        .iter()
        .flat_map(|s| std::iter::repeat_n(s.id.as_str(), s.times.len()))
        .collect();
    let times = signals.iter().flat_map(|s| s.times.iter().copied());
    let stamps = table_file::times(times)?;
    let rows = || scores.iter().flatten();
    let score: Vec<f64> = rows().map(|row| row.score).collect();
    let alert: Vec<i32> = rows().map(|row| i32::from(row.alert)).collect();
    let columns = vec![
        Column::new("series_id".into(), ids),
        stamps,
        Column::new("score".into(), score),
        Column::new("alert".into(), alert),
    ];
    DataFrame::new(signals.iter().map(|s| s.times.len()).sum(), columns)
}
