//! Ruin and recreate under simulated annealing: slack induction by string removals
//! (Christiaens & Vanden Berghe 2020) on neighbour lists, with exact feasibility at every step.
//!
//! In: a problem. Out: the best solution met. [`anneal`] is the outer loop; [`ruin`] takes strings
//! of stops out, [`recreate`] puts them back, [`refit`] changes vehicles, [`state`] keeps routes
//! and undoes them, [`index`] holds what never changes during a search.
//! Never does: accept a plan that breaks a rule, or time anything itself ([`super::schedule`]).

mod anneal;
mod genetic;
mod index;
mod recreate;
mod refit;
mod ruin;
mod state;
#[cfg(test)]
mod tests;

pub(super) use anneal::{Found, Limits, anneal};
pub(super) use genetic::{evolve, supports};
pub(super) use index::Index;
