//! Tables as CSV (RFC 4180), for programs: stable column names, plain numbers, RFC 3339 times.

use super::tables::{Cell, Table};
use crate::runtime::csv;
use std::fmt::Write;

/// The table as CSV text with a header row.
pub(super) fn text(table: &Table) -> String {
    let mut out = String::new();
    let header: Vec<_> = table.columns.iter().map(|c| csv::field(&c.key)).collect();
    out.push_str(&header.join(","));
    out.push_str("\r\n");
    for row in &table.rows {
        for (i, (column, cell)) in table.columns.iter().zip(row).enumerate() {
            if i > 0 {
                out.push(',');
            }
            let decimals = column.decimals;
            // Writing to a string cannot fail.
            let _ = match cell {
                Cell::Missing => Ok(()),
                Cell::Number(value) if value.is_finite() => write!(out, "{value:.decimals$}"),
                Cell::Number(_) => Ok(()),
                Cell::Text(text) => out.write_str(&csv::field(&harmless(text))),
                Cell::Local(time) => out.write_str(&time.to_rfc3339()),
                Cell::Date(date) => write!(out, "{date}"),
            };
        }
        out.push_str("\r\n");
    }
    out
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV
/// injection").
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("van-1"), "van-1");
    }
}
