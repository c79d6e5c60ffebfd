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
pub mod via_ways;
mod via_ways_search;
