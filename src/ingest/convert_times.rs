//! Columns of dates and times in numbers, and texts of dates.

use super::times::{Moment, naive_micros, parse_date, parse_moment};
use chrono_tz::Tz;
use polars::prelude::*;

/// Microseconds of a day.
pub(crate) const DAY_US: i64 = 86_400_000_000;

/// Microseconds of a column of points in time, whatever its unit.
pub(crate) fn physical_micros(raw: &Column) -> PolarsResult<Int64Chunked> {
    let zone = match raw.dtype() {
        DataType::Datetime(_, zone) => zone.clone(),
        _ => None,
    };
    let column = raw.cast(&DataType::Datetime(TimeUnit::Microseconds, zone))?;
    Ok(column.to_physical_repr().i64()?.clone())
}

/// Microseconds of the local times that a column shows.
pub(crate) fn local_micros(raw: &Column) -> PolarsResult<Int64Chunked> {
    let micros = physical_micros(raw)?;
    let zone: Option<Tz> = match raw.dtype() {
        DataType::Datetime(_, Some(zone)) => zone.parse().ok(),
        _ => None,
    };
    let Some(zone) = zone else {
        return Ok(micros);
    };
    let shown = micros.iter().map(|m| {
        let instant = chrono::DateTime::from_timestamp_micros(m?)?;
        Some(naive_micros(instant.with_timezone(&zone).naive_local()))
    });
    Ok(shown.collect())
}

/// Days since 1970-01-01.
pub(crate) fn days_since_epoch(date: chrono::NaiveDate) -> i32 {
    i32::try_from(
        date.signed_duration_since(chrono::NaiveDate::default())
            .num_days(),
    )
    .unwrap_or_default()
}

/// A date, or a local time at midnight.
pub(crate) fn date_text(text: &str, format: Option<&str>) -> Option<chrono::NaiveDate> {
    if format.is_some() || text.len() <= 10 {
        return parse_date(text, format);
    }
    match parse_moment(text, None)? {
        Moment::Local(local) if local.time() == chrono::NaiveTime::MIN => Some(local.date()),
        _ => None,
    }
}

/// A local time, or a date for its midnight, in microseconds.
pub(crate) fn local_text(text: &str, format: Option<&str>) -> Option<i64> {
    if format.is_none() && text.len() == 10 {
        return parse_date(text, None).map(|d| naive_micros(d.and_time(chrono::NaiveTime::MIN)));
    }
    match parse_moment(text, format)? {
        Moment::Local(local) => Some(naive_micros(local)),
        Moment::Instant(_) => None,
    }
}
