//! A tensor from a base matrix and learned factors.
//!
//! A cell is the pair's base duration × the factor of (origin cluster, destination cluster, slice)
//! × the vehicle's own. Base and factors are held once for all profiles; profiles with the same
//! factor share their cells. Where a pair cannot break FIFO, which its longest fall from slice to
//! slice says beforehand, cells are written without looking back.

use super::build::ProfileSpec;
use super::cells::{Cells, Seconds, raise_to_fifo};
use super::error::CostError;
use super::tensor::{CostTensor, Profile, SliceAxis};
use crate::domain::InputError;
use crate::runtime::{Cancel, Progress};
use std::sync::Arc;

/// A trip without the time of day.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BaseLeg {
    /// Duration in seconds, such as on empty roads.
    pub duration_s: f32,
    /// Distance in metres.
    pub distance_m: u32,
}

/// A matrix of trips without the time of day: of a model, a file, a road network.
pub trait BaseMatrix {
    /// Number of places.
    fn places(&self) -> usize;
    /// The trip between two of them.
    fn leg(&self, from: usize, to: usize) -> BaseLeg;
}

/// A base matrix by a function of origin and destination.
pub struct BaseFn<F> {
    /// Number of places.
    pub places: usize,
    /// The trip between two of them.
    pub leg: F,
}

impl<F: Fn(usize, usize) -> BaseLeg> BaseMatrix for BaseFn<F> {
    fn places(&self) -> usize {
        self.places
    }

    fn leg(&self, from: usize, to: usize) -> BaseLeg {
        (self.leg)(from, to)
    }
}

/// Learned factors on base durations by clusters and slice.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorTable {
    cluster_of: Vec<usize>,
    clusters: usize,
    slices: usize,
    mean: Layer,
    p90: Layer,
}

/// Factors of one layer, `[origin cluster][destination cluster][slice]`.
#[derive(Debug, Clone, PartialEq)]
struct Layer {
    factors: Vec<f32>,
    /// Longest fall from one slice to the next, per pair of clusters.
    fall: Vec<f32>,
    greatest: f32,
}

impl Layer {
    fn of(factors: Vec<f32>, slices: usize) -> Self {
        let falls = |pair: &[f32]| pair.windows(2).map(|w| w[0] - w[1]).fold(0.0, f32::max);
        Self {
            fall: factors.chunks_exact(slices).map(falls).collect(),
            greatest: factors.iter().copied().fold(0.0, f32::max),
            factors,
        }
    }
}

impl FactorTable {
    /// A table over places in clusters counted from 0; `mean` and `p90` hold
    /// `[origin cluster][destination cluster][slice]`. A p90 below its mean is raised to it.
    ///
    /// # Errors
    /// Layers of another size, or a factor that is no positive number.
    pub fn new(
        cluster_of: Vec<usize>,
        slices: usize,
        mean: Vec<f32>,
        mut p90: Vec<f32>,
    ) -> Result<Self, InputError> {
        let clusters = cluster_of.iter().max().map_or(0, |most| most + 1);
        let cells = clusters * clusters * slices;
        for (layer, factors) in [("mean", &mean), ("p90", &p90)] {
            let fault = |problem: &str, value: String, remedy: String| {
                let fault = InputError::new("travel-time factors", problem, remedy);
                fault.field(layer).value(value)
            };
            if factors.len() != cells || slices == 0 {
                let remedy = format!("give {cells}: clusters² × slices, at least one slice");
                return Err(fault(
                    "wrong number of factors",
                    factors.len().to_string(),
                    remedy,
                ));
            }
            if let Some(bad) = factors.iter().find(|f| !(f.is_finite() && **f > 0.0)) {
                let remedy = "give numbers above 0".to_owned();
                return Err(fault("no factor", bad.to_string(), remedy));
            }
        }
        for (upper, mean) in p90.iter_mut().zip(&mean) {
            *upper = upper.max(*mean);
        }
        Ok(Self {
            cluster_of,
            clusters,
            slices,
            mean: Layer::of(mean, slices),
            p90: Layer::of(p90, slices),
        })
    }
}

