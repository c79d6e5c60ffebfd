//! Time windows as files give them, and as the problem wants them.

use crate::solver::problem::TimeWindow;

/// Sorts windows and joins those that touch or overlap: to start within any of them is the same.
pub(super) fn disjoint(mut windows: Vec<TimeWindow>) -> Vec<TimeWindow> {
    windows.sort_by_key(|window| (window.open_s, window.close_s));
    let mut joined: Vec<TimeWindow> = Vec::with_capacity(windows.len());
    for window in windows {
        match joined.last_mut() {
            Some(last) if window.open_s <= last.close_s => {
                last.close_s = last.close_s.max(window.close_s);
            }
            _ => joined.push(window),
        }
    }
    joined
}
