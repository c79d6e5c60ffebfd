//! Matrices of many sets of weights: the slices of a day.

use super::customize::{LaneWeights, customize_lanes};
use super::lanes::LANES;
use super::matrix::Sweep;
use super::selection::Targets;
use super::weight::Weight;
use super::{Hierarchy, HierarchyError, InputError, Seed};
use crate::runtime::{Cancel, Progress};

/// Weights of all arcs in a slice, and the places with what they cost in it. The places have the
/// same nodes in all slices.
#[derive(Debug, Clone, Default)]
pub struct Slice {
    /// By arc.
    pub weights: Vec<u32>,
    /// Rows of the matrix.
    pub sources: Vec<Vec<Seed>>,
    /// Columns of the matrix.
    pub targets: Vec<Vec<Seed>>,
}

impl Hierarchy {
    /// One matrix per slice, handed to `sink` in order with the number of the slice; only one is in
    /// memory at a time. Several slices are customised in one pass.
    ///
    /// # Errors
    /// What `of` refuses, another number of weights than of arcs, a node that is not there, other nodes than in the
    /// first slice; cancelled.
    pub fn matrices(
        &self,
        slices: usize,
        mut of: impl FnMut(usize) -> Result<Slice, InputError>,
        mut sink: impl FnMut(usize, &[u32]),
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<(), HierarchyError> {
        let mut lanes = LaneWeights::default();
        let mut up = vec![0; self.upward_arcs()];
        let (mut down, mut matrix) = (Vec::new(), Vec::new());
        let mut above: Option<Targets> = None;
        let all: Vec<usize> = (0..slices).collect();
        for together in all.chunks(LANES) {
            cancel.check()?;
            let given = together.iter().map(|&slice| of(slice));
            let given: Vec<Slice> = given.collect::<Result<_, _>>()?;
            for slice in &given {
                self.check_weights(slice.weights.len())?;
                self.check_seeds(&slice.sources, "sources")?;
            }
            customize_lanes(self, &given, &mut lanes);
            for (lane, (&number, slice)) in together.iter().zip(&given).enumerate() {
                progress.report("network: matrices", number as u64, slices as u64);
                let targets = match &mut above {
                    Some(targets) => targets,
                    none => none.insert(Targets::new(self, &slice.targets)?),
                };
                targets.set_offsets(&slice.targets)?;
                for (into, from) in up.iter_mut().zip(&lanes.up) {
                    *into = from[lane];
                }
                down.clear();
                down.extend(
                    targets
                        .arc
                        .iter()
                        .map(|&arc| lanes.down[arc as usize][lane]),
                );
                let sweep = Sweep {
                    hierarchy: self,
                    targets,
                    up: &up,
                    down: &down,
                };
                matrix.clear();
                matrix.resize(slice.sources.len() * targets.len(), u32::UNREACHABLE);
                sweep.fill(&slice.sources, &mut matrix, cancel)?;
                sink(number, &matrix);
            }
        }
        Ok(())
    }
}
