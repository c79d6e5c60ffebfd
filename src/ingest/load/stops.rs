//! The stops of a day to plan.

use super::super::kind::Kind;
use super::super::run::Options;
use super::super::windows::{Bound, parse_list};
use super::rows::Rows;
use crate::domain::InputError;
use crate::domain::stop::{Stop, StopOrigin, TimeWindow};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::path::Path;

/// Loads the stops of `date`. Windows given as `HH:MM` are local times of that date in `zone`; of
/// an hour that the clocks show twice, the first is meant.
///
/// # Errors
/// The first row at fault, and how many further ones there are.
pub fn load_stops(path: &Path, date: NaiveDate, zone: Tz) -> Result<Vec<Stop>, InputError> {
    let options = Options {
        time_zone: Some(zone),
        ..Options::default()
    };
    let rows = Rows::read(Kind::Stops, path, &options)?;
    (0..rows.len())
        .map(|row| stop(&rows, row, date, zone))
        .collect()
}

fn stop(rows: &Rows, row: usize, date: NaiveDate, zone: Tz) -> Result<Stop, InputError> {
    let service_s = rows.count(row, "service_s");
    Ok(Stop {
        id: rows.required_text(row, "stop_id")?,
        site_id: rows.required_text(row, "site_id")?,
        place: rows.place(row, "lat", "lon")?,
        quantities: rows.quantities(row, "qty_"),
        service_s: service_s
            .ok_or_else(|| rows.fault(row, "service_s", "missing", "fill it in"))?,
        windows: windows(rows, row, date, zone)?,
        skills: rows.words(row, "skills"),
        penalty: rows.number(row, "penalty"),
        origin: match rows.text(row, "origin") {
            Some("forecast") => StopOrigin::Forecast,
            _ => StopOrigin::Ordered,
        },
    })
}

fn windows(
    rows: &Rows,
    row: usize,
    date: NaiveDate,
    zone: Tz,
) -> Result<Vec<TimeWindow>, InputError> {
    let bound = |text: &str| Bound::parse(text);
    let (field, bounds) = match (rows.text(row, "windows"), rows.text(row, "window_start")) {
        (Some(list), _) => {
            let list = parse_list(list)
                .map_err(|r| rows.fault(row, "windows", r.problem(), r.remedy()))?;
            let list = list
                .into_iter()
                .map(|(a, b)| (Bound::Clock(a), Bound::Clock(b)));
            ("windows", list.collect::<Vec<_>>())
        }
        (None, Some(start)) => {
            let end = rows.text(row, "window_end").and_then(bound);
            ("window_end", bound(start).zip(end).into_iter().collect())
        }
        (None, None) => return Ok(Vec::new()),
    };
    let skipped = || {
        let remedy = "give a time that the clocks show on that day";
        rows.fault(
            row,
            field,
            "a local time that the clocks skip on that day",
            remedy,
        )
    };
    let mut windows: Vec<TimeWindow> = Vec::new();
    for (start, end) in bounds {
        let start = start.on(date, zone).ok_or_else(skipped)?;
        let end = end.on(date, zone).ok_or_else(skipped)?;
        if start >= end {
            let remedy = "give a start and a later end";
            return Err(rows.fault(
                row,
                field,
                "a time window that ends before it starts",
                remedy,
            ));
        }
        if windows.last().is_some_and(|before| start <= before.end) {
            let remedy = "make one end before the next starts";
            return Err(rows.fault(row, field, "time windows that overlap on that day", remedy));
        }
        windows.push(TimeWindow { start, end });
    }
    Ok(windows)
}
