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
    for i in &shown {
        let numeric = table
            .rows
            .iter()
            .any(|row| matches!(row.get(*i), Some(Cell::Number(_))));
        let class = if numeric { " class=\"n\"" } else { "" };
        // Writing to a string cannot fail, here and below.
        let _ = write!(
            html,
            "<th scope=\"col\"{class}>{}</th>",
            escaped(&table.columns[*i].heading())
        );
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        html.push_str("<tr>");
        for (i, cell) in row.iter().enumerate().filter(|(i, _)| shown.contains(i)) {
            html.push_str(&cell_html(
                cell,
                &table.columns[i],
                shown.first() == Some(&i),
            ));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
    html
}

fn cell_html(cell: &Cell, column: &Column, is_row_header: bool) -> String {
    let (text, class) = match cell {
        Cell::Missing => ("<span class=\"none\">–</span>".to_owned(), ""),
        Cell::Text(text) => (escaped(text), ""),
        Cell::Number(value) => (
            grouped(*value, column.decimals.min(MAX_DECIMALS)),
            " class=\"n\"",
        ),
        Cell::Local(time) => (time.format("%H:%M").to_string(), ""),
        Cell::Date(date) => (date.to_string(), ""),
    };
    if is_row_header {
        format!("<th scope=\"row\"{class}>{text}</th>")
    } else {
        format!("<td{class}>{text}</td>")
    }
}
