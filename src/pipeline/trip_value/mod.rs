//! What the forecast is worth on an operator's own trips: every day of a period that the planner's
//! model has not seen is planned with different knowledge and played against what its trips say really happened.
//!
//! In: a `trips` table and the first day held back. Out: results per reading of the truth, day and
//! basis, their summary with intervals, and how well arrival quantiles held on real trips driven one
//! after the other.
//! Never does: shows the planner's model anything that departed on or after the first day held back, or
//! corrects its forecasts by a trip that had not ended when the plan was made.

mod chains;
mod day_trips;
mod days;
mod models;
mod reading;
mod recent;
mod run;
mod summary;
mod truth;
mod write;

pub use chains::{ChainCheck, ChainShares, check_chains, fit_correlation};
pub use reading::{READINGS, Reading};
pub use run::{ReadingValue, TripValue, TripValueOptions, measure, run};
pub use summary::{BasisSummary, Interval, Summary};
pub use truth::{MeasuredTruth, TensorTravel, TruthCoverage};
pub use write::{ValueFiles, write};
