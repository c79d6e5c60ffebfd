//! A model card in Markdown (Mitchell et al. 2019): what a model is, what it was trained on, how
//! well it did, what it must not be used for.

use super::charts;
use super::error::ReportError;
use super::number::rounded;
use chrono::{DateTime, NaiveDateTime, Utc};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Columns that are named one by one at most.
const MOST_COLUMNS: usize = 80;

/// Everything a card says.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCard {
    /// Name of the model, such as `demand`.
    pub name: String,
    /// Version.
    pub version: String,
    /// Stage, such as `champion`.
    pub stage: String,
    /// What kind of model it is, such as `boosted`.
    pub kind: String,
    /// What it predicts, for what use, and what not to use it for; in sentences.
    pub purpose: String,
    /// When it was trained.
    pub created_at: DateTime<Utc>,
    /// Version of the program that did.
    pub code_version: String,
    /// First and last moment of the training data, in its own time.
    pub window: (NaiveDateTime, NaiveDateTime),
    /// Rows it was trained on.
    pub rows: u64,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// SHA-256 of the data.
    pub data_sha256: String,
    /// Names of the inputs.
    pub columns: Vec<String>,
    /// Candidates, the baseline first, with their figures on steps held back.
    pub candidates: Vec<CandidateScore>,
    /// What else was learned, by name, as text.
    pub parameters: BTreeMap<String, String>,
    /// When which version began to serve, and why.
    pub history: Vec<(DateTime<Utc>, String, String)>,
}

/// How a candidate did.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateScore {
    /// Its name.
    pub name: String,
    /// Whether it is the one that was kept.
    pub kept: bool,
    /// Figures by name.
    pub metrics: BTreeMap<String, f64>,
}

impl ModelCard {
    /// The card as Markdown; `picture` is the file of its chart, if there is one.
    pub fn markdown(&self, picture: Option<&str>) -> String {
        let mut text = format!("# {} {}\n\n{}\n\n", self.name, self.version, self.purpose);
        let (start, end) = self.window;
        let facts = [
            ("Stage", self.stage.clone()),
            ("Kind", self.kind.clone()),
            (
                "Trained",
                self.created_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            ),
            ("Data", format!("{start} to {end}, {} rows", self.rows)),
            ("Data SHA-256", self.data_sha256.clone()),
            ("Program", format!("routeforce {}", self.code_version)),
            ("Seed", self.seed.to_string()),
        ];
        text.push_str("| | |\n|---|---|\n");
        for (name, value) in facts {
            line(&mut text, &[name.into(), value]);
        }
        text.push_str("\n## How well it did\n\nOn steps held back from its training, which also chose and calibrated it: a backtest on later data is the sterner judge.\n\n");
        if let Some(picture) = picture {
            let _ = write!(text, "![Losses of the candidates]({picture})\n\n");
        }
        self.scores(&mut text);
        text.push_str("\n## What it was made of\n\n");
        for (name, value) in &self.parameters {
            let _ = writeln!(text, "- **{name}**: {value}");
        }
        let named = self
            .columns
            .iter()
            .take(MOST_COLUMNS)
            .map(|c| format!("`{c}`"));
        let named: Vec<String> = named.collect();
        let more = self.columns.len().saturating_sub(MOST_COLUMNS);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let _ = writeln!(
            text,
            "- **inputs** ({}): {}{more}",
            self.columns.len(),
            named.join(", ")
        );
        if !self.history.is_empty() {
            text.push_str(
                "\n## When which version served\n\n| since | version | why |\n|---|---|---|\n",
            );
            for (at, version, why) in &self.history {
                let at = at.format("%Y-%m-%d %H:%M UTC").to_string();
                line(&mut text, &[at, version.clone(), why.clone()]);
            }
        }
        text
    }

    fn scores(&self, text: &mut String) {
        let mut names: Vec<&str> = Vec::new();
        for name in self.candidates.iter().flat_map(|c| c.metrics.keys()) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let mut head = vec!["candidate".to_owned()];
        head.extend(names.iter().map(|n| (*n).to_owned()));
        line(text, &head);
        line(text, &vec!["---".to_owned(); head.len()]);
        for candidate in &self.candidates {
            let name = match candidate.kept {
                true => format!("**{}**", candidate.name),
                false => candidate.name.clone(),
            };
            let figures = names.iter().map(|n| match candidate.metrics.get(*n) {
                Some(value) => rounded(*value),
                None => "–".into(),
            });
            let row: Vec<String> = std::iter::once(name).chain(figures).collect();
            line(text, &row);
        }
    }

    /// Draws the candidates' losses into an SVG file; `false` if there is nothing to compare.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn draw(&self, path: &Path) -> Result<bool, ReportError> {
        charts::write_model_scores(&self.candidates, path)
    }
}

/// A row of a table; what would end a cell is escaped.
fn line(text: &mut String, cells: &[String]) {
    for cell in cells {
        let cell = cell.replace('|', "\\|").replace(['\n', '\r'], " ");
        let _ = write!(text, "| {cell} ");
    }
    text.push_str("|\n");
}
