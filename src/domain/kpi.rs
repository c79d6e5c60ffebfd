//! Key figures of a day.

use crate::domain::document::Document;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The key figures of one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KpiReport {
    /// The day, in the depot's time zone.
    pub date: NaiveDate,
    /// The figures, in the order they should be shown.
    pub kpis: Vec<Kpi>,
}

impl Document for KpiReport {
    const KIND: &'static str = "kpi-report";
    const VERSION: u32 = 1;
}

/// One key figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Kpi {
    /// Stable name for programs, such as `on_time_share`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Realised value; `None` if the day gives no ground for it (no stops, say).
    pub value: Option<f64>,
    /// Value that the plan expected, where it expects one.
    pub planned: Option<f64>,
    /// Unit, such as `%`, `km`, `h` or the currency.
    pub unit: String,
    /// How it is computed, in one sentence.
    pub definition: String,
}
