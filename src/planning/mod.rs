//! A day's plan: stops, fleet and cost tensor in, a plan with times, certainty and reasons out.
//!
//! In: a [`PlanRequest`] with a finished tensor. Out: a [`Plan`](crate::domain::plan::Plan), and
//! [`check`] to recompute one independently.
//! Never does: search (that is the solver's), or ask a model.

pub use crate::cost::ArrivalMoments;

mod caution;
pub mod check;
mod day;
mod explain;
mod plan_day;
mod problem;
mod request;
mod schedule;
mod to_plan;

pub use caution::{Caution, PricedLateness};
pub use day::local_instant;
pub use plan_day::plan_day;
pub use request::{PlanError, PlanRequest, SearchSettings, places};
