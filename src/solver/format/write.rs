//! Solutions in and out, in the dialect of their instance.

use super::instance::{Dialect, Instance, Source};
use super::{mamut, route_text, text, vroom};
use crate::domain::InputError;
use crate::solver::solution::Solution;
use std::path::Path;

/// A file format that solutions are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// What the dialect of the instance has for solutions.
    Own,
    /// VRPLIB text: numbers of customers, route by route.
    Routes,
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
        (OutputFormat::Own, Dialect::Mamut, _) => mamut::write(instance, solution),
        (OutputFormat::Own, _, Source::Vroom(origin)) => vroom::write(instance, origin, solution),
        (OutputFormat::Routes, _, Source::Vroom(_)) => {
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
        (_, _, Source::Text) => route_text::parse(source, content, instance),
        (false, ..) => {
            let remedy = format!("give a {} solution", instance.dialect);
            Err(InputError::new(source, "not JSON", remedy))
        }
    }
}
