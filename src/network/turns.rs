//! Turns from one road into the next: which are allowed, and what they take.

use super::graph::RoadGraph;
use super::hierarchy::ArcGraph;
use super::osm::{Extract, OsmReport, Profile, Restriction, Via};
use super::via_ways::ViaWays;
use crate::domain::LatLon;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Longest that turning takes, in seconds: a sharp turn. The shape is a logistic function of
/// the angle, as in OSRM's car profile.
const SHARP_S: f64 = 7.5;
/// Longest wait for a gap in oncoming traffic, in seconds.
const ONCOMING_S: f64 = 2.0;
/// How much quicker a turn to the near side is.
const NEAR_SIDE: f64 = 1.075;
/// Turning round, in seconds.
const ROUND_S: f64 = 20.0;
/// Stretch of a road that tells its direction at a junction, in metres.
const LOOK_M: f64 = 10.0;

/// Turns by the node that they lead out of. Nodes are edges and, behind them, copies of edges: what
/// one may do at their ends depends on where one came from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Turns {
    /// First turn out of each node, and the number of turns.
    pub first: Vec<u32>,
    /// Node that each turn leads into.
    pub into: Vec<u32>,
    /// What it takes, in milliseconds.
    pub cost_ms: Vec<u32>,
    /// Edge of each copy, ascending.
    pub copies: Vec<u32>,
}

impl Turns {
    /// All turns that are allowed.
    pub(super) fn of(
        graph: &RoadGraph,
        extract: &Extract,
        profile: Profile,
        report: &mut OsmReport,
    ) -> Self {
        let rules = Rules::of(graph, &extract.restrictions, report);
        let via_ways = ViaWays::of(graph, &extract.restrictions, report);
        let mut turns = Self {
            first: vec![0],
            copies: via_ways.copies.clone(),
            ..Self::default()
        };
        let roads = roads_at_junctions(graph);
        for node in 0..via_ways.nodes() {
            let from = via_ways.edge(node);
            let junction = graph.head[from as usize];
            let before = turns.into.len();
            for into in graph.leaving(junction) {
                let round = graph.segment(into) == graph.segment(from);
                if !round && rules.allows(graph, from, into) && via_ways.allows(node, into) {
                    turns.into.push(via_ways.enter(node, into));
                    let cost_s = match profile.is_motor() {
                        true => cost_s(graph, from, into, roads[junction as usize]),
                        false => f64::from(graph.junction_delay_s[junction as usize]),
                    };
                    turns.cost_ms.push((cost_s * 1e3) as u32);
                }
            }
            // Turning round is for where nothing else goes on.
            if turns.into.len() == before {
                let back = graph.leaving(junction);
                for into in back.filter(|&f| graph.segment(f) == graph.segment(from)) {
                    turns.into.push(via_ways.enter(node, into));
                    turns.cost_ms.push((ROUND_S * 1e3) as u32);
                }
            }
            turns.first.push(turns.into.len() as u32);
        }
        turns
    }

