//! Spreadsheets (XLSX): the first sheet that holds anything, as planners have them.

use super::super::error::IngestError;
use super::super::mapping::Mapping;
use super::{RaggedRow, RawChunk, check_header};
use crate::domain::InputError;
use calamine::{Data, Range, Reader, open_workbook_auto};
use polars::prelude::*;
use std::path::Path;

/// A sheet that has been read; workbooks are small, so all of it is in memory.
pub(crate) struct SheetTable {
    header: Vec<String>,
    /// Row number and cells; an empty cell is `None`.
    rows: Vec<(u64, Vec<Option<String>>)>,
    at: usize,
}

impl SheetTable {
    /// Reads the first sheet that is not empty.
    pub fn open(path: &Path, mapping: &Mapping) -> Result<Self, IngestError> {
        let source = path.display().to_string();
        let range = read_range(path, &source)?;
        // Row numbers are those of the sheet, even where its first rows are empty.
        let first_row = u64::from(range.start().map_or(0, |(row, _)| row)) + 1;
        let mut lines = range
            .rows()
            .enumerate()
            .filter(|(_, cells)| cells.iter().any(|c| *c != Data::Empty));
        let header: Vec<String> = match lines.next() {
            Some((_, cells)) => cells.iter().map(|c| text(c).unwrap_or_default()).collect(),
            None => {
                let remedy = "fill in a header row and at least one row";
                return Err(InputError::new(&source, "an empty workbook", remedy).into());
            }
        };
        // Cells that are only formatted leave columns without a name or content at the right.
        let used = header
            .iter()
            .rposition(|name| !name.is_empty())
            .map_or(0, |last| last + 1);
        let header: Vec<String> = header.into_iter().take(used).collect();
        check_header(&source, &header)?;
        let mut rows = Vec::new();
        for (index, cells) in lines {
            let row = first_row + index as u64;
            rows.push((row, cells_of(cells, used, mapping, &source, row)?));
        }
        Ok(Self {
            header,
            rows,
            at: 0,
        })
    }

    /// Names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The next rows, at most `limit`; `None` at the end.
    pub fn next_chunk(&mut self, limit: usize) -> Result<Option<RawChunk>, IngestError> {
        let end = self.rows.len().min(self.at.saturating_add(limit));
        let part = self.rows.get(self.at..end).unwrap_or_default();
        self.at = end;
        if part.is_empty() {
            return Ok(None);
        }
        let (fitting, ragged): (Vec<_>, Vec<_>) = part
            .iter()
            .partition(|(_, cells)| cells.len() == self.header.len());
        let columns = self.header.iter().enumerate().map(|(index, name)| {
            let cells = fitting
                .iter()
                .map(|(_, cells)| cells.get(index).cloned().flatten());
            StringChunked::from_iter_options(name.as_str().into(), cells).into_column()
        });
        let frame = DataFrame::new(fitting.len(), columns.collect())?;
        let rows = fitting.iter().map(|(row, _)| *row).collect();
        let ragged = ragged.into_iter().map(|(row, cells)| RaggedRow {
            row: *row,
            fields: cells
                .iter()
                .map(|c| c.clone().unwrap_or_default())
                .collect(),
        });
        Ok(Some(RawChunk {
            frame,
            rows,
            ragged: ragged.collect(),
        }))
    }
}

fn read_range(path: &Path, source: &str) -> Result<Range<Data>, InputError> {
    let broken = |e: calamine::Error| {
        let problem = format!("not readable as a workbook ({e})");
        InputError::new(source, problem, "save it again as .xlsx or .csv")
    };
    let mut workbook = open_workbook_auto(path).map_err(broken)?;
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(broken)?;
        if !range.is_empty() {
            return Ok(range);
        }
    }
    let remedy = "fill in a header row and at least one row";
    Err(InputError::new(source, "an empty workbook", remedy))
}

fn cells_of(
    cells: &[Data],
    used: usize,
    mapping: &Mapping,
    source: &str,
    row: u64,
) -> Result<Vec<Option<String>>, InputError> {
    for (index, cell) in cells.iter().enumerate() {
        if let Data::Error(error) = cell {
            return Err(
                InputError::new(source, "a formula that failed", "repair the formula")
                    .row(row)
                    .field(format!("column {}", index + 1))
                    .value(error),
            );
        }
    }
    let mut texts: Vec<_> = cells
        .iter()
        .map(|cell| text(cell).filter(|t| !mapping.missing.contains(t)))
        .collect();
    // Only cells with content make a row longer than the header.
    let filled = texts
        .iter()
        .rposition(Option::is_some)
        .map_or(0, |last| last + 1);
    texts.resize(filled.max(used), None);
    Ok(texts)
}

/// A cell as text: dates and times in ISO 8601, whole numbers without a point.
fn text(cell: &Data) -> Option<String> {
    let text = match cell {
        Data::Empty => return None,
        Data::DateTime(value) => {
            let days = value.as_f64();
            let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
            if days < 1.0 {
                format!("{hour:02}:{minute:02}:{second:02}")
            } else if days.fract() == 0.0 {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            text.trim().to_owned()
        }
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}
