//! Tests of whole chains and of planning.

mod demo;
mod explain;
mod plan_check;
pub mod town;
mod trip_value;
