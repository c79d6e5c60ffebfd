//! The part of a hierarchy that leads to some targets.

use super::weight::Weight;
use super::{Hierarchy, InputError, NONE, Seed};

/// Targets of matrices with the nodes above them, which do not depend on weights: chosen once for
/// all slices of a day.
#[derive(Debug)]
pub struct Targets<W = u32> {
    /// Nodes above a target, from the top: the position of each rank, [`NONE`] if it is not above.
    pub(super) position: Vec<u32>,
    /// Arcs by position of their lower node: first arc, and by arc the position of the higher
    /// node, and which upward arc it is.
    pub(super) first: Vec<u32>,
    pub(super) above: Vec<u32>,
    pub(super) arc: Vec<u32>,
    /// Ends by target: first end, and by end position and offset.
    pub(super) end_first: Vec<u32>,
    pub(super) ends: Vec<(u32, W)>,
}

impl<W: Weight> Targets<W> {
    /// # Errors
    /// A node that is not there.
    pub fn new(hierarchy: &Hierarchy, targets: &[Vec<Seed<W>>]) -> Result<Self, InputError> {
        hierarchy.check_seeds(targets, "targets")?;
        let upward = &hierarchy.upward;
        let mut position = vec![NONE; hierarchy.nodes()];
        let mut chosen = Vec::new();
        for seed in targets.iter().flatten() {
            let mut next = Some(hierarchy.rank[seed.node as usize]);
            while let Some(v) = next.filter(|&v| position[v as usize] == NONE) {
                position[v as usize] = 0;
                chosen.push(v);
                next = upward.parent(v);
            }
        }
        chosen.sort_unstable_by(|a, b| b.cmp(a));
        for (at, &v) in chosen.iter().enumerate() {
            position[v as usize] = at as u32;
        }
        let (mut first, mut above, mut arc) = (vec![0], Vec::new(), Vec::new());
        for &v in &chosen {
            for at in upward.arcs(v) {
                above.push(position[upward.head[at] as usize]);
                arc.push(at as u32);
            }
            first.push(above.len() as u32);
        }
        let (mut end_first, mut ends) = (vec![0], Vec::new());
        for seeds in targets {
            let end = |seed: &Seed<W>| {
                let rank = hierarchy.rank[seed.node as usize];
                (position[rank as usize], seed.offset)
            };
            ends.extend(seeds.iter().map(end));
            end_first.push(ends.len() as u32);
        }
        Ok(Self {
            position,
            first,
            above,
            arc,
            end_first,
            ends,
        })
    }

    /// Changes the offsets at the ends; `targets` has the nodes that these were made of, in the
    /// same order.
    ///
    /// # Errors
    /// Other targets; then nothing has changed.
    pub fn set_offsets(&mut self, targets: &[Vec<Seed<W>>]) -> Result<(), InputError> {
        let counts = self
            .end_first
            .windows(2)
            .map(|pair| (pair[1] - pair[0]) as usize);
        if !counts.eq(targets.iter().map(Vec::len)) {
            let problem = "other targets than the nodes above them were chosen for";
            return Err(
                InputError::new("road network", problem, "choose them anew").field("targets")
            );
        }
        for (end, seed) in self.ends.iter_mut().zip(targets.iter().flatten()) {
            end.1 = seed.offset;
        }
        Ok(())
    }

    /// Number of targets.
    pub fn len(&self) -> usize {
        self.end_first.len() - 1
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of nodes above a target.
    pub(super) fn nodes(&self) -> usize {
        self.first.len() - 1
    }
}
