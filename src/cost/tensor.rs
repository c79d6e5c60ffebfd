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

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::HashSet;

/// Why a tensor cannot be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TensorError {
    /// The slices do not cover anything.
    #[error(
        "a slice axis needs at least one slice of at least one second, got {slices} of {slice_s} s"
    )]
    EmptyAxis {
        /// Number of slices asked for.
        slices: usize,
        /// Length asked for, in seconds.
        slice_s: u32,
    },
    /// A part of the tensor has the wrong number of cells.
    #[error("profile `{profile}`: {part} has {found} cells, expected {expected}")]
    WrongShape {
        /// Profile at fault.
        profile: String,
        /// `mean_s`, `p90_s` or `distance_m`.
        part: &'static str,
        /// Cells given.
        found: usize,
        /// Cells needed.
        expected: usize,
    },
    /// No profile, or two of one name.
    #[error("profile names must be unique and at least one, got {0:?}")]
    ProfileNames(Vec<String>),
}

/// The time slices of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceAxis {
    /// Instant of second 0, the start of slice 0.
    pub origin: DateTime<Utc>,
    /// Time zone of the depot, for local times of slices.
    pub time_zone: Tz,
    /// Length of a slice in seconds.
    pub slice_s: u32,
    /// Number of slices.
    pub slices: usize,
}

/// Hours after the end of a day that an axis covers, for shifts that end late.
const HOURS_PAST_MIDNIGHT: i64 = 6;

impl SliceAxis {
    /// The slices of a local day from its midnight to six hours after the next: 29 to 31 hours,
    /// since a day on which the clocks change has 23 or 25. Where midnight itself is skipped by a
    /// change, the day starts with the first minute that exists.
    pub fn for_day(date: NaiveDate, time_zone: Tz, slice_s: u32) -> Result<Self, TensorError> {
        let empty = TensorError::EmptyAxis { slices: 0, slice_s };
        let next = date.succ_opt().ok_or_else(|| empty.clone())?;
        let (Some(start), Some(end)) = (
            first_instant(date, time_zone),
            first_instant(next, time_zone),
        ) else {
            return Err(empty);
        };
        if slice_s == 0 {
            return Err(empty);
        }
        let seconds = (end - start).num_seconds() + 3600 * HOURS_PAST_MIDNIGHT;
        Ok(Self {
            origin: start,
            time_zone,
            slice_s,
            slices: usize::try_from(seconds.div_euclid(i64::from(slice_s))).unwrap_or(0) + 1,
        })
    }

    /// The instant at which slice `slice` starts, in local time.
    pub fn local_start(&self, slice: usize) -> DateTime<Tz> {
        let elapsed = i64::from(self.slice_s) * slice as i64;
        (self.origin + TimeDelta::seconds(elapsed)).with_timezone(&self.time_zone)
    }

    /// Seconds since the origin of an instant; negative before it.
    pub fn seconds(&self, instant: DateTime<Utc>) -> i64 {
        (instant - self.origin).num_seconds()
    }

    /// The instant of a number of seconds since the origin.
    pub fn instant(&self, seconds: i64) -> DateTime<Utc> {
        self.origin + TimeDelta::seconds(seconds)
    }
}

/// The first instant of a local day.
fn first_instant(date: NaiveDate, time_zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = date.and_time(NaiveTime::MIN);
    (0..24 * 60).find_map(|minute| {
        let local = midnight + TimeDelta::minutes(minute);
        let instant = time_zone.from_local_datetime(&local).earliest()?;
        Some(instant.with_timezone(&Utc))
    })
}

/// Costs of one profile, as given to [`CostTensor::new`].
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileCosts {
    /// Name, as vehicles use it.
    pub name: String,
    /// Expected duration in seconds, `[from][to][slice]` in row-major order. The slice runs
    /// fastest because a search asks one pair at changing times.
    pub mean_s: Vec<u32>,
    /// Duration not exceeded with probability 90 %, same shape.
    pub p90_s: Vec<u32>,
    /// Distance in metres, `[from][to]`.
    pub distance_m: Vec<u32>,
}

