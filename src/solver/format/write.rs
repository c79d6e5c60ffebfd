//! Solutions in and out, in the dialect of their instance.

use super::instance::{Dialect, Instance};
use super::{mamut, route_text, text};
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
    match (format, instance.dialect) {
        (OutputFormat::Own, Dialect::Mamut) => mamut::write(instance, solution),
        (OutputFormat::Own | OutputFormat::Routes, _) => route_text::write(instance, solution),
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
    match (content.trim_start().starts_with('{'), instance.dialect) {
        (true, Dialect::Mamut) => mamut::parse_solution(source, content, instance),
        _ => route_text::parse(source, content, instance),
    }
}
