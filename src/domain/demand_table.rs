//! A demand table as it is sent, rather than read from a file.

use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// History of demand, in one of two forms. Rows without value behind the history say what is known
/// of the steps ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DemandTable {
    /// Series, each with its rows.
    Series(Vec<SeriesRows>),
    /// CSV with a header: `series_id`, `ts`, `y` and columns known ahead, or any table of a time, a
    /// number and a name.
    Csv(String),
}

/// A series, its rows in any order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesRows {
    /// Identity.
    pub series_id: String,
    /// Start of every step, local time of the series.
    pub ts: Vec<NaiveDateTime>,
    /// Demand of every step; null where it is not known.
    pub y: Vec<Option<f64>>,
    /// What else is known of every step, by name, such as prices and closures; null where it is
    /// not known.
    #[serde(default)]
    pub covariates: BTreeMap<String, Vec<Option<f64>>>,
}

impl DemandTable {
    /// Number of rows, as far as can be told without reading it.
    pub fn rows(&self) -> usize {
        match self {
            Self::Series(series) => series.iter().map(|s| s.ts.len()).sum(),
            Self::Csv(text) => text.lines().count().saturating_sub(1),
        }
    }
}
