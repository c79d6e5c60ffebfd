//! Speeds of roads learned from what was driven, and tensors routed on them.

mod documents;
mod effects;
mod models;
mod recovery;
mod tensors;
mod world;
