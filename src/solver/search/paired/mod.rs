//! The engine for pickups and deliveries: fewer vehicles first by guided ejection, then ruin and
//! recreate on whole pairs.
//!
//! Takes problems of shipments only, under static travel, with loads, single hard windows and shifts
//! ([`supports()`]). Gives what the general engine gives. Never computes a schedule with pauses.
//!
//! Reading order: [`engine`], [`tables`], [`route`], [`places`] (where a pair fits, all timing),
//! [`plan`] (undo), [`fleet`] and [`ejection`] (first phase), [`chain`], [`ruin`], [`recreate`] (second).

mod best;
mod chain;
mod ejection;
mod engine;
mod fleet;
mod legs;
mod perturb;
mod places;
mod plan;
mod recreate;
mod route;
mod ruin;
mod start;
mod supports;
mod tables;
mod together;

#[cfg(test)]
mod tests;

pub(super) use engine::search;
pub(super) use supports::supports;
