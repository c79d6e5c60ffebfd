//! The demand chain as the service sees it: from a table to scores and forecasts.

use super::JobError;
use super::job_kinds::backtest::{BacktestReport, BacktestRequest};
use super::job_kinds::forecast::{ForecastRequest, MadeForecasts};
use crate::domain::InputError;
use crate::domain::demand_table::DemandTable;
use crate::domain::hierarchy::Hierarchy;
use crate::runtime::{Cancel, Progress};
use std::ops::RangeInclusive;

/// Most rows of a table that is sent.
const MOST_ROWS: usize = 200_000;

/// Judges and forecasts. Faults of a request are named as of the `request body`.
pub trait DemandMaker: Send + Sync {
    /// Reads the table of a backtest, and checks that it can be done. A second at most.
    fn check_backtest(&self, request: &BacktestRequest) -> Result<(), InputError>;

    /// Trains and judges; may take minutes. Cancelling must end it soon.
    fn backtest(
        &self,
        request: &BacktestRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<BacktestReport, JobError>;

    /// Reads the table to forecast, and checks that it holds the series of the hierarchy. A second
    /// at most.
    fn check_forecast(
        &self,
        request: &ForecastRequest,
        hierarchy: Option<&Hierarchy>,
    ) -> Result<TableOutline, InputError>;

    /// Forecasts; may take minutes. Cancelling must end it soon.
    fn forecast(
        &self,
        request: &ForecastRequest,
        hierarchy: Option<&Hierarchy>,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<MadeForecasts, JobError>;
}

/// What is known of a table before anything is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOutline {
    /// Its series.
    pub series: Vec<String>,
    /// Steps ahead that will be forecast.
    pub horizon: u32,
}

pub(super) fn check_size(table: &DemandTable) -> Result<(), InputError> {
    let rows = table.rows();
    if (1..=MOST_ROWS).contains(&rows) {
        return Ok(());
    }
    let remedy = format!("give 1 to {MOST_ROWS}");
    let error = InputError::new("request body", "wrong number of rows", remedy);
    Err(error.field("table").value(rows))
}

pub(super) fn check_range(
    field: &str,
    value: u32,
    range: RangeInclusive<u32>,
) -> Result<(), InputError> {
    if range.contains(&value) {
        return Ok(());
    }
    let remedy = format!("give {} to {}", range.start(), range.end());
    let error = InputError::new("request body", "out of range", remedy);
    Err(error.field(field).value(value))
}
