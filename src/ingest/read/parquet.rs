//! Parquet, a slice of rows at a time.

use super::super::error::IngestError;
use super::RawChunk;
use crate::domain::InputError;
use polars::prelude::*;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// A Parquet table that is open for reading.
pub(crate) struct ParquetTable {
    path: PathBuf,
    columns: Vec<(String, DataType)>,
    height: usize,
    at: usize,
}

impl ParquetTable {
    /// Reads the footer.
    pub fn open(path: &Path) -> Result<Self, IngestError> {
        let (columns, height) = guarded(path, |file| {
            let mut reader = ParquetReader::new(file);
            let schema = reader.schema()?;
            let columns = schema
                .iter_values()
                .map(|field| (field.name.to_string(), DataType::from_arrow_field(field)))
                .collect();
            Ok((columns, reader.num_rows()?))
        })?;
        Ok(Self {
            path: path.to_owned(),
            columns,
            height,
            at: 0,
        })
    }

    /// Names and types of the columns.
    pub fn columns(&self) -> &[(String, DataType)] {
        &self.columns
    }

    /// The next rows, at most `limit`; `None` at the end.
    pub fn next_chunk(&mut self, limit: usize) -> Result<Option<RawChunk>, IngestError> {
        let length = limit.min(self.height - self.at);
        if length == 0 {
            return Ok(None);
        }
        let slice = (self.at, length);
        let frame = guarded(&self.path, |file| {
            ParquetReader::new(file)
                .with_slice(Some(slice))
                .set_rechunk(true)
                .finish()
        })
        .map_err(|e| e.row(self.at as u64 + 1))?;
        let first = self.at as u64 + 1;
        self.at += length;
        Ok(Some(RawChunk {
            frame,
            rows: (first..first + length as u64).collect(),
            ragged: Vec::new(),
        }))
    }
}

/// Reads from a Parquet file. Decoders panic on some damaged files; that, too, is bad input.
///
/// # Errors
/// No such file, or what `read` refuses or panics on.
pub(crate) fn guarded<T>(
    path: &Path,
    read: impl FnOnce(File) -> PolarsResult<T>,
) -> Result<T, InputError> {
    let source = path.display().to_string();
    let remedy = "the file is cut or damaged: get it again";
    let file = File::open(path).map_err(|e| {
        InputError::new(
            &source,
            format!("cannot be read ({e})"),
            "give a readable file",
        )
    })?;
    match catch_unwind(AssertUnwindSafe(|| read(file))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(e)) => Err(InputError::new(
            &source,
            format!("not readable as Parquet ({e})"),
            remedy,
        )),
        Err(_) => Err(InputError::new(&source, "not readable as Parquet", remedy)),
    }
}
