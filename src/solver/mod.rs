//! Vehicle routing with travel times that depend on the departure.
//!
//! In: a [`Problem`]: stops, vehicle types and a finished travel table, all integers and indices.
//! Out: a [`Solution`]: routes with departure times, the stops left out, the cost.
//!
//! Reading order: [`problem`], [`solution`], [`schedule`] (all timing), [`search`] (ruin and
//! recreate under simulated annealing), [`solve()`] (limits, threads). [`check`] judges a solution
//! and shares no evaluation with the search; [`explain`] says why a plan is as it is; [`mod@replan`]
//! plans again during the day; [`mod@format`] reads and writes benchmark files. [`features`] lists
//! all that a problem can say, with an example and the tests of each.
//!
//! Never does: call a model, read a clock for anything but its limit, know currencies, time zones
//! or the Earth.

pub mod check;
pub mod explain;
#[doc = include_str!("FEATURES.md")]
pub mod features {}
pub mod format;
pub mod problem;
pub mod replan;
mod schedule;
mod search;
pub mod solution;
pub mod solve;
pub mod travel;

pub use problem::{
    Backhauls, Break, Driven, DrivingRule, Due, Group, Objective, Overtime, Problem, ProblemError,
    Relation, Reload, Rules, Shipment, Stop, TimeWindow, UNBOUNDED_S, VehicleType,
};
pub use schedule::departure_with_slack_s;
pub use solution::{Pause, PauseKind, Route, Solution};
pub use solve::{SearchOptions, SolveOutcome, solve};
pub use travel::{
    ArrivalFunctions, Breakpoint, FunctionsError, PlaneTravel, Rounding, StaticProfile,
    StaticTravel, Travel, TravelError,
};
