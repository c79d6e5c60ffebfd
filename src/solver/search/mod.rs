//! Ruin and recreate under simulated annealing: slack induction by string removals
//! (Christiaens & Vanden Berghe 2020) on neighbour lists, with exact feasibility at every step.
//!
//! In: a problem. Out: the best solution met. [`anneal`] is the outer loop; [`ruin`] takes strings
//! of stops out, [`recreate`] puts them back, [`refit`] changes vehicles, [`state`] keeps routes
//! and undoes them, [`index`] holds what never changes during a search.
//! Never does: accept a plan that breaks a rule, or time anything itself ([`super::schedule`]).

mod anneal;
mod compact;
mod index;
mod limits;
mod recreate;
mod refit;
mod ruin;
mod state;
#[cfg(test)]
mod tests;

pub(super) use limits::{Found, Limits};

use super::problem::Problem;
use super::solution::Solution;
use crate::runtime::Progress;
use index::Index;

/// Searches until a limit with the engine that suits the problem. The same problem, start, seed
/// and limit of iterations give the same result.
pub(super) fn search(
    problem: &Problem,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    if compact::supports(problem) && std::env::var("RF_OLD").is_err() {
        return compact::search(problem, initial, seed, limits, progress);
    }
    let index = Index::new(problem);
    anneal::anneal(&index, initial, seed, limits, progress)
}
