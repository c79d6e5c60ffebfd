//! What retraining did, one JSON object a line: `<models>/retrain.jsonl`.

use crate::domain::InputError;
use crate::pipeline::PipelineError;
use crate::runtime::atomic_file;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const FILE: &str = "retrain.jsonl";

/// What came of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The newest version was trained on the very same data.
    Unchanged,
    /// The data are new, but as those the model was trained on.
    AsTrained,
    /// Trained, and better than what served.
    Promoted,
    /// Trained, but no better.
    Kept,
    /// An error; the next round tries again.
    Failed,
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Unchanged => "unchanged",
            Self::AsTrained => "as trained",
            Self::Promoted => "promoted",
            Self::Kept => "not promoted",
            Self::Failed => "failed",
        })
    }
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was done.
    pub at: DateTime<Utc>,
    /// Name of the model.
    pub model: String,
    /// What was done.
    pub action: Action,
    /// Why.
    pub reason: String,
    /// The version that was trained, if one was.
    pub version: Option<String>,
    /// The version that serves from then on.
    pub serves: Option<String>,
    /// SHA-256 of the data.
    pub data_sha256: String,
    /// Versions that were removed.
    pub removed: Vec<String>,
}

impl Entry {
    /// An entry of now.
    pub(super) fn new(model: &str, action: Action, reason: String) -> Self {
        Self {
            at: Utc::now(),
            model: model.to_owned(),
            action,
            reason,
            version: None,
            serves: None,
            data_sha256: String::new(),
            removed: Vec::new(),
        }
    }
}

/// All entries, the oldest first; none without a log.
///
/// # Errors
/// The log cannot be read, or a line is none of its entries.
pub fn read(models: &Path) -> Result<Vec<Entry>, PipelineError> {
    let path = path(models);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(PipelineError::io(&path)(e)),
    };
    let entry = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|e| {
            let remedy = "correct the line, or move the log away";
            let fault = InputError::new(path.display().to_string(), e.to_string(), remedy);
            PipelineError::from(fault.row(number as u64 + 1))
        })
    };
    text.lines().enumerate().map(entry).collect()
}

/// The newest entry.
pub(super) fn last(models: &Path) -> Result<Option<Entry>, PipelineError> {
    Ok(read(models)?.pop())
}

/// Whether a version was trained and decided on in a round that came to its end.
pub(super) fn mentions(models: &Path, model: &str, version: &str) -> Result<bool, PipelineError> {
    let is_it = |entry: &Entry| entry.model == model && entry.version.as_deref() == Some(version);
    Ok(read(models)?.iter().any(is_it))
}

/// Adds an entry; the log is replaced as a whole, so that a line is never half there.
pub(super) fn append(models: &Path, entry: &Entry) -> Result<(), PipelineError> {
    let path = path(models);
    let mut all = read(models)?;
    all.push(entry.clone());
    let mut text = Vec::new();
    for entry in &all {
        serde_json::to_writer(&mut text, entry).map_err(|e| PipelineError::io(&path)(e.into()))?;
        text.push(b'\n');
    }
    atomic_file::write(&path, &text).map_err(PipelineError::io(&path))
}

fn path(models: &Path) -> PathBuf {
    models.join(FILE)
}
