//! The travel table of a problem behind one interface: a cost tensor, arrival functions, static
//! integer matrices, or points of the plane.

mod functions;
mod plane;

pub use functions::{ArrivalFunctions, Breakpoint, FunctionsError};
pub use plane::{PlaneTravel, Rounding};

use crate::cost::tensor::CostTensor;
use std::sync::Arc;

/// Why static matrices cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TravelError {
    /// No profile was given.
    #[error("static travel needs at least one profile")]
    NoProfile,
    /// A matrix has the wrong number of cells.
    #[error("profile {profile}: {part} has {found} cells, expected {expected}")]
    WrongShape {
        /// Index of the profile.
        profile: usize,
        /// `durations` or `distances`.
        part: &'static str,
        /// Cells given.
        found: usize,
        /// Cells needed.
        expected: usize,
    },
}

/// Durations and distances that hold all day, `[from][to]` in row-major order. Both may be the
/// same matrix.
#[derive(Debug, Clone)]
pub struct StaticProfile {
    /// Seconds (or the time unit of a benchmark).
    pub durations: Arc<[u32]>,
    /// Metres (or the distance unit of a benchmark).
    pub distances: Arc<[u32]>,
}

/// Static matrices between all places, one pair per profile.
#[derive(Debug, Clone)]
pub struct StaticTravel {
    places: usize,
    profiles: Vec<StaticProfile>,
}

impl StaticTravel {
    /// Checks the shapes.
    pub fn new(places: usize, profiles: Vec<StaticProfile>) -> Result<Self, TravelError> {
        if profiles.is_empty() {
            return Err(TravelError::NoProfile);
        }
        let expected = places * places;
        for (profile, matrices) in profiles.iter().enumerate() {
            for (part, found) in [
                ("durations", matrices.durations.len()),
                ("distances", matrices.distances.len()),
            ] {
                if found != expected {
                    return Err(TravelError::WrongShape {
                        profile,
                        part,
                        found,
                        expected,
                    });
                }
            }
        }
        Ok(Self { places, profiles })
    }
}

/// Travel durations by departure, and distances. Times are seconds since an origin that the caller
/// chooses; all functions expect indices in range, which [`super::Problem::new`] establishes.
#[derive(Debug, Clone)]
pub enum Travel {
    /// Durations depend on the departure. FIFO: leaving later never arrives earlier.
    Tensor(Arc<CostTensor>),
    /// Durations depend on the departure, each pair with breakpoints of its own. FIFO.
    Functions(Arc<ArrivalFunctions>),
    /// Durations are the same all day.
    Static(Arc<StaticTravel>),
    /// Distances in the plane, which are durations too, the same all day.
    Plane(Arc<PlaneTravel>),
}

impl Travel {
    /// Number of places.
    pub fn places(&self) -> usize {
        match self {
            Self::Tensor(tensor) => tensor.places(),
            Self::Functions(functions) => functions.places(),
            Self::Static(fixed) => fixed.places,
            Self::Plane(plane) => plane.points().len(),
        }
    }

    /// Number of profiles.
    pub fn profiles(&self) -> usize {
        match self {
            Self::Tensor(tensor) => tensor.profiles().len(),
            Self::Static(fixed) => fixed.profiles.len(),
            Self::Functions(_) | Self::Plane(_) => 1,
        }
    }

    /// Second from which on durations stay the same.
    pub(super) fn last_change_s(&self) -> i64 {
        match self {
            Self::Static(_) | Self::Plane(_) => 0,
            Self::Functions(functions) => functions.last_change_s(),
            Self::Tensor(tensor) => {
                let axis = tensor.axis();
                i64::from(axis.slice_s) * axis.slices as i64
            }
        }
    }

    /// Whether durations are the same all day.
    pub fn is_static(&self) -> bool {
        matches!(self, Self::Static(_) | Self::Plane(_))
    }

    /// Duration in seconds of a trip that departs at `depart_s`.
    #[inline]
    pub fn duration_s(&self, profile: usize, from: usize, to: usize, depart_s: i64) -> i64 {
        match self {
            Self::Static(fixed) => {
                i64::from(fixed.profiles[profile].durations[from * fixed.places + to])
            }
            Self::Tensor(tensor) => tensor.duration_s(profile, from, to, depart_s),
            Self::Functions(functions) => functions.arrival_s(from, to, depart_s) - depart_s,
            Self::Plane(plane) => i64::from(plane.distance(from, to)),
        }
    }

    /// Distance of a trip.
    #[inline]
    pub fn distance(&self, profile: usize, from: usize, to: usize) -> i64 {
        match self {
            Self::Static(fixed) => {
                i64::from(fixed.profiles[profile].distances[from * fixed.places + to])
            }
            Self::Tensor(tensor) => i64::from(tensor.distance_m(profile, from, to)),
            Self::Functions(functions) => i64::from(functions.distance(from, to)),
            Self::Plane(plane) => i64::from(plane.distance(from, to)),
        }
    }

    /// Shortest duration in seconds that the trip takes at any time of the day.
    pub fn least_duration_s(&self, profile: usize, from: usize, to: usize) -> i64 {
        match self {
            Self::Static(_) | Self::Plane(_) => self.duration_s(profile, from, to, 0),
            Self::Functions(functions) => functions.extremes_s(from, to).0,
            Self::Tensor(tensor) => {
                let slices = tensor.mean_by_slice(profile, from, to);
                i64::from(slices.iter().min().unwrap_or(0))
            }
        }
    }

