//! Operators' tables in, clean tables out.
//!
//! In: CSV (gzip too), Parquet and XLSX files, and a TOML mapping where a foreign file needs one.
//! Out: Parquet tables with the columns of the house, a quarantine file of rejected rows with
//! their reasons, and a data-quality report; small tables also as domain types.
//! Never does: drop or repair a row silently; hand out a frame.

mod clean;
mod column_checks;
mod convert;
mod convert_times;
mod convert_words;
mod demand;
mod duplicates;
mod error;
mod faults;
mod intake;
mod kind;
mod layout;
mod load;
mod mapping;
mod names;
mod output;
mod places;
mod profile;
pub mod quality;
mod quarantine;
mod read;
mod reason;
mod rules;
mod run;
mod schema;
mod tally;
mod times;
mod windows;
mod zones;

pub use error::IngestError;
pub use kind::Kind;
pub use load::{load_calendar, load_fleet, load_stops, load_stops_with_gaps};
pub use mapping::Mapping;
pub use quality::QualityReport;
pub(crate) use read::parquet;
pub use reason::Reason;
pub use run::{Options, run};
