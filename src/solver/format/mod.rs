//! Instances and solutions of benchmarks and of other planners, in and out.
//!
//! Reading order: [`read_instance`] finds the dialect and its parser; every parser makes an
//! [`Instance`]: a [`Problem`](super::Problem) with what its files need besides. [`write_solution`]
//! and [`read_solution`] speak the dialect of the instance; [`Explanation`] and [`Changes`] tell
//! reasons and new plans in its names and units. Each dialect's module says what it
//! supports and what it refuses.
//! Never does: guess or ignore. What is not supported is an error that names it.

mod csv;
mod distance_rule;
mod explanation;
mod geojson;
mod gpx;
mod instance;
mod itinerary;
mod json;
mod li_lim;
mod mamut;
mod new_plan;
mod pragmatic;
mod read;
mod reason;
mod route_text;
mod single_depot;
mod skills;
mod solomon;
mod text;
mod vroom;
mod vrplib;
mod windows;
mod write;

pub use distance_rule::DistanceRule;
pub use explanation::{
    Explanation, FittingChange, LeftOutStop, PlannedStop, SecondBest, VehicleReasons,
    explain_solution,
};
pub use instance::{Coordinates, Dialect, Instance, ReadOptions};
pub use new_plan::{Changes, MovedStop, NewArrival};
pub use read::{parse_instance, parse_mamut, parse_pragmatic, read_instance};
pub use reason::Reason;
pub use write::{OutputFormat, parse_solution, read_solution, write_solution};

/// A name for an instance of a format that has none in its files.
fn file_stem(source: &str) -> String {
    let stem = std::path::Path::new(source).file_stem();
    stem.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}
