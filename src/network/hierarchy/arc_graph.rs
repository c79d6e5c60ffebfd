//! The graph that a hierarchy is built on.

use crate::domain::InputError;

/// Weight of an arc that is closed, and of a path that does not exist. Distances beyond it count
/// as unreachable, so that two of them can be added without overflow.
pub const INFINITY: u32 = (1 << 30) - 1;

/// A directed graph: junctions and roads, or, with turn costs, directed roads and turns. Parallel
/// arcs and loops may occur.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArcGraph {
    /// Node that each arc leaves.
    pub tail: Vec<u32>,
    /// Node that each arc enters.
    pub head: Vec<u32>,
    /// Of each node, in degrees north; only the order of contraction depends on it.
    pub latitude: Vec<f32>,
    /// Of each node, in degrees east.
    pub longitude: Vec<f32>,
}

impl ArcGraph {
    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.latitude.len()
    }

    /// Number of arcs.
    pub fn arcs(&self) -> usize {
        self.tail.len()
    }

    /// # Errors
    /// Arrays of unequal length, an arc of a node that is not there, a place that is no number.
    pub(super) fn check(&self) -> Result<(), InputError> {
        let fault = |field: &str, problem: String| {
            InputError::new("road graph", problem, "build the network again").field(field)
        };
        if self.longitude.len() != self.nodes() {
            let lengths = format!("{} for {} nodes", self.longitude.len(), self.nodes());
            return Err(fault("longitude", lengths));
        }
        if self.head.len() != self.arcs() {
            let lengths = format!("{} for {} arcs", self.head.len(), self.arcs());
            return Err(fault("head", lengths));
        }
        let most = (INFINITY as usize).min(u32::MAX as usize / 4);
        if self.nodes() > most || self.arcs() > most {
            return Err(fault("tail", format!("more than {most} nodes or arcs")));
        }
        for (name, ends) in [("tail", &self.tail), ("head", &self.head)] {
            if let Some(at) = ends.iter().position(|&v| v as usize >= self.nodes()) {
                let (node, nodes) = (ends[at], self.nodes());
                return Err(fault(name, format!("arc {at}: node {node} of {nodes}")));
            }
        }
        for (name, places) in [("latitude", &self.latitude), ("longitude", &self.longitude)] {
            if let Some(node) = places.iter().position(|x| !x.is_finite()) {
                return Err(fault(name, format!("node {node}: not a number")));
            }
        }
        Ok(())
    }

    /// Neighbours of every node in either direction, each once, without the node itself: first
    /// position by node, and the neighbours.
    pub(super) fn neighbours(&self) -> (Vec<u32>, Vec<u32>) {
        let both = || self.tail.iter().zip(&self.head).filter(|(a, b)| a != b);
        let mut first = vec![0_u32; self.nodes() + 1];
        for (&a, &b) in both() {
            first[a as usize + 1] += 1;
            first[b as usize + 1] += 1;
        }
        for v in 0..self.nodes() {
            first[v + 1] += first[v];
        }
        let mut next = first.clone();
        let mut list = vec![0_u32; first[self.nodes()] as usize];
        for (&a, &b) in both() {
            for (v, u) in [(a, b), (b, a)] {
                list[next[v as usize] as usize] = u;
                next[v as usize] += 1;
            }
        }
        let mut kept = 0;
        let mut from = 0;
        for v in 0..self.nodes() {
            let to = first[v + 1] as usize;
            list[from..to].sort_unstable();
            let begin = kept;
            for at in from..to {
                if kept == begin || list[kept - 1] != list[at] {
                    list[kept] = list[at];
                    kept += 1;
                }
            }
            from = to;
            first[v + 1] = kept as u32;
        }
        list.truncate(kept);
        (first, list)
    }
}
