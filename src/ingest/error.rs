//! What can go wrong while a table is ingested.

use crate::domain::InputError;
use crate::runtime::Cancelled;
use polars::prelude::PolarsError;
use std::path::Path;

/// Why a table was not ingested. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The input is at fault.
    #[error("{0}")]
    Input(#[from] InputError),
    /// Somebody asked to stop.
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    /// A computation over columns failed.
    #[error("computation over columns: {0}")]
    Columns(#[from] PolarsError),
    /// The output could not be written.
    #[error("cannot write {path}: {cause}")]
    Write {
        /// File or folder.
        path: String,
        /// What the operating system says.
        cause: std::io::Error,
    },
}

impl IngestError {
    /// The output `path` could not be written.
    pub(crate) fn write(path: &Path, cause: std::io::Error) -> Self {
        let path = path.display().to_string();
        Self::Write { path, cause }
    }
}
