//! Solutions in and out, in the dialect of their instance.

use super::instance::{Dialect, Instance, Source};
use super::{csv, geojson, gpx, mamut, pragmatic, route_text, text, vroom};
use crate::domain::InputError;
use crate::solver::solution::Solution;
use std::path::Path;
use std::str::FromStr;

/// A file format that solutions are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// What the dialect of the instance has for solutions.
    Own,
    /// VRPLIB text: numbers of customers, route by route.
    Routes,
    /// A table, stop by stop.
    Csv,
    /// Lines and points for a map.
    GeoJson,
    /// Routes for navigation devices.
    Gpx,
}

const FORMATS: [(&str, OutputFormat); 5] = [
    ("own", OutputFormat::Own),
    ("sol", OutputFormat::Routes),
    ("csv", OutputFormat::Csv),
    ("geojson", OutputFormat::GeoJson),
    ("gpx", OutputFormat::Gpx),
];

impl FromStr for OutputFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = FORMATS.iter().find(|(name, _)| *name == text);
        found
            .map(|(_, format)| *format)
            .ok_or_else(|| "use one of own, sol, csv, geojson, gpx".into())
    }
}

impl OutputFormat {
    /// The format that the name of a file asks for; what its extension does not say is the
    /// instance's own.
    pub fn of_file(path: &Path) -> Self {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        extension.and_then(|e| e.parse().ok()).unwrap_or(Self::Own)
    }
}

/// The text of a solution.
///
/// # Errors
/// What the format cannot say of this solution.
pub fn write_solution(
    instance: &Instance,
    solution: &Solution,
    format: OutputFormat,
) -> Result<String, InputError> {
    match (format, instance.dialect, &instance.source) {
        (OutputFormat::Csv, ..) => Ok(csv::write(instance, solution)),
        (OutputFormat::GeoJson, ..) => geojson::write(instance, solution),
        (OutputFormat::Gpx, ..) => gpx::write(instance, solution),
        (OutputFormat::Own, Dialect::Mamut, _) => mamut::write(instance, solution),
        (OutputFormat::Own, _, Source::Vroom(origin)) => vroom::write(instance, origin, solution),
        (OutputFormat::Own, _, Source::Pragmatic(origin)) => {
            pragmatic::write(instance, origin, solution)
        }
        (OutputFormat::Routes, _, Source::Vroom(_) | Source::Pragmatic(_)) => {
            let remedy = "write the format of the instance, CSV, GPX or GeoJSON";
            let problem = format!("{} stops have no numbers for it", instance.dialect);
            Err(InputError::new("solution", problem, remedy))
        }
        (_, _, Source::Text) => route_text::write(instance, solution),
    }
}

/// Reads a solution file of an instance.
///
/// # Errors
/// What cannot be read, is malformed, or names what the instance does not have.
pub fn read_solution(path: &Path, instance: &Instance) -> Result<Solution, InputError> {
    parse_solution(&path.display().to_string(), &text::read(path)?, instance)
}

/// Parses a solution of an instance: text, or the JSON of its dialect. Stops that it does not name
/// are unplanned. Whether it is any good is for [`check()`](crate::solver::check::check()) to say.
///
/// # Errors
/// As [`read_solution`].
pub fn parse_solution(
    source: &str,
    content: &str,
    instance: &Instance,
) -> Result<Solution, InputError> {
    let json = content.trim_start().starts_with('{');
    match (json, instance.dialect, &instance.source) {
        (true, Dialect::Mamut, _) => mamut::parse_solution(source, content, instance),
        (true, _, Source::Vroom(origin)) => {
            vroom::parse_solution(source, content, instance, origin)
        }
        (true, _, Source::Pragmatic(origin)) => {
            pragmatic::parse_solution(source, content, instance, origin)
        }
        (_, _, Source::Text) => route_text::parse(source, content, instance),
        (false, ..) => {
            let remedy = format!("give a {} solution", instance.dialect);
            Err(InputError::new(source, "not JSON", remedy))
        }
    }
}