/// Multiplies base and factors for every profile, and repairs FIFO by raising later durations.
///
/// # Errors
/// Factors for other places or slices, a base duration that is none, a cancelled build.
pub fn by_factors(
    base: &impl BaseMatrix,
    table: &FactorTable,
    axis: SliceAxis,
    profiles: &[ProfileSpec],
    leg_correlation: f64,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CostTensor, CostError> {
    let places = base.places();
    for (field, found, expected) in [
        ("places", table.cluster_of.len(), places),
        ("slices", table.slices, axis.slices),
    ] {
        if found != expected {
            let remedy = format!("give factors for the {expected} of the base matrix and axis");
            let fault = InputError::new("travel-time factors", "do not fit the base", remedy);
            return Err(fault.field(field).value(found).into());
        }
    }
    let (durations_s, distance_m) = read_base(base)?;
    let distance_m = Arc::new(distance_m);
    let longest = durations_s.iter().copied().fold(0.0, f32::max);
    let fill = Fill {
        base_s: &durations_s,
        places,
        table,
        slice_s: axis.slice_s,
        cancel,
    };
    let mut kept: Vec<Profile> = Vec::with_capacity(profiles.len());
    let mut repairs = 0;
    for (at, spec) in profiles.iter().enumerate() {
        progress.report(
            "costs: base times factors",
            at as u64,
            profiles.len() as u64,
        );
        let alike = profiles[..at]
            .iter()
            .position(|p| p.duration_factor == spec.duration_factor);
        let layers = match alike.and_then(|same| kept.get(same)) {
            Some(same) => (same.mean_s.clone(), same.p90_s.clone()),
            None => {
                let factor = spec.duration_factor as f32;
                let (mean_s, raised) = fill.layer(&table.mean, factor, longest)?;
                // A table that knows no spread makes a tensor that is certain.
                let (p90_s, more) = match table.p90 == table.mean {
                    true => (mean_s.clone(), raised),
                    false => fill.layer(&table.p90, factor, longest)?,
                };
                repairs += raised + more;
                (mean_s, p90_s)
            }
        };
        kept.push(Profile {
            name: spec.name.clone(),
            mean_s: layers.0,
            p90_s: layers.1,
            distance_m: Arc::clone(&distance_m),
        });
    }
    let tensor = CostTensor::of_profiles(axis, places, kept, leg_correlation)?;
    Ok(tensor.with_fifo_repairs(repairs))
}

/// All durations and distances, row by row; from a place to itself 0.
fn read_base(base: &impl BaseMatrix) -> Result<(Vec<f32>, Vec<u32>), InputError> {
    let places = base.places();
    let mut durations_s = Vec::with_capacity(places * places);
    let mut distance_m = Vec::with_capacity(places * places);
    for from in 0..places {
        for to in 0..places {
            let leg = match from == to {
                true => BaseLeg::default(),
                false => base.leg(from, to),
            };
            if !(leg.duration_s.is_finite() && leg.duration_s >= 0.0) {
                let remedy = "give seconds, 0 or more; leave out places that cannot be reached";
                return Err(InputError::new("base matrix", "not a duration", remedy)
                    .field(format!("{from} to {to}"))
                    .value(leg.duration_s));
            }
            durations_s.push(leg.duration_s);
            distance_m.push(leg.distance_m);
        }
    }
    Ok((durations_s, distance_m))
}

/// What the cells of all layers are made of.
struct Fill<'a> {
    base_s: &'a [f32],
    places: usize,
    table: &'a FactorTable,
    slice_s: u32,
    cancel: &'a Cancel,
}

impl Fill<'_> {
    /// One layer for vehicles of a factor, as narrow as its longest duration allows.
    fn layer(&self, layer: &Layer, factor: f32, longest_s: f32) -> Result<(Cells, u64), CostError> {
        // Raising never exceeds a duration of the same pair.
        if longest_s * factor * layer.greatest + 1.0 < f32::from(u16::MAX) {
            // From 2^23 on a float's last bit counts whole numbers: adding it rounds, and leaves the
            // number in the low bits, without the checks of a conversion.
            let whole = |s: f32| (s + 8_388_608.0).to_bits() as u16;
            let (cells, raised) = self.cells(layer, factor, whole)?;
            Ok((Cells::Short(cells.into()), raised))
        } else {
            let (cells, raised) = self.cells(layer, factor, |s| (s + 0.5) as u32)?;
            Ok((Cells::Long(cells.into()), raised))
        }
    }

    fn cells<T: Seconds>(
        &self,
        layer: &Layer,
        factor: f32,
        whole: impl Fn(f32) -> T + Copy,
    ) -> Result<(Vec<T>, u64), CostError> {
        let (table, slices) = (self.table, self.table.slices);
        let mut cells = vec![T::from(0); self.base_s.len() * slices];
        let mut raised = 0;
        let rows = cells.chunks_exact_mut((self.places * slices).max(1));
        let base = self.base_s.chunks_exact(self.places.max(1));
        for ((row, base_s), origin) in rows.zip(base).zip(&table.cluster_of) {
            self.cancel.check()?;
            let pairs = row.chunks_exact_mut(slices).zip(base_s);
            for ((pair, base_s), destination) in pairs.zip(&table.cluster_of) {
                let clusters = origin * table.clusters + destination;
                let factors = &layer.factors[clusters * slices..(clusters + 1) * slices];
                let own_s = base_s * factor;
                for (cell, factor) in pair.iter_mut().zip(factors) {
                    *cell = whole(own_s * factor);
                }
                // Rounding may add one second to a fall.
                if own_s * layer.fall[clusters] + 1.0 > self.slice_s as f32 {
                    raised += raise_to_fifo(pair, self.slice_s);
                }
            }
        }
        Ok((cells, raised))
    }
}
