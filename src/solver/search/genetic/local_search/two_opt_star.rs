//! 2-opt*: two routes exchange their ends, or, without time windows, one end and one reversed
//! beginning (moves 8 and 9 of Vidal 2022).

use super::evaluate::Around;
use super::routes::Routes;

/// Change of penalised cost if the parts after `u` and after `v` change places; `None` if that is
/// not below `bound`. The routes must differ.
#[inline(always)]
pub(super) fn delta<const TIMED: bool>(
    routes: &Routes<TIMED>,
    u: &Around,
    v: &Around,
    bound: i64,
) -> Option<i64> {
    let tables = routes.tables;
    let c = |a, b| tables.cost(a, b);
    let (joined_u, joined_v) = (c(u.n, v.x), c(v.n, u.x));
    let (a, b) = (
        &routes.sums[u.route as usize],
        &routes.sums[v.route as usize],
    );
    if joined_u + joined_v - c(u.n, u.x) - c(v.n, v.x) - a.penalty - b.penalty >= bound {
        return None;
    }
    let (at_u, at_v) = (
        &routes.nodes[u.node as usize],
        &routes.nodes[v.node as usize],
    );
    let (after_u, after_v) = (
        &routes.nodes[u.next as usize],
        &routes.nodes[v.next as usize],
    );
    let costs = (
        at_u.cost + joined_u + b.cost - after_v.cost - a.cost,
        at_v.cost + joined_v + a.cost - after_u.cost - b.cost,
    );
    let moved = (a.load - i64::from(at_u.load)) - (b.load - i64::from(at_v.load));
    let warps_s = (
        || routes.chain(u.node).warp_to_s(v.next),
        || routes.chain(v.node).warp_to_s(u.next),
    );
    routes.two_changed((u.route, v.route), costs, moved, bound, warps_s)
}

/// Lets the parts after `u` and after `v` change places.
pub(super) fn apply<const TIMED: bool>(routes: &mut Routes<TIMED>, u: &Around, v: &Around) {
    let (u_end, v_end) = (routes.end(u.route), routes.end(v.route));
    let (u_last, v_last) = (
        routes.nodes[u_end as usize].previous,
        routes.nodes[v_end as usize].previous,
    );
    // An empty part has no last stop of its own.
    let (u_tail, v_tail) = (u.next != u_end, v.next != v_end);
    if v_tail {
        routes.link(u.node, v.next);
        routes.link(v_last, u_end);
    } else {
        routes.link(u.node, u_end);
    }
    if u_tail {
        routes.link(v.node, u.next);
        routes.link(u_last, v_end);
    } else {
        routes.link(v.node, v_end);
    }
    routes.changed(u.route, v.route);
}

/// Change of penalised cost if the beginning of the first route up to `u` is followed by the
/// beginning of the second up to `v`, reversed, and the rest of the first, reversed, by the rest
/// of the second; `None` if that is not below `bound`. The routes must differ and have no windows.
#[inline(always)]
pub(super) fn delta_reversed<const TIMED: bool>(
    routes: &Routes<TIMED>,
    u: &Around,
    v: &Around,
    bound: i64,
) -> Option<i64> {
    let tables = routes.tables;
    let c = |a, b| tables.cost(a, b);
    let (at_u, at_v) = (
        &routes.nodes[u.node as usize],
        &routes.nodes[v.node as usize],
    );
    let after_u = &routes.nodes[u.next as usize];
    let after_v = &routes.nodes[v.next as usize];
    let (a, b) = (
        &routes.sums[u.route as usize],
        &routes.sums[v.route as usize],
    );
    let end_of_u = &routes.nodes[routes.end(u.route) as usize];
    // Cost of the beginning of the second route and of the rest of the first, both reversed.
    let beginning = at_v.cost + at_v.reversal;
    let rest = (end_of_u.cost - after_u.cost) + (end_of_u.reversal - after_u.reversal);
    let costs = (
        at_u.cost + c(u.n, v.n) + beginning - a.cost,
        rest + c(u.x, v.x) + (b.cost - after_v.cost) - b.cost,
    );
    let moved = a.load - i64::from(at_u.load) - i64::from(at_v.load);
    routes.two_changed((u.route, v.route), costs, moved, bound, (|| 0, || 0))
}

/// Joins the routes as [`delta_reversed`] says.
pub(super) fn apply_reversed<const TIMED: bool>(
    routes: &mut Routes<TIMED>,
    u: &Around,
    v: &Around,
) {
    let stops = |route| routes.stops(route).collect::<Vec<u32>>();
    let (of_u, of_v) = (stops(u.route), stops(v.route));
    // The start has position 0, so a position counts the stops up to it.
    let (head_u, rest_u) = of_u.split_at(u.position as usize);
    let (head_v, rest_v) = of_v.split_at(v.position as usize);
    let first: Vec<u32> = head_u.iter().chain(head_v.iter().rev()).copied().collect();
    let second: Vec<u32> = rest_u.iter().rev().chain(rest_v).copied().collect();
    routes.changes += 1;
    routes.set(u.route, &first);
    routes.set(v.route, &second);
}
