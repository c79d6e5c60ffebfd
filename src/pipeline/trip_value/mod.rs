//! What the forecast is worth on an operator's own trips: every day of a period that the planner's
//! model has not seen is planned four times and played against what its trips say really happened.
//!
//! In: a `trips` table and the first day held back. Out: results per day and basis, their summary
//! with intervals, and how well arrival quantiles held on real trips driven one after the other.
//! Never does: shows the planner anything that departed on or after the first day held back.

mod chains;
mod days;
mod models;
mod run;
mod summary;
mod truth;
mod write;

pub use chains::{ChainCheck, check_chains, fit_correlation};
pub use run::{TripValue, TripValueOptions, measure, run};
pub use summary::{BasisSummary, Interval, Summary};
pub use truth::{Luck, MeasuredTruth, TruthCoverage};
pub use write::{ValueFiles, write};
