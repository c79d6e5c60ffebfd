//! Demand series to feature rows, direct for every step of the horizon.
//!
//! In: a demand table ([`table`]) as a [`Panel`]. Out: rows of features with the scale that turns
//! a prediction back into the series' unit ([`rows`]), and the rows to train on ([`training`]).
//! One function builds every row, for training and for serving, from nothing but the values up to
//! the origin and the covariates known for the horizon. Never does: fitting.

pub mod calendar;
pub mod error;
pub mod explanation_table;
pub mod forecast_table;
pub mod groups;
pub mod hierarchy;
pub mod history;
pub mod local;
pub mod panel;
pub mod rows;
pub mod sent;
pub mod spec;
pub mod table;
pub mod training;

pub use calendar::Frequency;
pub use error::DemandFeatureError;
pub use groups::Group;
pub use panel::{Panel, Series};
pub use rows::RowBuilder;
pub use spec::DemandSpec;
pub use training::TrainingRows;
