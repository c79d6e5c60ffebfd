//! Ingestion: malformed inputs, properties, clock changes, small tables, foreign files, demand.

mod clock_changes;
mod demand_series;
mod foreign;
mod malformed;
mod properties;
mod real_files;
mod rejections;
mod small_tables;
pub mod tables;
