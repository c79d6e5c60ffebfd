//! Customizable contraction hierarchies: shortest paths on a road graph for many sets of weights.
//!
//! In: an [`ArcGraph`], once, and weights of its arcs, as often as they change. Out: matrices and
//! paths. Weights are whole numbers in a unit of the caller, below [`INFINITY`].
//! Never does: knows what a road, a turn or a time of day is.
//!
//! Dibbelt, Strasser and Wagner, *Customizable contraction hierarchies* (2016). Three steps: the
//! order of contraction ([`Hierarchy::build`]) knows no weights; customisation
//! ([`Hierarchy::customize`]) puts weights on all arcs in milliseconds; queries climb the
//! elimination tree. Matrices are swept from the top for many sources at once, on those nodes
//! only that lead to a target (Delling, Goldberg and Werneck, *Faster batched shortest paths in
//! road networks*, 2011).

mod arc_graph;
mod chordal;
mod climb;
mod customize;
mod lanes;
mod low_degree;
mod matrix;
mod order;
mod path;
mod sections;
mod selection;
mod separator;
mod slices;
mod update;
mod weight;

pub use arc_graph::{ArcGraph, INFINITY};
pub use climb::{Climb, Climber};
pub use path::Path;
pub use sections::Sections;
pub use selection::Targets;
pub use slices::Slice;
pub use weight::{DurationAndLength, Weight};

use crate::domain::InputError;
use crate::runtime::{Cancel, Cancelled, Progress};
use chordal::Upward;
use std::sync::Arc;

const NONE: u32 = u32::MAX;

/// Why there is no hierarchy, or no answer.
#[derive(Debug, thiserror::Error)]
pub enum HierarchyError {
    /// The graph, the weights or the places cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A node where a way may begin or end, and what it costs from the place to the node or from the
/// node to the place. A place between junctions has one for each junction it can be left by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed<W = u32> {
    /// Node of the graph.
    pub node: u32,
    /// Cost between place and node, in the unit of the weights, below [`INFINITY`].
    pub offset: W,
}

/// What does not depend on weights. Nodes are known by their rank: the position in the order of
/// contraction.
#[derive(Debug, PartialEq)]
pub struct Hierarchy {
    /// Node of each rank.
    order: Vec<u32>,
    /// Rank of each node.
    rank: Vec<u32>,
    upward: Upward,
    /// For each arc of the graph twice the upward arc that it is part of, plus one if it leads
    /// down; [`NONE`] for a loop.
    slot: Vec<u32>,
    /// Arcs of the graph by slot: `by_slot[slot_first[s]..slot_first[s + 1]]`.
    slot_first: Vec<u32>,
    by_slot: Vec<u32>,
    /// Upward arcs by their head: `below[below_first[v]..below_first[v + 1]]` as pairs of a tail
    /// and an arc, ascending.
    below_first: Vec<u32>,
    below: Vec<[u32; 2]>,
}

/// Weights of all arcs of a hierarchy, those that contraction added included.
#[derive(Debug, Clone)]
pub struct Metric<W = u32> {
    hierarchy: Arc<Hierarchy>,
    /// Weights of the graph's arcs.
    weights: Vec<W>,
    /// From the lower node to the higher one, by upward arc.
    up: Vec<W>,
    /// From the higher node to the lower one.
    down: Vec<W>,
}

