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

/// One or two stops and what follows them.
struct Piece {
    second: Option<usize>,
    last: usize,
    after: usize,
    after_node: u32,
    /// Cost of the leg inside.
    inside: i64,
    demand: i64,
}

impl Piece {
    #[inline(always)]
    fn new<const TIMED: bool>(routes: &Routes<TIMED>, at: &Around, two: bool) -> Self {
        let tables = routes.tables;
        let demand = i64::from(tables.demand[at.n]);
        if !two {
            return Self {
                second: None,
                last: at.n,
                after: at.x,
                after_node: at.next,
                inside: 0,
                demand,
            };
        }
        Self {
            second: Some(at.x),
            last: at.x,
            after: at.b,
            after_node: at.beyond,
            inside: tables.cost(at.n, at.x),
            demand: demand + i64::from(tables.demand[at.x]),
        }
    }
}

/// Whether the pieces are apart; equal pieces in one order only.
#[inline(always)]
fn may_swap(pieces: Pieces, u: &Around, v: &Around) -> bool {
    let (two_u, two_v) = (pieces != Pieces::OneOne, pieces == Pieces::TwoTwo);
    let touching = u.node == v.previous || u.node == v.next;
    let equal = two_u == two_v;
    let pair_of_u = u.x != 0 && u.next != v.previous && u.next != v.node;
    let pair_of_v = v.x != 0 && v.next != u.previous;
    !touching && (!equal || u.node < v.node) && (!two_u || pair_of_u) && (!two_v || pair_of_v)
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
    if !may_swap(pieces, u, v) {
        return None;
    }
    let c = |a, b| routes.tables.cost(a, b);
    let one = Piece::new(routes, u, pieces != Pieces::OneOne);
    let other = Piece::new(routes, v, pieces == Pieces::TwoTwo);
    let ends_of_u = c(u.p, v.n) + c(other.last, one.after) - c(u.p, u.n) - c(one.last, one.after);
    let ends_of_v =
        c(v.p, u.n) + c(one.last, other.after) - c(v.p, v.n) - c(other.last, other.after);
    if u.route == v.route {
        return routes.one_changed(u.route, ends_of_u + ends_of_v, bound, || {
            if u.position < v.position {
                let chain = routes.chain(u.previous).piece(v.n, other.second);
                let chain = chain.walk(one.after_node, v.previous);
                chain.piece(u.n, one.second).warp_to_s(other.after_node)
            } else {
                let chain = routes.chain(v.previous).piece(u.n, one.second);
                let chain = chain.walk(other.after_node, u.previous);
                chain.piece(v.n, other.second).warp_to_s(one.after_node)
            }
        });
    }
    let costs = (
        ends_of_u - one.inside + other.inside,
        ends_of_v - other.inside + one.inside,
    );
    let warps_s = (
        || {
            let chain = routes.chain(u.previous).piece(v.n, other.second);
            chain.warp_to_s(one.after_node)
        },
        || {
            let chain = routes.chain(v.previous).piece(u.n, one.second);
            chain.warp_to_s(other.after_node)
        },
    );
    let moved = one.demand - other.demand;
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
