//! Reads a demand table: `series_id`, `ts`, `y`, and numeric or boolean covariates.
//!
//! Rows may come in any order. A row whose `y` is empty is the future: its covariates are known,
//! its demand is not. Two rows for one series and step are refused, since neither their sum nor
//! either of them is known to be meant. Text columns pass by unused.

use super::calendar::Frequency;
use super::error::DemandFeatureError;
use super::panel::{Covariate, Panel, Series, trim};
use crate::domain::InputError;
use crate::features::series_table::SeriesTable;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a folder written by `routeforce ingest` calls the table.
const FILE_IN_FOLDER: &str = "demand.parquet";
/// Most steps between the first and the last row of all series: a century of hours.
const MOST_STEPS: i64 = 900_000;
const CLEAN: &str = "clean the table first: routeforce ingest demand";

/// The file meant by a path: `demand.parquet` in a folder, else the path itself.
pub fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(FILE_IN_FOLDER)
    } else {
        path.to_owned()
    }
}

/// Reads a Parquet table (or, by its extension, CSV) as a panel. Times are local and naive.
///
/// # Errors
/// No such file, a column missing or of another type, an infinite value, a time off the grid, two
/// rows for one step. Rows count from 1, in CSV including the header.
pub fn read(path: &Path) -> Result<Panel, DemandFeatureError> {
    Ok(read_with_reading(path)?.0)
}

/// Like [`read`]; also says what was understood by columns that do not bear our names.
pub fn read_with_reading(path: &Path) -> Result<(Panel, Option<String>), DemandFeatureError> {
    let table = SeriesTable::open(&file_of(path), CLEAN)?;
    Ok((panel(&table, u64::MAX)?, table.reading()))
}

/// One row of the table.
struct Row {
    index: i64,
    position: usize,
}

/// A table as a panel of at most so many values and covariates, gaps included.
pub(super) fn panel(table: &SeriesTable, most_cells: u64) -> Result<Panel, InputError> {
    let ids = table.series_ids()?;
    let times = table.times()?;
    let values = table.values()?;
    let mut covariates = Vec::new();
    let mut lists = Vec::new();
    for name in table.covariates() {
        let list = table.numbers(&name)?;
        let binary = list.iter().all(|v| v.is_nan() || *v == 0.0 || *v == 1.0);
        covariates.push(Covariate { name, binary });
        lists.push(list);
    }
    let (frequency, weekday) = frequency(table, &ids, &times)?;
    let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for (position, (id, ts)) in ids.iter().zip(&times).enumerate() {
        let index = frequency.index(*ts);
        let on_grid = index.filter(|i| frequency.time(*i, weekday) == *ts);
        let index = on_grid.ok_or_else(|| {
            let problem = format!("off the {frequency:?} grid of the other rows");
            table
                .row_error(position, "ts", &problem.to_lowercase())
                .value(ts)
        })?;
        rows.entry(id).or_default().push(Row { index, position });
    }
    check_cells(table, &rows, 1 + lists.len() as u64, most_cells)?;
    let columns = Columns { values, lists };
    let series = rows
        .into_iter()
        .map(|(id, rows)| series(table, id, rows, &columns, &times));
    let mut series: Vec<Series> = series.collect::<Result<_, _>>()?;
    // A series of which nothing is known yet is forecast like one never seen.
    series.retain(|s| !s.covariates.is_empty() || !s.values.is_empty());
    let panel = Panel {
        source: table.source().to_owned(),
        frequency,
        weekday,
        covariates,
        series,
    };
    Ok(panel)
}

/// Refuses a table whose series span so many steps that their grid does not fit.
fn check_cells(
    table: &SeriesTable,
    rows: &BTreeMap<&str, Vec<Row>>,
    columns: u64,
    most_cells: u64,
) -> Result<(), InputError> {
    let spans = rows.values().map(|rows| {
        let indices = || rows.iter().map(|row| row.index);
        let span = indices().max().zip(indices().min());
        span.map_or(0, |(last, first)| last.abs_diff(first) + 1)
    });
    let cells = spans.sum::<u64>().saturating_mul(columns);
    if cells <= most_cells {
        return Ok(());
    }
    let problem =
        format!("its series span {cells} values, gaps included; {most_cells} can be taken");
    Err(table.error("ts", problem))
}

/// The most common distance between neighbouring rows of a series.
fn frequency(
    table: &SeriesTable,
    ids: &[String],
    times: &[NaiveDateTime],
) -> Result<(Frequency, u8), InputError> {
    use chrono::Datelike;
    let mut sorted: Vec<(&str, NaiveDateTime)> = ids
        .iter()
        .map(String::as_str)
        .zip(times.iter().copied())
        .collect();
    sorted.sort_unstable();
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in sorted.windows(2) {
        if let [(a, from), (b, to)] = pair
            && a == b
            && from != to
        {
            *counts.entry((*to - *from).num_seconds()).or_default() += 1;
        }
    }
    // Months differ in length: they count together.
    let mut by_frequency: BTreeMap<u8, (usize, Frequency)> = BTreeMap::new();
    for (seconds, count) in &counts {
        if let Some(frequency) = Frequency::of_distance(*seconds) {
            let entry = by_frequency
                .entry(frequency as u8)
                .or_insert((0, frequency));
            entry.0 += count;
        }
    }
    let best = by_frequency.into_values().max_by_key(|(count, _)| *count);
    let typical = counts.iter().max_by_key(|(_, count)| **count);
    let weekday = times
        .first()
        .map_or(0, |ts| ts.weekday().num_days_from_monday() as u8);
    match (best, typical) {
        (None, None) => Err(table.error("ts", "every series has one row only")),
        (Some((count, frequency)), Some((_, most))) if count >= *most => Ok((frequency, weekday)),
        (_, Some((seconds, _))) => {
            let problem =
                format!("steps of {seconds} s; hours, days, weeks and months can be forecast");
            Err(table.error("ts", problem))
        }
        (Some((_, frequency)), None) => Ok((frequency, weekday)),
    }
}

fn series(
    table: &SeriesTable,
    id: &str,
    mut rows: Vec<Row>,
    columns: &Columns,
    times: &[NaiveDateTime],
) -> Result<Series, InputError> {
    rows.sort_by_key(|row| (row.index, row.position));
    for pair in rows.windows(2) {
        if let [a, b] = pair
            && a.index == b.index
        {
            let problem = format!("a second row of series `{id}` for this step");
            let error = table.row_error(b.position, "ts", &problem);
            return Err(match times.get(b.position) {
                Some(ts) => error.value(ts),
                None => error,
            });
        }
    }
    let start = rows.first().map_or(0, |r| r.index);
    let last_row = rows.last().map_or(0, |r| r.index);
    if last_row - start >= MOST_STEPS {
        let problem = format!("series `{id}` spans {} steps", last_row - start);
        return Err(table.error("ts", problem));
    }
    let steps = usize::try_from(last_row - start + 1).unwrap_or(0);
    let spread = |list: &[f32]| {
        let mut spread = vec![f32::NAN; steps];
        for row in &rows {
            let slot = usize::try_from(row.index - start).ok();
            let slot = slot.and_then(|i| spread.get_mut(i));
            if let (Some(slot), Some(value)) = (slot, list.get(row.position)) {
                *slot = *value;
            }
        }
        spread
    };
    let mut values = spread(&columns.values);
    trim(&mut values);
    Ok(Series {
        id: id.to_owned(),
        start,
        values,
        covariates: columns.lists.iter().map(|list| spread(list)).collect(),
        last_row,
    })
}

struct Columns {
    values: Vec<f32>,
    lists: Vec<Vec<f32>>,
}
