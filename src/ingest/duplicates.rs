//! Rows with the key of a row before, found by 16 bytes a row.

use super::faults::Faults;
use super::reason::Reason;
use polars::prelude::*;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

/// Hashes of the keys of all rows kept so far. Two different keys have the same 128-bit hash with
/// a probability below 10^-20 even at a billion rows.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    seen: HashSet<u128>,
}

impl Keys {
    /// Notes rows whose key was seen before. Rows that already have a fault leave no key, so that
    /// a good row after a bad one of the same key is kept.
    pub fn check(
        &mut self,
        frame: &DataFrame,
        key: &[&str],
        faults: &mut Faults,
    ) -> PolarsResult<()> {
        let columns: Vec<Series> = key
            .iter()
            .filter_map(|name| frame.column(name).ok())
            .map(|column| {
                column
                    .as_materialized_series()
                    .to_physical_repr()
                    .into_owned()
            })
            .collect();
        let mut hashes: Vec<[DefaultHasher; 2]> = (0..frame.height())
            .map(|_| {
                let mut second = DefaultHasher::new();
                second.write_u8(1);
                [DefaultHasher::new(), second]
            })
            .collect();
        for column in &columns {
            add(column, &mut hashes)?;
        }
        let field = key.first().copied().unwrap_or_default();
        let duplicate = faults.code(field, Reason::Duplicate);
        for (row, [first, second]) in hashes.iter().enumerate() {
            let hash = u128::from(first.finish()) << 64 | u128::from(second.finish());
            if faults.is_clean(row) && !self.seen.insert(hash) {
                faults.set(row, duplicate);
            }
        }
        Ok(())
    }
}

fn add(column: &Series, hashes: &mut [[DefaultHasher; 2]]) -> PolarsResult<()> {
    let mut write = |row: usize, bytes: &[u8]| {
        for hasher in hashes.get_mut(row).into_iter().flatten() {
            hasher.write(bytes);
            // Ends the value, so that "a", "bc" and "ab", "c" differ.
            hasher.write_u8(0xff);
        }
    };
    match column.dtype() {
        DataType::Float64 => {
            for (row, value) in column.f64()?.iter().enumerate() {
                write(row, &value.unwrap_or(f64::NAN).to_bits().to_le_bytes());
            }
        }
        DataType::String => {
            for (row, value) in column.str()?.iter().enumerate() {
                write(row, value.map_or(&[0xfe], str::as_bytes));
            }
        }
        _ => {
            let numbers = column.cast(&DataType::Int64)?;
            for (row, value) in numbers.i64()?.iter().enumerate() {
                write(row, &value.unwrap_or(i64::MIN).to_le_bytes());
            }
        }
    }
    Ok(())
}
