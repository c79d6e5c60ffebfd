//! Road networks.

mod dijkstra;
mod hierarchy;
