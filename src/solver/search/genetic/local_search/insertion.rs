//! First plans: stops in random order, each at its cheapest place next to a near one.

use super::routes::{Node, Routes};
use crate::solver::search::genetic::individual::Individual;

/// A plan that inserts all stops in an order.
pub(super) fn construct<const TIMED: bool>(
    routes: &mut Routes<TIMED>,
    order: &[u32],
) -> Individual {
    let fleet = routes.sums.len() as u32;
    for route in 0..fleet {
        routes.set(route, &[]);
    }
    let mut placed = vec![false; routes.tables.clients + 1];
    let mut empty = 0;
    for &stop in order {
        let near = routes
            .tables
            .neighbours(stop)
            .iter()
            .filter(|&&n| placed[n as usize]);
        let near = near.flat_map(|&n| [n, routes.nodes[n as usize].previous]);
        let starts = if empty < fleet {
            empty..empty + 1
        } else {
            0..fleet
        };
        let starts = starts.map(|route| routes.start(route));
        let offers = near
            .chain(starts)
            .map(|after| (delta(routes, stop, after), after));
        let (_, after) = offers.min().unwrap_or((0, routes.start(0)));
        let route = routes.nodes[after as usize].route;
        empty += u32::from(route == empty);
        placed[stop as usize] = true;
        routes.link_after(stop, after);
        routes.changed(route, route);
    }
    routes.save()
}

/// Change of penalised cost if an absent stop comes behind a node.
fn delta<const TIMED: bool>(routes: &Routes<TIMED>, stop: u32, after: u32) -> i64 {
    let tables = routes.tables;
    let Node {
        route, next, place, ..
    } = routes.nodes[after as usize];
    let (from, here) = (place as usize, stop as usize);
    let to = routes.nodes[next as usize].place as usize;
    let detour = tables.cost(from, here) + tables.cost(here, to) - tables.cost(from, to);
    let sums = &routes.sums[route as usize];
    let load = sums.load + i64::from(tables.demand[here]);
    let mut delta = detour - sums.penalty;
    delta += routes.penalties.of(tables, load, sums.cost + detour, 0);
    if TIMED {
        let warp_s = routes.chain(after).visit(here).warp_to_s(next);
        delta += routes.penalties.of_warp(i64::from(warp_s));
    }
    delta
}
