//! Instants of the document as seconds of the problem.

use crate::domain::InputError;
use crate::solver::problem::TimeWindow;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// Longest span that is taken, a century.
const LONGEST_S: f64 = 3_155_760_000.0;

/// Turns instants into seconds since an origin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub origin: DateTime<Utc>,
}

/// An instant in RFC 3339.
pub(super) fn instant(source: &str, path: &str, text: &str) -> Result<DateTime<Utc>, InputError> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => Ok(instant.with_timezone(&Utc)),
        Err(_) => {
            let remedy = "give a date and time such as 2026-07-04T09:00:00Z";
            Err(
                InputError::new(source, "not an instant in RFC 3339", remedy)
                    .field(path)
                    .value(text),
            )
        }
    }
}

/// A span of whole seconds, rounded up.
pub(super) fn span_s(source: &str, path: &str, seconds: f64) -> Result<i64, InputError> {
    match (0.0..=LONGEST_S).contains(&seconds) {
        true => Ok(seconds.ceil() as i64),
        false => {
            let error = InputError::new(source, "not a duration", "give seconds, 0 or more");
            Err(error.field(path).value(seconds))
        }
    }
}

impl Clock {
    /// The first second that is not before an instant.
    pub fn not_before(&self, instant: DateTime<Utc>) -> i64 {
        let since = instant - self.origin;
        since.num_seconds() + i64::from(since > TimeDelta::seconds(since.num_seconds()))
    }

    /// The last second that is not after an instant.
    pub fn not_after(&self, instant: DateTime<Utc>) -> i64 {
        let since = instant - self.origin;
        since.num_seconds() - i64::from(since < TimeDelta::seconds(since.num_seconds()))
    }

    /// A window between two instants.
    pub fn window(
        &self,
        source: &str,
        path: &str,
        [from, to]: [&str; 2],
    ) -> Result<TimeWindow, InputError> {
        let window = TimeWindow {
            open_s: self.not_before(instant(source, path, from)?),
            close_s: self.not_after(instant(source, path, to)?),
        };
        match window.open_s <= window.close_s {
            true => Ok(window),
            false => Err(
                InputError::new(source, "not a time window", "end it after it starts")
                    .field(path)
                    .value(format!("{from} to {to}")),
            ),
        }
    }

    /// A second as an instant in RFC 3339.
    pub fn show(&self, second: i64) -> String {
        let shown = TimeDelta::try_seconds(second).and_then(|s| self.origin.checked_add_signed(s));
        let shown = shown.unwrap_or(self.origin);
        shown.to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}
