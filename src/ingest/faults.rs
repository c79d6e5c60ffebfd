//! Which rows of a chunk are rejected, and why: the first fault that is found counts.

use super::reason::Reason;
use polars::prelude::BooleanChunked;

/// What is wrong with a row: the column and the reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Fault {
    pub field: String,
    pub reason: Reason,
}

/// The fault of each row of a chunk, if it has one.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    known: Vec<Fault>,
    /// 0: none; otherwise the index in `known`, plus one.
    codes: Vec<u16>,
}

impl Faults {
    /// No faults in that many rows.
    pub fn none(rows: usize) -> Self {
        Self {
            known: Vec::new(),
            codes: vec![0; rows],
        }
    }

    /// The code that stands for a fault.
    pub fn code(&mut self, field: &str, reason: Reason) -> u16 {
        let found = self
            .known
            .iter()
            .position(|f| f.reason == reason && f.field == field);
        let index = found.unwrap_or_else(|| {
            let field = field.to_owned();
            self.known.push(Fault { field, reason });
            self.known.len() - 1
        });
        // Columns times reasons; far below the limit for any table that fits its header.
        u16::try_from(index + 1).unwrap_or(u16::MAX)
    }

    /// Notes a fault unless the row already has one.
    pub fn set(&mut self, row: usize, code: u16) {
        if let Some(slot) = self.codes.get_mut(row)
            && *slot == 0
        {
            *slot = code;
        }
    }

    /// Notes a fault of one row.
    pub fn mark(&mut self, row: usize, field: &str, reason: Reason) {
        let code = self.code(field, reason);
        self.set(row, code);
    }

    /// Notes a fault of every row where the mask is true.
    pub fn mark_where(&mut self, mask: &BooleanChunked, field: &str, reason: Reason) {
        if !mask.any() {
            return;
        }
        let code = self.code(field, reason);
        for (row, hit) in mask.iter().enumerate() {
            if hit == Some(true) {
                self.set(row, code);
            }
        }
    }

    /// Whether the row has no fault.
    pub fn is_clean(&self, row: usize) -> bool {
        self.codes.get(row) == Some(&0)
    }

    /// The fault of a row.
    pub fn of(&self, row: usize) -> Option<&Fault> {
        let code = usize::from(*self.codes.get(row)?);
        self.known.get(code.checked_sub(1)?)
    }

    /// A mask of the rows without a fault.
    pub fn kept(&self) -> BooleanChunked {
        self.codes.iter().map(|&code| Some(code == 0)).collect()
    }
}
