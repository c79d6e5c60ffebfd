//! Turn restrictions over ways: copies of edges that know where one comes from.
//!
//! What may be done at the end of a way between `from` and `to` depends on how one got there. Each
//! restriction is a sequence of edges; the beginnings of all sequences are the states of an
//! automaton (Aho and Corasick, *Efficient string matching*, 1975), and every beginning of more than
//! one edge is a copy of its last edge, entered only along that beginning.
//!
//! `only_*` binds where the last way between ends: who turns off before may go anywhere, since
//! OpenStreetMap does not say whether these ways must be driven to their end.

use super::graph::RoadGraph;
use super::osm::{OsmReport, Restriction, Via};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Most edges that a restriction may go along.
const LONGEST: usize = 100;
/// Most edges looked at to find where a restriction goes along.
const MOST_STEPS: usize = 10_000;

/// Edges from the way one comes from up to the last one between; and those behind it.
type Sequences = BTreeMap<Vec<u32>, Ends>;

#[derive(Debug, Default)]
struct Ends {
    forbidden: BTreeSet<u32>,
    only: BTreeSet<u32>,
}

/// Copies of edges, how they are entered, and what may not be done at their ends. Nodes are edges, and behind
/// them the copies in the order of their edges.
#[derive(Debug, Default)]
pub(super) struct ViaWays {
    edges: usize,
    /// Edge of each copy.
    pub copies: Vec<u32>,
    /// Copy that is entered from a node into an edge.
    entered: HashMap<(u32, u32), u32>,
    /// Edges that may not follow a node.
    forbidden: HashMap<u32, HashSet<u32>>,
    /// The only edges that may follow a node.
    only: HashMap<u32, HashSet<u32>>,
}

impl ViaWays {
    /// Of restrictions over ways; the others are left alone.
    pub(super) fn of(
        graph: &RoadGraph,
        restrictions: &[Restriction],
        report: &mut OsmReport,
    ) -> Self {
        let mut sequences = Sequences::new();
        let search = Search::new(graph, restrictions);
        for restriction in restrictions {
            if let Via::Ways(ways) = &restriction.via
                && let Err((why, what)) = search.add(restriction, ways, &mut sequences)
            {
                report.skip(why, format!("relation {}", restriction.id), what);
            }
        }
        Self::automaton(graph, &sequences)
    }

    fn automaton(graph: &RoadGraph, sequences: &Sequences) -> Self {
        let beginnings = sequences
            .keys()
            .flat_map(|edges| (2..=edges.len()).map(|length| &edges[..length]));
        let beginnings: BTreeSet<(u32, &[u32])> = beginnings.map(|b| (b[b.len() - 1], b)).collect();
        let node: HashMap<&[u32], u32> = (graph.edges() as u32..)
            .zip(&beginnings)
            .map(|(node, &(_, beginning))| (beginning, node))
            .collect();
        let mut this = Self {
            edges: graph.edges(),
            copies: beginnings.iter().map(|&(edge, _)| edge).collect(),
            ..Self::default()
        };
        for (&beginning, &at) in &node {
            if let [first, second] = *beginning {
                this.entered.insert((first, second), at);
            }
            for edge in graph.leaving(graph.head[beginning[beginning.len() - 1] as usize]) {
                // The longest beginning that what was driven ends with.
                let driven = [beginning, &[edge]].concat();
                let found = (0..driven.len() - 1).find_map(|from| node.get(&driven[from..]));
                if let Some(&next) = found {
                    this.entered.insert((at, edge), next);
                }
            }
            let ends =
                (0..beginning.len() - 1).filter_map(|from| sequences.get(&beginning[from..]));
            for ends in ends {
                this.forbidden
                    .entry(at)
                    .or_default()
                    .extend(&ends.forbidden);
                if ends.only.is_empty() {
                    continue;
                }
                let allowed: HashSet<u32> = ends.only.iter().copied().collect();
                let only = this.only.entry(at).or_insert_with(|| allowed.clone());
                only.retain(|edge| allowed.contains(edge));
            }
        }
        this
    }

