//! OpenStreetMap extracts: what may be driven on, how fast, and where one may not turn.
//!
//! In: an `.osm.pbf` file and a [`Profile`]. Out: [`Extract`], ways with rules applied, and a
//! [`OsmReport`] of what could not be understood.
//! Never does: fails because of one element. Map data (c) OpenStreetMap contributors, ODbL 1.0.

mod access;
mod country;
mod extract;
mod obstacle;
mod profile;
mod read;
mod report;
mod restriction;
mod speed;
mod tags;
mod way;

pub use extract::{Extract, MapNode, read};
pub use profile::{Profile, Vehicle};
pub use report::{OsmReport, Skipped};
pub use restriction::{Restriction, Via};
pub use way::{RoadClass, Way};
