//! Travel times by profile, time slice, origin and destination.
//!
//! # Time
//! Times are integer seconds since the tensor's `origin`, an instant (in practice local midnight
//! of the planned day). Slices count elapsed seconds, so a day on which the clocks change simply
//! has another number of slices; which local time a slice stands for is asked of
//! [`SliceAxis::local_start`].
//!
//! # Between slices
//! A cell holds the duration of a trip that departs exactly at the start of its slice. Durations
//! between two starts are interpolated linearly and the last one is held, so the arrival time
//! `t + d(t)` is a continuous piecewise-linear function of the departure `t` (Ichoua, Gendreau &
//! Potvin 2003 motivate the shape; Visser & Spliet 2020 its use in search). It never decreases
//! (FIFO: leaving later never arrives earlier) exactly if `d[k+1] >= d[k] - slice`, which
//! [`CostTensor::new`] establishes. Rounding the interpolated value down keeps that: the floor of a
//! non-decreasing function does not decrease.

use super::cells::{BySlice, Cells, raise_to_fifo};
use super::interpolate::interpolate;
use super::profile::{check_shape, share};
use std::collections::HashSet;
use std::sync::Arc;

pub use super::profile::{Profile, ProfileCosts};
pub use super::slice_axis::SliceAxis;
pub use super::tensor_error::TensorError;

/// Travel times and distances between all places, FIFO. A clone shares the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct CostTensor {
    axis: SliceAxis,
    places: usize,
    profiles: Vec<Profile>,
    /// Share of the variance of a leg's duration that all legs of the same hour have in common,
    /// 0 to 1; needed to add up uncertainty along a route.
    leg_correlation: f64,
    fifo_repairs: u64,
}

impl CostTensor {
    /// Builds a tensor over `places` places. Repairs FIFO by raising later durations (a plan errs
    /// on the safe side) and counts the cells that had to be raised, and raises `p90_s` to at least
    /// `mean_s`.
    pub fn new(
        axis: SliceAxis,
        places: usize,
        profiles: Vec<ProfileCosts>,
        leg_correlation: f64,
    ) -> Result<Self, TensorError> {
        check_axis(&axis)?;
        let pairs = places * places;
        let (mut fifo_repairs, mut kept) = (0, Vec::with_capacity(profiles.len()));
        for mut profile in profiles {
            check_shape(&profile, pairs, axis.slices)?;
            for (p90, mean) in profile.p90_s.iter_mut().zip(&profile.mean_s) {
                *p90 = (*p90).max(*mean);
            }
            fifo_repairs += repair_fifo(&mut profile.mean_s, axis);
            fifo_repairs += repair_fifo(&mut profile.p90_s, axis);
            kept.push(Profile {
                name: profile.name,
                mean_s: Cells::of(profile.mean_s),
                p90_s: Cells::of(profile.p90_s),
                distance_m: Arc::new(profile.distance_m),
            });
        }
        share(&mut kept);
        let tensor = Self::of_profiles(axis, places, kept, leg_correlation)?;
        Ok(tensor.with_fifo_repairs(fifo_repairs))
    }

    /// A tensor of profiles whose cells keep FIFO and the order of mean and p90 already.
    pub(super) fn of_profiles(
        axis: SliceAxis,
        places: usize,
        profiles: Vec<Profile>,
        leg_correlation: f64,
    ) -> Result<Self, TensorError> {
        check_axis(&axis)?;
        let mut names = HashSet::new();
        if profiles.is_empty() || !profiles.iter().all(|p| names.insert(p.name.as_str())) {
            let names = profiles.into_iter().map(|p| p.name).collect();
            return Err(TensorError::ProfileNames(names));
        }
        Ok(Self {
            axis,
            places,
            profiles,
            leg_correlation: leg_correlation.clamp(0.0, 1.0),
            fifo_repairs: 0,
        })
    }

    /// The time slices.
    pub fn axis(&self) -> &SliceAxis {
        &self.axis
    }

    /// Number of places.
    pub fn places(&self) -> usize {
        self.places
    }

    /// The profiles with their (repaired) cells.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Index of a profile by name.
    pub fn profile(&self, name: &str) -> Option<usize> {
        self.profiles.iter().position(|p| p.name == name)
    }

    /// Cells that broke FIFO and were raised.
    pub fn fifo_repairs(&self) -> u64 {
        self.fifo_repairs
    }

