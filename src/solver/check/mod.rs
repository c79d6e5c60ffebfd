//! Judges a solution by recomputing everything from the problem and its travel table.
//!
//! In: a problem and a solution. Out: every [`Fault`], the true cost and schedule.
//! Never does: share evaluation with the search; it walks each route plainly, leg by leg.

mod fault;
mod walk;

pub use fault::{Fault, FaultKind};
pub use walk::{CheckReport, CheckedRoute, check};
