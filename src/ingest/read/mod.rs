//! Reading tables a chunk of rows at a time.
//!
//! In: CSV (gzip too), Parquet, spreadsheets. Out: chunks of columns as they were read, with row
//! numbers. Never does: judge a value; only what cannot be read at all is an error here.

mod csv;
mod format;
pub(crate) mod parquet;
mod records;
mod sheet;

use super::error::IngestError;
use super::mapping::Mapping;
use crate::domain::InputError;
use format::Format;
use polars::prelude::{DataFrame, DataType};
use std::path::Path;

/// Rows as they were read.
#[derive(Debug)]
pub(crate) struct RawChunk {
    /// Columns under their own names, in their own order. CSV and spreadsheets: all text.
    pub frame: DataFrame,
    /// Row number of each row of the frame.
    pub rows: Vec<u64>,
    /// Rows that do not fit the header, in order.
    pub ragged: Vec<RaggedRow>,
}

/// A row with more or fewer fields than the header.
#[derive(Debug)]
pub(crate) struct RaggedRow {
    pub row: u64,
    pub fields: Vec<String>,
}

/// A table that is open for reading. Row numbers count from 1 and include the header where there
/// is one; in Parquet the first row is row 1.
pub(crate) enum Table {
    Csv(Box<csv::CsvTable>),
    Parquet(parquet::ParquetTable),
    Sheet(sheet::SheetTable),
}

impl Table {
    /// Opens a file of any known format.
    pub fn open(path: &Path, mapping: &Mapping) -> Result<Self, IngestError> {
        let name = path.display().to_string();
        Ok(match format::detect(path)? {
            Format::Csv { gzip } => {
                let file = csv::open(path, gzip)?;
                Self::Csv(Box::new(csv::CsvTable::new(name, file, mapping)?))
            }
            Format::Parquet => Self::Parquet(parquet::ParquetTable::open(path)?),
            Format::Sheet => Self::Sheet(sheet::SheetTable::open(path, mapping)?),
        })
    }

    /// Names and types of the columns.
    pub fn columns(&self) -> Vec<(String, DataType)> {
        match self {
            Self::Csv(table) => texts(table.header()),
            Self::Parquet(table) => table.columns().to_vec(),
            Self::Sheet(table) => texts(table.header()),
        }
    }

    /// The next rows, at most `limit`; `None` at the end.
    pub fn next_chunk(&mut self, limit: usize) -> Result<Option<RawChunk>, IngestError> {
        match self {
            Self::Csv(table) => table.next_chunk(limit),
            Self::Parquet(table) => table.next_chunk(limit),
            Self::Sheet(table) => table.next_chunk(limit),
        }
    }
}

fn texts(header: &[String]) -> Vec<(String, DataType)> {
    header
        .iter()
        .map(|name| (name.clone(), DataType::String))
        .collect()
}

/// Checks the names of a header row.
fn check_header(source: &str, names: &[String]) -> Result<(), InputError> {
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            let remedy = "give every column a name in the first row";
            return Err(InputError::new(source, "a column without a name", remedy)
                .row(1)
                .field(format!("column {}", index + 1)));
        }
        if names.iter().take(index).any(|before| before == name) {
            let remedy = "rename or remove one of the columns";
            return Err(
                InputError::new(source, "the same column name twice", remedy)
                    .row(1)
                    .field(name),
            );
        }
    }
    Ok(())
}
