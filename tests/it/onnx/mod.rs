//! Models as files: what is written predicts what was fitted; what is broken says so.

mod graph;
mod missing_library;
mod reference;
mod registry;
mod stages;
