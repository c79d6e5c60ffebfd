//! The stops of a day to plan.

use super::super::kind::Kind;
use super::super::run::Options;
use super::super::windows::{Bound, parse_list};
use super::rows::Rows;
use crate::domain::InputError;
use crate::domain::stop::{Stop, StopOrigin, TimeWindow};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::path::Path;

/// Loads the stops of `date`. Windows given as `HH:MM` are local times of that date in `zone`; of
/// an hour that the clocks show twice, the first is meant.
///
/// # Errors
/// The first row at fault, and how many further ones there are.
pub fn load_stops(path: &Path, date: NaiveDate, zone: Tz) -> Result<Vec<Stop>, InputError> {
    let rows = rows(path, zone)?;
    let remedy = "fill it in, or learn it from past visits: routeforce train service-time";
    let stops = (0..rows.len()).map(|row| {
        let service_s = rows.count(row, "service_s");
        let service_s = service_s.ok_or_else(|| rows.fault(row, "service_s", "missing", remedy))?;
        stop(&rows, row, service_s, date, zone)
    });
    stops.collect()
}

/// Loads the stops of `date` as [`load_stops`] does, but lets them leave their service time out; such
/// stops come with 0 seconds, and their ids beside.
///
/// # Errors
/// The first row at fault, and how many further ones there are.
pub fn load_stops_with_gaps(
    path: &Path,
    date: NaiveDate,
    zone: Tz,
) -> Result<(Vec<Stop>, BTreeSet<String>), InputError> {
    let rows = rows(path, zone)?;
    let mut without = BTreeSet::new();
    let stops = (0..rows.len()).map(|row| {
        let service_s = rows.count(row, "service_s");
        let stop = stop(&rows, row, service_s.unwrap_or(0), date, zone)?;
        if service_s.is_none() {
            without.insert(stop.id.clone());
        }
        Ok(stop)
    });
    Ok((stops.collect::<Result<_, InputError>>()?, without))
}

fn rows(path: &Path, zone: Tz) -> Result<Rows, InputError> {
    let options = Options {
        time_zone: Some(zone),
        ..Options::default()
    };
    Rows::read(Kind::Stops, path, &options)
}

fn stop(
    rows: &Rows,
    row: usize,
    service_s: u32,
    date: NaiveDate,
    zone: Tz,
) -> Result<Stop, InputError> {
    Ok(Stop {
        id: rows.required_text(row, "stop_id")?,
        site_id: rows.required_text(row, "site_id")?,
        place: rows.place(row, "lat", "lon")?,
        quantities: rows.quantities(row, "qty_"),
        service_s,
        service_sd_s: None,
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
