//! Points of roads near a fix.

use super::{Fix, MatchOptions};
use crate::network::Network;

/// How many standard deviations away a road may be.
const DEVIATIONS: f64 = 4.0;
/// Roads at least so near are looked at, in metres: maps are not exact either.
const LEAST_M: f64 = 30.0;
/// How much a direction against the heading counts, in standard deviations.
const AGAINST_HEADING: f64 = 3.0;

/// A point of an edge where a fix may have been.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub edge: u32,
    /// The edge, or a copy of it for those who came along a certain way.
    pub node: u32,
    pub share: f64,
    pub distance_m: f64,
    /// Standard deviation of the fix, in metres.
    pub accuracy_m: f64,
    /// Logarithm of the likelihood of the fix, up to a constant.
    pub likelihood: f64,
}

/// Points of roads near a fix, nearest first.
pub(super) fn near(network: &Network, fix: &Fix, options: &MatchOptions) -> Vec<Candidate> {
    let sigma_m = fix
        .accuracy_m
        .filter(|s| s.is_finite())
        .unwrap_or(options.accuracy_m);
    let sigma_m = sigma_m.clamp(1.0, 500.0);
    let within_m = (DEVIATIONS * sigma_m).max(LEAST_M);
    let graph = network.graph();
    let mut found = Vec::new();
    for road in network.roads_near(fix.at, within_m, options.roads) {
        for &(edge, share) in &road.edges {
            let against = fix.heading_deg.is_some_and(|heading| {
                let line = graph.line(edge);
                let bearing = match (line.first(), line.last()) {
                    (Some(first), Some(last)) => first.bearing_deg(*last),
                    _ => heading,
                };
                ((heading - bearing + 540.0).rem_euclid(360.0) - 180.0).abs() > 90.0
            });
            let off = road.distance_m / sigma_m + if against { AGAINST_HEADING } else { 0.0 };
            let nodes = std::iter::once(edge).chain(network.turns().copies_of(edge));
            found.extend(nodes.map(|node| Candidate {
                edge,
                node,
                share,
                distance_m: road.distance_m,
                accuracy_m: sigma_m,
                likelihood: -0.5 * off * off,
            }));
        }
    }
    found
}
