//! What a file is, by its first bytes and its name.

use crate::domain::InputError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv { gzip: bool },
    Parquet,
    Sheet,
}

/// Looks at the file.
pub(crate) fn detect(path: &Path) -> Result<Format, InputError> {
    let source = path.display().to_string();
    let unreadable = |e: std::io::Error| {
        InputError::new(
            &source,
            format!("cannot be read ({e})"),
            "give a readable file",
        )
    };
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if meta.is_dir() {
        return Err(InputError::new(
            &source,
            "a folder",
            "give a CSV, Parquet or XLSX file",
        ));
    }
    let mut start = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(4).read_to_end(&mut start).map_err(unreadable)?;
    if start.is_empty() {
        let remedy = "give a file with a header row and at least one row";
        return Err(InputError::new(&source, "an empty file", remedy));
    }
    by_content(&source, &start, &extension(path))
}

fn extension(path: &Path) -> String {
    let extension = path.extension().and_then(|e| e.to_str());
    extension.unwrap_or_default().to_ascii_lowercase()
}

fn by_content(source: &str, start: &[u8], extension: &str) -> Result<Format, InputError> {
    let mismatch = |problem: &str, remedy: &str| Err(InputError::new(source, problem, remedy));
    if start == b"PAR1" {
        return Ok(Format::Parquet);
    }
    if start.starts_with(&[0x1f, 0x8b]) {
        return Ok(Format::Csv { gzip: true });
    }
    if start.starts_with(b"PK") {
        return Ok(Format::Sheet);
    }
    match extension {
        "parquet" | "pq" => mismatch(
            "not a Parquet file",
            "write it again, or name CSV files .csv",
        ),
        "gz" => mismatch(
            "not compressed by gzip",
            "compress it again, or drop .gz from its name",
        ),
        "xlsx" | "xlsm" | "xls" | "ods" => {
            mismatch("not an XLSX workbook", "save it as .xlsx or .csv")
        }
        _ if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) => {
            mismatch("text in UTF-16", "save it as UTF-8")
        }
        _ if start.contains(&0) => mismatch("not a text file", "give CSV, Parquet or XLSX"),
        _ => Ok(Format::Csv { gzip: false }),
    }
}
