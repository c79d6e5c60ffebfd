//! Hours of the week: those of working days, and those of days off.

use crate::features::travel::Holidays;
use chrono::{DateTime, Datelike, TimeDelta, Timelike};
use chrono_tz::Tz;

/// Hours of a day.
pub(super) const HOURS: usize = 24;
/// Slots of the week: 24 hours of working days, then 24 of Saturdays, Sundays and holidays.
pub const SLOTS: usize = 2 * HOURS;

/// The slot of a local time.
pub fn slot(local: DateTime<Tz>, holidays: &Holidays) -> usize {
    let weekend = local.weekday().num_days_from_monday() >= 5;
    let off = weekend || holidays.contains(local.date_naive());
    usize::from(off) * HOURS + local.hour() as usize
}

/// When something was driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// Slot of the week.
    pub slot: usize,
    /// Hours since 1970.
    pub hour: i64,
}

impl When {
    /// Of a local time.
    pub fn of(local: DateTime<Tz>, holidays: &Holidays) -> Self {
        Self {
            slot: slot(local, holidays),
            hour: local.timestamp().div_euclid(3_600),
        }
    }
}

/// A slot in words, such as `working day 08`.
pub fn slot_name(slot: usize) -> String {
    let day = match slot < HOURS {
        true => "working day",
        false => "day off",
    };
    format!("{day} {:02}", slot % HOURS)
}

/// The slots whose middles lie around a moment, and how far it lies between them: factors change
/// steadily from the middle of one hour to that of the next, also over midnight and over a change
/// of clocks.
pub(super) fn around(local: DateTime<Tz>, holidays: &Holidays) -> (usize, usize, f64) {
    let half = TimeDelta::minutes(30);
    let before = local - half;
    let seconds = before.minute() * 60 + before.second();
    let share = f64::from(seconds) / 3_600.0;
    (slot(before, holidays), slot(local + half, holidays), share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Tz> {
        let zone = chrono_tz::Europe::Berlin;
        let found = zone.with_ymd_and_hms(2026, month, day, hour, minute, 0);
        found.earliest().expect("a time that exists")
    }

    #[test]
    fn slots_are_of_local_days() {
        let none = Holidays::default();
        assert_eq!(slot(at(5, 4, 8, 59), &none), 8);
        assert_eq!(slot(at(5, 9, 8, 0), &none), 24 + 8);
        let labour_day = Holidays::from_iter([at(5, 1, 0, 0).date_naive()]);
        assert_eq!(slot(at(5, 1, 8, 0), &labour_day), 24 + 8);
        assert_eq!(slot_name(32), "day off 08");
    }

    #[test]
    fn moments_lie_between_the_middles_of_hours() {
        let none = Holidays::default();
        assert_eq!(around(at(5, 4, 8, 30), &none), (8, 9, 0.0));
        assert_eq!(around(at(5, 4, 9, 0), &none), (8, 9, 0.5));
        // From Friday to Saturday.
        assert_eq!(around(at(5, 9, 0, 0), &none), (23, 24, 0.5));
        // The hour from two to three is left out on 29 March: half past one is followed by half past three.
        assert_eq!(around(at(3, 29, 1, 45), &none), (24 + 1, 24 + 3, 0.25));
        // On 25 October it comes twice.
        let second = at(10, 25, 2, 30) + TimeDelta::hours(1);
        assert_eq!(around(second, &none), (24 + 2, 24 + 3, 0.0));
    }
}
