//! The time slices of a tensor, in local time.

use super::tensor_error::TensorError;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
