//! Tensors from a model, from averages, and from a function that knows the truth.

use super::cells::Cells;
use super::error::CostError;
use super::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::domain::{InputError, LatLon};
use crate::runtime::{Cancel, Progress};
use crate::travel_time::TravelTimeModel;
use chrono::{DateTime, Timelike, Utc};
use std::ops::Range;

pub use super::predicted::{Clustering, predicted, predicted_with};

/// Local hours that make up the day's average.
const WORKING_HOURS: Range<u32> = 7..19;
/// Places nearer than this are one place, in metres.
const SAME_PLACE_M: f64 = 1.0;

/// A profile to build costs for.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileSpec {
    /// Name, as vehicles use it.
    pub name: String,
    /// Factor on the durations of an average vehicle.
    pub duration_factor: f64,
}

impl ProfileSpec {
    /// A profile with the factor that the model has learned for it.
    pub fn learned(name: &str, model: &TravelTimeModel) -> Result<Self, InputError> {
        Ok(Self {
            name: name.to_owned(),
            duration_factor: model.profile_factor(Some(name))?,
        })
    }
}

/// A tensor and what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// The tensor.
    pub tensor: CostTensor,
    /// Rows the model was asked.
    pub rows_asked: usize,
    /// Clusters of places.
    pub clusters: usize,
    /// Places far outside the trips the model has learned from.
    pub far_outside: Vec<usize>,
}

/// The plan of yesterday's averages: one duration per pair all day long, the average from 7 to 19
/// o'clock local time of a predicted tensor; same distances. This is what a planner has who knows
/// how long trips take, but not when they take longer.
pub fn average(predicted: &CostTensor) -> Result<CostTensor, CostError> {
    let axis = *predicted.axis();
    let working: Vec<usize> = (0..axis.slices)
        .filter(|&slice| WORKING_HOURS.contains(&axis.local_start(slice).hour()))
        .collect();
    // An axis of nights only has no working hours; then all of it is the day.
    let slices = if working.is_empty() {
        (0..axis.slices).collect()
    } else {
        working
    };
    let pairs = predicted.places() * predicted.places();
    let flat = |cells: &Cells| {
        (0..pairs)
            .flat_map(|pair| {
                let cells = cells.range(pair * axis.slices..(pair + 1) * axis.slices);
                let sum: u64 = slices.iter().map(|&s| u64::from(cells.at(s))).sum();
                let mean = (sum as f64 / slices.len() as f64).round() as u32;
                std::iter::repeat_n(mean, axis.slices)
            })
            .collect()
    };
    let profiles = predicted
        .profiles()
        .iter()
        .map(|profile| ProfileCosts {
            name: profile.name.clone(),
            mean_s: flat(&profile.mean_s),
            p90_s: flat(&profile.p90_s),
            distance_m: profile.distance_m.to_vec(),
        })
        .collect();
    Ok(CostTensor::new(
        axis,
        predicted.places(),
        profiles,
        predicted.leg_correlation(),
    )?)
}

/// A tensor of what really happens, without uncertainty: `duration_s(profile, from, to, depart)`
/// in seconds, with profiles and places by their positions; `distance_m(from, to)` in metres.
pub fn from_function(
    places: usize,
    axis: SliceAxis,
    profiles: &[ProfileSpec],
    duration_s: impl Fn(usize, usize, usize, DateTime<Utc>) -> f64,
    distance_m: impl Fn(usize, usize) -> f64,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CostTensor, CostError> {
    let distances: Vec<u32> = pairs(places)
        .map(|(from, to)| whole(distance_m(from, to)))
        .collect();
    let mut costs = Vec::with_capacity(profiles.len());
    for (position, profile) in profiles.iter().enumerate() {
        let mut mean_s = Vec::with_capacity(places * places * axis.slices);
        for from in 0..places {
            cancel.check()?;
            let stage = "costs: ask the function";
            progress.report(stage, from as u64 + 1, places as u64);
            for to in 0..places {
                mean_s.extend((0..axis.slices).map(|slice| {
                    let elapsed = i64::from(axis.slice_s) * slice as i64;
                    match from == to {
                        true => 0,
                        false => whole(duration_s(position, from, to, axis.instant(elapsed))),
                    }
                }));
            }
        }
        costs.push(ProfileCosts {
            name: profile.name.clone(),
            p90_s: mean_s.clone(),
            mean_s,
            distance_m: distances.clone(),
        });
    }
    Ok(CostTensor::new(axis, places, costs, 0.0)?)
}

/// All pairs of places, row by row.
pub(super) fn pairs(places: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..places).flat_map(move |from| (0..places).map(move |to| (from, to)))
}

/// Great circles times a detour factor, in metres, row by row.
pub(super) fn distances(places: &[LatLon], detour_factor: f64) -> Vec<u32> {
    pairs(places.len())
        .map(|(from, to)| whole(detour_factor * places[from].great_circle_m(places[to])))
        .collect()
}

/// Whether two places are one.
pub(super) fn is_same(a: LatLon, b: LatLon) -> bool {
    a.great_circle_m(b) < SAME_PLACE_M
}

/// Rounded; 0 for what is negative or no number.
pub(super) fn whole(value: f64) -> u32 {
    // A float-to-integer cast saturates, and turns NaN into 0.
    value.round() as u32
}
