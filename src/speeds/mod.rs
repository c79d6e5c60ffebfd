//! Speeds of roads by the hour of the week, learned from what was driven.
//!
//! In: positions that were matched to roads, or trips of which only ends, departure and duration
//! are known, and the [`Network`](crate::network::Network) they were driven on. Out:
//! [`RoadSpeeds`], a document tied to that network by its checksum, and from it what driving along
//! every edge takes at a moment ([`SpeedsOn::durations_ms`]). Local time of one time zone, seconds,
//! factors of time over that at free flow.
//! Never does: reads raw tables, routes by itself, knows of places that are visited.
//!
//! Everything is an [`Observation`]: stretches of edges that were driven one after the other, and
//! how long that took. The logarithm of a road's factor is a sum: the network's, that of the hour
//! of the week, that of the kind of road, that of the kind in the hour, and that of the edge. Each
//! is drawn towards zero as far as its group varies little or its data are thin (empirical Bayes),
//! so an edge that nobody drove is one of its kind, and a kind that nobody drove in an hour is what
//! it is in others, changed as all roads change in that hour.

mod cholesky;
mod drive;
mod drives;
mod edges;
mod fit;
mod kind;
mod learn;
mod observation;
mod on_network;
mod road_speeds;
mod trips;
mod week;

pub use drives::from_positions;
pub use kind::RoadKind;
pub use learn::{LearnOptions, learn};
pub use observation::{Driven, Observation};
pub use on_network::SpeedsOn;
pub use road_speeds::{EdgeSpeed, KindSpeeds, RoadSpeeds, Spread};
pub use trips::{TripWays, from_trips};
pub use week::{SLOTS, When, slot, slot_name};

/// Why no speeds can be learned or used.
#[derive(Debug, thiserror::Error)]
pub enum SpeedsError {
    /// A table, a file or a network that cannot be used.
    #[error("{0}")]
    Input(#[from] crate::domain::InputError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] crate::runtime::Cancelled),
}

impl From<crate::network::NetworkError> for SpeedsError {
    fn from(error: crate::network::NetworkError) -> Self {
        use crate::network::NetworkError;
        match error {
            NetworkError::Input(error) => Self::Input(error),
            NetworkError::Cancelled(cancelled) => Self::Cancelled(cancelled),
        }
    }
}
