//! Road networks.

pub mod answers;
mod damaged;
mod dijkstra;
mod hierarchy;
pub mod map;
mod matching;
mod pairs;
mod rules;
mod snapping;
mod turning;
