//! A whole small table, checked; values by column and row.

use super::super::clean::Cleaner;
use super::super::error::IngestError;
use super::super::intake::Intake;
use super::super::kind::Kind;
use super::super::quality::Rejection;
use super::super::run::Options;
use super::super::tally::Tally;
use crate::domain::fleet::Quantities;
use crate::domain::{InputError, LatLon};
use crate::runtime::{Cancel, Progress};
use polars::prelude::*;
use std::path::Path;

/// A small table without faults.
pub(super) struct Rows {
    source: String,
    frame: DataFrame,
    numbers: Vec<u64>,
}

impl Rows {
    /// Reads a table; any fault of a row is an error.
    pub fn read(kind: Kind, path: &Path, options: &Options) -> Result<Self, InputError> {
        let source = path.display().to_string();
        let internal = |e: IngestError| match e {
            IngestError::Input(input) => input,
            other => InputError::new(&source, other.to_string(), "give another file"),
        };
        let intake = Intake::open(kind, &[path.to_owned()], options).map_err(internal)?;
        for warning in &intake.warnings {
            tracing::warn!("{warning}");
        }
        let mut tally = Tally::default();
        let mut frame: Option<DataFrame> = None;
        let mut numbers = Vec::new();
        Cleaner::new(&intake, &options.mapping)
            .each(
                options.chunk_rows,
                &Cancel::new(),
                &Progress::silent(),
                |chunk| {
                    tally.add(&intake, &chunk);
                    numbers.extend(&chunk.raw.rows);
                    match &mut frame {
                        Some(frame) => {
                            frame.vstack_mut(&chunk.frame)?;
                        }
                        None => frame = Some(chunk.frame),
                    }
                    Ok(())
                },
            )
            .map_err(internal)?;
        if let Some(first) = tally.rejections().into_iter().min_by_key(|r| r.first.row) {
            return Err(fault(&first, tally.rejected()));
        }
        let frame = frame.unwrap_or_default();
        Ok(Self {
            source,
            frame,
            numbers,
        })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.frame.height()
    }

    /// An error about a row that passed the checks of its columns.
    pub fn fault(&self, row: usize, field: &str, problem: &str, remedy: &str) -> InputError {
        let error = InputError::new(&self.source, problem, remedy).field(field);
        let error = match self.numbers.get(row) {
            Some(&number) => error.row(number),
            None => error,
        };
        match self.text(row, field) {
            Some(value) => error.value(value),
            None => error,
        }
    }

    /// A text; `None` if missing.
    pub fn text(&self, row: usize, name: &str) -> Option<&str> {
        self.frame.column(name).ok()?.str().ok()?.get(row)
    }

    /// A number; `None` if missing.
    pub fn number(&self, row: usize, name: &str) -> Option<f64> {
        self.frame.column(name).ok()?.f64().ok()?.get(row)
    }

    /// A whole number, zero or more; `None` if missing.
    pub fn count(&self, row: usize, name: &str) -> Option<u32> {
        let value = self.frame.column(name).ok()?.i32().ok()?.get(row)?;
        u32::try_from(value).ok()
    }

    /// A truth value; `None` if missing.
    pub fn flag(&self, row: usize, name: &str) -> Option<bool> {
        self.frame.column(name).ok()?.bool().ok()?.get(row)
    }

    /// Days since 1970-01-01; `None` if missing.
    pub fn day(&self, row: usize, name: &str) -> Option<i32> {
        self.frame
            .column(name)
            .ok()?
            .to_physical_repr()
            .i32()
            .ok()?
            .get(row)
    }

    /// A text that the schema requires.
    pub fn required_text(&self, row: usize, name: &str) -> Result<String, InputError> {
        let text = self.text(row, name).map(str::to_owned);
        text.ok_or_else(|| self.fault(row, name, "missing", "fill it in"))
    }

    /// A number that the schema requires.
    pub fn required_number(&self, row: usize, name: &str) -> Result<f64, InputError> {
        self.number(row, name)
            .ok_or_else(|| self.fault(row, name, "missing", "fill it in"))
    }

    /// A place that the schema requires.
    pub fn place(&self, row: usize, lat: &str, lon: &str) -> Result<LatLon, InputError> {
        Ok(LatLon {
            lat: self.required_number(row, lat)?,
            lon: self.required_number(row, lon)?,
        })
    }

    /// The quantities of a row by dimension.
    pub fn quantities(&self, row: usize, prefix: &str) -> Quantities {
        let names = self.frame.columns().iter().map(|c| c.name().as_str());
        names
            .filter_map(|name| {
                Some((
                    name.strip_prefix(prefix)?.to_owned(),
                    self.number(row, name)?,
                ))
            })
            .collect()
    }

    /// Words separated by semicolons.
    pub fn words(&self, row: usize, name: &str) -> Vec<String> {
        let text = self.text(row, name).unwrap_or_default();
        text.split(';')
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

fn fault(first: &Rejection, rejected: u64) -> InputError {
    let further = match rejected - 1 {
        0 => String::new(),
        1 => " (and one further row is at fault)".to_owned(),
        count => format!(" (and {count} further rows are at fault)"),
    };
    let problem = format!("{}{further}", first.reason.problem());
    let error = InputError::new(&first.first.source, problem, first.reason.remedy())
        .row(first.first.row)
        .field(&first.field);
    match &first.first.value {
        Some(value) => error.value(value),
        None => error,
    }
}
