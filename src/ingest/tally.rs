//! Counting rejections while the table is read.

use super::clean::Checked;
use super::faults::Fault;
use super::intake::Intake;
use super::quality::{Example, Rejection};
use super::quarantine;
use super::reason::Reason;
use std::collections::BTreeMap;

/// Rows read, kept and rejected so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub read: u64,
    pub kept: u64,
    by_fault: BTreeMap<Fault, (u64, Example)>,
}

impl Tally {
    /// Adds a chunk.
    pub fn add(&mut self, intake: &Intake, chunk: &Checked) {
        let source = intake.files.get(chunk.file).map_or("", |f| f.name.as_str());
        for (index, &row) in chunk.raw.rows.iter().enumerate() {
            self.read += 1;
            let Some(fault) = chunk.faults.of(index) else {
                self.kept += 1;
                continue;
            };
            let value = || quarantine::raw_value(intake, chunk, &fault.field, index);
            self.count(fault, source, row, value);
        }
        for ragged in &chunk.raw.ragged {
            self.read += 1;
            let fault = Fault {
                field: "row".to_owned(),
                reason: Reason::Ragged,
            };
            let value = || Some(format!("{} fields", ragged.fields.len()));
            self.count(&fault, source, ragged.row, value);
        }
    }

    fn count(
        &mut self,
        fault: &Fault,
        source: &str,
        row: u64,
        value: impl FnOnce() -> Option<String>,
    ) {
        if let Some((count, first)) = self.by_fault.get_mut(fault) {
            *count += 1;
            // Ragged rows of a chunk are seen after the others.
            if first.source == source && row < first.row {
                first.row = row;
                first.value = value();
            }
            return;
        }
        let first = Example {
            source: source.to_owned(),
            row,
            value: value(),
        };
        self.by_fault.insert(fault.clone(), (1, first));
    }

    /// Rows rejected so far.
    pub fn rejected(&self) -> u64 {
        self.read - self.kept
    }

    /// Rejections, most frequent first.
    pub fn rejections(&self) -> Vec<Rejection> {
        let mut all: Vec<_> = self
            .by_fault
            .iter()
            .map(|(fault, (rows, first))| Rejection {
                field: fault.field.clone(),
                reason: fault.reason,
                rows: *rows,
                first: first.clone(),
            })
            .collect();
        all.sort_by_key(|r| std::cmp::Reverse(r.rows));
        all
    }
}
