//! Instants as microseconds, days and local times as text.

use super::StoreError;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// Format of naive local times; sorts as text.
const LOCAL_FORMAT: &str = "%Y-%m-%dT%H:%M:%S";

pub(super) fn to_us(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(super) fn from_us(us: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(us).ok_or_else(|| StoreError::Damaged {
        what: "instant",
        key: us.to_string(),
        problem: "out of range".into(),
    })
}

pub(super) fn day_key(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

pub(super) fn day_from(key: &str) -> Result<NaiveDate, StoreError> {
    key.parse().map_err(StoreError::damaged("day", key))
}

pub(super) fn local_key(ts: NaiveDateTime) -> String {
    ts.format(LOCAL_FORMAT).to_string()
}

pub(super) fn local_from(key: &str) -> Result<NaiveDateTime, StoreError> {
    NaiveDateTime::parse_from_str(key, LOCAL_FORMAT).map_err(StoreError::damaged("local time", key))
}
