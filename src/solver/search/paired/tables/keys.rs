//! What recreation can sort requests by.

use super::Tables;

/// Why a request is inserted early: one key per kind of order, the least first.
#[derive(Default)]
pub(in super::super) struct Keys {
    /// The largest amount first.
    pub amount: Vec<i64>,
    /// Distance from the nearest start of a route, there and to the partner.
    pub remoteness: Vec<i64>,
    /// Time to spare between pickup and delivery.
    pub slack: Vec<i64>,
    /// When the pickup opens.
    pub open: Vec<i64>,
    /// The delivery that closes last first.
    pub close: Vec<i64>,
}

impl Keys {
    pub fn of(tables: &Tables) -> Self {
        let each = |key: &dyn Fn(usize) -> i64| (0..tables.requests.len()).map(key).collect();
        let ends = |k: usize| {
            let request = tables.requests[k];
            (request.pickup, request.delivery)
        };
        let data = |stop: u32| tables.stops[stop as usize];
        Self {
            amount: each(&|k| {
                let amounts = tables.gains(ends(k).0).iter();
                -amounts.map(|&amount| i64::from(amount)).sum::<i64>()
            }),
            remoteness: each(&|k| {
                let (pickup, delivery) = ends(k);
                let starts = tables.types.iter().map(|t| t.start);
                let leg = |a, b| i64::from(tables.legs.between(a, b).distance);
                let away = starts.map(|start| leg(start, pickup) + leg(start, delivery));
                away.min().unwrap_or(0) + leg(pickup, delivery)
            }),
            slack: each(&|k| {
                let (pickup, delivery) = ends(k);
                let (first, second) = (data(pickup), data(delivery));
                let width = |open: i32, close: i32| i64::from(close) - i64::from(open);
                width(first.open, first.close) + width(second.open, second.close)
            }),
            open: each(&|k| i64::from(data(ends(k).0).open)),
            close: each(&|k| -i64::from(data(ends(k).1).close)),
        }
    }
}
