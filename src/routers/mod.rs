//! Durations, lengths and ways from whoever knows the roads: our own network, OSRM, Valhalla.
//!
//! In: places. Out: a [`RoadMatrix`] and [`Itinerary`]s, the same from all of them.
//! Never does: retries what is wrong; hides what a server said; talks to a server that was not named.

mod blocks;
mod client;
mod error;
mod osrm;
mod own;
mod polyline;
mod service;
mod valhalla;

pub use client::ClientOptions;
pub use error::RouterError;
pub use osrm::Osrm;
pub use own::OwnRoads;
pub use service::RouterService;
pub use valhalla::Valhalla;

use crate::domain::LatLon;
use crate::network::{Itinerary, RoadMatrix};
use crate::runtime::{Cancel, Progress};

/// Knows roads.
pub trait Router {
    /// Durations and lengths from each source (rows) to each target (columns).
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else; cancelled.
    fn matrix(
        &self,
        sources: &[LatLon],
        targets: &[LatLon],
        watch: (&Cancel, &Progress),
    ) -> Result<RoadMatrix, RouterError>;

    /// The quickest way between two places or more, in order; `None` if there is none.
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else; cancelled.
    fn route(&self, places: &[LatLon], cancel: &Cancel) -> Result<Option<Itinerary>, RouterError>;
}

/// How a server is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RouterOptions {
    /// Profile of OSRM (which a server knows one of) or costing of Valhalla.
    pub profile: String,
    /// Most sources, and most targets, of one request. Halved while the server finds it too much.
    pub block: usize,
    /// How requests are made.
    pub client: ClientOptions,
}
