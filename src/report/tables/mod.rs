//! The report's tables, once for CSV, workbook and page.

mod alerts;
mod customers;
mod figures;
mod routes;
mod stops;
mod value;

use super::data::ReportData;
use super::zone::Zone;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

/// All tables of a report.
pub(super) struct Tables {
    pub kpis: Table,
    pub stops: Table,
    pub routes: Table,
    pub unplanned: Table,
    pub alerts: Table,
    pub value: Table,
    pub models: Table,
    pub quality: Table,
    /// Empty without orders, as is the next.
    pub segments: Table,
    pub customers: Table,
}

impl Tables {
    pub fn of(data: &ReportData, zone: Zone) -> Self {
        Self {
            kpis: figures::kpis(data),
            stops: stops::stops(data, zone),
            routes: routes::routes(data, zone),
            unplanned: stops::unplanned(data),
            alerts: alerts::alerts(data, zone),
            value: value::value(data),
            models: figures::models(data),
            quality: figures::quality(data),
            segments: customers::segments(data),
            customers: customers::customers(data),
        }
    }
}

/// A table: every row has one cell per column.
pub(super) struct Table {
    /// Name of its file or sheet.
    pub id: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Clone)]
pub(super) struct Column {
    /// Name for programs, with its unit.
    pub key: String,
    /// Name for people, without its unit.
    pub title: String,
    /// Unit of its numbers; empty if it has none.
    pub unit: String,
    /// Decimals of its numbers.
    pub decimals: usize,
    /// Whether the page shows it, which has room for fewer than the files.
    pub in_page: bool,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Missing,
    Text(String),
    Number(f64),
    Local(DateTime<Tz>),
    Date(NaiveDate),
}

impl Table {
    fn new(id: &'static str, columns: Vec<Column>) -> Self {
        let rows = Vec::new();
        Self { id, columns, rows }
    }

    /// The same table with some of its rows.
    pub fn only(&self, keep: impl Fn(&[Cell]) -> bool) -> Self {
        let rows = self.rows.iter().filter(|row| keep(row));
        Self {
            id: self.id,
            columns: self.columns.clone(),
            rows: rows.cloned().collect(),
        }
    }
}

impl Column {
    /// A column without unit.
    fn text(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self::number(key, title, "", 0)
    }

    fn number(
        key: impl Into<String>,
        title: impl Into<String>,
        unit: impl Into<String>,
        decimals: usize,
    ) -> Self {
        Self {
            key: key.into(),
            title: title.into(),
            unit: unit.into(),
            decimals,
            in_page: true,
        }
    }

    /// Only in the files.
    fn files_only(mut self) -> Self {
        self.in_page = false;
        self
    }

    /// Name for people with its unit: `Distance (km)`.
    pub fn heading(&self) -> String {
        if self.unit.is_empty() {
            self.title.clone()
        } else {
            format!("{} ({})", self.title, self.unit)
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        if value.is_finite() {
            Self::Number(value)
        } else {
            Self::Missing
        }
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Self::Number(value as f64)
    }
}

impl From<DateTime<Tz>> for Cell {
    fn from(time: DateTime<Tz>) -> Self {
        Self::Local(time)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// Dimensions that any of the quantities name, in order.
fn dimensions<'a>(
    quantities: impl Iterator<Item = &'a crate::domain::fleet::Quantities>,
) -> Vec<String> {
    let mut names: Vec<_> = quantities.flat_map(|q| q.keys().cloned()).collect();
    names.sort();
    names.dedup();
    names
}

/// A serde name as words: `fleet_full` → `fleet full`.
fn words(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name.replace('_', " "),
        _ => String::new(),
    }
}
