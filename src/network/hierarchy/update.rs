//! A few weights that change, such as by live traffic.

use super::weight::Weight;
use super::{HierarchyError, Metric, NONE};
use crate::domain::InputError;
use std::collections::BTreeSet;

impl<W: Weight> Metric<W> {
    /// Changes the weights of some arcs, and of what depends on them; the same as customising
    /// anew, in a time by how much changes.
    ///
    /// # Errors
    /// An arc that is not there; then nothing has changed.
    pub fn update(&mut self, changes: &[(u32, W)]) -> Result<(), HierarchyError> {
        if let Some((arc, _)) = changes.iter().find(|c| c.0 as usize >= self.weights.len()) {
            let problem = format!("arc {arc} of {}", self.weights.len());
            let remedy = "give the weights of this very network";
            return Err(InputError::new("road network", problem, remedy)
                .field("changes")
                .into());
        }
        let hierarchy = self.hierarchy.clone();
        let mut open = BTreeSet::new();
        for &(arc, weight) in changes {
            self.weights[arc as usize] = weight;
            let slot = hierarchy.slot[arc as usize];
            if slot != NONE {
                open.insert(slot / 2);
            }
        }
        let upward = &hierarchy.upward;
        // Arcs stand in order of contraction, and depend on lower ones only.
        while let Some(arc) = open.pop_first() {
            let (up, down) = self.weights_of(arc);
            let at = arc as usize;
            if (up, down) == (self.up[at], self.down[at]) {
                continue;
            }
            (self.up[at], self.down[at]) = (up, down);
            let head = upward.head[at];
            for other in upward.arcs(hierarchy.tail(arc)) {
                let end = upward.head[other];
                open.extend(upward.find(head.min(end), head.max(end)).map(|a| a as u32));
            }
        }
        Ok(())
    }

    /// Weights up and down of an upward arc, by those of lower ones.
    fn weights_of(&self, arc: u32) -> (W, W) {
        let own = |slot: u32| {
            let arcs = self.hierarchy.arcs_of_slot(slot as usize).iter();
            let weights = arcs.map(|&arc| self.weights[arc as usize]);
            weights.min().unwrap_or(W::INFINITY).min(W::INFINITY)
        };
        let direct = (own(2 * arc), own(2 * arc + 1));
        let through = self.hierarchy.triangles_below(arc);
        through.fold(direct, |(up, down), (low, high)| {
            let (low, high) = (low as usize, high as usize);
            (
                up.min(self.down[low].plus(self.up[high])),
                down.min(self.down[high].plus(self.up[low])),
            )
        })
    }
}
