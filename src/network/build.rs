//! Ways to junctions and edges.

use super::graph::{ROUNDABOUT, RoadGraph, degrees};
use super::osm::{Extract, MapNode, OsmReport, RoadClass, Way};
use std::collections::HashMap;

/// Longest edge, in milliseconds: a month.
const LONGEST_MS: f64 = 30.0 * 86_400_000.0;

/// The roads of an extract.
pub(super) fn graph(extract: &Extract, report: &mut OsmReport) -> RoadGraph {
    let mut builder = Builder::new(extract);
    for way in &extract.ways {
        builder.add(way, report);
    }
    builder.finish()
}

/// One direction of a segment that may be driven.
struct Edge {
    tail: u32,
    head: u32,
    along: u32,
    length_cm: u32,
    duration_ms: u32,
    class: u8,
    roundabout: bool,
    name: u32,
}

struct Builder<'a> {
    extract: &'a Extract,
    /// How often ways use a node; ends count twice.
    used: HashMap<i64, u32>,
    junction: HashMap<i64, u32>,
    name: HashMap<&'a str, u32>,
    edges: Vec<Edge>,
    graph: RoadGraph,
}

impl<'a> Builder<'a> {
    fn new(extract: &'a Extract) -> Self {
        let mut used: HashMap<i64, u32> = HashMap::new();
        for way in &extract.ways {
            let last = way.nodes.len().saturating_sub(1);
            for (at, node) in way.nodes.iter().enumerate() {
                *used.entry(*node).or_default() += if at == 0 || at == last { 2 } else { 1 };
            }
        }
        Self {
            extract,
            used,
            junction: HashMap::new(),
            name: HashMap::from([("", 0)]),
            edges: Vec::new(),
            graph: RoadGraph {
                names: vec![String::new()],
                shape_first: vec![0],
                ..RoadGraph::default()
            },
        }
    }

    fn add(&mut self, way: &'a Way, report: &mut OsmReport) {
        let mut piece: Vec<(i64, MapNode)> = Vec::new();
        let mut missing = None;
        for &id in &way.nodes {
            let Some(&node) = self.extract.nodes.get(&id) else {
                missing = Some(id);
                self.segment(way, &piece);
                piece.clear();
                continue;
            };
            if piece.last().is_some_and(|(last, _)| *last == id) {
                continue;
            }
            piece.push((id, node));
            let ends = self.used.get(&id).is_some_and(|&times| times > 1) || node.blocked;
            if ends && piece.len() > 1 {
                self.segment(way, &piece);
                piece.drain(..piece.len() - 1);
            }
        }
        self.segment(way, &piece);
        if let Some(node) = missing {
            let what = format!("node {node} is not in the extract");
            report.skip("way leaves the extract", format!("way {}", way.id), what);
        }
    }

    fn junction(&mut self, id: i64, node: MapNode) -> u32 {
        let next = self.graph.junctions() as u32;
        // Every road ends at a barrier by itself.
        let at = match node.blocked {
            true => next,
            false => *self.junction.entry(id).or_insert(next),
        };
        if at == next {
            self.graph.junction_lat.push(node.place[0]);
            self.graph.junction_lon.push(node.place[1]);
            self.graph.junction_node.push(id);
            let [along, against] = node.delay_s;
            self.graph.junction_delay_s.push(along.max(against));
        }
        at
    }

    /// A stretch between two junctions, or up to where the extract ends.
    fn segment(&mut self, way: &'a Way, piece: &[(i64, MapNode)]) {
        let [(from, first), .., (to, last)] = piece else {
            return;
        };
        let (tail, head) = (self.junction(*from, *first), self.junction(*to, *last));
        let segment = self.graph.segments() as u32;
        let mut length_m = 0.0;
        for pair in piece.windows(2) {
            let [a, b] = [pair[0].1.place, pair[1].1.place].map(|[lat, lon]| degrees(lat, lon));
            length_m += a.great_circle_m(b);
        }
        for (id, node) in piece {
            self.graph.shape_lat.push(node.place[0]);
            self.graph.shape_lon.push(node.place[1]);
            self.graph.shape_node.push(*id);
        }
        self.graph
            .shape_first
            .push(self.graph.shape_lat.len() as u32);
        self.graph.segment_way.push(way.id);
        let known = self.name.len() as u32;
        let name = *self.name.entry(&way.name).or_insert(known);
        if name == known {
            self.graph.names.push(way.name.clone());
        }
        let between = &piece[1..piece.len() - 1];
        let waiting_s = [0, 1].map(|against: usize| -> f64 {
            between
                .iter()
                .map(|(_, node)| f64::from(node.delay_s[against]))
                .sum()
        });
        for (against, kmh) in way.kmh.into_iter().enumerate() {
            let Some(kmh) = kmh else { continue };
            let moving_s = match way.duration_s {
                Some(duration_s) => duration_s * length_m / self.length_m(way).max(1.0),
                None => length_m * 3.6 / kmh,
            };
            let (tail, head) = if against == 0 {
                (tail, head)
            } else {
                (head, tail)
            };
            let class = RoadClass::ALL.iter().position(|class| *class == way.class);
            self.edges.push(Edge {
                tail,
                head,
                along: 2 * segment + against as u32,
                length_cm: (length_m * 100.0).round().min(f64::from(u32::MAX)) as u32,
                duration_ms: ((moving_s + waiting_s[against]) * 1e3).clamp(1.0, LONGEST_MS) as u32,
                class: class.unwrap_or_default() as u8,
                roundabout: way.roundabout,
                name,
            });
        }
    }

    fn length_m(&self, way: &Way) -> f64 {
        let nodes = way.nodes.iter().filter_map(|id| self.extract.nodes.get(id));
        let places: Vec<_> = nodes.map(|n| degrees(n.place[0], n.place[1])).collect();
        places
            .windows(2)
            .map(|pair| pair[0].great_circle_m(pair[1]))
            .sum()
    }

    fn finish(mut self) -> RoadGraph {
        // In order of the file where junctions are equal, so that the result is always the same.
        self.edges.sort_by_key(|edge| (edge.tail, edge.along));
        let mut graph = self.graph;
        graph.first = vec![0; graph.junctions() + 1];
        for edge in &self.edges {
            graph.first[edge.tail as usize + 1] += 1;
            graph.tail.push(edge.tail);
            graph.head.push(edge.head);
            graph.length_cm.push(edge.length_cm);
            graph.duration_ms.push(edge.duration_ms);
            graph.along.push(edge.along);
            graph.class.push(edge.class);
            graph.name.push(edge.name);
            graph
                .flags
                .push(if edge.roundabout { ROUNDABOUT } else { 0 });
        }
        for v in 0..graph.junctions() {
            graph.first[v + 1] += graph.first[v];
        }
        graph
    }
}
