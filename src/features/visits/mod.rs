//! Visits of customers as they happened: what service times are learned from.
//!
//! In: a `visits` Parquet table, as `routeforce ingest visits` writes it. Out: [`Visits`] as plain
//! vectors; [`VisitQuery`] asks about a visit to come.
//! Never does: fits anything, hands out a frame.

mod table;
mod visit;

pub use table::{file_of, read};
pub use visit::{VisitQuery, Visits};
