//! What was driven, and how long it took.

use super::week::When;
use crate::network::Network;

/// Stretches of edges that were driven one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// When it began.
    pub when: When,
    /// Seconds that its turns take, by the network.
    pub turning_s: f64,
    /// Edges with the seconds of them at free flow.
    pub stretches: Vec<(u32, f32)>,
    /// Seconds it took.
    pub took_s: f64,
    /// Number of the drive that it is part of: a trip, or a trace without a break.
    pub drive: u32,
}

/// Everything that speeds are learned from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Driven {
    /// What was driven.
    pub observations: Vec<Observation>,
    /// Trips or traces of the table.
    pub given: usize,
    /// Those of them that nothing could be learned from: off the roads, without a way, standing.
    pub left_out: usize,
}

/// Slower than this over a whole stretch is standing, not driving.
const STANDING_KMH: f64 = 3.0;
/// Shortest time at free flow that says anything, in seconds.
const SHORTEST_S: f64 = 5.0;
/// How much faster than at free flow one may be: beyond, the way is another one.
const FASTEST: f64 = 3.0;

impl Observation {
    /// An observation of stretches of edges (with the share of each) in the order they were driven;
    /// `None` where it says nothing of the speed of roads.
    pub fn of(
        network: &Network,
        stretches: &[(u32, f64)],
        when: When,
        took_s: f64,
        drive: u32,
    ) -> Option<Self> {
        let graph = network.graph();
        let edges: Vec<u32> = stretches.iter().map(|(edge, _)| *edge).collect();
        let mut length_m = 0.0;
        let mut parts: Vec<(u32, f32)> = Vec::with_capacity(stretches.len());
        for &(edge, share) in stretches.iter().filter(|(_, share)| *share > 0.0) {
            length_m += share * f64::from(graph.length_cm[edge as usize]) / 1e2;
            let seconds = share * f64::from(graph.duration_ms[edge as usize]) / 1e3;
            parts.push((edge, seconds as f32));
        }
        let found = Self {
            when,
            turning_s: network.turning_s(&edges),
            stretches: parts,
            took_s,
            drive,
        };
        let free_s = found.free_s();
        let kmh = 3.6 * length_m / took_s;
        let says_something = took_s.is_finite()
            && free_s >= SHORTEST_S
            && kmh >= STANDING_KMH
            && took_s * FASTEST >= free_s;
        says_something.then_some(found)
    }

    /// Seconds at free flow along its edges, without turns.
    pub fn free_s(&self) -> f64 {
        self.stretches.iter().map(|(_, s)| f64::from(*s)).sum()
    }
}
