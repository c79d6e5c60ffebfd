//! Key figures of many days as signals: one per figure.

use crate::domain::kpi::KpiReport;
use crate::domain::{Document, InputError};
use crate::features::signals::Signal;
use chrono::{NaiveDate, NaiveTime};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Folders inside folders that are looked into at most.
const DEEPEST: usize = 8;

/// The figures of all `kpi-report` documents in a folder and the folders in it, by name and day. A
/// figure that a day gives no ground for is missing on that day.
///
/// # Errors
/// A folder cannot be read, there is no such document, or two are of one day.
pub(super) fn read(folder: &Path) -> Result<Vec<Signal>, InputError> {
    let mut files = Vec::new();
    list(folder, DEEPEST, &mut files)?;
    files.sort();
    let mut days: BTreeMap<NaiveDate, KpiReport> = BTreeMap::new();
    for file in files {
        let source = file.display().to_string();
        let json: Option<Value> = std::fs::read(&file)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok());
        let tag = json.as_ref().and_then(|json| json.get("schema"));
        if tag.and_then(Value::as_str) != Some(KpiReport::tag().as_str()) {
            continue;
        }
        let report = KpiReport::from_json(&source, json.unwrap_or_default())?;
        let date = report.date;
        if days.insert(date, report).is_some() {
            let remedy = "leave one report per day";
            let fault = InputError::new(source, "a second report of this day", remedy);
            return Err(fault.field("date").value(date));
        }
    }
    if days.is_empty() {
        let remedy = "give a folder of reports as `routeforce report` writes them, or a table";
        let source = folder.display().to_string();
        return Err(InputError::new(source, "no kpi-report document", remedy));
    }
    Ok(signals(&days))
}

fn signals(days: &BTreeMap<NaiveDate, KpiReport>) -> Vec<Signal> {
    let mut rows: BTreeMap<&str, Vec<(NaiveDate, f64)>> = BTreeMap::new();
    for (date, report) in days {
        for kpi in &report.kpis {
            let value = kpi.value.unwrap_or(f64::NAN);
            rows.entry(&kpi.id).or_default().push((*date, value));
        }
    }
    let signal = |(id, rows): (&str, Vec<(NaiveDate, f64)>)| Signal {
        id: id.to_owned(),
        times: rows
            .iter()
            .map(|(day, _)| day.and_time(NaiveTime::MIN))
            .collect(),
        values: rows.iter().map(|(_, value)| *value).collect(),
    };
    rows.into_iter().map(signal).collect()
}

/// JSON files of a folder and of those in it.
fn list(folder: &Path, deepest: usize, found: &mut Vec<PathBuf>) -> Result<(), InputError> {
    let refused = |e: std::io::Error| {
        let source = folder.display().to_string();
        InputError::new(source, e.to_string(), "give a folder that can be read")
    };
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        if path.is_dir() && deepest > 0 {
            list(&path, deepest - 1, found)?;
        } else if path.extension().is_some_and(|e| e == "json") {
            found.push(path);
        }
    }
    Ok(())
}
