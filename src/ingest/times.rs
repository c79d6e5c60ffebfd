//! Texts to dates, times of day and points in time; local times to instants.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// A point in time as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// With an offset: microseconds since 1970-01-01 00:00 UTC.
    Instant(i64),
    /// Without one.
    Local(NaiveDateTime),
}

/// What a local time is in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolved {
    /// One instant, in microseconds since 1970-01-01 00:00 UTC.
    Once(i64),
    /// The clocks show it twice; this is the first time, while daylight saving still holds.
    Twice(i64),
    /// The clocks skip it.
    Never,
}

/// The instant of a local time. Of an hour that the clocks show twice, the first is taken: it is
/// the one that keeps intervals from the hours before right, and the choice is counted.
pub(crate) fn resolve(local: NaiveDateTime, zone: Tz) -> Resolved {
    match zone.from_local_datetime(&local) {
        chrono::LocalResult::Single(t) => Resolved::Once(t.timestamp_micros()),
        chrono::LocalResult::Ambiguous(first, _) => Resolved::Twice(first.timestamp_micros()),
        chrono::LocalResult::None => Resolved::Never,
    }
}

/// A point in time: `yyyy-mm-dd hh:mm[:ss[.f]]` with `T` or a blank between, and an optional `Z`,
/// `UTC` or offset; or in the given strftime format.
pub(crate) fn parse_moment(text: &str, format: Option<&str>) -> Option<Moment> {
    if let Some(format) = format {
        if let Ok(moment) = DateTime::parse_from_str(text, format) {
            return Some(Moment::Instant(moment.timestamp_micros()));
        }
        return NaiveDateTime::parse_from_str(text, format)
            .ok()
            .map(Moment::Local);
    }
    let date = parse_date(text.get(..10)?, None)?;
    let rest = text.get(10..)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let clock_end = rest
        .find(|c: char| !matches!(c, '0'..='9' | ':' | '.'))
        .unwrap_or(rest.len());
    let (clock, offset) = (rest.get(..clock_end)?, rest.get(clock_end..)?.trim_start());
    let local = date.and_time(parse_clock(clock)?);
    if offset.is_empty() {
        return Some(Moment::Local(local));
    }
    let micros = local.and_utc().timestamp_micros();
    Some(Moment::Instant(
        micros - parse_offset_s(offset)? * 1_000_000,
    ))
}

/// A date: `yyyy-mm-dd`, or in the given strftime format.
pub(crate) fn parse_date(text: &str, format: Option<&str>) -> Option<NaiveDate> {
    if let Some(format) = format {
        return NaiveDate::parse_from_str(text, format).ok();
    }
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let (year, month, day) = (
        digits(text, 0, 4)?,
        digits(text, 5, 7)?,
        digits(text, 8, 10)?,
    );
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A time of day: `h:mm`, `hh:mm` or `hh:mm:ss`.
pub(crate) fn parse_time_of_day(text: &str) -> Option<NaiveTime> {
    let padded;
    let text = if text.find(':') == Some(1) {
        padded = format!("0{text}");
        &padded
    } else {
        text
    };
    parse_clock(text)
}

fn parse_clock(text: &str) -> Option<NaiveTime> {
    let bytes = text.as_bytes();
    if bytes.get(2) != Some(&b':') {
        return None;
    }
    let (hour, minute) = (digits(text, 0, 2)?, digits(text, 3, 5)?);
    if bytes.len() == 5 {
        return NaiveTime::from_hms_opt(hour, minute, 0);
    }
    if bytes.get(5) != Some(&b':') {
        return None;
    }
    let second = digits(text, 6, 8)?;
    let micros = match text.get(8..)? {
        "" => 0,
        fraction => {
            let fraction = fraction.strip_prefix('.')?;
            let length = fraction.len().min(6);
            let value: u32 = digits(fraction, 0, length)?;
            value * 10_u32.pow(6 - u32::try_from(length).ok()?)
        }
    };
    NaiveTime::from_hms_micro_opt(hour, minute, second, micros)
}

/// Seconds east of UTC: `Z`, `UTC`, `+hh`, `+hhmm` or `+hh:mm`.
fn parse_offset_s(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z" | "UTC") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let body = text.get(1..)?;
    let minutes = match body.len() {
        2 => 0,
        4 => digits(body, 2, 4)?,
        5 if body.as_bytes().get(2) == Some(&b':') => digits(body, 3, 5)?,
        _ => return None,
    };
    let hours = digits(body, 0, 2)?;
    (hours < 24 && minutes < 60).then(|| sign * i64::from(hours * 3600 + minutes * 60))
}

fn digits(text: &str, from: usize, to: usize) -> Option<u32> {
    let part = text.as_bytes().get(from..to)?;
    if part.is_empty() {
        return None;
    }
    part.iter().try_fold(0_u32, |value, byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + u32::from(byte - b'0'))
    })
}

/// Microseconds since 1970-01-01 00:00 of a local time without a zone.
pub(crate) fn naive_micros(moment: NaiveDateTime) -> i64 {
    moment.and_utc().timestamp_micros()
}

/// The local time without a zone, from its microseconds.
pub(crate) fn from_naive_micros(micros: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(micros).map(|t| t.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{America::New_York, Europe::Berlin};

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn reads_iso_8601() {
        let utc = |text: &str| {
            DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_micros()
        };
        for (text, expected) in [
            ("2024-03-01 08:00", Moment::Local(local("2024-03-01 08:00"))),
            (
                "2024-03-01T08:00:00",
                Moment::Local(local("2024-03-01 08:00")),
            ),
            (
                "2024-03-01T08:00:00.25Z",
                Moment::Instant(utc("2024-03-01T08:00:00.25Z")),
            ),
            (
                "2024-03-01 08:00:00+01:00",
                Moment::Instant(utc("2024-03-01T07:00:00Z")),
            ),
            (
                "2024-03-01 08:00:00-0530",
                Moment::Instant(utc("2024-03-01T13:30:00Z")),
            ),
            (
                "2024-03-01 08:00:00 UTC",
                Moment::Instant(utc("2024-03-01T08:00:00Z")),
            ),
        ] {
            assert_eq!(parse_moment(text, None), Some(expected), "{text}");
        }
        for text in [
            "",
            "2024-03-01",
            "2024-02-30 08:00",
            "2024-03-01 25:00",
            "01.03.2024 08:00",
            "2024-03-01 08:00 CET",
            "é024-03-01 08:00",
        ] {
            assert_eq!(parse_moment(text, None), None, "{text}");
        }
    }

    #[test]
    fn clocks_skip_and_repeat_an_hour() {
        for (zone, gap, fold, first) in [
            (
                Berlin,
                "2024-03-31 02:30",
                "2024-10-27 02:30",
                "2024-10-27T00:30:00Z",
            ),
            (
                New_York,
                "2024-03-10 02:30",
                "2024-11-03 01:30",
                "2024-11-03T05:30:00Z",
            ),
        ] {
            assert_eq!(resolve(local(gap), zone), Resolved::Never);
            let first = DateTime::parse_from_rfc3339(first)
                .unwrap()
                .timestamp_micros();
            assert_eq!(resolve(local(fold), zone), Resolved::Twice(first));
        }
    }
}
