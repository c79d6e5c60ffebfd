//! The report of a day: one self-contained HTML page, CSV, a workbook, charts as SVG and PNG.
//!
//! In: [`ReportData`], plain data that somebody else computed. Out: a folder, written aside and
//! then renamed ([`write`]).
//! Never does: compute a figure that is not in its input (it only rounds, sums for a total row, and
//! converts to local time), fetch anything, put a script into the page.

mod charts;
mod csv;
mod data;
mod error;
mod folder;
mod model_card;
mod number;
mod page;
mod summary;
mod tables;
mod workbook;
mod zone;

pub use data::{
    DemandSeries, ModelMetric, Observation, ProfilePoint, QualitySummary, RealisedTrip, ReportData,
    TravelTimeProfile,
};
pub use error::ReportError;
pub use folder::{ReportFiles, write};
pub use model_card::{CandidateScore, ModelCard};
pub use summary::ReportSummary;

use std::path::Path;

/// Draws series with their forecasts, one chart each, on one sheet: SVG, or PNG if the file is
/// called so. A series without forecast is left out.
///
/// # Errors
/// The file cannot be written.
pub fn write_forecast_sheet(series: &[DemandSeries], path: &Path) -> Result<(), ReportError> {
    charts::write_forecast_sheet(series, path)
}
