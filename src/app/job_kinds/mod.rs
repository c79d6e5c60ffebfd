//! Kinds of jobs, a file each: what is asked, whether it makes sense, what comes of it.
//!
//! In: requests. Out: tasks for the worker, and what they made. Never does: queueing, threads, leases.

pub mod backtest;
mod error;
pub mod forecast;
mod kind;
mod plan;
mod task;

pub use error::JobError;
pub(super) use kind::{JobKind, Lane};
pub(super) use task::{Made, Task};