    /// Number of edges and copies of edges.
    pub fn nodes(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Edge of a node.
    pub fn edge_of(&self, node: u32) -> u32 {
        let edges = self.nodes() - self.copies.len();
        match (node as usize).checked_sub(edges) {
            Some(copy) => self.copies[copy],
            None => node,
        }
    }

    /// Copies of an edge, as nodes.
    pub fn copies_of(&self, edge: u32) -> std::ops::Range<u32> {
        let edges = self.nodes() - self.copies.len();
        let position = |end: bool| {
            let before = |&copy: &u32| copy < edge || (end && copy == edge);
            (edges + self.copies.partition_point(before)) as u32
        };
        position(false)..position(true)
    }

    /// Turns out of a node.
    pub fn out_of(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// Node that each turn leads out of.
    pub(super) fn from(&self) -> Vec<u32> {
        let mut from = vec![0; self.into.len()];
        for node in 0..self.nodes() as u32 {
            from[self.out_of(node)].fill(node);
        }
        from
    }

    /// The graph of turns, its arcs. Being at a node means to have driven its edge to its end.
    pub(super) fn arc_graph(&self, graph: &RoadGraph) -> ArcGraph {
        let middle = |of: &[i32], node: u32| {
            let edge = self.edge_of(node) as usize;
            let ends = [graph.tail[edge], graph.head[edge]].map(|v| f64::from(of[v as usize]));
            ((ends[0] + ends[1]) / 2e7) as f32
        };
        let middles = |of: &[i32]| (0..self.nodes() as u32).map(|v| middle(of, v)).collect();
        ArcGraph {
            tail: self.from(),
            head: self.into.clone(),
            latitude: middles(&graph.junction_lat),
            longitude: middles(&graph.junction_lon),
        }
    }
}

/// Number of segments at each junction.
fn roads_at_junctions(graph: &RoadGraph) -> Vec<usize> {
    let mut segments: Vec<HashSet<u32>> = vec![HashSet::new(); graph.junctions()];
    for edge in 0..graph.edges() as u32 {
        for junction in [graph.tail[edge as usize], graph.head[edge as usize]] {
            segments[junction as usize].insert(graph.segment(edge));
        }
    }
    segments.iter().map(HashSet::len).collect()
}

/// Degrees to turn by, to the right above 0, within 180 either way.
pub(super) fn angle_deg(graph: &RoadGraph, from: u32, into: u32) -> f64 {
    let mut arriving = graph.line(from);
    arriving.reverse();
    let (end, before) = direction(&arriving);
    let (start, after) = direction(&graph.line(into));
    let turned = start.bearing_deg(after) - before.bearing_deg(end);
    (turned + 540.0).rem_euclid(360.0) - 180.0
}

/// First point of a line, and one so far along that the two tell its direction.
fn direction(line: &[LatLon]) -> (LatLon, LatLon) {
    let Some(&first) = line.first() else {
        return (LatLon { lat: 0.0, lon: 0.0 }, LatLon { lat: 1.0, lon: 0.0 });
    };
    let mut length_m = 0.0;
    for pair in line.windows(2) {
        length_m += pair[0].great_circle_m(pair[1]);
        if length_m >= LOOK_M {
            return (first, pair[1]);
        }
    }
    (first, line.last().copied().unwrap_or(first))
}

fn cost_s(graph: &RoadGraph, from: u32, into: u32, roads: usize) -> f64 {
    let waiting = f64::from(graph.junction_delay_s[graph.head[from as usize] as usize]);
    if roads <= 2 {
        return waiting;
    }
    let angle = angle_deg(graph, from, into) / 180.0;
    let bend = match angle >= 0.0 {
        true => 13.0 / NEAR_SIDE * angle - 6.5 * NEAR_SIDE,
        false => 13.0 * NEAR_SIDE * -angle - 6.5 / NEAR_SIDE,
    };
    let round = graph.is_roundabout(from) || graph.is_roundabout(into);
    let oncoming = match angle < 0.0 && !round {
        true => ONCOMING_S / (1.0 + (3.25 + 13.0 * angle).exp()),
        false => 0.0,
    };
    waiting + oncoming + SHARP_S / (1.0 + (-bend).exp())
}

/// Restrictions at nodes, by junction and the way one comes from.
struct Rules {
    forbidden: HashSet<(u32, i64, i64)>,
    only: HashMap<(u32, i64), HashSet<i64>>,
}

impl Rules {
    fn of(graph: &RoadGraph, restrictions: &[Restriction], report: &mut OsmReport) -> Self {
        let mut junctions: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        for (at, node) in graph.junction_node.iter().enumerate() {
            junctions.entry(*node).or_default().push(at as u32);
        }
        let mut rules = Self {
            forbidden: HashSet::new(),
            only: HashMap::new(),
        };
        for restriction in restrictions {
            let element = format!("relation {}", restriction.id);
            let Via::Node(node) = restriction.via else {
                continue;
            };
            let Some(at) = junctions.get(&node) else {
                let what = format!("node {node} is no junction");
                report.skip("restriction off the roads", element, what);
                continue;
            };
            for &junction in at {
                let (from, to) = (restriction.from, restriction.to);
                // Turning round is not allowed anyway; the rest of a way goes on.
                if !restriction.only && from == to {
                    continue;
                }
                if restriction.only {
                    let way = |edge: u32| graph.segment_way[graph.segment(edge) as usize];
                    if !graph.leaving(junction).any(|edge| way(edge) == to) {
                        let what = format!("nobody may drive on way {to}");
                        report.skip("only way is closed", element.clone(), what);
                        continue;
                    }
                    rules.only.entry((junction, from)).or_default().insert(to);
                } else {
                    rules.forbidden.insert((junction, from, to));
                }
            }
        }
        rules
    }

    fn allows(&self, graph: &RoadGraph, from: u32, into: u32) -> bool {
        let junction = graph.head[from as usize];
        let [from, to] = [from, into].map(|e| graph.segment_way[graph.segment(e) as usize]);
        let only = self.only.get(&(junction, from));
        only.is_none_or(|only| only.contains(&to))
            && !self.forbidden.contains(&(junction, from, to))
    }
}