/// Travel times and distances between all places, FIFO.
#[derive(Debug, Clone, PartialEq)]
pub struct CostTensor {
    axis: SliceAxis,
    places: usize,
    profiles: Vec<ProfileCosts>,
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
        mut profiles: Vec<ProfileCosts>,
        leg_correlation: f64,
    ) -> Result<Self, TensorError> {
        if axis.slices == 0 || axis.slice_s == 0 {
            return Err(TensorError::EmptyAxis {
                slices: axis.slices,
                slice_s: axis.slice_s,
            });
        }
        let mut names = HashSet::new();
        if profiles.is_empty() || !profiles.iter().all(|p| names.insert(p.name.as_str())) {
            let names = profiles.into_iter().map(|p| p.name).collect();
            return Err(TensorError::ProfileNames(names));
        }
        let pairs = places * places;
        let mut fifo_repairs = 0;
        for profile in &mut profiles {
            for (part, found, expected) in [
                ("mean_s", profile.mean_s.len(), pairs * axis.slices),
                ("p90_s", profile.p90_s.len(), pairs * axis.slices),
                ("distance_m", profile.distance_m.len(), pairs),
            ] {
                if found != expected {
                    return Err(TensorError::WrongShape {
                        profile: profile.name.clone(),
                        part,
                        found,
                        expected,
                    });
                }
            }
            for (p90, mean) in profile.p90_s.iter_mut().zip(&profile.mean_s) {
                *p90 = (*p90).max(*mean);
            }
            fifo_repairs += repair_fifo(&mut profile.mean_s, axis);
            fifo_repairs += repair_fifo(&mut profile.p90_s, axis);
        }
        Ok(Self {
            axis,
            places,
            profiles,
            leg_correlation: leg_correlation.clamp(0.0, 1.0),
            fifo_repairs,
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
    pub fn profiles(&self) -> &[ProfileCosts] {
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

    /// The tensor with its upper layer at `weight` between mean (0) and p90 (1).
    pub fn with_spread(&self, weight: f64) -> Self {
        let mut tensor = self.clone();
        for profile in &mut tensor.profiles {
            for (upper, mean) in profile.p90_s.iter_mut().zip(&profile.mean_s) {
                let spread = f64::from(upper.saturating_sub(*mean));
                *upper = mean.saturating_add((weight.max(0.0) * spread).round() as u32);
            }
            tensor.fifo_repairs += repair_fifo(&mut profile.p90_s, tensor.axis);
        }
        tensor
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
    pub fn duration_s(&self, profile: usize, from: usize, to: usize, depart_s: i64) -> i64 {
        let cells = self.pair(&self.profiles[profile].mean_s, from, to);
        interpolate(cells, self.axis.slice_s, depart_s)
    }

    /// Duration in seconds not exceeded with probability 90 %.
    pub fn p90_s(&self, profile: usize, from: usize, to: usize, depart_s: i64) -> i64 {
        let cells = self.pair(&self.profiles[profile].p90_s, from, to);
        interpolate(cells, self.axis.slice_s, depart_s)
    }

    /// Expected durations of a pair at the start of each slice.
    pub fn mean_by_slice(&self, profile: usize, from: usize, to: usize) -> &[u32] {
        self.pair(&self.profiles[profile].mean_s, from, to)
    }

    fn pair<'a>(&self, cells: &'a [u32], from: usize, to: usize) -> &'a [u32] {
        let first = (from * self.places + to) * self.axis.slices;
        &cells[first..first + self.axis.slices]
    }
}

/// Raises durations until `d[k+1] >= d[k] - slice` for every pair; returns how many were raised.
fn repair_fifo(cells: &mut [u32], axis: SliceAxis) -> u64 {
    let mut repairs = 0;
    for pair in cells.chunks_exact_mut(axis.slices) {
        for k in 1..pair.len() {
            let least = pair[k - 1].saturating_sub(axis.slice_s);
            if pair[k] < least {
                pair[k] = least;
                repairs += 1;
            }
        }
    }
    repairs
}

/// Duration between two slice starts, linear, rounded down.
fn interpolate(by_slice: &[u32], slice_s: u32, depart_s: i64) -> i64 {
    let last = by_slice.len() - 1;
    // Divisions of 32 bits are several times as fast.
    let depart_s = u32::try_from(depart_s.max(0)).unwrap_or(u32::MAX);
    let slice = (depart_s / slice_s) as usize;
    if slice >= last {
        return i64::from(by_slice[last]);
    }
    let (now, next) = (i64::from(by_slice[slice]), i64::from(by_slice[slice + 1]));
    if now == next {
        return now;
    }
    let change = (next - now) * i64::from(depart_s % slice_s);
    let by_s = match u32::try_from(change.unsigned_abs()) {
        Ok(change) => i64::from(change / slice_s),
        Err(_) => change.abs() / i64::from(slice_s),
    };
    // Rounded down, so away from zero where durations fall.
    let rest = i64::from(change < 0 && by_s * i64::from(slice_s) != -change);
    now + by_s * change.signum() - rest
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn days_with_a_change_of_clocks_have_other_numbers_of_hours() {
        let berlin = chrono_tz::Europe::Berlin;
        let hours = |month, day| {
            let date = NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
            let axis = SliceAxis::for_day(date, berlin, 3600).expect("an axis");
            assert_eq!(
                axis.local_start(0).naive_local(),
                date.and_time(NaiveTime::MIN)
            );
            axis.slices - 1
        };
        assert_eq!([hours(3, 28), hours(3, 29), hours(10, 25)], [30, 29, 31]);
        // In Cairo the clocks went forward at midnight of 26 April 2024: that day begins at 01:00.
        let date = NaiveDate::from_ymd_opt(2024, 4, 26).expect("a date");
        let axis = SliceAxis::for_day(date, chrono_tz::Africa::Cairo, 3600).expect("an axis");
        assert_eq!(axis.local_start(0).format("%H:%M").to_string(), "01:00");
        assert!(SliceAxis::for_day(date, berlin, 0).is_err());
    }

    #[test]
    fn interpolates_and_holds_the_last() {
        let tensor = one_pair(vec![100, 200, 200]);
        assert_eq!(tensor.duration_s(0, 0, 0, 0), 100);
        assert_eq!(tensor.duration_s(0, 0, 0, 450), 150);
        assert_eq!(tensor.duration_s(0, 0, 0, 1_000_000), 200);
        assert_eq!(tensor.fifo_repairs(), 0);
    }

    proptest! {
        #[test]
        fn durations_are_interpolated_and_rounded_down(
            durations in prop::collection::vec(0_u32..9_000_000, 1..9),
            slice_s in 1_u32..100_000,
            depart_s in -1_000_i64..1_000_000,
        ) {
            let slice = i64::from(slice_s);
            let at = (depart_s.max(0) / slice) as usize;
            let plain = match durations.get(at..at + 2) {
                Some(both) => {
                    let (now, next) = (i64::from(both[0]), i64::from(both[1]));
                    now + ((next - now) * (depart_s.max(0) % slice)).div_euclid(slice)
                }
                None => i64::from(durations[durations.len() - 1]),
            };
            prop_assert_eq!(interpolate(&durations, slice_s, depart_s), plain);
        }
    }

    #[test]
    fn repairs_are_counted_for_each_layer() {
        // Leaving at 0 takes 2,000 s; leaving 900 s later may not take less than 1,100 s.
        let tensor = one_pair(vec![2_000, 100, 100]);
        assert_eq!(tensor.mean_by_slice(0, 0, 0), [2_000, 1_100, 200]);
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
