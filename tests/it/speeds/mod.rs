//! Speeds of roads learned from what was driven, and tensors routed on them.

mod documents;
mod effects;
pub mod models;
mod recovery;
mod tensors;
pub mod world;
