//! Reads a demand table that was sent, by the same rules as one from a file.

use super::panel::Panel;
use super::table::panel;
use crate::domain::InputError;
use crate::domain::demand_table::{DemandTable, SeriesRows};
use crate::features::series_table::SeriesTable;
use crate::features::table_file;
use polars::prelude::{Column, DataFrame, PolarsResult};
use std::collections::BTreeSet;

const REMEDY: &str = "send series_id, ts, y and columns of numbers, a step of a series once";
/// Names that covariates cannot have.
const TAKEN: [&str; 3] = ["series_id", "ts", "y"];

/// Reads a table as a panel. `source` names it in errors, which say where in it the fault is; a grid
/// of more than `most_cells` values and covariates is refused.
///
/// # Errors
/// As [`table::read`](super::table::read); lists of different lengths.
pub fn read(table: &DemandTable, source: &str, most_cells: u64) -> Result<Panel, InputError> {
    match table {
        DemandTable::Csv(text) => panel(
            &SeriesTable::of_csv(source, text.as_bytes(), REMEDY)?,
            most_cells,
        ),
        DemandTable::Series(series) => {
            check_lengths(series, source)?;
            let frame = frame(series)
                .map_err(|e| InputError::new(source, e.to_string(), REMEDY).field("table"))?;
            SeriesTable::of_frame(source, frame, REMEDY)
                .and_then(|table| panel(&table, most_cells))
                .map_err(|error| placed(error, series))
        }
    }
}

fn check_lengths(series: &[SeriesRows], source: &str) -> Result<(), InputError> {
    for (number, rows) in series.iter().enumerate() {
        let lists = rows.covariates.iter();
        let lists = lists.map(|(name, list)| (format!("covariates.{name}"), list));
        for (name, list) in std::iter::once(("y".to_owned(), &rows.y)).chain(lists) {
            if list.len() != rows.ts.len() {
                let problem = format!("{} values for {} times", list.len(), rows.ts.len());
                let error = InputError::new(source, problem, "give one value per time, or null");
                return Err(error.field(format!("table.series[{number}].{name}")));
            }
        }
        if let Some(name) = TAKEN.iter().find(|n| rows.covariates.contains_key(**n)) {
            let error = InputError::new(source, "the name of another column", REMEDY);
            return Err(error.field(format!("table.series[{number}].covariates.{name}")));
        }
    }
    Ok(())
}

/// All rows, one series after the other.
fn frame(series: &[SeriesRows]) -> PolarsResult<DataFrame> {
    let times = || series.iter().flat_map(|s| s.ts.iter().copied());
    let ids = series
        .iter()
        .flat_map(|s| std::iter::repeat_n(s.series_id.as_str(), s.ts.len()));
    let values: Vec<Option<f64>> = series.iter().flat_map(|s| s.y.iter().copied()).collect();
    let height = values.len();
    let mut columns = vec![
        Column::new("series_id".into(), ids.collect::<Vec<&str>>()),
        table_file::times(times())?,
        Column::new("y".into(), values),
    ];
    let names: BTreeSet<&String> = series.iter().flat_map(|s| s.covariates.keys()).collect();
    for name in names {
        let list = series.iter().flat_map(|s| {
            let known = s
                .covariates
                .get(name)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let filled = known.iter().copied();
            filled.chain(std::iter::repeat_n(None, s.ts.len() - known.len()))
        });
        let list: Vec<Option<f64>> = list.collect();
        columns.push(Column::new(name.as_str().into(), list));
    }
    DataFrame::new(height, columns)
}

/// The error with its place in the lists instead of a row of the table.
fn placed(mut error: InputError, series: &[SeriesRows]) -> InputError {
    let field = error.field.take().unwrap_or_default();
    let Some(row) = error.row.take() else {
        return match field.is_empty() {
            true => error.field("table.series"),
            false => error.field(format!("table.series[].{field}")),
        };
    };
    let mut position = usize::try_from(row).unwrap_or(1).saturating_sub(1);
    for (number, rows) in series.iter().enumerate() {
        if position < rows.ts.len() {
            let place = match field.as_str() {
                "series_id" => "series_id".to_owned(),
                "ts" | "y" => format!("{field}[{position}]"),
                covariate => format!("covariates.{covariate}[{position}]"),
            };
            return error.field(format!("table.series[{number}].{place}"));
        }
        position -= rows.ts.len();
    }
    error.field(field)
}
