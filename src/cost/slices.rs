//! A tensor from true matrices, one per slice: each routed on the metric of its own time.

use super::cells::{Cells, raise_to_fifo};
use super::error::CostError;
use super::tensor::{CostTensor, Profile, SliceAxis, TensorError};
use crate::runtime::{Cancel, Progress};
use std::sync::Arc;

/// Slices asked before they are put into place together: one cell of every pair at a time would
/// touch a cache line for two bytes.
const TOGETHER: usize = 16;

/// Gives the matrices of one slice after the other, `[from][to]` in seconds.
pub trait SliceSource {
    /// Number of places.
    fn places(&self) -> usize;
    /// Expected durations of a profile for departures at the start of a slice.
    ///
    /// # Errors
    /// What the source cannot answer.
    fn mean_s(&mut self, profile: usize, slice: usize) -> Result<Vec<u32>, CostError>;
    /// Durations not exceeded with probability 90 %; `None`: there is no uncertainty. Asked right
    /// after the means of the same slice.
    ///
    /// # Errors
    /// What the source cannot answer.
    fn p90_s(&mut self, _profile: usize, _slice: usize) -> Result<Option<Vec<u32>>, CostError> {
        Ok(None)
    }
    /// Distances of a profile in metres.
    ///
    /// # Errors
    /// What the source cannot answer.
    fn distance_m(&mut self, profile: usize) -> Result<Vec<u32>, CostError>;
}

