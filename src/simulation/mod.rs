//! A seeded, simulated operator and city, and days played in them.
//!
//! In: a seed and sizes; for a played day a plan and a truth (the simulated one or one that was
//! measured). Out: history files as an operator would export them, what really happens on a date,
//! a [`DayRecord`](crate::domain::day_record::DayRecord).
//! Never does: plan, learn, or look at the clock. Nothing that plans or learns imports this.

pub mod calendar;
pub mod city;
pub mod day;
pub mod events;
pub mod fixes;
pub mod geojson;
pub mod history;
pub mod operator;
pub mod orders;
pub mod paths;
pub mod tables;
pub mod tours;
pub mod traffic;
pub mod truth;
pub mod visits;
pub mod world;

mod assignment;
mod csv_gz;
mod drive;
mod faults;

pub use day::{PlayOptions, PlayedDay, Unserved, play, play_in_detail};
pub use events::{DayEvent, in_time_order};
pub use history::{HistoryFiles, HistoryOptions, write_history};
pub use truth::{DayTruth, RealisedOrder, TravelTruth};
pub use world::{World, WorldOptions};

/// Why a simulation stopped.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// An option that makes no sense.
    #[error("{0}")]
    Input(#[from] crate::domain::InputError),
    /// It was asked to.
    #[error(transparent)]
    Cancelled(#[from] crate::runtime::Cancelled),
    /// A file could not be written.
    #[error("history file: {0}")]
    Io(#[from] std::io::Error),
}
