//! Anomalies in a table of signals.

use super::PipelineError;
use crate::anomaly::signal::{Seen, Settings, watch};
use crate::features::signals::{self, RowScore, Signal};
use crate::runtime::{Cancel, Progress};
use chrono::NaiveDateTime;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

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
    /// Probability that a usual row looks like this.
    pub p_value: f64,
    /// Value of the row.
    pub value: f64,
    /// What would have been usual.
    pub expected: f64,
    /// Distance from the expected, added up since it holds: what it has cost in units so far.
    pub difference: f64,
    /// Other signals with an alert at the same time: a cause in common.
    pub beside: usize,
}

/// Runs a detector along every signal of a table, row by row as if they were just arriving.
///
/// # Errors
/// The table cannot be used; cancelled.
pub fn detect(
    data: &Path,
    settings: &Settings,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Detected, PipelineError> {
    progress.report("detect: read", 0, 1);
    let signals = signals::read(data)?;
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
        anomalies: anomalies(&signals, &seen),
        signals,
    })
}

fn anomalies(signals: &[Signal], seen: &[Vec<Seen>]) -> Vec<Anomaly> {
    let mut found: Vec<Anomaly> = signals
        .iter()
        .zip(seen)
        .flat_map(|(signal, seen)| (0..seen.len()).filter_map(|row| of_row(signal, seen, row)))
        .collect();
    let mut at_once: BTreeMap<NaiveDateTime, usize> = BTreeMap::new();
    for anomaly in &found {
        *at_once.entry(anomaly.ts).or_default() += 1;
    }
    for anomaly in &mut found {
        anomaly.beside = at_once.get(&anomaly.ts).map_or(0, |count| count - 1);
    }
    found.sort_by(|a, b| (a.ts, &a.series_id).cmp(&(b.ts, &b.series_id)));
    found
}

fn of_row(signal: &Signal, seen: &[Seen], row: usize) -> Option<Anomaly> {
    let now = seen.get(row)?;
    let finding = now.alert?;
    let first = (row + 1).saturating_sub(finding.rows);
    let (mut came, mut usual) = (0.0, 0.0);
    for (value, seen) in signal.values.iter().zip(seen).take(row + 1).skip(first) {
        if value.is_finite() {
            came += value;
            usual += seen.expected;
        }
    }
    let (id, rows) = (&signal.id, row + 1 - first);
    let over = match rows {
        1 => String::new(),
        rows => format!(" over {rows} rows"),
    };
    let side = if finding.above { "above" } else { "below" };
    let share = match usual.abs() > 0.0 {
        true => format!(" ({:+.0} %)", 100.0 * (came - usual) / usual.abs()),
        false => String::new(),
    };
    Some(Anomaly {
        series_id: id.clone(),
        ts: *signal.times.get(row)?,
        since: *signal.times.get(first)?,
        what: format!(
            "{id} is {side} what is usual: {came:.2} instead of about {usual:.2}{over}{share}"
        ),
        p_value: (-now.score).exp(),
        value: *signal.values.get(row)?,
        expected: now.expected,
        difference: came - usual,
        beside: 0,
    })
}
