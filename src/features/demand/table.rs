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
use crate::features::table_file;
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
    table_file::in_folder(path, FILE_IN_FOLDER)
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

/// A table as a panel of at most so many values and covariates, gaps included.
pub(super) fn panel(table: &SeriesTable, most_cells: u64) -> Result<Panel, InputError> {
    let mut rows = table.rows_by_series()?;
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
    for positions in rows.values_mut() {
        // Stable: rows of one step stay in the order of the table.
        positions.sort_by_key(|&position| times[position]);
    }
    let (frequency, weekday) = frequency(table, &rows, &times)?;
    let columns = Columns {
        grid: (frequency, weekday),
        times,
        values,
        lists,
    };
    check_cells(table, &rows, &columns, most_cells)?;
    let series = rows
        .into_iter()
        .map(|(id, rows)| series(table, id, &rows, &columns));
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
    rows: &BTreeMap<String, Vec<usize>>,
    columns: &Columns,
    most_cells: u64,
) -> Result<(), InputError> {
    let step = |position: &usize| columns.grid.0.index(columns.times[*position]);
    let spans = rows.values().map(|positions| {
        let ends = positions.first().and_then(step);
        let ends = ends.zip(positions.last().and_then(step));
        // A time off the grid is named when its series is built.
        ends.map_or(0, |(first, last)| last.abs_diff(first) + 1)
    });
    let cells = spans.sum::<u64>();
    let cells = cells.saturating_mul(1 + columns.lists.len() as u64);
    if cells <= most_cells {
        return Ok(());
    }
    let problem =
        format!("its series span {cells} values, gaps included; {most_cells} can be taken");
    Err(table.error("ts", problem))
}

/// The most common distance between neighbouring rows of a series, which are in order of time.
fn frequency(
    table: &SeriesTable,
    rows: &BTreeMap<String, Vec<usize>>,
    times: &[NaiveDateTime],
) -> Result<(Frequency, u8), InputError> {
    use chrono::Datelike;
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in rows.values().flat_map(|positions| positions.windows(2)) {
        if let [from, to] = pair
            && times[*from] != times[*to]
        {
            let distance = times[*to] - times[*from];
            *counts.entry(distance.num_seconds()).or_default() += 1;
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

/// A series from its rows in order of time.
fn series(
    table: &SeriesTable,
    id: String,
    rows: &[usize],
    columns: &Columns,
) -> Result<Series, InputError> {
    let (frequency, weekday) = columns.grid;
    let step_of = |&position: &usize| {
        let ts = columns.times[position];
        let index = frequency.index(ts);
        let on_grid = index.filter(|i| frequency.time(*i, weekday) == ts);
        on_grid.ok_or_else(|| {
            let problem = format!("off the {frequency:?} grid of the other rows").to_lowercase();
            table.row_error(position, "ts", &problem).value(ts)
        })
    };
    let steps: Vec<i64> = rows.iter().map(step_of).collect::<Result<_, _>>()?;
    if let Some(twin) = (1..steps.len()).find(|&k| steps[k] == steps[k - 1]) {
        let problem = format!("a second row of series `{id}` for this step");
        let error = table.row_error(rows[twin], "ts", &problem);
        return Err(error.value(columns.times[rows[twin]]));
    }
    let start = steps.first().copied().unwrap_or(0);
    let last_row = steps.last().copied().unwrap_or(0);
    if last_row - start >= MOST_STEPS {
        let problem = format!("series `{id}` spans {} steps", last_row - start);
        return Err(table.error("ts", problem));
    }
    let length = usize::try_from(last_row - start + 1).unwrap_or(0);
    let spread = |list: &[f32]| {
        let mut spread = vec![f32::NAN; length];
        for (step, &position) in steps.iter().zip(rows) {
            let slot = usize::try_from(step - start).ok();
            let slot = slot.and_then(|i| spread.get_mut(i));
            if let (Some(slot), Some(value)) = (slot, list.get(position)) {
                *slot = *value;
            }
        }
        spread
    };
    let mut values = spread(&columns.values);
    trim(&mut values);
    Ok(Series {
        id,
        start,
        values,
        covariates: columns.lists.iter().map(|list| spread(list)).collect(),
        last_row,
    })
}

/// Columns of the table, and the grid that its times are on: frequency and first day of weeks.
struct Columns {
    grid: (Frequency, u8),
    times: Vec<NaiveDateTime>,
    values: Vec<f32>,
    lists: Vec<Vec<f32>>,
}
