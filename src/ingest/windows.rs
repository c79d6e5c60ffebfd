//! Time windows as texts: `HH:MM` of the planned day or RFC 3339.

use super::reason::Reason;
use super::times::{Moment, Resolved, parse_moment, parse_time_of_day, resolve};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

/// One end of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Local time of the planned day.
    Clock(NaiveTime),
    /// Local date and time.
    Local(NaiveDateTime),
    /// Microseconds since 1970-01-01 00:00 UTC.
    Instant(i64),
}

impl Bound {
    /// Reads `HH:MM`, or a date and time with or without offset.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(time) = parse_time_of_day(text) {
            return Some(Self::Clock(time));
        }
        Some(match parse_moment(text, None)? {
            Moment::Instant(instant) => Self::Instant(instant),
            Moment::Local(local) => Self::Local(local),
        })
    }

    /// The instant on that day in that zone; `None` if the clocks skip it.
    pub fn on(self, date: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
        let local = match self {
            Self::Instant(instant) => return DateTime::from_timestamp_micros(instant),
            Self::Local(local) => local,
            Self::Clock(time) => date.and_time(time),
        };
        match resolve(local, zone) {
            Resolved::Once(instant) | Resolved::Twice(instant) => {
                DateTime::from_timestamp_micros(instant)
            }
            Resolved::Never => None,
        }
    }

    /// Whether `end` is certainly not after this start; unlike kinds can only be told on a day.
    pub fn is_reversed(self, end: Self) -> bool {
        match (self, end) {
            (Self::Clock(a), Self::Clock(b)) => a >= b,
            (Self::Local(a), Self::Local(b)) => a >= b,
            (Self::Instant(a), Self::Instant(b)) => a >= b,
            _ => false,
        }
    }
}

/// Windows of a day: `08:00-10:00;14:00-16:00`, in order of their starts.
pub(crate) fn parse_list(text: &str) -> Result<Vec<(NaiveTime, NaiveTime)>, Reason> {
    let mut windows = Vec::new();
    for part in text
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (start, end) = part.split_once(['-', '–']).ok_or(Reason::NotATimeOfDay)?;
        let start = parse_time_of_day(start.trim()).ok_or(Reason::NotATimeOfDay)?;
        let end = parse_time_of_day(end.trim()).ok_or(Reason::NotATimeOfDay)?;
        if start >= end {
            return Err(Reason::WindowReversed);
        }
        windows.push((start, end));
    }
    windows.sort_unstable();
    let overlap = windows
        .iter()
        .zip(windows.iter().skip(1))
        .any(|(a, b)| b.0 <= a.1);
    if overlap {
        Err(Reason::WindowsOverlap)
    } else {
        Ok(windows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_checked() {
        let hour = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap();
        let expected = vec![(hour(8), hour(10)), (hour(14), hour(16))];
        assert_eq!(parse_list("14:00-16:00; 8:00-10:00"), Ok(expected));
        assert_eq!(parse_list("10:00-08:00"), Err(Reason::WindowReversed));
        assert_eq!(
            parse_list("08:00-10:00;09:00-11:00"),
            Err(Reason::WindowsOverlap)
        );
        assert_eq!(parse_list("morning"), Err(Reason::NotATimeOfDay));
    }
}
