//! The road network: what can be driven, how long it takes, and the ways between places.
//!
//! In: OpenStreetMap extracts ([`osm`]). Out: a [`Network`] of one profile in a file, and from it
//! routes, matrices and places on roads. Durations are those of free flow, in milliseconds inside
//! and in seconds outside; lengths in metres; coordinates in degrees (WGS 84).
//! Never does: learns; knows of stops, plans or time zones.

mod build;
mod components;
mod directions;
mod error;
mod export;
mod file;
mod graph;
pub mod hierarchy;
pub mod matching;
mod matrix;
mod measure;
pub mod osm;
mod pairs;
mod routable;
mod route;
mod snap;
mod timed;
mod turns;
mod via_ways;

pub use directions::{Step, steps};
pub use error::NetworkError;
pub use export::Itinerary;
pub use file::{load, save};
pub use graph::RoadGraph;
pub use matrix::{DurationMatrix, RoadMatrix};
pub use pairs::Leg;
pub use routable::{Info, Network};
pub use route::Route;
pub use snap::{Approach, SnapOptions, Snapped};
pub use timed::Timed;
pub use turns::Turns;

/// Credit that goes with everything made of OpenStreetMap data.
pub const CREDIT: &str = "© OpenStreetMap contributors, ODbL 1.0";
