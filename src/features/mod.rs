//! Clean tables to plain matrices, versioned, by the same code for training and for serving.
//!
//! In: Parquet or CSV tables (or what was read from them). Out: [`FeatureMatrix`] and plain
//! vectors. Never does: hands out a polars frame, fits anything, looks past the moment a
//! prediction is made.

pub mod customers;
pub mod demand;
pub mod drives;
mod event_table;
mod events;
pub mod matrix;
mod orders;
pub mod places;
mod series_table;
pub mod signals;
pub mod sites;
mod table_file;
pub mod traces;
pub mod travel;
pub mod visits;

pub use matrix::FeatureMatrix;
