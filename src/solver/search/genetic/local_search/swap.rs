//! Swap: one or two consecutive stops change places with one or two others (moves 4 to 6 of Vidal
//! 2022).

use super::evaluate::Around;
use super::routes::Routes;

/// How many stops change places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pieces {
    OneOne,
    /// The stop at `u` and the next with the one at `v`.
    TwoOne,
    TwoTwo,
}

/// Change of penalised cost if the pieces at `u` and `v` change places; `None` if they cannot or
/// if that is not below `bound`. Both must be stops. Equal pieces are evaluated in one order only.
#[inline(always)]
pub(super) fn delta<const TIMED: bool>(
    routes: &Routes<TIMED>,
    pieces: Pieces,
    u: &Around,
    v: &Around,
    bound: i64,
) -> Option<i64> {
    let (two_u, two_v) = (pieces != Pieces::OneOne, pieces == Pieces::TwoTwo);
    if u.node == v.previous || u.node == v.next || (!two_u || two_v) && u.node > v.node {
        return None;
    }
    if two_u && (u.x == 0 || u.next == v.previous || u.next == v.node) {
        return None;
    }
    if two_v && (v.x == 0 || v.next == u.previous) {
        return None;
    }
    let tables = routes.tables;
    let c = |a, b| tables.cost(a, b);
    // Last of each piece and what follows it.
    let (u_last, u_after, u_after_node) = if two_u {
        (u.x, u.b, u.beyond)
    } else {
        (u.n, u.x, u.next)
    };
    let (v_last, v_after, v_after_node) = if two_v {
        (v.x, v.b, v.beyond)
    } else {
        (v.n, v.x, v.next)
    };
    let (u_inside, v_inside) = (
        if two_u { c(u.n, u.x) } else { 0 },
        if two_v { c(v.n, v.x) } else { 0 },
    );
    let ends_of_u = c(u.p, v.n) + c(v_last, u_after) - c(u.p, u.n) - c(u_last, u_after);
    let ends_of_v = c(v.p, u.n) + c(u_last, v_after) - c(v.p, v.n) - c(v_last, v_after);
    let (u_second, v_second) = (two_u.then_some(u.x), two_v.then_some(v.x));
    if u.route == v.route {
        return routes.one_changed(u.route, ends_of_u + ends_of_v, bound, || {
            if u.position < v.position {
                let chain = routes.chain(u.previous).piece(v.n, v_second);
                let chain = chain.walk(u_after_node, v.previous);
                chain.piece(u.n, u_second).warp_to_s(v_after_node)
            } else {
                let chain = routes.chain(v.previous).piece(u.n, u_second);
                let chain = chain.walk(v_after_node, u.previous);
                chain.piece(v.n, v_second).warp_to_s(u_after_node)
            }
        });
    }
    let demand = |place: usize| i64::from(tables.demand[place]);
    let mut moved = demand(u.n) - demand(v.n);
    if two_u {
        moved += demand(u.x);
    }
    if two_v {
        moved -= demand(v.x);
    }
    let costs = (
        ends_of_u - u_inside + v_inside,
        ends_of_v - v_inside + u_inside,
    );
    let warps_s = (
        || {
            let chain = routes.chain(u.previous).piece(v.n, v_second);
            chain.warp_to_s(u_after_node)
        },
        || {
            let chain = routes.chain(v.previous).piece(u.n, u_second);
            chain.warp_to_s(v_after_node)
        },
    );
    routes.two_changed((u.route, v.route), costs, moved, bound, warps_s)
}

/// Lets the pieces at `u` and `v` change places.
pub(super) fn apply<const TIMED: bool>(
    routes: &mut Routes<TIMED>,
    pieces: Pieces,
    u: &Around,
    v: &Around,
) {
    exchange(routes, u.node, v.node);
    match pieces {
        Pieces::OneOne => {}
        Pieces::TwoOne => {
            routes.unlink(u.next);
            routes.link_after(u.next, u.node);
        }
        Pieces::TwoTwo => exchange(routes, u.next, v.next),
    }
    routes.changed(u.route, v.route);
}

/// Lets two stops that are not adjacent change places.
fn exchange<const TIMED: bool>(routes: &mut Routes<TIMED>, a: u32, b: u32) {
    let before_a = routes.nodes[a as usize].previous;
    let before_b = routes.nodes[b as usize].previous;
    routes.unlink(a);
    routes.unlink(b);
    routes.link_after(b, before_a);
    routes.link_after(a, before_b);
}
