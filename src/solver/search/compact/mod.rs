//! The fast engine: ruin and recreate on flat tables, every evaluation in constant time.
//!
//! Takes problems whose routes are judged by distance, loads and single hard windows under static
//! travel ([`supports()`]); heterogeneous fleets, several depots, optional stops and backhauls
//! included. Gives what the general engine gives. Never computes a schedule with pauses.
//!
//! Reading order: [`tables`], [`plan`] (nodes and routes, undo), [`ruin`], [`recreate`], [`tails`], [`engine`].

mod best;
mod chain;
mod departures;
mod engine;
mod fleet;
mod grid;
mod islands;
mod metric;
mod neighbours;
mod order;
mod plan;
mod recreate;
mod ruin;
mod span;
mod start;
mod supports;
mod tables;
mod tails;

#[cfg(test)]
mod tests;

pub(super) use engine::search;
pub(super) use supports::supports;
