//! Distances between many places.

use super::lanes::{LANES, Lanes, relax, with_avx2};
use super::selection::Targets;
use super::weight::Weight;
use super::{Hierarchy, HierarchyError, Metric, NONE, Seed};
use crate::runtime::Cancel;
use rayon::prelude::*;

impl<W: Weight> Metric<W> {
    /// Distances from each source (rows) to each target (columns), [`Weight::UNREACHABLE`] where there is
    /// no way. A place without a seed reaches nothing.
    ///
    /// # Errors
    /// A node that is not there; cancelled.
    pub fn matrix(
        &self,
        sources: &[Vec<Seed<W>>],
        targets: &Targets<W>,
        cancel: &Cancel,
    ) -> Result<Vec<W>, HierarchyError> {
        let hierarchy = &self.hierarchy;
        hierarchy.check_seeds(sources, "sources")?;
        let down: Vec<W> = targets
            .arc
            .iter()
            .map(|&arc| self.down[arc as usize])
            .collect();
        let mut into = vec![W::UNREACHABLE; sources.len() * targets.len()];
        let sweep = Sweep {
            hierarchy,
            targets,
            up: &self.up,
            down: &down,
        };
        sweep.fill(sources, &mut into, cancel)?;
        Ok(into)
    }
}

/// A matrix to be computed: weights up by upward arc, weights down by arc above a target.
#[derive(Clone, Copy)]
pub(super) struct Sweep<'a, W> {
    pub hierarchy: &'a Hierarchy,
    pub targets: &'a Targets<W>,
    pub up: &'a [W],
    pub down: &'a [W],
}

/// Memory of one thread.
struct Desk<W> {
    /// Distances by rank from the source at hand.
    climbed: Vec<W>,
    /// Distances by position above a target.
    distance: Vec<Lanes<W>>,
}

impl<W: Weight> Sweep<'_, W> {
    /// Fills a matrix of all sources, a row each.
    pub(super) fn fill(
        &self,
        sources: &[Vec<Seed<W>>],
        into: &mut [W],
        cancel: &Cancel,
    ) -> Result<(), HierarchyError> {
        let width = self.targets.len();
        if width == 0 {
            return Ok(());
        }
        let desk = || Desk {
            climbed: vec![W::INFINITY; self.hierarchy.nodes()],
            distance: vec![[W::INFINITY; LANES]; self.targets.nodes()],
        };
        sources
            .par_chunks(LANES)
            .zip(into.par_chunks_mut(LANES * width))
            .try_for_each_init(desk, |desk, (sources, rows)| {
                cancel.check()?;
                desk.distance.fill([W::INFINITY; LANES]);
                for (lane, seeds) in sources.iter().enumerate() {
                    self.climb(seeds, lane, desk);
                }
                descend(self, &mut desk.distance);
                self.read(&desk.distance, sources.len(), rows);
                Ok(())
            })
    }

    /// All ways up from a source, into one lane.
    fn climb(&self, seeds: &[Seed<W>], lane: usize, desk: &mut Desk<W>) {
        let (upward, rank) = (&self.hierarchy.upward, &self.hierarchy.rank);
        let climbed = &mut desk.climbed;
        let mut places: Vec<u32> = Vec::with_capacity(seeds.len());
        for seed in seeds {
            let v = rank[seed.node as usize];
            climbed[v as usize] = climbed[v as usize].min(seed.offset);
            places.push(v);
        }
        // The lowest of the places goes up the elimination tree until all have met and left it.
        while let Some(&v) = places.iter().min() {
            let distance = std::mem::replace(&mut climbed[v as usize], W::INFINITY);
            if distance < W::INFINITY {
                for arc in upward.arcs(v) {
                    let head = upward.head[arc] as usize;
                    climbed[head] = climbed[head].min(distance.plus(self.up[arc]));
                }
                let position = self.targets.position[v as usize];
                if position != NONE {
                    desk.distance[position as usize][lane] = distance;
                }
            }
            match upward.parent(v) {
                Some(parent) => {
                    let mut met = false;
                    places.retain_mut(|place| {
                        if *place != v {
                            return true;
                        }
                        *place = parent;
                        !std::mem::replace(&mut met, true)
                    });
                }
                None => places.retain(|place| *place != v),
            }
        }
    }

    /// Distances of the lanes at the targets, a row per lane.
    fn read(&self, distance: &[Lanes<W>], lanes: usize, rows: &mut [W]) {
        let targets = self.targets;
        let width = targets.len();
        for target in 0..width {
            let ends = targets.end_first[target] as usize..targets.end_first[target + 1] as usize;
            let mut best = [W::INFINITY; LANES];
            for &(position, offset) in &targets.ends[ends] {
                relax(
                    &mut best,
                    &distance[position as usize],
                    offset.min(W::INFINITY),
                );
            }
            for (lane, &value) in best.iter().enumerate().take(lanes) {
                if value < W::INFINITY {
                    rows[lane * width + target] = value;
                }
            }
        }
    }
}

#[inline(always)]
fn descend_all<W: Weight>(sweep: &Sweep<'_, W>, distance: &mut [Lanes<W>]) {
    let targets = sweep.targets;
    for at in 0..targets.nodes() {
        let (above, below) = distance.split_at_mut(at);
        let Some(best) = below.first_mut() else {
            return;
        };
        let arcs = targets.first[at] as usize..targets.first[at + 1] as usize;
        let mut least = *best;
        for (&head, &weight) in targets.above[arcs.clone()].iter().zip(&sweep.down[arcs]) {
            relax(&mut least, &above[head as usize], weight);
        }
        *best = least;
    }
}

with_avx2! {
    /// Distances of all nodes above a target, from the top.
    descend, descend_all, (sweep: &Sweep<'_, W>, distance: &mut [Lanes<W>])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::hierarchy::ArcGraph;
    use crate::runtime::{Progress, random};
    use rand::Rng;
    use std::sync::Arc;

    #[test]
    fn every_processor_gives_the_same_distances() {
        let mut draw = random::generator(3, "graph");
        let mut numbers = |count: usize, below: u32| -> Vec<u32> {
            (0..count).map(|_| draw.random_range(0..below)).collect()
        };
        let graph = ArcGraph {
            tail: numbers(900, 300),
            head: numbers(900, 300),
            latitude: numbers(300, 90).into_iter().map(|x| x as f32).collect(),
            longitude: numbers(300, 90).into_iter().map(|x| x as f32).collect(),
        };
        let weights = numbers(900, 1_000);
        let built = Hierarchy::build(&graph, &Cancel::new(), &Progress::silent());
        let metric = Arc::new(built.unwrap()).customize(&weights).unwrap();
        let all: Vec<Vec<Seed>> = (0..300)
            .map(|node| vec![Seed { node, offset: 0 }])
            .collect();
        let targets = Targets::new(&metric.hierarchy, &all).unwrap();
        let down: Vec<u32> = targets
            .arc
            .iter()
            .map(|&arc| metric.down[arc as usize])
            .collect();
        let sweep = Sweep {
            hierarchy: &metric.hierarchy,
            targets: &targets,
            up: &metric.up,
            down: &down,
        };
        let mut climbed = vec![[u32::INFINITY; LANES]; targets.nodes()];
        for distance in climbed.iter_mut().flatten() {
            *distance = draw.random_range(0..2 * u32::INFINITY).min(u32::INFINITY);
        }
        let mut portable = climbed.clone();
        descend(&sweep, &mut climbed);
        descend_all(&sweep, &mut portable);
        assert_eq!(climbed, portable);
    }
}
