//! What tables of things that happened (trips, visits) have in common as plain vectors.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

/// The values at `indices`, in that order.
pub(super) fn pick<T: Clone>(values: &[T], indices: &[usize]) -> Vec<T> {
    indices.iter().map(|&i| values[i].clone()).collect()
}

/// Indices of those of one of the splits, in order; none without a column of splits.
pub(super) fn of_split(split: Option<&[String]>, names: &[&str]) -> Vec<usize> {
    let splits = split.unwrap_or_default().iter().enumerate();
    splits
        .filter(|(_, split)| names.contains(&split.as_str()))
        .map(|(i, _)| i)
        .collect()
}

/// First and last moment in local time; `None` without any.
pub(super) fn window(
    moments: &[DateTime<Utc>],
    time_zone: Tz,
) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let local = |t: &DateTime<Utc>| t.with_timezone(&time_zone).naive_local();
    Some((local(moments.iter().min()?), local(moments.iter().max()?)))
}
