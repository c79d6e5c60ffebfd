//! The data-quality report of an ingested table.

use super::reason::Reason;
use crate::domain::Document;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was read, kept and rejected, and what the table looks like. `rows_read` is always
/// `rows_kept + rows_rejected`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QualityReport {
    /// Kind of table.
    pub kind: String,
    /// Files it was read from, in order.
    pub files: Vec<String>,
    /// IANA zone in which instants are written; `None` if the table has none.
    pub time_zone: Option<String>,
    /// Rows below the header in all files.
    pub rows_read: u64,
    /// Rows in the clean table.
    pub rows_kept: u64,
    /// Rows in the quarantine file.
    pub rows_rejected: u64,
    /// Rejected rows by field and reason, most frequent first.
    pub rejected: Vec<Rejection>,
    /// Local times that the clocks show twice; the first of the two was taken.
    pub ambiguous_local_times: u64,
    /// Earliest and latest time of the rows kept, as text in `time_zone` or local.
    pub span: Option<Span>,
    /// Days between the first and the last without any row.
    pub days_without_rows: Gaps,
    /// Steps missing inside the series, for tables of series.
    pub series: Option<SeriesQuality>,
    /// The columns of the clean table, over the rows kept.
    pub columns: Vec<ColumnQuality>,
    /// What deserves a look but is no fault of a row.
    pub warnings: Vec<String>,
    /// Names of the files written beside this one.
    pub written: Vec<String>,
}

impl Document for QualityReport {
    const KIND: &'static str = "quality-report";
    const VERSION: u32 = 1;
}

/// Rows rejected for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rejection {
    /// Column at fault.
    pub field: String,
    /// Why.
    pub reason: Reason,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub first: Example,
}

/// A row at fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Example {
    /// File.
    pub source: String,
    /// Row, counted from 1 and including a header row; in Parquet the first row is row 1.
    pub row: u64,
    /// The value as it was read.
    pub value: Option<String>,
}

/// From when to when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Column that the times are in.
    pub column: String,
    /// Earliest.
    pub first: String,
    /// Latest.
    pub last: String,
}

/// Days that are missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gaps {
    /// How many.
    pub count: u64,
    /// The first ten, `yyyy-mm-dd`.
    pub first: Vec<String>,
}

/// How complete the series of a table are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeriesQuality {
    /// Number of series.
    pub count: u64,
    /// Step between two rows of a series in seconds, the smallest that occurs.
    pub step_s: Option<i64>,
    /// Series with steps missing between their first and last row.
    pub with_gaps: u64,
    /// Steps missing in all.
    pub steps_missing: u64,
    /// The series with most steps missing, and how many.
    pub worst: Option<(String, u64)>,
}

/// One column of the clean table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnQuality {
    /// Name.
    pub name: String,
    /// Type in the Parquet file.
    pub holds: String,
    /// Share of rows without a value, 0 to 1.
    pub missing_share: f64,
    /// Smallest value; `None` for texts.
    pub min: Option<String>,
    /// Largest value; `None` for texts.
    pub max: Option<String>,
}

impl QualityReport {
    /// The reason for which most rows were rejected.
    pub fn most_frequent(&self) -> Option<&Rejection> {
        self.rejected.first()
    }
}
