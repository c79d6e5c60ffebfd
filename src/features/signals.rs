//! Single signals of any pace, as anomaly detection reads them (`series_id`, `ts`, `y`, or a wide
//! table of a time and one column of numbers per signal, such as key figures by day), and what it says of every row (`series_id`, `ts`, `score`, `alert`).

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
    if let Some((time, columns)) = table.wide() {
        return wide(&table, &time, &columns);
    }
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

/// The signals of a wide table, by name.
fn wide(table: &SeriesTable, time: &str, columns: &[String]) -> Result<Vec<Signal>, InputError> {
    let times = table.times_of(time)?;
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|&row| times[row]);
    let mut names: Vec<&String> = columns.iter().collect();
    names.sort();
    let signal = |name: &&String| {
        let values = table.numbers(name)?;
        Ok(Signal {
            id: (*name).clone(),
            times: order.iter().map(|&row| times[row]).collect(),
            values: order.iter().map(|&row| f64::from(values[row])).collect(),
        })
    };
    names.iter().map(signal).collect()
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
