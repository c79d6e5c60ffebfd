//! CSV files (RFC 4180), gzipped if their name ends in `.gz`; the same rows give the same bytes.

use super::SimulationError;
use crate::runtime::atomic_file;
use flate2::{Compression, GzBuilder};
use std::io::Write;
use std::path::Path;

/// Takes rows of fields and writes them.
pub(super) struct Rows<'a>(&'a mut dyn Write);

impl Rows<'_> {
    /// Writes one row.
    pub(super) fn row(&mut self, fields: &[String]) -> std::io::Result<()> {
        let mut line = String::with_capacity(160);
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                line.push(',');
            }
            if field.contains([',', '"', '\n', '\r']) {
                line.push('"');
                line.push_str(&field.replace('"', "\"\""));
                line.push('"');
            } else {
                line.push_str(field);
            }
        }
        line.push('\n');
        self.0.write_all(line.as_bytes())
    }
}

/// Writes a file of `header` and the rows that `fill` gives; nothing is left of it on an error.
pub(super) fn write(
    path: &Path,
    header: &[&str],
    fill: impl FnOnce(&mut Rows<'_>) -> Result<(), SimulationError>,
) -> Result<(), SimulationError> {
    let header: Vec<String> = header.iter().map(|&name| name.to_owned()).collect();
    atomic_file::write_with(path, |file| {
        if path.extension().is_some_and(|e| e == "gz") {
            // No time stamp in the gzip header.
            let mut zipped = GzBuilder::new().mtime(0).write(file, Compression::new(3));
            let mut rows = Rows(&mut zipped);
            rows.row(&header)?;
            fill(&mut rows)?;
            zipped.finish()?;
        } else {
            let mut rows = Rows(file);
            rows.row(&header)?;
            fill(&mut rows)?;
        }
        Ok(())
    })
}

/// Degrees with 6 decimals, about 0.1 m.
pub(super) fn degrees(value: f64) -> String {
    format!("{value:.6}")
}
