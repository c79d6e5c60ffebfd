//! A tensor by true routing: every slice on a road network with the speeds of its own time.

use super::build::{ProfileSpec, whole};
use super::error::CostError;
use super::slices::SliceLayers;
use super::tensor::{CostTensor, Profile, SliceAxis};
use crate::domain::InputError;
use crate::network::{Network, Snapped};
use crate::runtime::{Cancel, Progress};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Places on a road network, and how long its edges take.
pub struct OnRoads<'a> {
    /// The network.
    pub network: &'a Network,
    /// Places on its roads, each of which reaches every other one.
    pub places: &'a [Option<Snapped>],
    /// Expected milliseconds of every edge at a moment.
    pub durations_ms: &'a dyn Fn(DateTime<Utc>) -> Vec<u32>,
    /// Time that one drive in ten exceeds, over the expected one.
    pub p90_over_mean: f64,
    /// Metres, `[from][to]`.
    pub distance_m: Vec<u32>,
}

/// Routes all pairs at the start of every slice, and repairs FIFO by raising later durations.
///
/// # Errors
/// A place that does not reach another one; durations of another network; cancelled.
pub fn by_roads(
    roads: OnRoads<'_>,
    axis: SliceAxis,
    profiles: &[ProfileSpec],
    leg_correlation: f64,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CostTensor, CostError> {
    let places = roads.places.len();
    let (factors, of_profile) = different_factors(profiles);
    let mut layers: Vec<SliceLayers> = factors
        .iter()
        .map(|_| SliceLayers::new(places, axis))
        .collect();
    let mut unreached: Option<(usize, usize)> = None;
    let ratio = roads.p90_over_mean.max(1.0);
    roads.network.matrices(
        (axis.slices, &|slice| {
            (roads.durations_ms)(axis.local_start(slice).with_timezone(&Utc))
        }),
        roads.places,
        roads.places,
        |_, matrix| {
            let mut duration_ms = matrix.duration_ms;
            for place in 0..places {
                duration_ms[place * places + place] = 0;
            }
            if let Some(pair) = duration_ms.iter().position(|ms| *ms == u32::MAX) {
                unreached.get_or_insert((pair / places, pair % places));
            }
            for (layers, factor) in layers.iter_mut().zip(&factors) {
                let mean = scaled(&duration_ms, *factor);
                let upper = match ratio > 1.0 {
                    true => scaled(&duration_ms, factor * ratio),
                    false => Vec::new(),
                };
                layers.push(mean, upper);
            }
        },
        (cancel, progress),
    )?;
    if let Some((from, to)) = unreached {
        return Err(not_reached(from, to).into());
    }
    let finished: Vec<_> = layers.into_iter().map(SliceLayers::finish).collect();
    let distance_m = Arc::new(roads.distance_m);
    let profile = |(spec, &at): (&ProfileSpec, &usize)| Profile {
        name: spec.name.clone(),
        mean_s: finished[at].0.clone(),
        p90_s: finished[at].1.clone(),
        distance_m: Arc::clone(&distance_m),
    };
    let kept = profiles.iter().zip(&of_profile).map(profile).collect();
    let raised = finished.iter().map(|layers| layers.2).sum();
    let tensor = CostTensor::of_profiles(axis, places, kept, leg_correlation)?;
    Ok(tensor.with_fifo_repairs(raised))
}

/// Whole seconds of milliseconds times a factor. A float32 counts them up to 194 days.
fn scaled(duration_ms: &[u32], factor: f64) -> Vec<u32> {
    let seconds = factor as f32 * 1e-3;
    let rounded = duration_ms.iter();
    rounded
        .map(|&ms| (ms as f32 * seconds + 0.5) as u32)
        .collect()
}

fn not_reached(from: usize, to: usize) -> InputError {
    let problem = format!("place {to} is not reached from place {from}, counted from 0");
    let remedy = "give places on the network's roads, or leave these out";
    InputError::new("road network", problem, remedy)
}

/// Factors that differ, and which of them each profile has.
fn different_factors(profiles: &[ProfileSpec]) -> (Vec<f64>, Vec<usize>) {
    let mut factors: Vec<f64> = Vec::new();
    let of_profile = profiles.iter().map(|spec| {
        let known = factors.iter().position(|f| *f == spec.duration_factor);
        known.unwrap_or_else(|| {
            factors.push(spec.duration_factor);
            factors.len() - 1
        })
    });
    let of_profile = of_profile.collect();
    (factors, of_profile)
}

/// Metres of the quickest ways at free flow, `[from][to]`; of pairs without one `instead(from, to)`.
///
/// # Errors
/// Cancelled.
pub fn road_distances(
    network: &Network,
    places: &[Option<Snapped>],
    instead: impl Fn(usize, usize) -> f64,
    cancel: &Cancel,
) -> Result<Vec<u32>, CostError> {
    let matrix = network.matrix(places, places, cancel)?;
    let metres = |(from, to): (usize, usize)| match from == to {
        true => 0,
        false => whole(matrix.metres(from, to).unwrap_or_else(|| instead(from, to))),
    };
    Ok(super::build::pairs(places.len()).map(metres).collect())
}
