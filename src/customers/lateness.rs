//! How long before its due day a customer places an order.

use super::rhythm::median;
use crate::features::customers::CustomerOrders;
use chrono::{Days, NaiveTime};

/// One customer's lateness of ordering.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lateness {
    /// Median hours to local midnight at the start of the due day; negative during the day.
    pub lead_h: f64,
    /// Share of orders placed after the cut-off of the day before.
    pub late_share: f64,
    /// Orders that say when they were placed.
    pub orders: usize,
}

/// The lateness, by clock time; `None` if no order says when it was placed.
pub(super) fn lateness(customer: &CustomerOrders, cut_off: NaiveTime) -> Option<Lateness> {
    let (mut leads_h, mut late) = (Vec::new(), 0_usize);
    for order in &customer.orders {
        let Some(placed) = order.ordered_at else {
            continue;
        };
        let day_starts = order.due.and_time(NaiveTime::MIN);
        leads_h.push((day_starts - placed).num_seconds() as f64 / 3_600.0);
        let eve = order.due.checked_sub_days(Days::new(1));
        late += usize::from(eve.is_some_and(|eve| placed > eve.and_time(cut_off)));
    }
    Some(Lateness {
        lead_h: median(&leads_h)?,
        late_share: late as f64 / leads_h.len() as f64,
        orders: leads_h.len(),
    })
}
