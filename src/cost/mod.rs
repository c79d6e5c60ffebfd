//! The cost tensor: travel times by profile, time of day, origin and destination, with their
//! uncertainty, and distances.
//!
//! In: places with a travel-time model (through [`crate::onnx`]), with a base matrix and learned
//! factors ([`factors`]), with the matrix of each slice ([`slices`]), or on a road network with the
//! durations of its edges ([`by_roads`]). Out:
//! [`tensor::CostTensor`], FIFO by construction, and its file.
//! Never does: one model row per cell; search of any kind.

mod arrival;
pub mod build;
pub mod cells;
mod cluster;
mod error;
pub mod factors;
pub mod file;
mod forecaster;
mod interpolate;
mod learned_factors;
mod on_roads;
mod predicted;
mod profile;
mod questions;
mod slice_axis;
pub mod slices;
pub mod tensor;
mod tensor_error;

pub use arrival::ArrivalMoments;
pub use build::{Built, ProfileSpec};
pub use error::CostError;
pub use forecaster::Forecaster;
pub use learned_factors::learned_factors;
pub use on_roads::{OnRoads, by_roads, road_distances};
pub use tensor::{CostTensor, Profile, ProfileCosts, SliceAxis, TensorError};
