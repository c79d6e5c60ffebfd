//! SWAP*: two stops of two routes change routes, each going to its best place there, not to that of
//! the other (Vidal 2022, section 3.2). One of them may stay where it is.

use super::routes::Routes;

/// The best place for an exchange: stops and the nodes they go behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StarSwap {
    /// Stop of the first route and the node of the second that it goes behind; the other stop
    /// stands for its own place.
    pub u: Option<(u32, u32)>,
    /// Likewise, for a stop of the second route.
    pub v: Option<(u32, u32)>,
}

/// Change of penalised cost by an exchange of two routes; `None` if it is not below `bound`.
pub(super) fn delta<const TIMED: bool>(
    routes: &Routes<TIMED>,
    (first, second): (u32, u32),
    swap: StarSwap,
    bound: i64,
) -> Option<i64> {
    let demand = |stop: Option<(u32, u32)>| {
        stop.map_or(0, |(stop, _)| {
            i64::from(routes.tables.demand[stop as usize])
        })
    };
    let moved = demand(swap.u) - demand(swap.v);
    let (first_cost, first_warp_s) = with(routes, first, swap.u.map(|u| u.0), swap.v);
    let (second_cost, second_warp_s) = with(routes, second, swap.v.map(|v| v.0), swap.u);
    let costs = (
        first_cost - routes.sums[first as usize].cost,
        second_cost - routes.sums[second as usize].cost,
    );
    let warps_s = (|| first_warp_s, || second_warp_s);
    routes.two_changed((first, second), costs, moved, bound, warps_s)
}

/// Cost and time warp of a route that one stop leaves and another joins.
fn with<const TIMED: bool>(
    routes: &Routes<TIMED>,
    route: u32,
    leaving: Option<u32>,
    joining: Option<(u32, u32)>,
) -> (i64, i32) {
    let tables = routes.tables;
    let mut time = if TIMED {
        tables.visits[0]
    } else {
        Default::default()
    };
    let (mut cost, mut last) = (0, 0);
    let mut visit = |place: usize| {
        cost += tables.cost(last, place);
        if TIMED {
            time = time.then(tables.leg_s(last, place), tables.visits[place]);
        }
        last = place;
    };
    let start = routes.start(route);
    for node in std::iter::once(start).chain(routes.stops(route)) {
        if node != start && Some(node) != leaving {
            visit(node as usize);
        }
        if let Some((stop, _)) = joining.filter(|(_, after)| *after == node) {
            visit(stop as usize);
        }
    }
    let warp_s = if TIMED {
        time.warp_with_s(tables.leg_s(last, 0), tables.finish)
    } else {
        0
    };
    (cost + tables.cost(last, 0), warp_s)
}

/// Makes the exchange.
pub(super) fn apply<const TIMED: bool>(
    routes: &mut Routes<TIMED>,
    (first, second): (u32, u32),
    swap: StarSwap,
) {
    // Before anything moves, as one may go to the place of the other.
    let previous = |stop: u32| routes.nodes[stop as usize].previous;
    let behind = |(stop, after): (u32, u32), leaving: Option<(u32, u32)>| match leaving {
        Some((other, _)) if other == after => (stop, previous(other)),
        _ => (stop, after),
    };
    let moves = [
        swap.u.map(|u| behind(u, swap.v)),
        swap.v.map(|v| behind(v, swap.u)),
    ];
    for (stop, _) in moves.into_iter().flatten() {
        routes.unlink(stop);
    }
    for (stop, after) in moves.into_iter().flatten() {
        routes.link_after(stop, after);
    }
    routes.changed(first, second);
}
