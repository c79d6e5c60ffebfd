//! How customers behave: figures recomputed by hand, properties, bad tables, the command.

mod figures;
mod probability;
mod segments;
mod table;
