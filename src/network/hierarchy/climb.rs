//! Ways up from a place, kept for meeting many others.

use super::weight::Weight;
use super::{HierarchyError, Metric, NONE, Seed};

/// Distances from a place to all nodes above it, or from these to the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Climb<W> {
    /// Ranks, ascending.
    pub(super) nodes: Vec<u32>,
    pub(super) distance: Vec<W>,
    /// Upward arc that each was reached by; [`NONE`] where the place itself is.
    pub(super) by: Vec<u32>,
}

/// Memory for climbing, of the size of the hierarchy; used again and again.
#[derive(Debug)]
pub struct Climber<W> {
    distance: Vec<W>,
    by: Vec<u32>,
}

impl<W: Weight> Climb<W> {
    /// Least sum of both over the nodes above both, with their positions.
    pub(super) fn meet(&self, other: &Self) -> Option<(W, usize, usize)> {
        let mut best: Option<(W, usize, usize)> = None;
        let (mut a, mut b) = (self.nodes.len(), other.nodes.len());
        while a > 0 && b > 0 {
            let (v, u) = (self.nodes[a - 1], other.nodes[b - 1]);
            if v == u {
                let sum = self.distance[a - 1].plus(other.distance[b - 1]);
                if sum < W::INFINITY && best.is_none_or(|(least, ..)| sum <= least) {
                    best = Some((sum, a - 1, b - 1));
                }
            }
            a -= usize::from(v >= u);
            b -= usize::from(u >= v);
        }
        best
    }

    /// Distance between the two places; `None` if there is no way.
    pub fn distance(&self, other: &Self) -> Option<W> {
        self.meet(other).map(|(weight, ..)| weight)
    }
}

impl<W: Weight> Metric<W> {
    /// Memory for [`Self::climb_from`] and [`Self::climb_to`].
    pub fn climber(&self) -> Climber<W> {
        Climber {
            distance: vec![W::INFINITY; self.hierarchy.nodes()],
            by: vec![NONE; self.hierarchy.nodes()],
        }
    }

    /// Ways up that begin at a place.
    ///
    /// # Errors
    /// A node that is not there.
    pub fn climb_from(
        &self,
        place: &[Seed<W>],
        climber: &mut Climber<W>,
    ) -> Result<Climb<W>, HierarchyError> {
        self.climb(place, &self.up, climber)
    }

    /// Ways down that end at a place.
    ///
    /// # Errors
    /// A node that is not there.
    pub fn climb_to(
        &self,
        place: &[Seed<W>],
        climber: &mut Climber<W>,
    ) -> Result<Climb<W>, HierarchyError> {
        self.climb(place, &self.down, climber)
    }

    fn climb(
        &self,
        place: &[Seed<W>],
        weights: &[W],
        climber: &mut Climber<W>,
    ) -> Result<Climb<W>, HierarchyError> {
        let hierarchy = &self.hierarchy;
        hierarchy.check_seeds(std::slice::from_ref(&place.to_vec()), "place")?;
        let mut nodes = Vec::new();
        for seed in place {
            let v = hierarchy.rank[seed.node as usize];
            let distance = &mut climber.distance[v as usize];
            *distance = (*distance).min(seed.offset);
            let mut next = Some(v);
            while let Some(v) = next {
                nodes.push(v);
                next = hierarchy.upward.parent(v);
            }
        }
        if place.len() > 1 {
            nodes.sort_unstable();
            nodes.dedup();
        }
        for &v in &nodes {
            let distance = climber.distance[v as usize];
            if distance >= W::INFINITY {
                continue;
            }
            for arc in hierarchy.upward.arcs(v) {
                let head = hierarchy.upward.head[arc] as usize;
                let there = distance.plus(weights[arc]);
                if there < climber.distance[head] {
                    climber.distance[head] = there;
                    climber.by[head] = arc as u32;
                }
            }
        }
        let take = |v: &u32| std::mem::replace(&mut climber.distance[*v as usize], W::INFINITY);
        let distance = nodes.iter().map(take).collect();
        let take = |v: &u32| std::mem::replace(&mut climber.by[*v as usize], NONE);
        let by = nodes.iter().map(take).collect();
        Ok(Climb {
            nodes,
            distance,
            by,
        })
    }
}
