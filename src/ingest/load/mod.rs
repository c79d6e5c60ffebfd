//! Small tables as domain types: fleet, stops, calendar.
//!
//! In: a CSV, Parquet or XLSX file. Out: the domain's types. A planner must not lose a stop
//! silently, so any row at fault is an error here. Never does: keep a part of a table.

mod calendar;
mod fleet;
mod rows;
mod stops;

pub use calendar::load_calendar;
pub use fleet::load_fleet;
pub use stops::{load_stops, load_stops_with_gaps};
