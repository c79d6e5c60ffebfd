//! Shortest paths, as arcs of the graph.

use super::arc_graph::INFINITY;
use super::{Hierarchy, HierarchyError, Metric, NONE, Seed};

/// A shortest path between two places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Its weight, with the offsets at both ends.
    pub weight: u32,
    /// Node that it begins at: one of the seeds of the source.
    pub from: u32,
    /// Node that it ends at: one of the seeds of the target.
    pub to: u32,
    /// Arcs of the graph from one to the other.
    pub arcs: Vec<u32>,
}

/// Ways up from a place, by rank.
struct Climbed {
    distance: Vec<u32>,
    /// Upward arc that a node was reached by.
    by: Vec<u32>,
    /// Nodes that may have been reached, ascending.
    nodes: Vec<u32>,
}

impl Metric {
    /// A shortest path from one of the sources to one of the targets; `None` if there is none. Of
    /// several the choice is always the same.
    ///
    /// # Errors
    /// A node that is not there.
    pub fn path(&self, source: &[Seed], target: &[Seed]) -> Result<Option<Path>, HierarchyError> {
        let hierarchy = &self.hierarchy;
        for (seeds, field) in [(source, "source"), (target, "target")] {
            hierarchy.check_seeds(&[seeds.to_vec()], field)?;
        }
        let forwards = self.climbed(source, &self.up);
        let backwards = self.climbed(target, &self.down);
        let both = |v: u32| forwards.distance[v as usize] + backwards.distance[v as usize];
        let Some(top) = forwards.nodes.iter().copied().min_by_key(|&v| both(v)) else {
            return Ok(None);
        };
        let weight = both(top);
        if weight >= INFINITY {
            return Ok(None);
        }
        let mut slots = Vec::new();
        let from = self.way_down(top, &forwards, |arc| slots.push(2 * arc));
        slots.reverse();
        let to = self.way_down(top, &backwards, |arc| slots.push(2 * arc + 1));
        let mut arcs = Vec::new();
        for slot in slots {
            self.unpack(slot, &mut arcs);
        }
        let node = |rank: u32| hierarchy.order[rank as usize];
        Ok(Some(Path {
            weight,
            from: node(from),
            to: node(to),
            arcs,
        }))
    }

    fn climbed(&self, seeds: &[Seed], weights: &[u32]) -> Climbed {
        let hierarchy = &self.hierarchy;
        let mut found = Climbed {
            distance: vec![INFINITY; hierarchy.nodes()],
            by: vec![NONE; hierarchy.nodes()],
            nodes: Vec::new(),
        };
        for seed in seeds {
            let v = hierarchy.rank[seed.node as usize];
            let distance = &mut found.distance[v as usize];
            *distance = (*distance).min(seed.offset);
            let mut next = Some(v);
            while let Some(v) = next {
                found.nodes.push(v);
                next = hierarchy.upward.parent(v);
            }
        }
        found.nodes.sort_unstable();
        found.nodes.dedup();
        for &v in &found.nodes {
            let distance = found.distance[v as usize];
            if distance >= INFINITY {
                continue;
            }
            for arc in hierarchy.upward.arcs(v) {
                let head = hierarchy.upward.head[arc] as usize;
                if distance + weights[arc] < found.distance[head] {
                    found.distance[head] = distance + weights[arc];
                    found.by[head] = arc as u32;
                }
            }
        }
        found
    }

    /// Follows the arcs by which a node was reached; gives the rank where they begin.
    fn way_down(&self, top: u32, climbed: &Climbed, mut push: impl FnMut(u32)) -> u32 {
        let mut v = top;
        while climbed.by[v as usize] != NONE {
            let arc = climbed.by[v as usize];
            push(arc);
            v = self.hierarchy.tail(arc);
        }
        v
    }

    /// The graph's arcs behind a slot, in order.
    fn unpack(&self, slot: u32, into: &mut Vec<u32>) {
        let mut open = vec![slot];
        while let Some(slot) = open.pop() {
            let (arc, leads_up) = (slot / 2, slot % 2 == 0);
            let side = if leads_up { &self.up } else { &self.down };
            let weight = side[arc as usize];
            let own = self.hierarchy.arcs_of_slot(slot as usize);
            let weight_of = |arc: &&u32| self.weights[**arc as usize];
            if let Some(&arc) = own.iter().find(|arc| weight_of(arc) == weight) {
                into.push(arc);
                continue;
            }
            let found = self.hierarchy.triangles_below(arc).find(|&(low, high)| {
                let (first, second) = if leads_up { (low, high) } else { (high, low) };
                self.down[first as usize] + self.up[second as usize] == weight
            });
            // One of the two holds, since the weight came from there.
            if let Some((low, high)) = found {
                let (first, second) = if leads_up { (low, high) } else { (high, low) };
                open.push(2 * second);
                open.push(2 * first + 1);
            }
        }
    }
}

impl Hierarchy {
    /// Lower node of an upward arc.
    pub(super) fn tail(&self, arc: u32) -> u32 {
        self.upward.first.partition_point(|&first| first <= arc) as u32 - 1
    }

    /// For every node below both ends of an upward arc, the arcs from it to the lower and to the
    /// higher end.
    pub(super) fn triangles_below(&self, arc: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let low = self.below(self.tail(arc));
        let mut high = self.below(self.upward.head[arc as usize]);
        low.iter().filter_map(move |&[node, to_low]| {
            while let [[other, _], rest @ ..] = high
                && *other < node
            {
                high = rest;
            }
            match high {
                [[other, to_high], ..] if *other == node => Some((to_low, *to_high)),
                _ => None,
            }
        })
    }
}
