//! Tables as HTML, rounded for people.

use super::escaped;
use crate::report::number::grouped;
use crate::report::tables::{Cell, Column, Table};
use std::fmt::Write;

/// Most decimals that people are shown.
const MAX_DECIMALS: usize = 5;

pub(super) fn html(table: &Table) -> String {
    let shown: Vec<_> = (0..table.columns.len())
        .filter(|i| table.columns[*i].in_page)
        .collect();
    let mut html = String::from(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">\n<table>\n<thead><tr>",
    );
    let numeric: Vec<bool> = (0..table.columns.len())
        .map(|i| {
            table
                .rows
                .iter()
                .any(|row| matches!(row.get(i), Some(Cell::Number(_))))
        })
        .collect();
    for i in &shown {
        // Writing to a string cannot fail, here and below.
        let heading = escaped(&table.columns[*i].heading());
        let _ = write!(
            html,
            "<th scope=\"col\"{}>{heading}</th>",
            class(numeric[*i])
        );
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        html.push_str("<tr>");
        for (i, cell) in row.iter().enumerate().filter(|(i, _)| shown.contains(i)) {
            let text = cell_text(cell, &table.columns[i]);
            let class = class(numeric[i]);
            let _ = if shown.first() == Some(&i) {
                write!(html, "<th scope=\"row\"{class}>{text}</th>")
            } else {
                write!(html, "<td{class}>{text}</td>")
            };
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
    html
}

fn class(is_numeric: bool) -> &'static str {
    if is_numeric { " class=\"n\"" } else { "" }
}

fn cell_text(cell: &Cell, column: &Column) -> String {
    match cell {
        Cell::Missing => "<span class=\"none\">–</span>".to_owned(),
        Cell::Text(text) => escaped(text),
        Cell::Number(value) => grouped(*value, column.decimals.min(MAX_DECIMALS)),
        Cell::Local(time) => time.format("%H:%M").to_string(),
        Cell::Date(date) => date.to_string(),
    }
}
