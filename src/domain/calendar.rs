//! Days that differ: closures, holidays, promotions.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One day's entry of the operator's calendar; days without an entry are ordinary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarDay {
    /// The day, in the depot's time zone.
    pub date: NaiveDate,
    /// The site it holds for; `None`: all sites.
    pub site_id: Option<String>,
    /// Nothing is delivered.
    pub closed: bool,
    /// Name of the public holiday, if it is one.
    pub holiday: Option<String>,
    /// A promotion runs.
    pub promotion: bool,
}
