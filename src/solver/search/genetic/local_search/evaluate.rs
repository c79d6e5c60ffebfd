//! What a change of one or two routes is worth, cheapest questions first.

use super::routes::Routes;
use crate::solver::search::genetic::stretch::Stretch;

/// A node and those around it, with their rows in the tables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub route: u32,
    pub position: u32,
    pub previous: u32,
    pub node: u32,
    pub next: u32,
    pub beyond: u32,
    /// Rows of `previous`, `node`, `next` and `beyond`.
    pub p: usize,
    pub n: usize,
    pub x: usize,
    pub b: usize,
}

/// A stretch of a route that is being put together.
#[derive(Clone, Copy)]
pub(super) struct Chain<'r, 'a, const TIMED: bool> {
    routes: &'r Routes<'a, TIMED>,
    time: Stretch,
    last: usize,
}

impl<'a, const TIMED: bool> Routes<'a, TIMED> {
    /// A node with those around it.
    #[inline(always)]
    pub fn around(&self, node: u32) -> Around {
        let here = &self.nodes[node as usize];
        let next = &self.nodes[here.next as usize];
        Around {
            route: here.route,
            position: here.position,
            previous: here.previous,
            node,
            next: here.next,
            beyond: next.next,
            p: self.nodes[here.previous as usize].place as usize,
            n: here.place as usize,
            x: next.place as usize,
            b: self.nodes[next.next as usize].place as usize,
        }
    }

    /// Change of penalised cost if two routes change by such costs and the first passes `moved` of
    /// its load to the second; `None` if that is not below `bound`.
    #[inline(always)]
    pub fn two_changed(
        &self,
        (first, second): (u32, u32),
        (first_cost, second_cost): (i64, i64),
        moved: i64,
        bound: i64,
        warps_s: (impl FnOnce() -> i32, impl FnOnce() -> i32),
    ) -> Option<i64> {
        let (a, b) = (&self.sums[first as usize], &self.sums[second as usize]);
        let mut delta = first_cost + second_cost - a.penalty - b.penalty;
        if delta >= bound {
            return None;
        }
        let (tables, prices) = (self.tables, &self.penalties);
        delta += prices.of(tables, a.load - moved, a.cost + first_cost, 0);
        delta += prices.of(tables, b.load + moved, b.cost + second_cost, 0);
        if TIMED && delta < bound {
            delta += prices.of_warp(i64::from(warps_s.0()));
            if delta < bound {
                delta += prices.of_warp(i64::from(warps_s.1()));
            }
        }
        (delta < bound).then_some(delta)
    }

    /// Change of penalised cost if one route changes by a cost; `None` if that is not below
    /// `bound`.
    #[inline(always)]
    pub fn one_changed(
        &self,
        route: u32,
        cost: i64,
        bound: i64,
        warp_s: impl FnOnce() -> i32,
    ) -> Option<i64> {
        let sums = &self.sums[route as usize];
        let mut delta = cost - sums.penalty;
        if delta >= bound {
            return None;
        }
        delta += self
            .penalties
            .of(self.tables, sums.load, sums.cost + cost, 0);
        if TIMED && delta < bound {
            delta += self.penalties.of_warp(i64::from(warp_s()));
        }
        (delta < bound).then_some(delta)
    }

    /// The chain from the start of a route to a node.
    #[inline(always)]
    pub fn chain(&self, node: u32) -> Chain<'_, 'a, TIMED> {
        Chain {
            routes: self,
            time: self.times[node as usize].before,
            last: self.nodes[node as usize].place as usize,
        }
    }
}

impl<const TIMED: bool> Chain<'_, '_, TIMED> {
    /// One stop more.
    #[inline(always)]
    pub fn visit(mut self, place: usize) -> Self {
        let tables = self.routes.tables;
        self.time = self
            .time
            .then(tables.leg_s(self.last, place), tables.visits[place]);
        self.last = place;
        self
    }

    /// One or two stops more.
    #[inline(always)]
    pub fn piece(self, first: usize, second: Option<usize>) -> Self {
        let chain = self.visit(first);
        match second {
            Some(second) => chain.visit(second),
            None => chain,
        }
    }

    /// All nodes from `first` to `last` in their order.
    pub fn walk(mut self, first: u32, last: u32) -> Self {
        let mut node = first;
        loop {
            let here = &self.routes.nodes[node as usize];
            self = self.visit(here.place as usize);
            if node == last {
                return self;
            }
            node = here.next;
        }
    }

    /// All nodes from `last` back to `first`.
    pub fn walk_back(mut self, last: u32, first: u32) -> Self {
        let mut node = last;
        loop {
            let here = &self.routes.nodes[node as usize];
            self = self.visit(here.place as usize);
            if node == first {
                return self;
            }
            node = here.previous;
        }
    }

    /// Time warp of the whole route if it goes on with a node and what follows that.
    #[inline(always)]
    pub fn warp_to_s(self, node: u32) -> i32 {
        let place = self.routes.nodes[node as usize].place as usize;
        let leg_s = self.routes.tables.leg_s(self.last, place);
        self.time
            .warp_with_s(leg_s, self.routes.times[node as usize].after)
    }
}
