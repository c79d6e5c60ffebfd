//! 2-opt: the part of a route between two nodes is driven the other way round (move 7 of Vidal
//! 2022).

use super::evaluate::Around;
use super::routes::Routes;

/// Change of penalised cost if all from the node after `u` to `v`, on the same route, is reversed;
/// `None` if that changes nothing or is not below `bound`.
#[inline(always)]
pub(super) fn delta<const TIMED: bool>(
    routes: &Routes<TIMED>,
    u: &Around,
    v: &Around,
    bound: i64,
) -> Option<i64> {
    if u.position >= v.position || u.next == v.node {
        return None;
    }
    let tables = routes.tables;
    let c = |a, b| tables.cost(a, b);
    let reversal = routes.nodes[v.node as usize].reversal - routes.nodes[u.next as usize].reversal;
    let cost = c(u.n, v.n) + c(u.x, v.x) - c(u.n, u.x) - c(v.n, v.x) + reversal;
    routes.one_changed(u.route, cost, bound, || {
        let chain = routes.chain(u.node).walk_back(v.node, u.next);
        chain.warp_to_s(v.next)
    })
}

/// Reverses all from the node after `u` to `v`.
pub(super) fn apply<const TIMED: bool>(routes: &mut Routes<TIMED>, u: &Around, v: &Around) {
    let mut node = v.node;
    let mut last = u.node;
    loop {
        let previous = routes.nodes[node as usize].previous;
        routes.link(last, node);
        last = node;
        if node == u.next {
            break;
        }
        node = previous;
    }
    routes.link(last, v.next);
    routes.changed(u.route, v.route);
}
