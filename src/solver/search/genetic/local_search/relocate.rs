//! Relocate: a stop, or it and the next, moves behind another node, the pair in either order
//! (moves 1 to 3 of Vidal 2022).

use super::evaluate::Around;
use super::routes::Routes;

/// What moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// The stop.
    One,
    /// The stop and the next.
    Pair,
    /// The next, then the stop.
    PairReversed,
}

/// Change of penalised cost if a piece at `u` moves behind `v`; `None` if it cannot or if that is
/// not below `bound`.
#[inline(always)]
pub(super) fn delta<const TIMED: bool>(
    routes: &Routes<TIMED>,
    piece: Piece,
    u: &Around,
    v: &Around,
    bound: i64,
) -> Option<i64> {
    let tables = routes.tables;
    if u.node == v.next || (piece != Piece::One && (u.next == v.node || u.x == 0)) {
        return None;
    }
    let c = |a, b| tables.cost(a, b);
    // The first and last of the piece as it arrives, and what follows where it leaves.
    let (first, last, rest, rest_node) = match piece {
        Piece::One => (u.n, u.n, u.x, u.next),
        Piece::Pair => (u.n, u.x, u.b, u.beyond),
        Piece::PairReversed => (u.x, u.n, u.b, u.beyond),
    };
    let second = (piece != Piece::One).then_some(last);
    let (mut left, mut inside) = (c(u.p, u.n) + c(u.n, u.x), 0);
    if piece != Piece::One {
        left += c(u.x, u.b);
        inside = c(first, last);
    }
    let out = c(u.p, rest) - left;
    let into = c(v.n, first) + inside + c(last, v.x) - c(v.n, v.x);
    if u.route == v.route {
        return routes.one_changed(u.route, out + into, bound, || {
            if u.position < v.position {
                let chain = routes.chain(u.previous).walk(rest_node, v.node);
                chain.piece(first, second).warp_to_s(v.next)
            } else {
                let chain = routes.chain(v.node).piece(first, second);
                chain.walk(v.next, u.previous).warp_to_s(rest_node)
            }
        });
    }
    let mut moved = i64::from(tables.demand[u.n]);
    if piece != Piece::One {
        moved += i64::from(tables.demand[u.x]);
    }
    let warps_s = (
        || routes.chain(u.previous).warp_to_s(rest_node),
        || {
            let chain = routes.chain(v.node).piece(first, second);
            chain.warp_to_s(v.next)
        },
    );
    routes.two_changed((u.route, v.route), (out, into), moved, bound, warps_s)
}

/// Moves a piece at `u` behind `v`.
pub(super) fn apply<const TIMED: bool>(
    routes: &mut Routes<TIMED>,
    piece: Piece,
    u: &Around,
    v: &Around,
) {
    routes.unlink(u.node);
    routes.link_after(u.node, v.node);
    if piece != Piece::One {
        routes.unlink(u.next);
        let before = if piece == Piece::Pair { u.node } else { v.node };
        routes.link_after(u.next, before);
    }
    routes.changed(u.route, v.route);
}
