//! Judges a solution by recomputing everything from the problem and its travel table.
//!
//! In: a problem and a solution. Out: every [`Fault`], the true cost and the whole schedule.
//! Reading order: [`check()`], then for each route the walk through the day, its loads, its
//! breaks, its limits and its cost; at last the rules between routes.
//! Never does: share evaluation with the search; it walks each route plainly, leg by leg.

mod breaks;
mod cost;
mod expected;
mod fault;
mod judge;
mod limits;
mod load;
mod report;
mod rules;
mod walk;

pub use fault::{Fault, FaultKind};
pub use judge::{check, check_route};
pub use report::{Activity, CheckReport, CheckedActivity, CheckedLeg, CheckedRoute, CostParts};
