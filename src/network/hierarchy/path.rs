//! Shortest paths, as arcs of the graph.

use super::climb::Climb;
use super::weight::Weight;
use super::{Hierarchy, HierarchyError, Metric, NONE, Seed};

/// A shortest path between two places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path<W = u32> {
    /// Its weight, with the offsets at both ends.
    pub weight: W,
    /// Node that it begins at: one of the seeds of the source.
    pub from: u32,
    /// Node that it ends at: one of the seeds of the target.
    pub to: u32,
    /// Arcs of the graph from one to the other.
    pub arcs: Vec<u32>,
}

impl<W: Weight> Metric<W> {
    /// A shortest path from one of the sources to one of the targets; `None` if there is none. Of
    /// several the choice is always the same.
    ///
    /// # Errors
    /// A node that is not there.
    pub fn path(
        &self,
        source: &[Seed<W>],
        target: &[Seed<W>],
    ) -> Result<Option<Path<W>>, HierarchyError> {
        let mut climber = self.climber();
        let from = self.climb_from(source, &mut climber)?;
        let to = self.climb_to(target, &mut climber)?;
        Ok(self.path_between(&from, &to))
    }

    /// The same between places that were climbed from and to before.
    pub fn path_between(&self, from: &Climb<W>, to: &Climb<W>) -> Option<Path<W>> {
        let (weight, above_from, above_to) = from.meet(to)?;
        let mut slots = Vec::new();
        let begin = self.way_down(above_from, from, |arc| slots.push(2 * arc));
        slots.reverse();
        let end = self.way_down(above_to, to, |arc| slots.push(2 * arc + 1));
        let mut arcs = Vec::new();
        for slot in slots {
            self.unpack(slot, &mut arcs);
        }
        let node = |rank: u32| self.hierarchy.order[rank as usize];
        Some(Path {
            weight,
            from: node(begin),
            to: node(end),
            arcs,
        })
    }

    /// Follows the arcs by which a node was reached; gives the rank where they begin.
    fn way_down(&self, top: usize, climb: &Climb<W>, mut push: impl FnMut(u32)) -> u32 {
        let mut at = top;
        while climb.by[at] != NONE {
            let arc = climb.by[at];
            push(arc);
            let tail = self.hierarchy.tail(arc);
            match climb.nodes.binary_search(&tail) {
                Ok(below) => at = below,
                // Never: an arc is climbed from a node that is there.
                Err(_) => break,
            }
        }
        climb.nodes[at]
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
                self.down[first as usize].plus(self.up[second as usize]) == weight
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
