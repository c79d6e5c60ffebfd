//! Segments of customers, and every customer.

use super::{Cell, Column, Table, dimensions};
use crate::report::data::ReportData;

pub(super) fn segments(data: &ReportData) -> Table {
    let unit = data.customers.as_ref().map_or("", |c| &c.volume_dimension);
    let mut table = Table::new(
        "segments",
        vec![
            Column::text("segment", "Segment"),
            Column::number("customers", "Customers", "", 0),
            Column::number("orders_per_week", "Orders per week", "", 1),
            Column::number("mean_order", "Mean order", unit, 1),
            Column::number("volume_share_pct", "Share of volume", "%", 1),
        ],
    );
    for segment in data.customers.iter().flat_map(|c| &c.segments) {
        table.rows.push(vec![
            (&segment.name).into(),
            Cell::Number(f64::from(segment.customers)),
            segment.orders_per_week.into(),
            segment.mean_order.into(),
            (100.0 * segment.volume_share).into(),
        ]);
    }
    table
}

/// The last column says why somebody should look at the customer, if so.
pub(super) fn customers(data: &ReportData) -> Table {
    let customers = || data.customers.iter().flat_map(|c| &c.customers);
    let dimensions = dimensions(customers().map(|c| &c.mean_quantities));
    let mut columns = vec![
        Column::text("site_id", "Customer"),
        Column::text("segment", "Segment"),
        Column::text("state", "State"),
        Column::number("orders", "Orders", "", 0),
        Column::number("usual_interval_days", "Usual interval", "days", 1),
        Column::number("regularity", "Regularity", "", 2).files_only(),
        Column::text("weekdays", "Weekdays"),
        Column::number("days_since_last", "Since last order", "days", 0),
    ];
    for dimension in &dimensions {
        let key = format!("mean_{dimension}");
        columns.push(Column::number(key, "Mean order", dimension, 2));
    }
    columns.extend([
        Column::number("lead_h", "Median lead", "h", 1).files_only(),
        Column::number("late_share_pct", "Ordered late", "%", 0),
        Column::number("p_order", "Probability of an order", "", 3).files_only(),
        Column::text("attention", "Why look at it"),
    ]);
    let mut table = Table::new("customers", columns);
    for customer in customers() {
        let mut row: Vec<Cell> = vec![
            (&customer.site_id).into(),
            (&customer.segment).into(),
            customer.state.name().into(),
            Cell::Number(f64::from(customer.orders)),
            customer.usual_interval_days.into(),
            customer.regularity.into(),
            customer.weekdays.join(", ").into(),
            Cell::Number(f64::from(customer.days_since_last)),
        ];
        let mean = |dimension| customer.mean_quantities.get(dimension).copied();
        row.extend(dimensions.iter().map(|d| mean(d).into()));
        row.extend([
            customer.lead_h.into(),
            customer.late_share.map(|share| 100.0 * share).into(),
            customer.p_order.into(),
            customer.attention.as_ref().into(),
        ]);
        table.rows.push(row);
    }
    table
}
