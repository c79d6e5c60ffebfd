//! Hybrid genetic search for classic problems: one depot, one kind of vehicle, static travel, with
//! or without time windows (Vidal 2022; Kool et al. 2022).
//!
//! In: a problem that [`supports`] accepts. Out: the best plan met, which breaks no rule.
//! Reading order: [`mod@evolve`] (outer loop), [`population`], [`crossover`], [`mod@split`],
//! [`local_search`] (one file per move) over [`tables`]; [`penalties`] prices broken rules.
//! Never does: time a route for the outside; the final plan goes through the exact search.

mod crossover;
mod evolve;
mod individual;
mod local_search;
mod neighbours;
mod penalties;
mod plane;
mod population;
mod split;
mod stretch;
mod tables;
#[cfg(test)]
mod tests;
mod watch;

pub(in crate::solver) use evolve::evolve;
pub(in crate::solver) use tables::supports;