    /// The tensor with the count of repairs of the one it was copied from.
    pub(crate) fn with_fifo_repairs(self, fifo_repairs: u64) -> Self {
        Self {
            fifo_repairs,
            ..self
        }
    }

    /// The tensor with other distances, the same for all profiles: metres, `[from][to]`.
    ///
    /// # Errors
    /// Another number of pairs.
    pub fn with_distances(mut self, distance_m: Vec<u32>) -> Result<Self, TensorError> {
        let expected = self.places * self.places;
        if distance_m.len() != expected {
            let names: Vec<&str> = self.profiles.iter().map(|p| p.name.as_str()).collect();
            return Err(TensorError::WrongShape {
                profile: names.join(", "),
                part: "distance_m",
                found: distance_m.len(),
                expected,
            });
        }
        let distance_m = Arc::new(distance_m);
        for profile in &mut self.profiles {
            profile.distance_m = Arc::clone(&distance_m);
        }
        Ok(self)
    }

    /// The tensor with its upper layer at `weight` between mean (0) and p90 (1).
    pub fn with_spread(&self, weight: f64) -> Self {
        let mut tensor = self.clone();
        for profile in &mut tensor.profiles {
            if profile.p90_s.is_shared_with(&profile.mean_s) {
                continue;
            }
            let both = profile.mean_s.iter().zip(profile.p90_s.iter());
            let mut upper: Vec<u32> = both
                .map(|(mean, p90)| {
                    let spread = f64::from(p90.saturating_sub(mean));
                    mean.saturating_add((weight.max(0.0) * spread).round() as u32)
                })
                .collect();
            tensor.fifo_repairs += repair_fifo(&mut upper, tensor.axis);
            profile.p90_s = Cells::of(upper);
        }
        tensor
    }

    /// Puts new durations into one slice of a profile, as when live traffic changes, and raises it
    /// and the slices after it until leaving later does not arrive earlier. `[from][to]`, in
    /// seconds. Gives the cells raised; raised slices stay so until they are updated themselves.
    ///
    /// # Errors
    /// No such profile or slice, or another number of pairs.
    pub fn update_slice(
        &mut self,
        profile: usize,
        slice: usize,
        mean_s: &[u32],
        p90_s: &[u32],
    ) -> Result<u64, TensorError> {
        let (pairs, axis) = (self.places * self.places, self.axis);
        let names = || self.profiles.iter().map(|p| p.name.clone()).collect();
        if profile >= self.profiles.len() {
            return Err(TensorError::ProfileNames(names()));
        }
        let costs = &mut self.profiles[profile];
        let wrong = |part, found, expected| TensorError::WrongShape {
            profile: costs.name.clone(),
            part,
            found,
            expected,
        };
        if slice >= axis.slices {
            return Err(wrong("slice", slice, axis.slices));
        }
        for (part, found) in [("mean_s", mean_s.len()), ("p90_s", p90_s.len())] {
            if found != pairs {
                return Err(wrong(part, found, pairs));
            }
        }
        let upper: Vec<u32> = mean_s.iter().zip(p90_s).map(|(m, p)| *m.max(p)).collect();
        let raised = costs
            .mean_s
            .set_slice(axis.slices, slice, axis.slice_s, mean_s)
            + costs
                .p90_s
                .set_slice(axis.slices, slice, axis.slice_s, &upper);
        self.fifo_repairs += raised;
        Ok(raised)
    }

    /// Whether every duration is certain: no p90 is above its mean.
    pub fn is_certain(&self) -> bool {
        self.profiles
            .iter()
            .all(|profile| profile.p90_s.is_shared_with(&profile.mean_s))
    }

    /// Share of a leg's variance in common with the other legs of the hour, 0 to 1.
    pub fn leg_correlation(&self) -> f64 {
        self.leg_correlation
    }

    /// Distance in metres.
    pub fn distance_m(&self, profile: usize, from: usize, to: usize) -> u32 {
        self.profiles[profile].distance_m[from * self.places + to]
    }

    /// Expected duration in seconds of a trip that departs `depart_s` seconds after the origin.
    /// Before the origin the first slice holds, after the last slice the last.
    #[inline]
    pub fn duration_s(&self, profile: usize, from: usize, to: usize, depart_s: i64) -> i64 {
        let cells = self.pair(&self.profiles[profile].mean_s, from, to);
        self.interpolate(cells, depart_s)
    }

