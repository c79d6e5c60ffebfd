//! Anomalies in signals that a caller sends.

use super::{App, AppError};
use crate::anomaly::signal::{Settings, watch};
use crate::domain::InputError;
use crate::runtime::{Cancel, Progress};
use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most rows of a request, over all its series.
pub const MOST_ROWS: usize = 200_000;
const SOURCE: &str = "request body";

/// A signal, in order of time.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalRows {
    /// Identity.
    pub series_id: String,
    /// Time of every row, local or UTC, one or the other throughout.
    pub ts: Vec<NaiveDateTime>,
    /// Value of every row; null where there is none.
    pub y: Vec<Option<f64>>,
}

/// What was found in a signal.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SignalScores {
    /// Identity.
    pub series_id: String,
    /// How unusual every row is, higher is more.
    pub score: Vec<f64>,
    /// Positions of the rows at which an alert was raised.
    pub alerts: Vec<usize>,
}

impl App {
    /// Runs a detector along every signal, row by row as if they were just arriving.
    pub async fn find_anomalies(
        &self,
        series: Vec<SignalRows>,
        false_alarms_per_day: Option<f64>,
    ) -> Result<Vec<SignalScores>, AppError> {
        let settings = match false_alarms_per_day {
            Some(budget) => Settings::with_false_alarms(SOURCE, "false_alarms_per_day", budget)?,
            None => Settings::default(),
        };
        check(&series)?;
        let work = move || scores(&series, &settings);
        self.compute("anomaly detection", work).await
    }
}

fn scores(series: &[SignalRows], settings: &Settings) -> Vec<SignalScores> {
    let seconds = |s: &SignalRows| s.ts.iter().map(|t| t.and_utc().timestamp()).collect();
    let values = |s: &SignalRows| s.y.iter().map(|y| y.unwrap_or(f64::NAN)).collect();
    let rows: Vec<(Vec<i64>, Vec<f64>)> = series.iter().map(|s| (seconds(s), values(s))).collect();
    let rows: Vec<(&[i64], &[f64])> = rows.iter().map(|(t, y)| (&t[..], &y[..])).collect();
    // Nobody cancels so short a computation.
    let seen = watch(&rows, settings, &Cancel::default(), &Progress::default());
    let all = series.iter().zip(seen.unwrap_or_default());
    all.map(|(series, seen)| {
        let alerts = seen.iter().enumerate().filter(|(_, s)| s.alert.is_some());
        SignalScores {
            series_id: series.series_id.clone(),
            score: seen.iter().map(|s| s.score).collect(),
            alerts: alerts.map(|(position, _)| position).collect(),
        }
    })
    .collect()
}

/// Checks signals; names the first fault.
fn check(series: &[SignalRows]) -> Result<(), InputError> {
    let rows: usize = series.iter().map(|s| s.ts.len()).sum();
    if rows == 0 || rows > MOST_ROWS {
        let remedy = format!("give 1 to {MOST_ROWS} rows");
        let fault = InputError::new(SOURCE, "wrong number of rows", remedy);
        return Err(fault.field("series").value(rows));
    }
    for (number, series) in series.iter().enumerate() {
        if series.ts.len() != series.y.len() {
            let problem = format!("{} values for {} times", series.y.len(), series.ts.len());
            let fault = InputError::new(SOURCE, problem, "give one value per time, or null");
            return Err(fault.field(format!("series[{number}].y")));
        }
        if let Some(at) = series.ts.windows(2).position(|pair| pair[1] < pair[0]) {
            let fault = InputError::new(SOURCE, "before the row in front of it", "sort the rows");
            let field = format!("series[{number}].ts[{}]", at + 1);
            return Err(fault.field(field).value(series.ts[at + 1]));
        }
    }
    Ok(())
}
