//! Lines, fields and numbers of instance files, with errors that name the row.

use crate::domain::InputError;
use std::path::Path;

/// Largest coordinate, so that scaled distances fit into 32 bits.
pub(super) const LARGEST_COORDINATE: f64 = 1e7;

/// Largest demand, capacity or time.
pub(super) const LARGEST_NUMBER: f64 = 1e12;

/// A line that is not empty.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Row in the file, from 1.
    pub row: u64,
    /// The line without surrounding blanks.
    pub text: &'a str,
    /// Fields between blanks.
    pub fields: Vec<&'a str>,
}

/// Reads a file.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, InputError> {
    std::fs::read(path).map_err(|error| {
        let problem = format!("cannot be read: {error}");
        InputError::new(path.display().to_string(), problem, "give a readable file")
    })
}

/// Reads a file as UTF-8.
pub(super) fn read(path: &Path) -> Result<String, InputError> {
    let source = path.display().to_string();
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let row = 1 + before.iter().filter(|b| **b == b'\n').count() as u64;
        InputError::new(&source, "not UTF-8 text", "save the file as UTF-8").row(row)
    })
}

/// The lines that are not empty.
pub(super) fn lines(content: &str) -> impl Iterator<Item = Line<'_>> {
    content.lines().enumerate().filter_map(|(index, line)| {
        let text = line.trim();
        (!text.is_empty()).then(|| Line {
            row: index as u64 + 1,
            text,
            fields: text.split_whitespace().collect(),
        })
    })
}

/// A finite number within a range.
pub(super) fn number(
    source: &str,
    row: u64,
    field: &str,
    value: &str,
    least: f64,
    most: f64,
) -> Result<f64, InputError> {
    let parsed = value
        .parse::<f64>()
        .ok()
        .filter(|v| (least..=most).contains(v));
    parsed.ok_or_else(|| {
        InputError::new(
            source,
            "not a usable number",
            format!("give {least} to {most}"),
        )
        .row(row)
        .field(field)
        .value(value)
    })
}

/// A whole number within a range.
pub(super) fn whole(
    source: &str,
    row: u64,
    field: &str,
    value: &str,
    least: i64,
    most: i64,
) -> Result<i64, InputError> {
    let parsed = value
        .parse::<i64>()
        .ok()
        .filter(|v| (least..=most).contains(v));
    parsed.ok_or_else(|| {
        let remedy = format!("give a whole number from {least} to {most}");
        InputError::new(source, "not a usable whole number", remedy)
            .row(row)
            .field(field)
            .value(value)
    })
}

/// The fields of a line, which must be `count`.
pub(super) fn exactly<'a, 'l>(
    source: &str,
    section: &str,
    line: &'l Line<'a>,
    count: usize,
) -> Result<&'l [&'a str], InputError> {
    if line.fields.len() == count {
        return Ok(&line.fields);
    }
    let problem = format!("{} fields, expected {count}", line.fields.len());
    Err(InputError::new(source, problem, "give one node per row")
        .row(line.row)
        .field(section)
        .value(line.text))
}
