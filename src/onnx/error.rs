//! What can go wrong between a fitted model and its predictions.

use crate::domain::InputError;

/// Errors of writing, loading and running models.
#[derive(Debug, thiserror::Error)]
pub enum OnnxError {
    /// A model or manifest that cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The ONNX Runtime shared library is not there.
    #[error(
        "ONNX Runtime was not found (looked at: {looked_at}); run `make setup`, \
         or name the library in ORT_DYLIB_PATH"
    )]
    LibraryMissing {
        /// The places looked at, in order.
        looked_at: String,
    },
    /// The shared library is there but does not load.
    #[error(
        "ONNX Runtime at {path} does not load: {reason}; run `make setup` to fetch it again, \
         or name another library in ORT_DYLIB_PATH"
    )]
    LibraryUnusable {
        /// The library.
        path: String,
        /// What the loader said.
        reason: String,
    },
    /// The feature matrix does not fit the model.
    #[error("the model takes {expected} features per row, the matrix has {found}")]
    Columns {
        /// Columns of the model.
        expected: usize,
        /// Columns of the matrix.
        found: usize,
    },
    /// The feature matrix contradicts itself.
    #[error("the feature matrix holds {values} values, not {rows} rows of {columns}")]
    Inconsistent {
        /// Values held.
        values: usize,
        /// Rows claimed.
        rows: usize,
        /// Columns claimed.
        columns: usize,
    },
    /// The model gave a value that is no number.
    #[error("the model's output `{output}` is not finite in row {row} of the batch")]
    NotFinite {
        /// Name of the output.
        output: &'static str,
        /// Row in the batch, from 0.
        row: usize,
    },
    /// ONNX Runtime refused to run the model.
    #[error("ONNX Runtime failed: {0}")]
    Runtime(String),
    /// A graph that cannot be built from what was given.
    #[error("the model cannot be exported: {0}")]
    Export(String),
    /// The manifest cannot be put into JSON.
    #[error("the manifest cannot be written: {0}")]
    Manifest(#[from] serde_json::Error),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl OnnxError {
    /// An I/O error with its path.
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            source,
        }
    }
}
