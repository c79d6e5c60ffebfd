//! Road networks.

mod answers;
mod damaged;
mod dijkstra;
mod hierarchy;
mod map;
mod rules;
mod snapping;
