//! The cost tensor: travel times by profile, time of day, origin and destination, with their
//! uncertainty, and distances.
//!
//! In: a travel-time model (through [`crate::onnx`]) and places. Out: [`tensor::CostTensor`],
//! FIFO by construction.
//! Never does: one model row per cell; search of any kind.

pub mod tensor;
