//! Local search over broken rules at a price: every stop with its granular neighbours, then SWAP*
//! between routes that share directions, until nothing improves (Vidal 2022).
//!
//! In: a plan. Out: a plan that no move improves. [`routes`] keeps routes and sums, [`evaluate`]
//! prices a change; one file per move has its `delta` and its `apply`.

mod bound;
mod evaluate;
mod insertion;
mod relocate;
mod routes;
mod search;
mod swap;
mod swap_star;
mod swap_star_search;
#[cfg(test)]
mod tests;
mod two_opt;
mod two_opt_star;

pub(super) use search::LocalSearch;