    /// Number of edges and copies.
    pub(super) fn nodes(&self) -> u32 {
        (self.edges + self.copies.len()) as u32
    }

    /// Edge of a node.
    pub(super) fn edge(&self, node: u32) -> u32 {
        match (node as usize).checked_sub(self.edges) {
            Some(copy) => self.copies[copy],
            None => node,
        }
    }

    /// Node that is entered from a node into an edge.
    pub(super) fn enter(&self, node: u32, edge: u32) -> u32 {
        self.entered.get(&(node, edge)).copied().unwrap_or(edge)
    }

    /// Whether an edge may follow a node.
    pub(super) fn allows(&self, node: u32, edge: u32) -> bool {
        let is_forbidden = |edges: &HashSet<u32>| edges.contains(&edge);
        !self.forbidden.get(&node).is_some_and(is_forbidden)
            && self.only.get(&node).is_none_or(|only| only.contains(&edge))
    }
}

/// Finds the edges that restrictions go along.
struct Search<'a> {
    graph: &'a RoadGraph,
    /// Edges of the ways that restrictions come from.
    of_way: HashMap<i64, Vec<u32>>,
}

type Refusal = (&'static str, String);

impl<'a> Search<'a> {
    fn new(graph: &'a RoadGraph, restrictions: &[Restriction]) -> Self {
        let over_ways = restrictions
            .iter()
            .filter(|r| matches!(r.via, Via::Ways(_)));
        let mut of_way: HashMap<i64, Vec<u32>> = over_ways.map(|r| (r.from, Vec::new())).collect();
        if !of_way.is_empty() {
            for edge in 0..graph.edges() as u32 {
                let way = graph.segment_way[graph.segment(edge) as usize];
                if let Some(edges) = of_way.get_mut(&way) {
                    edges.push(edge);
                }
            }
        }
        Self { graph, of_way }
    }

    fn way(&self, edge: u32) -> i64 {
        self.graph.segment_way[self.graph.segment(edge) as usize]
    }

    /// Adds what a restriction means; an error says why it means nothing here.
    fn add(
        &self,
        restriction: &Restriction,
        via: &[i64],
        into: &mut Sequences,
    ) -> Result<(), Refusal> {
        let from = self
            .of_way
            .get(&restriction.from)
            .map_or(&[][..], Vec::as_slice);
        // Paths along the ways, each with the number of ways that it has entered.
        let mut open: Vec<(Vec<u32>, usize)> = from.iter().map(|&edge| (vec![edge], 0)).collect();
        let mut found: Vec<(Vec<u32>, u32)> = Vec::new();
        let mut steps = 0;
        while let Some((path, ways)) = open.pop() {
            let last = path[path.len() - 1];
            let junction = self.graph.head[last as usize];
            for next in self.graph.leaving(junction) {
                steps += 1;
                if steps > MOST_STEPS {
                    let what = format!("more than {MOST_STEPS} roads to look at");
                    return Err(("restriction too long", what));
                }
                if self.graph.segment(next) == self.graph.segment(last) {
                    continue;
                }
                let way = self.way(next);
                if ways == via.len() && way == restriction.to {
                    found.push((path.clone(), next));
                }
                let goes_on = ways > 0 && way == via[ways - 1];
                let changes = ways < via.len() && way == via[ways];
                let head = self.graph.head[next as usize];
                let back = path.iter().any(|&e| self.graph.head[e as usize] == head);
                if (goes_on || changes) && !back && path.len() < LONGEST {
                    let mut longer = path.clone();
                    longer.push(next);
                    open.push((longer, ways + usize::from(changes)));
                }
            }
        }
        if found.is_empty() {
            let what = format!(
                "no way from {} over {via:?} to {} that may be driven",
                restriction.from, restriction.to
            );
            return Err(("restriction off the roads", what));
        }
        for (path, to) in found {
            let ends = into.entry(path).or_default();
            match restriction.only {
                true => ends.only.insert(to),
                false => ends.forbidden.insert(to),
            };
        }
        Ok(())
    }
}
