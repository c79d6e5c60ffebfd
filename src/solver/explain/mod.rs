//! Why a plan is as it is: what keeps a stop out, what would let it in, and why this vehicle.
//!
//! In: a problem and a solution. Out: plain data; wording is for callers.
//! Reading order: [`explain_left_out`] (reasons by vehicle type, then the cheapest change, verified
//! by solving again), [`explain_vehicle`] (what the second best vehicle would cost).
//! Never does: estimate; every figure is that of a route recomputed by [`super::check`].

mod attempts;
mod change;
mod insertion;
mod left_out;
mod vehicle;
mod verify;

pub use change::{Change, ChangeKind};
pub use left_out::{ExplainOptions, LeftOut, Shortage, TypeReasons, explain_left_out};
pub use vehicle::{Alternative, VehicleChoice, explain_vehicle};