impl Hierarchy {
    /// Finds an order of contraction and contracts. Takes about 10 µs per node of a road graph.
    ///
    /// # Errors
    /// Arrays that do not fit each other; cancelled.
    pub fn build(
        graph: &ArcGraph,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, HierarchyError> {
        graph.check()?;
        let order = order::order(graph, cancel, progress)?;
        let (first, neighbours) = graph.neighbours();
        let upward = Upward::contract(&first, &neighbours, &order, &positions(&order));
        let order: Vec<u32> = upward
            .postorder()
            .into_iter()
            .map(|r| order[r as usize])
            .collect();
        cancel.check()?;
        let rank = positions(&order);
        let upward = Upward::contract(&first, &neighbours, &order, &rank);
        let slot = slots(&upward, &rank, &graph.tail, &graph.head);
        Ok(Self::of(order, upward, slot))
    }

    /// From what is saved; the rest follows.
    fn of(order: Vec<u32>, upward: Upward, slot: Vec<u32>) -> Self {
        let rank = positions(&order);
        let (slot_first, by_slot) = grouped(2 * upward.head.len(), &slot);
        let (below_first, arcs) = grouped(order.len(), &upward.head);
        let mut tail = vec![0; upward.head.len()];
        for v in 0..order.len() as u32 {
            tail[upward.arcs(v)].fill(v);
        }
        let below = arcs.into_iter().map(|arc| [tail[arc as usize], arc]);
        Self {
            below: below.collect(),
            order,
            rank,
            upward,
            slot,
            slot_first,
            by_slot,
            below_first,
        }
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.order.len()
    }

    /// Number of arcs of the graph.
    pub fn arcs(&self) -> usize {
        self.slot.len()
    }

    /// Number of upward arcs, each of which leads both ways.
    pub fn upward_arcs(&self) -> usize {
        self.upward.head.len()
    }

    /// Number of pairs of upward arcs of one node: the work of a customisation.
    pub fn triangles(&self) -> u64 {
        let degree = |v: u32| self.upward.arcs(v).len() as u64;
        let pairs = |d: u64| d * d.saturating_sub(1) / 2;
        (0..self.nodes() as u32).map(|v| pairs(degree(v))).sum()
    }

    /// Puts weights on all arcs.
    ///
    /// # Errors
    /// Another number of weights than of arcs.
    pub fn customize<W: Weight>(self: &Arc<Self>, weights: &[W]) -> Result<Metric<W>, InputError> {
        self.check_weights(weights.len())?;
        let (up, down) = customize::customize(self, weights);
        Ok(Metric {
            hierarchy: Arc::clone(self),
            weights: weights.to_vec(),
            up,
            down,
        })
    }

    fn check_weights(&self, weights: usize) -> Result<(), InputError> {
        if weights == self.arcs() {
            return Ok(());
        }
        let remedy = "give the weights of this very network";
        let problem = format!("{weights} weights for {} arcs", self.arcs());
        Err(InputError::new("road network", problem, remedy).field("weights"))
    }

    fn check_seeds<W>(&self, places: &[Vec<Seed<W>>], field: &str) -> Result<(), InputError> {
        let lost = |seed: &&Seed<W>| seed.node as usize >= self.nodes();
        match places.iter().flatten().find(lost) {
            None => Ok(()),
            Some(seed) => {
                let problem = format!("node {} of {}", seed.node, self.nodes());
                let remedy = "snap places to this very network";
                Err(InputError::new("road network", problem, remedy).field(field))
            }
        }
    }

    /// Arcs of the graph that are part of a slot.
    fn arcs_of_slot(&self, slot: usize) -> &[u32] {
        &self.by_slot[self.slot_first[slot] as usize..self.slot_first[slot + 1] as usize]
    }

    /// Tails and arcs of the upward arcs that end in a node.
    fn below(&self, v: u32) -> &[[u32; 2]] {
        let (begin, end) = (
            self.below_first[v as usize],
            self.below_first[v as usize + 1],
        );
        &self.below[begin as usize..end as usize]
    }
}

impl<W: Weight> Metric<W> {
    /// The hierarchy whose weights these are.
    pub fn hierarchy(&self) -> &Arc<Hierarchy> {
        &self.hierarchy
    }

    /// Weights of the graph's arcs.
    pub fn weights(&self) -> &[W] {
        &self.weights
    }
}

/// Where each number of a permutation stands.
fn positions(order: &[u32]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (at, &v) in order.iter().enumerate() {
        rank[v as usize] = at as u32;
    }
    rank
}

/// Which upward arc each arc of the graph is part of.
fn slots(upward: &Upward, rank: &[u32], tail: &[u32], head: &[u32]) -> Vec<u32> {
    let slot = |(&tail, &head): (&u32, &u32)| {
        let (a, b) = (rank[tail as usize], rank[head as usize]);
        let found = upward.find(a.min(b), a.max(b));
        found.map_or(NONE, |arc| 2 * arc as u32 + u32::from(a > b))
    };
    tail.iter().zip(head).map(slot).collect()
}

/// Positions by the group that stands at them, ascending: first of each group, and all of them.
fn grouped(groups: usize, group: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; groups + 1];
    for &g in group.iter().filter(|&&g| g != NONE) {
        first[g as usize + 1] += 1;
    }
    for g in 0..groups {
        first[g + 1] += first[g];
    }
    let mut next = first.clone();
    let mut list = vec![0; first[groups] as usize];
    for (at, &g) in group.iter().enumerate().filter(|(_, g)| **g != NONE) {
        list[next[g as usize] as usize] = at as u32;
        next[g as usize] += 1;
    }
    (first, list)
}
