//! Many signals at once.

use super::{Detector, Seen, Settings, common};
use crate::runtime::{Cancel, Cancelled, Progress};
use std::collections::BTreeMap;

/// Rows whose distances say how often a signal has one.
const ROWS_FOR_PACE: usize = 50;
/// Signals at one moment from which on what they share is looked at.
const LEAST_SIGNALS: usize = 8;

/// Seconds between the rows of a signal: the median over its first rows; a day if there are none.
pub fn pace_s(times_s: &[i64]) -> i64 {
    let first = times_s.get(..ROWS_FOR_PACE).unwrap_or(times_s);
    let mut gaps: Vec<i64> = first.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2)
        .map_or(super::DAY_S, |gap| (*gap).max(1))
}

/// Runs a detector along every signal, given as times in seconds and values, in order of time; rows
/// of the same moment are judged together. Gives what was seen by signal and row.
///
/// # Errors
/// Cancelled.
pub fn watch(
    signals: &[(&[i64], &[f64])],
    settings: &Settings,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Vec<Seen>>, Cancelled> {
    let all: usize = signals.iter().map(|(times, _)| times.len()).sum();
    let mut done = 0;
    let mut seen: Vec<Vec<Seen>> = signals
        .iter()
        .map(|(times, _)| vec![Seen::default(); times.len()])
        .collect();
    // Signals of one pace: the others' moments do not fit.
    let mut by_pace: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (signal, (times, _)) in signals.iter().enumerate() {
        by_pace.entry(pace_s(times)).or_default().push(signal);
    }
    for (pace, members) in by_pace {
        progress.report("detect: rows", done as u64, all as u64);
        done += members.iter().map(|&m| signals[m].0.len()).sum::<usize>();
        if members.len() >= LEAST_SIGNALS {
            watch_together(signals, &members, pace, settings, &mut seen, cancel)?;
            continue;
        }
        for signal in members {
            cancel.check()?;
            let (times, values) = signals[signal];
            let mut detector = Detector::new(settings, pace);
            for (row, (at, value)) in times.iter().zip(values).enumerate() {
                seen[signal][row] = detector.observe(*at, *value);
            }
        }
    }
    progress.report("detect: rows", all as u64, all as u64);
    Ok(seen)
}

fn watch_together(
    signals: &[(&[i64], &[f64])],
    members: &[usize],
    pace: i64,
    settings: &Settings,
    seen: &mut [Vec<Seen>],
    cancel: &Cancel,
) -> Result<(), Cancelled> {
    let mut detectors = vec![Detector::new(settings, pace); members.len()];
    // Time, which of its rows of that time, signal, row.
    let mut rows: Vec<(i64, usize, usize, usize)> = Vec::new();
    for (member, &signal) in members.iter().enumerate() {
        let times = signals[signal].0;
        let mut again = 0;
        for (row, &at) in times.iter().enumerate() {
            let same = row > 0 && times[row - 1] == at;
            again = if same { again + 1 } else { 0 };
            rows.push((at, again, member, row));
        }
    }
    rows.sort_unstable();
    let mut off = Vec::new();
    for moment in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        cancel.check()?;
        off.clear();
        for &(at, _, member, row) in moment {
            off.extend(detectors[member].begin(at, signals[members[member]].1[row]));
        }
        let common = common::median(&mut off, LEAST_SIGNALS);
        for &(_, _, member, row) in moment {
            seen[members[member]][row] = detectors[member].end(common);
        }
    }
    Ok(())
}
