//! What the legs alone say of all moves of a stop and a neighbour at once: most pairs need no
//! closer look.

use super::evaluate::Around;
use super::routes::Routes;

/// More than any change of cost.
const IMPOSSIBLE: i64 = i64::MAX / 8;

/// A stop whose neighbours are tested one after another, with the rows of the tables that this
/// needs, so that they stay in the fastest memory.
pub(super) struct Focus<'t> {
    pub around: Around,
    stops: u32,
    from_node: &'t [i32],
    into_node: &'t [i32],
    from_next: &'t [i32],
    into_next: &'t [i32],
    from_previous: &'t [i32],
    into_beyond: &'t [i32],
    /// Change of cost where the piece leaves, before anything joins: the stop alone; the pair;
    /// the pair if it is then reversed.
    leave_one: i64,
    leave_pair: i64,
    leave_reversed: i64,
    /// Cost of the legs that an exchange cuts: of the stop alone; of the pair.
    cut_one: i64,
    cut_pair: i64,
    /// Cost of the leg to the next.
    leg_out: i64,
    /// What driving the rest of the route the other way round costs more, and the beginning up to
    /// the next.
    rest_reversal: i64,
    head_reversal: i64,
}

impl<'t> Focus<'t> {
    #[inline]
    pub fn new<const TIMED: bool>(routes: &Routes<'t, TIMED>, node: u32) -> Self {
        let tables = routes.tables;
        let at = routes.around(node);
        let c = |a, b| tables.cost(a, b);
        let (pu, ux, xb) = (c(at.p, at.n), c(at.n, at.x), c(at.x, at.b));
        let no_pair = if at.x == 0 { IMPOSSIBLE } else { 0 };
        let next = &routes.nodes[at.next as usize];
        let end = &routes.nodes[routes.end(at.route) as usize];
        Self {
            stops: tables.clients as u32,
            from_node: tables.costs_from(at.n),
            into_node: tables.costs_into(at.n),
            from_next: tables.costs_from(at.x),
            into_next: tables.costs_into(at.x),
            from_previous: tables.costs_from(at.p),
            into_beyond: tables.costs_into(at.b),
            leave_one: c(at.p, at.x) - pu - ux,
            leave_pair: c(at.p, at.b) - pu - xb + no_pair,
            leave_reversed: c(at.p, at.b) + c(at.x, at.n) - pu - ux - xb + no_pair,
            cut_one: pu + ux,
            cut_pair: pu + xb - no_pair,
            leg_out: ux,
            rest_reversal: end.reversal - next.reversal,
            head_reversal: next.reversal,
            around: at,
        }
    }

    #[inline(always)]
    fn place(&self, node: u32) -> usize {
        if node > self.stops { 0 } else { node as usize }
    }

    /// The least that any move with the stop `node` changes the cost by, penalties aside.
    #[inline(always)]
    pub fn bound<const TIMED: bool>(&self, routes: &Routes<TIMED>, node: u32) -> i64 {
        let at = |row: &[i32], place: usize| i64::from(row[place]);
        let here = &routes.nodes[node as usize];
        let next = &routes.nodes[here.next as usize];
        let (vp, v, y, yy) = (
            self.place(here.previous),
            node as usize,
            self.place(here.next),
            self.place(next.next),
        );
        let (into, out) = (i64::from(here.leg_in), i64::from(here.leg_out));
        let behind = self.behind(at(self.into_node, v), y, v, out);
        // Exchanges: what joins at `v` begins with the stop, what joins here begins with `v`.
        let heads = at(self.from_previous, v) + at(self.into_node, vp) - into;
        let one_one = at(self.into_next, v) + at(self.from_node, y) - out - self.cut_one;
        let two_one = at(self.into_beyond, v) + at(self.from_next, y) - out - self.cut_pair;
        let two_two = at(self.into_beyond, y) + at(self.from_next, yy)
            - i64::from(next.leg_out)
            - self.cut_pair;
        let exchange = heads + one_one.min(two_one).min(two_two);
        behind
            .min(exchange)
            .min(self.reversing(here.reversal, v, y, out))
    }

    /// The least that any move behind the start of a route changes the cost by, penalties aside.
    #[inline(always)]
    pub fn bound_start<const TIMED: bool>(&self, routes: &Routes<TIMED>, start: u32) -> i64 {
        let here = &routes.nodes[start as usize];
        let (y, out) = (self.place(here.next), i64::from(here.leg_out));
        let behind = self.behind(i64::from(self.into_node[0]), y, 0, out);
        behind.min(self.reversing(0, 0, y, out))
    }

    /// Relocations behind `v`, and exchanges of ends.
    #[inline(always)]
    fn behind(&self, vu: i64, y: usize, v: usize, out: i64) -> i64 {
        let (uy, xy) = (i64::from(self.from_node[y]), i64::from(self.from_next[y]));
        let vx = i64::from(self.into_next[v]);
        let one = self.leave_one + vu + uy;
        let pair = self.leave_pair + vu + xy;
        let reversed = self.leave_reversed + vx + uy;
        let ends = uy + vx - self.leg_out;
        one.min(pair).min(reversed).min(ends) - out
    }

    /// 2-opt and the reversed 2-opt*.
    #[inline(always)]
    fn reversing(&self, reversal: i64, v: usize, y: usize, out: i64) -> i64 {
        let joined = i64::from(self.from_node[v]) + i64::from(self.from_next[y]);
        let turned = reversal + self.rest_reversal.min(-self.head_reversal);
        joined + turned - self.leg_out - out
    }
}