/// Asks every slice of every profile once, and repairs FIFO by raising later durations.
///
/// # Errors
/// What the source cannot answer, matrices of another size, a cancelled build.
pub fn by_slices(
    source: &mut impl SliceSource,
    axis: SliceAxis,
    profiles: &[&str],
    leg_correlation: f64,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CostTensor, CostError> {
    let places = source.places();
    let (mut kept, mut repairs) = (Vec::with_capacity(profiles.len()), 0);
    for (profile, name) in profiles.iter().enumerate() {
        let mut layers = SliceLayers::new(places, axis);
        for slice in 0..axis.slices {
            cancel.check()?;
            progress.report("costs: slices", slice as u64, axis.slices as u64);
            let matrix = checked(source.mean_s(profile, slice)?, places, name, "mean_s")?;
            let upper = match source.p90_s(profile, slice)? {
                Some(upper) => checked(upper, places, name, "p90_s")?,
                None => Vec::new(),
            };
            layers.push(matrix, upper);
        }
        let (mean_s, p90_s, raised) = layers.finish();
        repairs += raised;
        let distance_m = checked(source.distance_m(profile)?, places, name, "distance_m")?;
        kept.push(Profile {
            name: (*name).to_owned(),
            mean_s,
            p90_s,
            distance_m: Arc::new(distance_m),
        });
    }
    super::profile::share(&mut kept);
    let tensor = CostTensor::of_profiles(axis, places, kept, leg_correlation)?;
    Ok(tensor.with_fifo_repairs(repairs))
}

/// Mean and upper cells of a profile that come slice by slice, in order.
pub(super) struct SliceLayers {
    axis: SliceAxis,
    mean: Layer,
    p90: Option<Layer>,
    /// Slices put into place, and those that wait for it.
    done: usize,
    means: Vec<Vec<u32>>,
    uppers: Vec<Option<Vec<u32>>>,
}

impl SliceLayers {
    pub fn new(places: usize, axis: SliceAxis) -> Self {
        Self {
            axis,
            mean: Layer::new(places, axis.slices),
            p90: None,
            done: 0,
            means: Vec::new(),
            uppers: Vec::new(),
        }
    }

    /// The next slice, `[from][to]` in seconds; an empty `upper`: no uncertainty.
    pub fn push(&mut self, mean: Vec<u32>, upper: Vec<u32>) {
        self.uppers.push(at_least(upper, &mean));
        self.means.push(mean);
        if self.means.len() == TOGETHER {
            self.put();
        }
    }

    fn put(&mut self) {
        let (means, uppers) = (
            std::mem::take(&mut self.means),
            std::mem::take(&mut self.uppers),
        );
        if uppers.iter().any(Option::is_some) && self.p90.is_none() {
            self.p90 = Some(self.mean.clone());
        }
        if let Some(p90) = &mut self.p90 {
            let both = uppers.iter().zip(&means);
            let group: Vec<&[u32]> = both
                .map(|(upper, mean)| upper.as_deref().unwrap_or(mean))
                .collect();
            p90.put(self.done, &group);
        }
        self.mean.put(
            self.done,
            &means.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        );
        self.done += means.len();
    }

    /// Mean and upper cells with FIFO, and how many were raised for it.
    pub fn finish(mut self) -> (Cells, Cells, u64) {
        self.put();
        let (mean_s, mut raised) = self.mean.finish(self.axis.slice_s);
        let p90_s = match self.p90 {
            None => mean_s.clone(),
            Some(layer) => {
                let (cells, more) = layer.finish(self.axis.slice_s);
                raised += more;
                cells
            }
        };
        (mean_s, p90_s, raised)
    }
}

fn checked(
    matrix: Vec<u32>,
    places: usize,
    profile: &str,
    part: &'static str,
) -> Result<Vec<u32>, TensorError> {
    match matrix.len() == places * places {
        true => Ok(matrix),
        false => Err(TensorError::WrongShape {
            profile: profile.to_owned(),
            part,
            found: matrix.len(),
            expected: places * places,
        }),
    }
}

/// An upper layer that is nowhere below the mean; `None` if there is none.
fn at_least(mut upper: Vec<u32>, mean: &[u32]) -> Option<Vec<u32>> {
    if upper.len() != mean.len() {
        return None;
    }
    for (upper, mean) in upper.iter_mut().zip(mean) {
        *upper = (*upper).max(*mean);
    }
    Some(upper)
}

/// Cells that grow slice by slice, two bytes each until one does not fit.
#[derive(Clone)]
enum Layer {
    Short(Vec<u16>, usize),
    Long(Vec<u32>, usize),
}

impl Layer {
    fn new(places: usize, slices: usize) -> Self {
        Self::Short(vec![0; places * places * slices], slices)
    }

    /// Puts matrices of slices in a row into place, the first at slice `first`.
    fn put(&mut self, first: usize, matrices: &[&[u32]]) {
        let longest = matrices.iter().flat_map(|m| m.iter()).max();
        if let (Self::Short(cells, slices), true) = (&*self, longest > Some(&u32::from(u16::MAX))) {
            *self = Self::Long(cells.iter().map(|s| u32::from(*s)).collect(), *slices);
        }
        match self {
            // Every value fits: the longest does.
            Self::Short(cells, slices) => scatter(cells, *slices, first, matrices, |s| s as u16),
            Self::Long(cells, slices) => scatter(cells, *slices, first, matrices, |s| s),
        }
    }

    fn finish(self, slice_s: u32) -> (Cells, u64) {
        match self {
            Self::Short(mut cells, slices) => {
                let pairs = cells.chunks_exact_mut(slices);
                let raised = pairs.map(|pair| raise_to_fifo(pair, slice_s)).sum();
                (Cells::Short(cells.into()), raised)
            }
            Self::Long(mut cells, slices) => {
                let pairs = cells.chunks_exact_mut(slices);
                let raised = pairs.map(|pair| raise_to_fifo(pair, slice_s)).sum();
                (Cells::Long(cells.into()), raised)
            }
        }
    }
}

fn scatter<T>(
    cells: &mut [T],
    slices: usize,
    first: usize,
    matrices: &[&[u32]],
    narrow: impl Fn(u32) -> T,
) {
    for (pair, cells) in cells.chunks_exact_mut(slices).enumerate() {
        for (cell, matrix) in cells[first..].iter_mut().zip(matrices) {
            *cell = narrow(matrix[pair]);
        }
    }
}
