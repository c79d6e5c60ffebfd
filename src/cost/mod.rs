//! The cost tensor: travel times by profile, time of day, origin and destination, with their
//! uncertainty, and distances.
//!
//! In: a travel-time model (through [`crate::onnx`]) and places. Out: [`tensor::CostTensor`],
//! FIFO by construction, and its file.
//! Never does: one model row per cell; search of any kind.

pub mod build;
mod cluster;
mod error;
pub mod file;
mod predicted;
pub mod tensor;

pub use build::{Built, ProfileSpec};
pub use error::CostError;
pub use tensor::{CostTensor, ProfileCosts, SliceAxis, TensorError};
