//! Ruin and recreate under simulated annealing: slack induction by string removals
//! (Christiaens & Vanden Berghe 2020) on neighbour lists, for every rule a problem can have, with
//! exact feasibility at every step.
//!
//! In: a problem. Out: the best solution met. [`anneal`] is the outer loop; [`ruin`] takes strings
//! of stops out, [`recreate`] puts them back where [`single`] and [`pair`] offer places
//! ([`insertion`] tells whether in time, [`onward`] estimates what that costs, [`least`] bounds it),
//! [`refit`] changes vehicles, [`trips`] moves whole trips. [`state`] keeps routes ([`route`],
//! [`cargo`], judged by [`assessor`]), [`undo`] takes changes back, [`permits`] says who may serve
//! what.
//! [`index`] holds what never changes during a search, [`requests`] what is planned as a whole,
//! [`absence`] what leaving it out costs; [`plans`] turns states into solutions and back.
//! Never does: accept a plan that breaks a rule, or time anything itself
//! ([`schedule`](crate::solver::schedule)).

mod absence;
mod anneal;
mod assessor;
mod cargo;
mod index;
mod insertion;
mod least;
mod needless;
mod neighbours;
mod offers;
mod onward;
mod pair;
mod permits;
mod plans;
mod recreate;
mod refit;
mod requests;
mod route;
mod ruin;
mod single;
mod state;
#[cfg(test)]
mod tests;
mod trips;
mod undo;

pub(in crate::solver) use anneal::anneal;
pub(in crate::solver) use index::Index;
