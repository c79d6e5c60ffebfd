//! What can go wrong while a report is written.

use crate::domain::InputError;
use std::path::PathBuf;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The input makes no report.
    #[error("{0}")]
    Input(#[from] InputError),
    /// A file or folder could not be written.
    #[error("cannot write {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A chart could not be drawn.
    #[error("cannot draw the chart `{chart}`: {problem}")]
    Chart {
        /// File name of the chart without extension.
        chart: String,
        /// What the drawing library says.
        problem: String,
    },
    /// The workbook could not be made.
    #[error("cannot make the workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A document could not be written as JSON.
    #[error("cannot write the summary as JSON")]
    Json(#[from] serde_json::Error),
}
