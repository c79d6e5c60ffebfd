//! The regular grid of time steps that series live on.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Timelike};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Distance between two steps of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Frequency {
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Every week, on one weekday.
    Weekly,
    /// Every month, on its first day.
    Monthly,
}

impl Frequency {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Hourly, Self::Daily, Self::Weekly, Self::Monthly];

    /// The frequency of a typical distance between steps, if it is one.
    pub fn of_distance(seconds: i64) -> Option<Self> {
        const DAY: i64 = 86_400;
        match seconds {
            3_600 => Some(Self::Hourly),
            DAY => Some(Self::Daily),
            s if s == 7 * DAY => Some(Self::Weekly),
            s if (28 * DAY..=31 * DAY).contains(&s) => Some(Self::Monthly),
            _ => None,
        }
    }

    /// Number of the step that begins at `ts`; consecutive steps have consecutive numbers.
    /// `None` if no step begins there. Weeks may begin on any weekday.
    pub fn index(self, ts: NaiveDateTime) -> Option<i64> {
        let days = i64::from(ts.date().num_days_from_ce());
        let midnight = ts.num_seconds_from_midnight() == 0 && ts.nanosecond() == 0;
        match self {
            Self::Hourly => {
                let whole = ts.minute() == 0 && ts.second() == 0 && ts.nanosecond() == 0;
                whole.then_some(days * 24 + i64::from(ts.hour()))
            }
            Self::Daily | Self::Weekly => midnight.then_some(days).map(|d| match self {
                Self::Weekly => d.div_euclid(7),
                _ => d,
            }),
            Self::Monthly => (midnight && ts.day() == 1)
                .then(|| i64::from(ts.year()) * 12 + i64::from(ts.month0())),
        }
    }

    /// Where step `index` begins. `weekday` is the days from Monday on which weeks begin, of no
    /// meaning otherwise. Numbers outside the calendar give its nearest end.
    pub fn time(self, index: i64, weekday: u8) -> NaiveDateTime {
        let at_day = |days: i64| {
            let date = i32::try_from(days)
                .ok()
                .and_then(NaiveDate::from_num_days_from_ce_opt);
            let end = if days < 0 {
                NaiveDate::MIN
            } else {
                NaiveDate::MAX
            };
            date.unwrap_or(end).and_time(chrono::NaiveTime::MIN)
        };
        match self {
            Self::Hourly => {
                let day = at_day(index.div_euclid(24));
                let hours = Duration::hours(index.rem_euclid(24));
                day.checked_add_signed(hours).unwrap_or(day)
            }
            Self::Daily => at_day(index),
            // Day 0 of the common era is a Sunday; number 1 is a Monday.
            Self::Weekly => at_day(index * 7 + (i64::from(weekday) + 1).rem_euclid(7)),
            Self::Monthly => {
                let year = i32::try_from(index.div_euclid(12)).unwrap_or(i32::MAX);
                let month = index.rem_euclid(12) as u32 + 1;
                let date = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX);
                date.and_time(chrono::NaiveTime::MIN)
            }
        }
    }

    /// Steps of the shortest season: a day, a week, a year.
    pub fn season(self) -> i64 {
        match self {
            Self::Hourly => 24,
            Self::Daily => 7,
            Self::Weekly => 52,
            Self::Monthly => 12,
        }
    }

    /// Steps of the next longer season, if the frequency has one.
    pub fn long_season(self) -> Option<i64> {
        match self {
            Self::Hourly => Some(168),
            Self::Daily => Some(364),
            Self::Weekly | Self::Monthly => None,
        }
    }

    /// Lengths of the rolling windows, short to long.
    pub fn windows(self) -> [i64; 4] {
        match self {
            Self::Hourly => [6, 24, 168, 672],
            Self::Daily => [7, 28, 56, 182],
            Self::Weekly => [4, 8, 26, 52],
            Self::Monthly => [3, 6, 12, 24],
        }
    }

    /// Names of the calendar features, in the order of [`calendar`](Self::calendar).
    pub fn calendar_names(self) -> &'static [&'static str] {
        match self {
            Self::Hourly => &["hour", "weekday"],
            Self::Daily => &[
                "weekday",
                "day_of_month",
                "days_to_month_end",
                "day_of_year",
            ],
            Self::Weekly => &["week_of_year", "week_of_month"],
            Self::Monthly => &["month", "days_in_month"],
        }
    }

    /// Calendar features of a step that begins at `ts`.
    pub fn calendar(self, ts: NaiveDateTime, into: &mut Vec<f32>) {
        let date = ts.date();
        let days_in_month = f32::from(u8::try_from(days_in_month(date)).unwrap_or(30));
        let day = date.day() as f32;
        let weekday = date.weekday().num_days_from_monday() as f32;
        match self {
            Self::Hourly => into.extend([ts.hour() as f32, weekday]),
            Self::Daily => into.extend([weekday, day, days_in_month - day, date.ordinal() as f32]),
            Self::Weekly => {
                into.extend([date.iso_week().week() as f32, ((day - 1.0) / 7.0).floor()]);
            }
            Self::Monthly => into.extend([date.month() as f32, days_in_month]),
        }
    }
}

fn days_in_month(date: NaiveDate) -> i64 {
    let first = date.with_day(1).unwrap_or(date);
    let next = first.checked_add_months(chrono::Months::new(1));
    next.map_or(31, |next| (next - first).num_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn steps_are_consecutive_and_come_back() {
        for (frequency, first, second) in [
            (
                Frequency::Hourly,
                "2024-02-28T23:00:00",
                "2024-02-29T00:00:00",
            ),
            (
                Frequency::Daily,
                "2024-02-28T00:00:00",
                "2024-02-29T00:00:00",
            ),
            (
                Frequency::Weekly,
                "2024-02-28T00:00:00",
                "2024-03-06T00:00:00",
            ),
            (
                Frequency::Weekly,
                "2024-02-25T00:00:00",
                "2024-03-03T00:00:00",
            ),
            (
                Frequency::Weekly,
                "2024-02-26T00:00:00",
                "2024-03-04T00:00:00",
            ),
            (
                Frequency::Monthly,
                "2023-12-01T00:00:00",
                "2024-01-01T00:00:00",
            ),
        ] {
            let (first, second) = (at(first), at(second));
            let index = frequency.index(first).unwrap();
            let weekday = first.weekday().num_days_from_monday() as u8;
            assert_eq!(frequency.index(second), Some(index + 1), "{frequency:?}");
            assert_eq!(frequency.time(index, weekday), first, "{frequency:?}");
            assert_eq!(frequency.time(index + 1, weekday), second);
        }
        assert_eq!(Frequency::Daily.index(at("2024-02-28T01:00:00")), None);
        assert_eq!(Frequency::Monthly.index(at("2024-02-28T00:00:00")), None);
    }

    #[test]
    fn calendar_features_match_their_names() {
        for frequency in [
            Frequency::Hourly,
            Frequency::Daily,
            Frequency::Weekly,
            Frequency::Monthly,
        ] {
            let mut row = Vec::new();
            frequency.calendar(at("2024-02-29T00:00:00"), &mut row);
            assert_eq!(row.len(), frequency.calendar_names().len());
        }
    }
}
