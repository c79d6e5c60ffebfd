//! Whether two requests can be on one route at all.

use super::tables::{Request, Tables};

/// The orders of two pickups and two deliveries: who is served at each step, each request's pickup
/// first. The first two serve one request after the other.
const ORDERS: [[usize; 4]; 6] = [
    [0, 0, 1, 1],
    [1, 1, 0, 0],
    [0, 1, 0, 1],
    [0, 1, 1, 0],
    [1, 0, 0, 1],
    [1, 0, 1, 0],
];

/// Orders in which the requests are never on board together.
const APART: usize = 2;

/// Whether windows and loads leave any order in which one vehicle can serve both requests. Where a
/// detour is quicker than the direct way, there may be one nevertheless.
pub(super) fn can_share(tables: &Tables, a: u32, b: u32) -> bool {
    let requests = [a, b].map(|request| tables.requests[request as usize]);
    let in_time = |order: &[usize; 4]| in_time(tables, requests, order);
    ORDERS[..APART].iter().any(in_time)
        || fit_together(tables, requests) && ORDERS[APART..].iter().any(in_time)
}

fn in_time(tables: &Tables, requests: [Request; 2], order: &[usize; 4]) -> bool {
    let mut picked_up = [false; 2];
    let mut before: Option<(u32, i32)> = None;
    for &which in order {
        let stop = match std::mem::replace(&mut picked_up[which], true) {
            false => requests[which].pickup,
            true => requests[which].delivery,
        };
        let data = tables.stops[stop as usize];
        let arrival = before.map_or(data.open, |(from, ready)| {
            ready + tables.legs.between(from, stop).duration
        });
        if arrival > data.close {
            return false;
        }
        before = Some((stop, arrival.max(data.open) + data.service));
    }
    true
}

/// Whether some vehicle can carry both at once.
fn fit_together(tables: &Tables, requests: [Request; 2]) -> bool {
    let [first, second] = requests.map(|request| tables.gains(request.pickup));
    tables.types.iter().any(|t| {
        let amounts = first.iter().zip(second).zip(&t.capacity);
        amounts.into_iter().all(|((a, b), room)| a + b <= *room)
    })
}
