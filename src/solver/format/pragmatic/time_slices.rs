//! Durations by time of departure, from matrices with timestamps.

use super::clock::Clock;
use super::matrices::{Driven, Group, durations};
use crate::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::domain::InputError;
use crate::solver::travel::Travel;
use std::sync::Arc;

/// Most slices of a day that timestamps may make.
const MOST_SLICES: i64 = 10_000;

/// Most cells of all profiles and slices together.
const MOST_CELLS: usize = 250_000_000;

/// Durations by time of departure, linear between timestamps.
pub(super) fn tensor(
    places: usize,
    groups: &[Group],
    driven: &[Driven],
    clock: Clock,
    unreachable_s: Option<u32>,
) -> Result<Travel, InputError> {
    let files = || groups.iter().flat_map(|group| &group.files);
    let source = files().next().map_or("", |file| file.source.as_str());
    let moments = files().filter_map(|file| file.timestamp);
    let seconds: Vec<i64> = moments.map(|moment| clock.not_before(moment)).collect();
    let last_s = seconds.iter().copied().max().unwrap_or(0);
    let slice_s = seconds
        .iter()
        .fold(0, |divisor, second| gcd(divisor, *second))
        .max(1);
    let slices = last_s / slice_s + 1;
    let cells = (slices as usize).saturating_mul(places * places);
    if slices > MOST_SLICES || cells.saturating_mul(groups.len()) > MOST_CELLS {
        let remedy = "put timestamps a whole number of minutes apart";
        let error = InputError::new(source, "timestamps too irregular", remedy);
        return Err(error.field("timestamp").value(format!("{slices} slices")));
    }
    let mut profiles = Vec::new();
    for (group, (name, scale)) in groups.iter().zip(driven) {
        let matrices = group
            .files
            .iter()
            .map(|file| {
                let second = file.timestamp.map_or(0, |moment| clock.not_before(moment));
                Ok((second, durations(file, *scale, unreachable_s)?))
            })
            .collect::<Result<Vec<_>, InputError>>()?;
        let pairs = 0..places * places;
        let mean_s: Vec<u32> = pairs
            .flat_map(|pair| (0..slices).map(move |slice| (pair, slice * slice_s)))
            .map(|(pair, second)| between(&matrices, pair, second))
            .collect();
        let distances = group
            .files
            .first()
            .map(|file| file.matrix.distances.clone());
        profiles.push(ProfileCosts {
            name: format!("{name} times {scale}"),
            p90_s: mean_s.clone(),
            mean_s,
            distance_m: distances.unwrap_or_default(),
        });
    }
    let axis = SliceAxis {
        origin: clock.origin,
        time_zone: chrono_tz::UTC,
        slice_s: u32::try_from(slice_s).unwrap_or(u32::MAX),
        slices: slices as usize,
    };
    CostTensor::new(axis, places, profiles, 0.0)
        .map(|tensor| Travel::Tensor(Arc::new(tensor)))
        .map_err(|error| InputError::new(source, error.to_string(), "correct the matrices"))
}

/// The duration at a second, linear between matrices and rounded up.
fn between(matrices: &[(i64, Vec<u32>)], pair: usize, second: i64) -> u32 {
    let after = matrices.partition_point(|(at, _)| *at <= second);
    let at = |index: usize| matrices.get(index).map(|(at, cells)| (*at, cells[pair]));
    match (after.checked_sub(1).and_then(at), at(after)) {
        (Some((left, low)), Some((right, high))) => {
            let (low, high) = (i64::from(low), i64::from(high));
            let rise = (high - low) * (second - left);
            (low + (rise + (right - left - 1) * i64::from(rise > 0)) / (right - left)) as u32
        }
        (Some((_, held)), None) | (None, Some((_, held))) => held,
        (None, None) => 0,
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    match b {
        0 => a.abs(),
        _ => gcd(b, a % b),
    }
}
