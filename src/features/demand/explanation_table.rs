//! What drove forecasts, as a table: `series_id`, `ts`, `mean`, `typical` and one column per group of
//! features, which add up to the difference of the two.

use super::groups::Group;
use crate::domain::InputError;
use crate::features::table_file;
use chrono::NaiveDateTime;
use polars::prelude::{Column, DataFrame, PolarsResult};
use std::path::Path;

/// What drove the forecast of one step, in the unit of the series.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The series.
    pub series_id: String,
    /// Start of the step.
    pub ts: NaiveDateTime,
    /// Mean of the forecast.
    pub mean: f64,
    /// Mean of what the model says of the series' recent past.
    pub typical: f64,
    /// What each group adds to that, in the order of [`Group::ALL`].
    pub contributions: [f64; Group::ALL.len()],
}

/// Writes explanations as Parquet, or as CSV if the file is called so; replaces the file as a whole.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, explanations: &[Explanation]) -> Result<(), InputError> {
    table_file::write(path, frame(explanations))
}

fn frame(rows: &[Explanation]) -> PolarsResult<DataFrame> {
    let ids: Vec<&str> = rows.iter().map(|row| row.series_id.as_str()).collect();
    let stamps = table_file::times(rows.iter().map(|row| row.ts))?;
    let numbers = |name: &str, values: Vec<f64>| Column::new(name.into(), values);
    let mut columns = vec![
        Column::new("series_id".into(), ids),
        stamps,
        numbers("mean", rows.iter().map(|row| row.mean).collect()),
        numbers("typical", rows.iter().map(|row| row.typical).collect()),
    ];
    for (position, group) in Group::ALL.into_iter().enumerate() {
        let values = rows.iter().map(|row| row.contributions[position]);
        columns.push(numbers(group.name(), values.collect()));
    }
    DataFrame::new(rows.len(), columns)
}
