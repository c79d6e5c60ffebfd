//! The plain facts of each customer: its orders, oldest first, and the table of what came of them.

use super::orders::OrderRows;
use super::table_file;
use crate::domain::InputError;
use crate::domain::customers::{Customer, CustomerReport};
use chrono::{Days, NaiveDate, NaiveDateTime};
use polars::prelude::{Column, DataFrame};
use std::collections::{BTreeSet, HashSet};
use std::path::Path;

/// One order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderFact {
    /// The day it is due.
    pub due: NaiveDate,
    /// Quantities, one per dimension of the table; none where the order has none.
    pub quantities: Vec<Option<f64>>,
    /// Its product class.
    pub product_class: Option<String>,
    /// Local time at which it was placed.
    pub ordered_at: Option<NaiveDateTime>,
}

/// One customer's orders, at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerOrders {
    /// The site.
    pub site_id: String,
    /// Orders by due day, oldest first.
    pub orders: Vec<OrderFact>,
}

/// All customers' orders before a day.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderHistory {
    /// The day after the history.
    pub date: NaiveDate,
    /// Dimensions of the quantities, sorted.
    pub dimensions: Vec<String>,
    /// Customers in order of `site_id`.
    pub customers: Vec<CustomerOrders>,
}

/// Orders due before `date` from a clean orders table; without a date, all of them, and the day is
/// the one after the last due day. An order id that a site has twice counts once.
///
/// # Errors
/// The table cannot be read, or has no order due before the day.
pub fn read(orders: &Path, date: Option<NaiveDate>) -> Result<OrderHistory, InputError> {
    let rows = OrderRows::read(orders)?;
    let none = || {
        let remedy = "give a table with orders due before the day";
        let fault = InputError::new(orders.display().to_string(), "has no such order", remedy);
        match date {
            Some(date) => fault.field("due_date").value(format!("before {date}")),
            None => fault.field("due_date"),
        }
    };
    let after_last = || rows.last_due()?.checked_add_days(Days::new(1));
    let date = date.or_else(after_last).ok_or_else(none)?;
    let mut columns: Vec<_> = rows.quantities.iter().collect();
    columns.sort_by(|a, b| a.0.cmp(&b.0));
    let fact = |row: usize| {
        Some(OrderFact {
            due: rows.due(row)?,
            quantities: columns.iter().map(|(_, c)| c.get(row)).collect(),
            product_class: rows
                .product_class
                .as_ref()
                .and_then(|c| c.get(row))
                .map(str::to_owned),
            ordered_at: rows.ordered_at(row),
        })
    };
    let customers: Vec<CustomerOrders> = rows
        .by_site(date)
        .into_iter()
        .map(|(site, found)| CustomerOrders {
            site_id: site.to_owned(),
            orders: without_repeats(&rows, &found, fact),
        })
        .collect();
    if customers.is_empty() {
        return Err(none());
    }
    Ok(OrderHistory {
        date,
        dimensions: columns.iter().map(|(name, _)| name.clone()).collect(),
        customers,
    })
}

/// One site's orders, sorted by content, so that the order of the table's rows does not matter.
fn without_repeats(
    rows: &OrderRows,
    found: &[usize],
    fact: impl Fn(usize) -> Option<OrderFact>,
) -> Vec<OrderFact> {
    let id = |row: usize| rows.order.as_ref().and_then(|c| c.get(row));
    let mut orders: Vec<(Option<&str>, OrderFact)> = found
        .iter()
        .filter_map(|row| Some((id(*row), fact(*row)?)))
        .collect();
    orders.sort_by(|(id_a, a), (id_b, b)| {
        let quantities = || {
            let amount = |q: &Option<f64>| q.unwrap_or(f64::NEG_INFINITY);
            let pairs = a.quantities.iter().zip(&b.quantities);
            pairs.fold(std::cmp::Ordering::Equal, |found, (x, y)| {
                found.then(amount(x).total_cmp(&amount(y)))
            })
        };
        (a.due, id_a, a.ordered_at)
            .cmp(&(b.due, id_b, b.ordered_at))
            .then_with(quantities)
            .then_with(|| a.product_class.cmp(&b.product_class))
    });
    let mut seen = HashSet::new();
    orders
        .into_iter()
        .filter(|(id, _)| id.is_none_or(|id| seen.insert(id.to_owned())))
        .map(|(_, order)| order)
        .collect()
}

/// Writes one row per customer as Parquet, or as CSV if the file is called so.
pub fn write(path: &Path, report: &CustomerReport) -> Result<(), InputError> {
    let customers = &report.customers;
    let text = |name: &str, value: &dyn Fn(&Customer) -> String| {
        Column::new(name.into(), customers.iter().map(value).collect::<Vec<_>>())
    };
    let number = |name: &str, value: &dyn Fn(&Customer) -> Option<f64>| {
        Column::new(name.into(), customers.iter().map(value).collect::<Vec<_>>())
    };
    let mut columns = vec![
        text("site_id", &|c| c.site_id.clone()),
        text("segment", &|c| c.segment.clone()),
        number("orders", &|c| Some(f64::from(c.orders))),
        number("usual_interval_days", &|c| c.usual_interval_days),
        number("regularity", &|c| c.regularity),
        text("weekdays", &|c| c.weekdays.join(";")),
        number("days_since_last", &|c| Some(f64::from(c.days_since_last))),
        text("state", &|c| c.state.name().to_owned()),
    ];
    let dimensions: BTreeSet<&String> = customers
        .iter()
        .flat_map(|c| c.mean_quantities.keys())
        .collect();
    for dimension in dimensions {
        columns.push(number(&format!("mean_{dimension}"), &|c| {
            c.mean_quantities.get(dimension).copied()
        }));
    }
    columns.extend([
        number("lead_h", &|c| c.lead_h),
        number("late_share", &|c| c.late_share),
        number("p_order", &|c| Some(c.p_order)),
        text("attention", &|c| c.attention.clone().unwrap_or_default()),
    ]);
    table_file::write(path, DataFrame::new(customers.len(), columns))
}
