//! Whole chains: what a command, a job or the demo does from end to end.
//!
//! In: files and settings. Out: plans, days, reports on disk.
//! Never does: anything that belongs to one of the modules it calls.

pub mod costs;
pub mod customers;
pub mod demand;
pub mod demo;
mod demo_report;
pub mod detect;
mod error;
pub mod expected_stops;
pub mod forecast_table;
pub mod match_traces;
pub mod model_card;
pub mod plan;
pub mod retrain;
pub mod road_times;
pub mod service_times;
pub mod trip_truth;
pub mod trip_value;
pub mod value;

pub use error::PipelineError;