    /// Duration in seconds not exceeded with probability 90 %.
    #[inline]
    pub fn p90_s(&self, profile: usize, from: usize, to: usize, depart_s: i64) -> i64 {
        let cells = self.pair(&self.profiles[profile].p90_s, from, to);
        self.interpolate(cells, depart_s)
    }

    /// Expected durations of a pair at the start of each slice.
    #[inline]
    pub fn mean_by_slice(&self, profile: usize, from: usize, to: usize) -> BySlice<'_> {
        self.pair(&self.profiles[profile].mean_s, from, to)
    }

    #[inline]
    fn pair<'a>(&self, cells: &'a Cells, from: usize, to: usize) -> BySlice<'a> {
        let first = (from * self.places + to) * self.axis.slices;
        cells.range(first..first + self.axis.slices)
    }

    #[inline]
    fn interpolate(&self, cells: BySlice<'_>, depart_s: i64) -> i64 {
        match cells {
            BySlice::Short(cells) => interpolate(cells, self.axis.slice_s, depart_s),
            BySlice::Long(cells) => interpolate(cells, self.axis.slice_s, depart_s),
        }
    }
}

fn check_axis(axis: &SliceAxis) -> Result<(), TensorError> {
    match axis.slices == 0 || axis.slice_s == 0 {
        true => Err(TensorError::EmptyAxis {
            slices: axis.slices,
            slice_s: axis.slice_s,
        }),
        false => Ok(()),
    }
}

/// Raises durations until `d[k+1] >= d[k] - slice` for every pair; returns how many were raised.
fn repair_fifo(cells: &mut [u32], axis: SliceAxis) -> u64 {
    let pairs = cells.chunks_exact_mut(axis.slices);
    pairs.map(|pair| raise_to_fifo(pair, axis.slice_s)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn axis(slices: usize) -> SliceAxis {
        SliceAxis {
            origin: DateTime::UNIX_EPOCH,
            time_zone: chrono_tz::Europe::Berlin,
            slice_s: 900,
            slices,
        }
    }

    fn one_pair(durations: Vec<u32>) -> CostTensor {
        let profile = ProfileCosts {
            name: "van".into(),
            p90_s: durations.clone(),
            mean_s: durations.clone(),
            distance_m: vec![0],
        };
        CostTensor::new(axis(durations.len()), 1, vec![profile], 0.3).expect("shape fits")
    }

    #[test]
    fn interpolates_and_holds_the_last() {
        let tensor = one_pair(vec![100, 200, 200]);
        assert_eq!(tensor.duration_s(0, 0, 0, 0), 100);
        assert_eq!(tensor.duration_s(0, 0, 0, 450), 150);
        assert_eq!(tensor.duration_s(0, 0, 0, 1_000_000), 200);
        assert_eq!(tensor.fifo_repairs(), 0);
    }

    #[test]
    fn repairs_are_counted_for_each_layer() {
        // Leaving at 0 takes 2,000 s; leaving 900 s later may not take less than 1,100 s.
        let tensor = one_pair(vec![2_000, 100, 100]);
        assert_eq!(tensor.mean_by_slice(0, 0, 0).to_vec(), [2_000, 1_100, 200]);
        assert_eq!(tensor.fifo_repairs(), 4);
    }

    #[test]
    fn wrong_shapes_are_named() {
        let profile = ProfileCosts {
            name: "van".into(),
            mean_s: vec![1; 4],
            p90_s: vec![1; 3],
            distance_m: vec![1; 4],
        };
        let error = CostTensor::new(axis(1), 2, vec![profile], 0.0).expect_err("p90 is short");
        assert!(error.to_string().contains("p90_s has 3 cells, expected 4"));
    }

    proptest! {
        #[test]
        fn leaving_later_never_arrives_earlier(
            durations in prop::collection::vec(0_u32..20_000, 1..12),
            departures in prop::collection::vec(0_i64..12_000, 2..40),
        ) {
            let tensor = one_pair(durations);
            let mut departures = departures;
            departures.sort_unstable();
            for pair in departures.windows(2) {
                let arrive = |t| t + tensor.duration_s(0, 0, 0, t);
                prop_assert!(arrive(pair[0]) <= arrive(pair[1]));
            }
        }
    }
}