    /// Longest duration in seconds that the trip takes at any time of the day.
    pub fn most_duration_s(&self, profile: usize, from: usize, to: usize) -> i64 {
        match self {
            Self::Static(_) | Self::Plane(_) => self.duration_s(profile, from, to, 0),
            Self::Functions(functions) => functions.extremes_s(from, to).1,
            Self::Tensor(tensor) => {
                let slices = tensor.mean_by_slice(profile, from, to);
                i64::from(slices.iter().max().unwrap_or(0))
            }
        }
    }

    /// The latest departure that arrives by `arrive_by_s`: the inverse of the arrival function,
    /// which FIFO makes well-defined.
    #[inline]
    pub fn latest_departure_s(
        &self,
        profile: usize,
        from: usize,
        to: usize,
        arrive_by_s: i64,
    ) -> i64 {
        match self {
            Self::Static(_) | Self::Plane(_) => arrive_by_s - self.duration_s(profile, from, to, 0),
            Self::Functions(functions) => functions.latest_departure_s(from, to, arrive_by_s),
            Self::Tensor(tensor) => latest_departure_s(tensor, profile, from, to, arrive_by_s),
        }
    }
}

impl Travel {
    /// Whether durations are known to be the distances.
    pub(super) fn durations_are_distances(&self, profile: usize) -> bool {
        match self {
            Self::Plane(_) => true,
            Self::Static(fixed) => {
                let matrices = &fixed.profiles[profile];
                Arc::ptr_eq(&matrices.durations, &matrices.distances)
                    || matrices.durations == matrices.distances
            }
            Self::Tensor(_) | Self::Functions(_) => false,
        }
    }

    /// At least the longest distance and the longest duration of any trip at any time.
    pub(super) fn longest(&self) -> (i64, i64) {
        let greatest = |cells: &[u32]| i64::from(cells.iter().copied().max().unwrap_or(0));
        match self {
            Self::Static(fixed) => fixed.profiles.iter().fold((0, 0), |(far, long), p| {
                (
                    far.max(greatest(&p.distances)),
                    long.max(greatest(&p.durations)),
                )
            }),
            Self::Plane(plane) => (plane.longest(), plane.longest()),
            Self::Functions(functions) => functions.longest(),
            Self::Tensor(tensor) => tensor.profiles().iter().fold((0, 0), |(far, long), p| {
                (
                    far.max(greatest(&p.distance_m)),
                    long.max(p.mean_s.max().into()).max(p.p90_s.max().into()),
                )
            }),
        }
    }
}

/// Inverts the arrival function of one pair of a tensor.
fn latest_departure_s(
    tensor: &CostTensor,
    profile: usize,
    from: usize,
    to: usize,
    arrive_by_s: i64,
) -> i64 {
    let slices = tensor.mean_by_slice(profile, from, to);
    let slice_s = i64::from(tensor.axis().slice_s);
    let arrival = |slice: usize| slice as i64 * slice_s + i64::from(slices.at(slice));
    // The number of slice starts that still arrive in time.
    let (mut low, mut high) = (0, slices.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if arrival(middle) <= arrive_by_s {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if low == 0 {
        return arrive_by_s - i64::from(slices.at(0));
    }
    if low == slices.len() {
        return arrive_by_s - i64::from(slices.at(low - 1));
    }
    // Within the slice the arrival is linear up to rounding; `arrival(low) > arrive_by_s`, so the
    // slope is positive.
    let first = low - 1;
    let rise = arrival(low) - arrival(first);
    let start = first as i64 * slice_s;
    let mut depart = start + (arrive_by_s - arrival(first)) * slice_s / rise;
    let arrive = |t: i64| t + tensor.duration_s(profile, from, to, t);
    while depart > start && arrive(depart) > arrive_by_s {
        depart -= 1;
    }
    while depart + 1 < start + slice_s && arrive(depart + 1) <= arrive_by_s {
        depart += 1;
    }
    depart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::tensor::{ProfileCosts, SliceAxis};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_latest_departure_arrives_in_time_and_a_later_one_does_not(
            durations in prop::collection::vec(0_u32..5_000, 1..12),
            arrive_by_s in -2_000_i64..20_000,
        ) {
            let profile = ProfileCosts {
                name: "van".into(),
                p90_s: durations.clone(),
                mean_s: durations.clone(),
                distance_m: vec![0],
            };
            let axis = SliceAxis {
                origin: chrono::DateTime::UNIX_EPOCH,
                time_zone: chrono_tz::UTC,
                slice_s: 900,
                slices: durations.len(),
            };
            let tensor = CostTensor::new(axis, 1, vec![profile], 0.0).unwrap();
            let travel = Travel::Tensor(Arc::new(tensor));
            let depart = travel.latest_departure_s(0, 0, 0, arrive_by_s);
            let arrive = |t| t + travel.duration_s(0, 0, 0, t);
            prop_assert!(arrive(depart) <= arrive_by_s);
            prop_assert!(arrive(depart + 1) > arrive_by_s);
        }
    }
}
