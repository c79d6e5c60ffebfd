//! Matrices of many sets of weights: the slices of a day.

use super::customize::{LaneWeights, customize_lanes};
use super::lanes::LANES;
use super::matrix::{Sweep, UNREACHABLE};
use super::selection::Targets;
use super::{Hierarchy, HierarchyError, Seed};
use crate::runtime::{Cancel, Progress};

impl Hierarchy {
    /// One matrix per slice, handed to `sink` in order with the number of the slice; only one is in
    /// memory at a time. `weights` gives the weights of a slice; several slices are customised in
    /// one pass.
    ///
    /// # Errors
    /// Another number of weights than of arcs, a node that is not there; cancelled.
    pub fn matrices(
        &self,
        slices: usize,
        mut weights: impl FnMut(usize) -> Vec<u32>,
        (sources, targets): (&[Vec<Seed>], &Targets),
        mut sink: impl FnMut(usize, &[u32]),
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<(), HierarchyError> {
        self.check_seeds(sources, "sources")?;
        let mut lanes = LaneWeights::default();
        let mut up = vec![0; self.upward_arcs()];
        let mut down = vec![0; targets.arc.len()];
        let mut matrix = vec![UNREACHABLE; sources.len() * targets.len()];
        let all: Vec<usize> = (0..slices).collect();
        for together in all.chunks(LANES) {
            cancel.check()?;
            let given: Vec<Vec<u32>> = together.iter().map(|&slice| weights(slice)).collect();
            for weights in &given {
                self.check_weights(weights)?;
            }
            customize_lanes(self, &given, &mut lanes);
            for (lane, &slice) in together.iter().enumerate() {
                progress.report("network: matrices", slice as u64, slices as u64);
                for (into, from) in up.iter_mut().zip(&lanes.up) {
                    *into = from[lane];
                }
                for (into, &arc) in down.iter_mut().zip(&targets.arc) {
                    *into = lanes.down[arc as usize][lane];
                }
                let sweep = Sweep {
                    hierarchy: self,
                    targets,
                    up: &up,
                    down: &down,
                };
                matrix.fill(UNREACHABLE);
                sweep.fill(sources, &mut matrix, cancel)?;
                sink(slice, &matrix);
            }
        }
        Ok(())
    }
}
