//! Takes in what `routeforce demo` left in a folder. Files are told apart by their content, so
//! that their names and places may change.

use super::roads::ROADS;
use super::{App, AppError};
use crate::domain::alert::Alert;
use crate::domain::day_record::DayRecord;
use crate::domain::forecast::DemandForecast;
use crate::domain::kpi::KpiReport;
use crate::domain::plan::Plan;
use crate::domain::{Document, InputError};
use crate::store::TenantScope;
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Folders below the given one that are looked into.
const DEPTH: usize = 3;
/// Larger files are data, not documents or reports.
const LARGEST_BYTES: u64 = 100_000_000;
/// Folders that hold reports.
const REPORT_FOLDERS: [&str; 2] = ["report", "reports"];
const FORECASTS_PER_WRITE: usize = 10_000;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Plans.
    pub plans: Vec<Plan>,
    /// Recorded days.
    pub days: Vec<DayRecord>,
    /// Key figures.
    pub kpis: Vec<KpiReport>,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Demand forecasts.
    pub forecasts: Vec<DemandForecast>,
    /// Roads as GeoJSON text.
    pub roads: Option<String>,
    /// Report files.
    pub reports: Vec<PathBuf>,
}

/// Reads a demo's folder.
pub fn read(folder: &Path) -> Result<Found, InputError> {
    let mut found = Found::default();
    read_folder(folder, folder, DEPTH, &mut found)?;
    if found.plans.is_empty() {
        let remedy = "give a folder that `routeforce demo --dir DIR` has filled";
        let source = folder.display().to_string();
        return Err(InputError::new(source, "holds no plan", remedy).field("--demo"));
    }
    Ok(found)
}

fn read_folder(
    root: &Path,
    folder: &Path,
    depth: usize,
    found: &mut Found,
) -> Result<(), InputError> {
    let faulty = |e: std::io::Error| {
        let source = folder.display().to_string();
        InputError::new(source, e.to_string(), "give a readable folder").field("--demo")
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(faulty)? {
        paths.push(entry.map_err(faulty)?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth > 0 {
                read_folder(root, &path, depth - 1, found)?;
            }
        } else if std::fs::metadata(&path).is_ok_and(|m| m.len() <= LARGEST_BYTES) {
            read_file(root, &path, found)?;
        }
    }
    Ok(())
}

fn read_file(root: &Path, path: &Path, found: &mut Found) -> Result<(), InputError> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
    match extension {
        "json" => read_json(path, found),
        "geojson" if name.contains(ROADS) => {
            let source = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|e| InputError::new(source, e.to_string(), "give GeoJSON"))?;
            found.roads = Some(text);
            Ok(())
        }
        "html" | "xlsx" | "csv" | "png" | "svg" if in_report_folder(root, path) => {
            found.reports.push(path.to_owned());
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Below the demo's own folder only: that may itself be in a folder of this name.
fn in_report_folder(root: &Path, path: &Path) -> bool {
    let below = path.strip_prefix(root).ok().and_then(Path::parent);
    below.is_some_and(|folders| {
        folders
            .components()
            .any(|part| REPORT_FOLDERS.iter().any(|name| part.as_os_str() == *name))
    })
}

/// Reads a JSON file if it is one of those that are wanted.
fn read_json(path: &Path, found: &mut Found) -> Result<(), InputError> {
    let source = path.display().to_string();
    let json: Value = match std::fs::read(path).map(|text| serde_json::from_slice(&text)) {
        Ok(Ok(json)) => json,
        // Other programs' files may be anything.
        Ok(Err(_)) | Err(_) => return Ok(()),
    };
    let tag = json.get("schema").and_then(Value::as_str).unwrap_or("");
    if tag == Plan::tag() {
        found.plans.push(Plan::from_json(&source, json)?);
    } else if tag == DayRecord::tag() {
        found.days.push(DayRecord::from_json(&source, json)?);
    } else if tag == KpiReport::tag() {
        found.kpis.push(KpiReport::from_json(&source, json)?);
    } else if path.file_stem().is_some_and(|stem| stem == "alerts") {
        found.alerts.extend(list(&source, "alerts", json)?);
    } else if path.file_stem().is_some_and(|stem| stem == "forecasts") {
        found.forecasts.extend(list(&source, "forecasts", json)?);
    }
    Ok(())
}

/// Reads a list, or a document that holds one.
fn list<T: DeserializeOwned>(
    source: &str,
    field: &str,
    mut json: Value,
) -> Result<Vec<T>, InputError> {
    let items = match json.get_mut(field) {
        Some(items) => items.take(),
        None => json,
    };
    serde_json::from_value(items).map_err(|e| {
        InputError::new(source, e.to_string(), "run `routeforce demo` again").field(field)
    })
}

impl App {
    /// Takes in a demo's folder: the plan of its recorded day (or, without one, every plan), the
    /// day, figures, alerts, forecasts, roads and report files. Again is the same as once. Gives
    /// back the day to replay.
    pub async fn import_demo(
        &self,
        scope: TenantScope,
        mut found: Found,
    ) -> Result<Option<DayRecord>, AppError> {
        let day = found.days.into_iter().max_by_key(|d| d.date);
        if let Some(day) = &day
            && found.plans.iter().any(|p| p.id == day.plan_id)
        {
            found.plans.retain(|p| p.id == day.plan_id);
        }
        for plan in &found.plans {
            self.import_plan(scope, plan).await?;
        }
        if let Some(day) = &day {
            self.store().put_day(scope, day).await?;
        }
        for kpis in &found.kpis {
            self.store().put_kpis(scope, kpis).await?;
        }
        self.raise_alerts(scope, &found.alerts).await?;
        for forecasts in found.forecasts.chunks(FORECASTS_PER_WRITE) {
            self.import_forecasts(scope, forecasts, &[]).await?;
        }
        if let Some(roads) = &found.roads {
            self.store().put_map_layer(scope, ROADS, roads).await?;
        }
        let date = day.as_ref().map(|d| d.date);
        let date = date.or_else(|| found.plans.first().map(|p| p.date));
        if let Some(date) = date {
            for path in &found.reports {
                self.import_report(scope, date, path).await?;
            }
        }
        Ok(day)
    }

    async fn import_report(
        &self,
        scope: TenantScope,
        date: NaiveDate,
        path: &Path,
    ) -> Result<(), AppError> {
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
            return Ok(());
        };
        let content = tokio::fs::read(path).await.map_err(|e| {
            let source = path.display().to_string();
            InputError::new(source, e.to_string(), "give a readable file")
        })?;
        let media_type = match path.extension().and_then(|e| e.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("csv") => "text/csv; charset=utf-8",
            Some("png") => "image/png",
            Some("svg") => "image/svg+xml",
            _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        };
        // Reports of several days lie in folders named after them.
        let folder = path.parent().and_then(Path::file_name);
        let named = folder.and_then(|f| f.to_str()?.parse().ok());
        let date = named.unwrap_or(date);
        let store = self.store();
        store
            .put_report(scope, date, name, media_type, &content)
            .await?;
        Ok(())
    }
}
