//! Travel-time features: trips as they were driven, or are to be, into a matrix.
//!
//! In: a `trips` Parquet table, or [`TripQuery`]s. Out: [`Trips`] as plain vectors and a
//! [`FeatureMatrix`](super::FeatureMatrix) of [`COLUMNS`].
//! Never does: looks at a duration or at a distance measured on the way, since neither is known
//! before a trip.

mod columns;
mod conditions;
mod holidays;
mod network;
mod table;
mod trips;
mod weather;

pub use columns::{COLUMNS, Column, MOMENT_COLUMNS, VERSION, matrix, matrix_at, matrix_of, row};
pub use conditions::Conditions;
pub use holidays::Holidays;
pub use network::{NetworkLeg, NetworkTimes};
pub use table::{file_of, read};
pub use trips::{BoundingBox, TripQuery, Trips};
pub use weather::{Weather, WeatherAt};

/// Why trips cannot be turned into features.
#[derive(Debug, thiserror::Error)]
pub enum TravelFeatureError {
    /// The table cannot be used.
    #[error("{0}")]
    Input(#[from] crate::domain::InputError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] crate::runtime::Cancelled),
}
