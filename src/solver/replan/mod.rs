//! Planning again during the day.
//!
//! In: the problem and plan of the morning, the second it is now, and what has changed. Out: the
//! problem of the rest of the day, its plan, and what the new plan does differently.
//! Reading order: [`replan()`] (price of moved stops, budget), `freeze` (what is driven and
//! loaded), `rest_of_day` (the problem that is left), [`compare`] (the difference of two plans).
//! Never does: undo what was driven, or move goods from the van that they are on.

mod again;
mod compare;
mod freeze;
mod request;
mod rest_of_day;

pub use again::replan;
pub use compare::{Arrival, Moved, PlanDifference, Vehicle, compare};
pub use request::{ReplanError, ReplanRequest, Replanned};
pub use rest_of_day::RestOfDay;
