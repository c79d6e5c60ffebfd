//! The file of rejected rows: source, row, field, reason, and the columns as they were read.

use super::clean::Checked;
use super::error::IngestError;
use super::intake::Intake;
use super::layout::Source;
use polars::prelude::*;
use std::io::{self, Write};

/// Column that takes the fields of a row beyond those of its header.
const BEYOND: &str = "beyond_header";

/// Writes the header row.
pub(crate) fn write_header(out: &mut impl Write, intake: &Intake) -> io::Result<()> {
    let own = ["source", "row", "field", "reason"].map(str::to_owned);
    let columns = own.iter().chain(&intake.raw_columns).map(String::as_str);
    write_record(out, columns.chain([BEYOND]))
}

/// Writes the rejected rows of a chunk, in the order in which they were read.
pub(crate) fn write_rows(
    out: &mut impl Write,
    intake: &Intake,
    chunk: &Checked,
) -> Result<u64, IngestError> {
    let source = intake.files.get(chunk.file).map_or("", |f| f.name.as_str());
    let rejected = (0..chunk.raw.rows.len()).filter(|&index| !chunk.faults.is_clean(index));
    let mut rejected = rejected.peekable();
    let mut ragged = chunk.raw.ragged.iter().peekable();
    if rejected.peek().is_none() && ragged.peek().is_none() {
        return Ok(0);
    }
    let found: Vec<Option<&Column>> = intake
        .raw_columns
        .iter()
        .map(|name| chunk.raw.frame.column(name).ok())
        .collect();
    let header: Vec<&str> = chunk
        .raw
        .frame
        .columns()
        .iter()
        .map(|c| c.name().as_str())
        .collect();
    let fail = |cause| IngestError::Write {
        path: "quarantine file".to_owned(),
        cause,
    };
    let mut written = 0;
    loop {
        let next = rejected.peek().and_then(|&index| chunk.raw.rows.get(index));
        let next_ragged = ragged.peek().map(|r| r.row);
        let record = match (next, next_ragged) {
            (None, None) => return Ok(written),
            (Some(&row), later) if later.is_none_or(|later| row < later) => {
                let index = rejected.next().unwrap_or_default();
                let fault = chunk.faults.of(index);
                let field = fault.map_or(String::new(), |f| f.field.clone());
                let code = fault.map_or("", |f| f.reason.code());
                let mut record = vec![source.to_owned(), row.to_string(), field, code.to_owned()];
                for column in &found {
                    record.push(
                        column
                            .map_or(Ok(None), |c| text(c, index))?
                            .unwrap_or_default(),
                    );
                }
                record.push(String::new());
                record
            }
            _ => match ragged.next() {
                None => return Ok(written),
                Some(row) => ragged_record(source, row, intake, &header),
            },
        };
        write_record(out, record.iter().map(String::as_str)).map_err(fail)?;
        written += 1;
    }
}

fn ragged_record(
    source: &str,
    ragged: &super::read::RaggedRow,
    intake: &Intake,
    header: &[&str],
) -> Vec<String> {
    let mut record: Vec<String> = [source, &ragged.row.to_string(), "row", "ragged"]
        .map(str::to_owned)
        .to_vec();
    for name in &intake.raw_columns {
        let index = header.iter().position(|h| h == name);
        let field = index.and_then(|index| ragged.fields.get(index)).cloned();
        record.push(field.unwrap_or_default());
    }
    let beyond = ragged.fields.get(header.len()..).unwrap_or_default();
    record.push(beyond.join(","));
    record
}

/// The value of one of our columns as it was read.
pub(crate) fn raw_value(
    intake: &Intake,
    chunk: &Checked,
    field: &str,
    index: usize,
) -> Option<String> {
    let layout = &intake.files.get(chunk.file)?.layout;
    match &layout.slot(field)?.source {
        Source::Read(theirs) | Source::Zone { column: theirs, .. } => {
            text(chunk.raw.frame.column(theirs).ok()?, index).ok()?
        }
        Source::Constant(value) => Some(value.clone()),
        _ => None,
    }
}

fn text(column: &Column, index: usize) -> PolarsResult<Option<String>> {
    Ok(match column.get(index)? {
        AnyValue::Null => None,
        AnyValue::String(text) => Some(text.to_owned()),
        AnyValue::StringOwned(text) => Some(text.to_string()),
        other => Some(other.to_string()),
    })
}

/// Writes one CSV record (RFC 4180), quoted where needed.
fn write_record<'a>(out: &mut impl Write, fields: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let plain = !field.contains([',', '"', '\n', '\r']) && field.trim() == field;
        if plain {
            out.write_all(field.as_bytes())?;
        } else {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        }
    }
    out.write_all(b"\n")
}
