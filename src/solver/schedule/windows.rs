//! When service may start.

use crate::solver::problem::TimeWindow;

/// Earliest second from `arrival_s` on at which service may start.
#[inline]
pub(in crate::solver) fn earliest_start(windows: &[TimeWindow], arrival_s: i64) -> Option<i64> {
    if windows.is_empty() {
        return Some(arrival_s);
    }
    let window = windows.iter().find(|w| w.close_s >= arrival_s)?;
    Some(arrival_s.max(window.open_s))
}

/// Latest second up to `by_s` at which service may start.
#[inline]
pub(in crate::solver) fn latest_start(windows: &[TimeWindow], by_s: i64) -> Option<i64> {
    if windows.is_empty() {
        return Some(by_s);
    }
    let window = windows.iter().rev().find(|w| w.open_s <= by_s)?;
    Some(by_s.min(window.close_s))
}
