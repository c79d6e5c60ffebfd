//! Writing all files of a report as one.

use super::charts::{self, Figure};
use super::data::ReportData;
use super::error::ReportError;
use super::summary::ReportSummary;
use super::tables::Tables;
use super::zone::Zone;
use super::{csv, page, workbook};
use crate::domain::{Document, InputError};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the files of a report are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFiles {
    /// The folder.
    pub folder: PathBuf,
    /// The page.
    pub html: PathBuf,
    /// The workbook.
    pub xlsx: PathBuf,
    /// Key figures, stops and routes as CSV; customers if orders were given.
    pub csv: Vec<PathBuf>,
    /// Charts, each as SVG and as PNG.
    pub charts: Vec<PathBuf>,
    /// The documents `report` and `kpi-report`.
    pub json: Vec<PathBuf>,
}

/// Writes the report of a day into the folder `dir`, as a whole: files are made in a folder aside
/// that then takes its name. A folder that is there already is replaced only if it is empty or
/// holds a report.
///
/// Times in the page, the tables and the workbook are local times of the plan's time zone.
///
/// # Errors
/// [`ReportError::Input`] if the plan's time zone is unknown or `dir` holds something else than a
/// report; otherwise what could not be drawn or written.
pub fn write(data: &ReportData, dir: &Path) -> Result<ReportFiles, ReportError> {
    let zone = Zone::of(&data.plan)?;
    check_replaceable(dir)?;
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(io_error(parent))?;
    let aside = tempfile::Builder::new()
        .prefix(".routeforce-report-")
        .tempdir_in(parent)
        .map_err(io_error(parent))?;
    let written = fill(data, zone, aside.path())?;
    publish(aside, dir)?;
    let at = |name: &String| dir.join(name);
    Ok(ReportFiles {
        folder: dir.to_path_buf(),
        html: dir.join("report.html"),
        xlsx: dir.join("report.xlsx"),
        csv: by_ending(&written, &[".csv"]).map(at).collect(),
        charts: by_ending(&written, &[".svg", ".png"]).map(at).collect(),
        json: by_ending(&written, &[".json"]).map(at).collect(),
    })
}

/// Writes all files into an empty folder and gives their names.
fn fill(data: &ReportData, zone: Zone, folder: &Path) -> Result<Vec<String>, ReportError> {
    let mut names = Vec::new();
    let mut put = |name: &str, content: &[u8]| {
        names.push(name.to_owned());
        let path = folder.join(name);
        fs::write(&path, content).map_err(io_error(&path))
    };
    let tables = Tables::of(data, zone);
    for table in [&tables.kpis, &tables.stops, &tables.routes] {
        put(&format!("{}.csv", table.id), csv::text(table).as_bytes())?;
    }
    if data.customers.is_some() {
        let table = &tables.customers;
        put(&format!("{}.csv", table.id), csv::text(table).as_bytes())?;
    }
    put("report.xlsx", &workbook::bytes(data, &tables)?)?;

    let charts_folder = folder.join("charts");
    fs::create_dir(&charts_folder).map_err(io_error(&charts_folder))?;
    let mut drawn = Vec::new();
    for figure in charts::figures(data, zone) {
        let svg = figure.svg()?;
        put(&format!("charts/{}.svg", figure.file), svg.as_bytes())?;
        put(
            &format!("charts/{}.png", figure.file),
            &png(&figure, &charts_folder)?,
        )?;
        drawn.push((figure, svg));
    }
    put(
        "report.html",
        page::html(data, zone, &tables, &drawn).as_bytes(),
    )?;
    put("kpis.json", &json(&data.kpis)?)?;

    names.push("report.json".into());
    let summary = ReportSummary::of(data, names.clone());
    let path = folder.join("report.json");
    fs::write(&path, json(&summary)?).map_err(io_error(&path))?;
    Ok(names)
}

/// A chart as PNG; the drawing library writes only to files, so it goes through one.
fn png(figure: &Figure<'_>, folder: &Path) -> Result<Vec<u8>, ReportError> {
    let path = folder.join(format!("{}.png", figure.file));
    figure.png(&path)?;
    fs::read(&path).map_err(io_error(&path))
}

fn json(document: &impl Document) -> Result<Vec<u8>, ReportError> {
    let mut text = serde_json::to_vec_pretty(&document.to_json()?)?;
    text.push(b'\n');
    Ok(text)
}

/// A folder of somebody else's files is never replaced.
fn check_replaceable(dir: &Path) -> Result<(), ReportError> {
    let mut entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            let path = dir.to_path_buf();
            return Err(ReportError::Io { path, source });
        }
    };
    if entries.next().is_none() || ReportSummary::read(&dir.join("report.json")).is_ok() {
        return Ok(());
    }
    Err(InputError::new(
        dir.display().to_string(),
        "the folder holds other files than a report's",
        "give a new or empty folder, or one that holds a report",
    )
    .into())
}

/// Gives the folder its final name; the old one is kept until the new one is in place.
fn publish(aside: tempfile::TempDir, dir: &Path) -> Result<(), ReportError> {
    make_readable(aside.path()).map_err(io_error(aside.path()))?;
    let fresh = aside.path().to_path_buf();
    if dir.exists() {
        let mut old = fresh.clone().into_os_string();
        old.push(".old");
        let old = PathBuf::from(old);
        fs::rename(dir, &old).map_err(io_error(dir))?;
        if let Err(source) = fs::rename(&fresh, dir) {
            // Back to how it was; the new folder goes with `aside`.
            let _ = fs::rename(&old, dir);
            let path = dir.to_path_buf();
            return Err(ReportError::Io { path, source });
        }
        fs::remove_dir_all(&old).map_err(io_error(&old))?;
    } else {
        fs::rename(&fresh, dir).map_err(io_error(dir))?;
    }
    // Its folder has moved away, nothing is left to clean up.
    let _ = aside.keep();
    Ok(())
}

/// Temporary folders are private; what is published follows the usual mode.
fn make_readable(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn by_ending<'a>(names: &'a [String], endings: &[&str]) -> impl Iterator<Item = &'a String> {
    names
        .iter()
        .filter(move |name| endings.iter().any(|e| name.ends_with(e)))
}

fn io_error(path: &Path) -> impl FnOnce(std::io::Error) -> ReportError {
    let path = path.to_path_buf();
    move |source| ReportError::Io { path, source }
}
