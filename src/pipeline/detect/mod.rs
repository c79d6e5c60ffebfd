//! Anomalies in a table of signals, or in the key figures of many days.

mod cause;
mod key_figures;

use super::PipelineError;
use crate::anomaly::signal::{Seen, Settings, pace_s, watch};
use crate::domain::hierarchy::Hierarchy;
use crate::features::demand::hierarchy;
use crate::features::signals::{self, RowScore, Signal};
use crate::runtime::{Cancel, Progress};
use cause::{Extent, Extents};
use chrono::NaiveDateTime;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

const SECONDS_PER_DAY: f64 = 86_400.0;
/// Other signals named with an alert.
const NAMED: usize = 20;
/// Rows that tell how often a signal has one.
const ROWS_FOR_PACE: usize = 64;

/// Signals with what was found of each of their rows.
#[derive(Debug, Clone)]
pub struct Detected {
    /// The signals.
    pub signals: Vec<Signal>,
    /// Scores, by signal and row.
    pub scores: Vec<Vec<RowScore>>,
    /// Alerts, in order of time.
    pub anomalies: Vec<Anomaly>,
}

/// An alert about a signal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Anomaly {
    /// The signal.
    pub series_id: String,
    /// Row at which it was noticed.
    pub ts: NaiveDateTime,
    /// Row from which on it holds.
    pub since: NaiveDateTime,
    /// What is unusual, in a sentence.
    pub what: String,
    /// How unusual, in words.
    pub how_unusual: String,
    /// Probability that a usual row looks like this.
    pub p_value: f64,
    /// Value of the row.
    pub value: f64,
    /// What would have been usual.
    pub expected: f64,
    /// Distance from the expected, added up since it holds: what it has cost in units so far.
    pub difference: f64,
    /// What it costs a day in units while it lasts as it is.
    pub difference_per_day: f64,
    /// Where to look for the cause: who shares it, and when most of it came.
    pub likely_cause: String,
    /// Other signals that are off in the same direction over some of the same time, the first by name.
    pub shared_with: Vec<String>,
    /// Other signals with an alert at the same time: a cause in common.
    pub beside: usize,
    #[serde(skip)]
    above: bool,
}

/// Runs a detector along every signal of a table, or every key figure of a folder of reports, row by
/// row as if they were just arriving. `hierarchy` is a table of what the signals belong to.
///
/// # Errors
/// The table or folder cannot be used; cancelled.
pub fn detect(
    data: &Path,
    hierarchy: Option<&Path>,
    settings: &Settings,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Detected, PipelineError> {
    progress.report("detect: read", 0, 1);
    let hierarchy = hierarchy.map(hierarchy::read).transpose()?;
    let signals = match data.is_dir() {
        true => key_figures::read(data)?,
        false => signals::read(data)?,
    };
    progress.report("detect: read", 1, 1);
    let seconds = |s: &Signal| s.times.iter().map(|t| t.and_utc().timestamp()).collect();
    let times: Vec<Vec<i64>> = signals.iter().map(seconds).collect();
    let pairs = times.iter().zip(&signals);
    let rows: Vec<(&[i64], &[f64])> = pairs
        .map(|(times, signal)| (times.as_slice(), signal.values.as_slice()))
        .collect();
    let seen = watch(&rows, settings, cancel, progress)?;
    let score = |seen: &Seen| RowScore {
        score: seen.score,
        alert: seen.alert.is_some(),
    };
    let scores = seen.iter().map(|rows| rows.iter().map(score).collect());
    Ok(Detected {
        scores: scores.collect(),
        anomalies: anomalies(&signals, &seen, hierarchy.as_ref()),
        signals,
    })
}

fn anomalies(
    signals: &[Signal],
    seen: &[Vec<Seen>],
    hierarchy: Option<&Hierarchy>,
) -> Vec<Anomaly> {
    let mut found: Vec<(Anomaly, Option<String>)> = signals
        .iter()
        .zip(seen)
        .flat_map(|(signal, seen)| (0..seen.len()).filter_map(|row| of_row(signal, seen, row)))
        .collect();
    let mut at_once: BTreeMap<NaiveDateTime, usize> = BTreeMap::new();
    for (anomaly, _) in &found {
        *at_once.entry(anomaly.ts).or_default() += 1;
    }
    let extent = |anomaly: &Anomaly| {
        (
            anomaly.series_id.clone(),
            anomaly.since,
            anomaly.ts,
            anomaly.above,
        )
    };
    let extents: Vec<_> = found.iter().map(|(anomaly, _)| extent(anomaly)).collect();
    let list: Vec<Extent<'_>> = extents
        .iter()
        .map(|(series_id, since, ts, above)| Extent {
            series_id,
            since: *since,
            ts: *ts,
            above: *above,
        })
        .collect();
    let all = Extents::of(list.clone());
    for ((anomaly, when), extent) in found.iter_mut().zip(&list) {
        let sharing = all.sharing(extent);
        anomaly.beside = at_once.get(&anomaly.ts).map_or(0, |count| count - 1);
        anomaly.likely_cause = cause::told(extent, &sharing, signals.len(), hierarchy, when.take());
        anomaly.shared_with = sharing.into_iter().take(NAMED).map(str::to_owned).collect();
    }
    let mut found: Vec<Anomaly> = found.into_iter().map(|(anomaly, _)| anomaly).collect();
    found.sort_by(|a, b| (a.ts, &a.series_id).cmp(&(b.ts, &b.series_id)));
    found
}

/// The alert of a row, if one opens there, and when most of it came.
fn of_row(signal: &Signal, seen: &[Seen], row: usize) -> Option<(Anomaly, Option<String>)> {
    let now = seen.get(row)?;
    let finding = now.alert?;
    let first = (row + 1).saturating_sub(finding.rows);
    let (mut came, mut usual) = (0.0, 0.0);
    let mut excess = Vec::with_capacity(finding.rows);
    for (value, seen) in signal.values.iter().zip(seen).take(row + 1).skip(first) {
        if value.is_finite() {
            came += value;
            usual += seen.expected;
        }
        excess.push(if value.is_finite() {
            value - seen.expected
        } else {
            0.0
        });
    }
    let (id, rows) = (&signal.id, row + 1 - first);
    let since = *signal.times.get(first)?;
    let over = match rows {
        1 => String::new(),
        rows => format!(" over {rows} rows, since {since}"),
    };
    let side = if finding.above { "above" } else { "below" };
    let share = match usual.abs() > 0.0 {
        true => format!(" ({:+.0} %)", 100.0 * (came - usual) / usual.abs()),
        false => String::new(),
    };
    let seconds: Vec<i64> = signal
        .times
        .iter()
        .take(ROWS_FOR_PACE)
        .map(|t| t.and_utc().timestamp())
        .collect();
    let rows_per_day = SECONDS_PER_DAY / pace_s(&seconds) as f64;
    let p_value = (-now.score).exp();
    let anomaly = Anomaly {
        series_id: id.clone(),
        ts: *signal.times.get(row)?,
        since,
        what: format!(
            "{id} is {side} what is usual: {came:.2} instead of about {usual:.2}{over}{share}"
        ),
        how_unusual: format!("one usual row in {:.0} looks like this", 1.0 / p_value),
        p_value,
        value: *signal.values.get(row)?,
        expected: now.expected,
        difference: came - usual,
        difference_per_day: (came - usual) / rows as f64 * rows_per_day,
        likely_cause: String::new(),
        shared_with: Vec::new(),
        beside: 0,
        above: finding.above,
    };
    Some((anomaly, cause::when(signal, first..=row, &excess)))
}
