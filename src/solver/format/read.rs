//! From a path to an instance: which dialect it is, and the files beside it.

use super::instance::{Dialect, Instance, ReadOptions};
use super::{li_lim, mamut, pragmatic, solomon, text, vroom, vrplib};
use crate::domain::InputError;
use std::path::Path;

/// Reads an instance file and what belongs to it.
///
/// # Errors
/// What cannot be read, is malformed or is not supported, by file, row or path, and value.
pub fn read_instance(path: &Path, options: &ReadOptions) -> Result<Instance, InputError> {
    let (source, content) = (path.display().to_string(), text::read(path)?);
    let dialect = options.dialect.unwrap_or_else(|| dialect_of(&content));
    if dialect != Dialect::Mamut {
        return parse_instance(&source, &content, options);
    }
    let beside = path.with_file_name(mamut::functions_file(&source, &content)?);
    let functions_source = beside.display().to_string();
    let functions = mamut::unpack(&functions_source, text::read_bytes(&beside)?)?;
    mamut::parse(&source, &content, &functions_source, &functions, options)
}

/// Parses an instance that needs no other file; `source` names it in errors.
///
/// # Errors
/// As [`read_instance`]; also a dialect whose travel times stand in another file.
pub fn parse_instance(
    source: &str,
    content: &str,
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    match options.dialect.unwrap_or_else(|| dialect_of(content)) {
        Dialect::Vrplib => {
            options.refuse_matrices(Dialect::Vrplib)?;
            vrplib::parse(source, content, options)
        }
        Dialect::Solomon => solomon::parse(source, content, options),
        Dialect::LiLim => li_lim::parse(source, content, options),
        Dialect::Vroom => vroom::parse(source, content, options),
        Dialect::Pragmatic => pragmatic::parse(source, content, options),
        Dialect::Mamut => {
            let remedy = "read it from a folder that has them";
            Err(InputError::new(
                source,
                "needs its arrival functions",
                remedy,
            ))
        }
    }
}

/// What a file looks like.
fn dialect_of(content: &str) -> Dialect {
    if content.trim_start().starts_with('{') {
        return json_dialect(content);
    }
    let mut lines = text::lines(content);
    let (first, second) = (lines.next(), lines.next());
    let numbers = |line: &text::Line| {
        let all = line.fields.iter().all(|field| field.parse::<f64>().is_ok());
        all && line.fields.len() == 3
    };
    if second.is_some_and(|line| line.fields == ["VEHICLE"]) {
        Dialect::Solomon
    } else if first.is_some_and(|line| numbers(&line)) {
        Dialect::LiLim
    } else {
        Dialect::Vrplib
    }
}

/// What a JSON document looks like, by the names of its fields.
fn json_dialect(content: &str) -> Dialect {
    let has = |field: &str| content.contains(field);
    if has("\"plan\"") && has("\"fleet\"") {
        Dialect::Pragmatic
    } else if has("\"td\"") && has("\"instance_name\"") {
        Dialect::Mamut
    } else {
        Dialect::Vroom
    }
}

/// Parses a MAMUT instance whose arrival functions are JSON text already, for callers without files.
///
/// # Errors
/// As [`read_instance`]; the functions are named `functions`.
pub fn parse_mamut(
    source: &str,
    content: &str,
    functions: &[u8],
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    mamut::parse(source, content, "functions", functions, options)
}

/// Parses a pragmatic problem whose matrices are texts already, for callers without files.
///
/// # Errors
/// As [`read_instance`]; matrices are named `matrix`.
pub fn parse_pragmatic(
    source: &str,
    content: &str,
    matrices: &[&str],
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    pragmatic::parse_with_matrices(source, content, matrices, options)
}
