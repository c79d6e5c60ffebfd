//! The words everything else speaks: places, fleets, stops, plans, what happened, alerts.
//!
//! In: nothing. Out: plain data types, most of them documents that are written to disk or sent
//! over the wire (see [`document`]).
//! Never does: I/O other than a document's own reading and writing, no clock, no randomness.

pub mod alert;
pub mod calendar;
pub mod customers;
pub mod day_record;
pub mod demand_table;
pub mod document;
pub mod fleet;
pub mod forecast;
pub mod geo;
pub mod hierarchy;
pub mod input_error;
pub mod kpi;
pub mod plan;
pub mod stop;
pub mod value_of_forecast;

pub use document::Document;
pub use geo::LatLon;
pub use input_error::InputError;
