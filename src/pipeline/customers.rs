//! Customer behaviour from a clean orders table.

use super::PipelineError;
use crate::customers::{self, Settings};
use crate::domain::customers::CustomerReport;
use crate::features::customers as features;
use crate::runtime::Cancel;
use chrono::NaiveDate;
use std::path::Path;

/// How the customers of an orders table behave, as known before `date`; without one, on the day
/// after the last due day.
///
/// # Errors
/// The table cannot be read or has no order before the day; cancelled.
pub fn of_orders(
    orders: &Path,
    date: Option<NaiveDate>,
    settings: &Settings,
    cancel: &Cancel,
) -> Result<CustomerReport, PipelineError> {
    let history = features::read(orders, date)?;
    Ok(customers::behaviour(&history, settings, cancel)?)
}

/// Writes them: JSON if the file is called so, else one row per customer, as CSV or Parquet.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, report: &CustomerReport) -> Result<(), PipelineError> {
    use crate::domain::Document;
    let is_json = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("json"));
    if is_json {
        return report.write(path).map_err(PipelineError::io(path));
    }
    Ok(features::write(path, report)?)
}
