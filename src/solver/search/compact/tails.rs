//! Exchanges the tails of two routes near each other (2-opt*, Potvin & Rousseau 1995). Ruin takes
//! out only short strings, and where windows bind and routes are long, the way from one half of a
//! route to another leads over many bad plans.

use super::metric::Metric;
use super::plan::{NONE, Plan};

/// Neighbours of a stop behind and before which it is tried.
const CANDIDATES: usize = 30;

/// Gives a stop another successor or predecessor nearby, of another route, by the cheapest
/// exchange of tails whose distance costs less than `limit`. `None` if there is none, else whether
/// the exchange keeps the limits of durations: if not, the change is to be rejected.
pub(super) fn exchange<M: Metric>(plan: &mut Plan<M>, stop: u32, limit: f64) -> Option<bool> {
    let here = plan.nodes[stop as usize];
    if here.route == NONE {
        return None;
    }
    let unit = plan.routes[here.route as usize].unit;
    let mut best = None;
    let mut least = limit;
    let tables = plan.tables;
    for near in tables.neighbours.candidates(stop).iter().take(CANDIDATES) {
        let there = plan.nodes[near.stop as usize];
        if there.route == NONE || there.route == here.route {
            continue;
        }
        let ways = [
            (stop, near.stop, here.distance_out, there.distance_in),
            (near.stop, stop, there.distance_out, here.distance_in),
        ];
        for (behind, ahead, out, into) in ways {
            let most_gained = i64::from(out) + i64::from(into) - i64::from(near.distance);
            if ((-most_gained * unit) as f64) < least
                && let Some(change) = plan.tails_change(behind, ahead, least)
            {
                (least, best) = (change as f64, Some((behind, ahead)));
            }
        }
    }
    best.map(|(behind, ahead)| plan.exchange_tails(behind, ahead))
}
