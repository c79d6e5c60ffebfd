//! SWAP*: two stops of two routes change routes, each going to its best place there, not to that of
//! the other (Vidal 2022, section 3.2). One of them may stay where it is.

use super::routes::{Node, Routes};

/// The best place for an exchange: stops and the nodes they go behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StarSwap {
    /// Stop of the first route and the node of the second that it goes behind; the other stop
    /// stands for its own place.
    pub u: Option<(u32, u32)>,
    /// Likewise, for a stop of the second route.
    pub v: Option<(u32, u32)>,
}

/// The three cheapest places for a stop on a route.
#[derive(Debug, Clone, Copy)]
struct Places {
    cost: [i64; 3],
    after: [u32; 3],
    /// The route's last change when this was computed.
    changed: u64,
}

/// What is kept between calls.
pub(super) struct SwapStar {
    /// `[route][node]`.
    places: Vec<Places>,
    /// By node: change of the route's cost if it leaves.
    removal: Vec<i64>,
    /// By node: price of the time warp left then.
    warp_left: Vec<i64>,
    stops: [Vec<u32>; 2],
}

const NOWHERE: i64 = i64::MAX / 4;

impl SwapStar {
    pub fn new<const TIMED: bool>(routes: &Routes<TIMED>) -> Self {
        let nodes = routes.tables.clients + 1;
        let nothing = Places {
            cost: [NOWHERE; 3],
            after: [0; 3],
            changed: 0,
        };
        Self {
            places: vec![nothing; nodes * routes.sums.len()],
            removal: vec![0; nodes],
            warp_left: vec![0; nodes],
            stops: Default::default(),
        }
    }

    /// The best exchange of two routes, if any lowers the penalised cost, as far as sums of
    /// removals and insertions tell; [`delta`] says what it is really worth.
    pub fn best<const TIMED: bool>(
        &mut self,
        routes: &Routes<TIMED>,
        first: u32,
        second: u32,
    ) -> Option<StarSwap> {
        for (side, route) in [first, second].into_iter().enumerate() {
            self.stops[side].clear();
            self.stops[side].extend(routes.stops(route));
        }
        self.prepare(routes, 0, second);
        self.prepare(routes, 1, first);
        let (mut least, mut best) = (0, None);
        self.exchanges(routes, first, second, &mut least, &mut best);
        self.departures(routes, first, second, &mut least, &mut best);
        best
    }

    /// Removals of the stops of one side, and their best places on the other route.
    fn prepare<const TIMED: bool>(&mut self, routes: &Routes<TIMED>, side: usize, to: u32) {
        for k in 0..self.stops[side].len() {
            let stop = self.stops[side][k];
            let at = routes.around(stop);
            let c = |a, b| routes.tables.cost(a, b);
            let mut cost = c(at.p, at.x) - c(at.p, at.n) - c(at.n, at.x);
            if TIMED {
                let sums = &routes.sums[at.route as usize];
                if sums.warp_s > 0 {
                    let warp_s = routes.chain(at.previous).warp_to_s(at.next);
                    self.warp_left[stop as usize] = routes.penalties.of_warp(i64::from(warp_s));
                    cost += self.warp_left[stop as usize] - routes.penalties.of_warp(sums.warp_s);
                } else {
                    self.warp_left[stop as usize] = 0;
                }
            }
            self.removal[stop as usize] = cost;
            self.insertions(routes, stop, to);
        }
    }

    /// The three best places of a stop on a route, if the route has changed since last asked.
    fn insertions<const TIMED: bool>(&mut self, routes: &Routes<TIMED>, stop: u32, to: u32) {
        let tables = routes.tables;
        let places = &mut self.places[to as usize * (tables.clients + 1) + stop as usize];
        let sums = &routes.sums[to as usize];
        if places.changed > sums.changed {
            return;
        }
        *places = Places {
            cost: [NOWHERE; 3],
            after: [0; 3],
            changed: routes.changes + 1,
        };
        let warp_before = if TIMED { routes.penalties.of_warp(sums.warp_s) } else { 0 };
        let here = stop as usize;
        let (end, mut node, mut place) = (routes.end(to), routes.start(to), 0);
        while node != end {
            let next = routes.nodes[node as usize].next;
            let next_place = routes.nodes[next as usize].place as usize;
            let mut cost = tables.cost(place, here) + tables.cost(here, next_place)
                - tables.cost(place, next_place);
            if cost - warp_before < places.cost[2] {
                if TIMED {
                    let warp_s = routes.chain(node).visit(here).warp_to_s(next);
                    cost += routes.penalties.of_warp(i64::from(warp_s)) - warp_before;
                }
                places.add(cost, node);
            }
            (node, place) = (next, next_place);
        }
    }

    /// The best exchange of a stop of one route with one of the other.
    fn exchanges<const TIMED: bool>(
        &self,
        routes: &Routes<TIMED>,
        first: u32,
        second: u32,
        least: &mut i64,
        best: &mut Option<StarSwap>,
    ) {
        let (a, b) = (&routes.sums[first as usize], &routes.sums[second as usize]);
        let overload = |load: i64| routes.penalties.of(routes.tables, load, 0, 0);
        let (now_a, now_b) = (overload(a.load), overload(b.load));
        let demand = |node: u32| i64::from(routes.tables.demand[node as usize]);
        for &u in &self.stops[0] {
            let removal_u = self.removal[u as usize] - now_a - now_b;
            for &v in &self.stops[1] {
                let moved = demand(u) - demand(v);
                let mut cost = removal_u + self.removal[v as usize];
                if cost >= *least {
                    continue;
                }
                cost += overload(a.load - moved) + overload(b.load + moved);
                // Without the triangle inequality this may overlook something, never accept it.
                if cost >= *least {
                    continue;
                }
                let (into_b, after_u) = self.insertion(routes, u, second, v);
                cost += into_b;
                if cost >= *least {
                    continue;
                }
                let (into_a, after_v) = self.insertion(routes, v, first, u);
                cost += into_a;
                if cost < *least {
                    *least = cost;
                    *best = Some(StarSwap {
                        u: Some((u, after_u)),
                        v: Some((v, after_v)),
                    });
                }
            }
        }
    }

    /// The best place of a stop on a route that `leaving` leaves.
    fn insertion<const TIMED: bool>(
        &self,
        routes: &Routes<TIMED>,
        stop: u32,
        to: u32,
        leaving: u32,
    ) -> (i64, u32) {
        let places = &self.places[to as usize * (routes.tables.clients + 1) + stop as usize];
        let Node { previous, .. } = routes.nodes[leaving as usize];
        let mut best = (NOWHERE, leaving);
        for (&cost, &after) in places.cost.iter().zip(&places.after) {
            if after != leaving && after != previous {
                best = (cost, after);
                break;
            }
        }
        // The place of the one that leaves.
        let at = routes.around(leaving);
        let c = |a, b| routes.tables.cost(a, b);
        let here = stop as usize;
        let mut cost = c(at.p, here) + c(here, at.x) - c(at.p, at.x);
        if TIMED && cost - self.warp_left[leaving as usize] < best.0 {
            let warp_s = routes.chain(at.previous).visit(here).warp_to_s(at.next);
            let price = routes.penalties.of_warp(i64::from(warp_s));
            cost += price - self.warp_left[leaving as usize];
        }
        if cost < best.0 { (cost, leaving) } else { best }
    }

    /// The best move of one stop to the other route.
    fn departures<const TIMED: bool>(
        &self,
        routes: &Routes<TIMED>,
        first: u32,
        second: u32,
        least: &mut i64,
        best: &mut Option<StarSwap>,
    ) {
        let overload = |load: i64| routes.penalties.of(routes.tables, load, 0, 0);
        for (side, from, to) in [(0, first, second), (1, second, first)] {
            let (a, b) = (&routes.sums[from as usize], &routes.sums[to as usize]);
            let now = overload(a.load) + overload(b.load);
            for &stop in &self.stops[side] {
                let moved = i64::from(routes.tables.demand[stop as usize]);
                let row = to as usize * (routes.tables.clients + 1);
                let places = &self.places[row + stop as usize];
                let mut cost = self.removal[stop as usize] + places.cost[0] - now;
                if cost >= *least {
                    continue;
                }
                cost += overload(a.load - moved) + overload(b.load + moved);
                if cost < *least {
                    *least = cost;
                    let moved = Some((stop, places.after[0]));
                    *best = Some(match side {
                        0 => StarSwap { u: moved, v: None },
                        _ => StarSwap { u: None, v: moved },
                    });
                }
            }
        }
    }
}

impl Places {
    /// Keeps a place if it is among the three best.
    #[inline]
    fn add(&mut self, cost: i64, after: u32) {
        let mut rank = 3;
        while rank > 0 && cost < self.cost[rank - 1] {
            rank -= 1;
            if rank < 2 {
                self.cost[rank + 1] = self.cost[rank];
                self.after[rank + 1] = self.after[rank];
            }
        }
        if rank < 3 {
            self.cost[rank] = cost;
            self.after[rank] = after;
        }
    }
}

/// Change of penalised cost by an exchange of two routes; `None` if it is not below `bound`.
pub(super) fn delta<const TIMED: bool>(
    routes: &Routes<TIMED>,
    (first, second): (u32, u32),
    swap: StarSwap,
    bound: i64,
) -> Option<i64> {
    let demand = |stop: Option<(u32, u32)>| {
        stop.map_or(0, |(stop, _)| i64::from(routes.tables.demand[stop as usize]))
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
    let mut time = if TIMED { tables.visits[0] } else { Default::default() };
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
    let warp_s = if TIMED { time.warp_with_s(tables.leg_s(last, 0), tables.finish) } else { 0 };
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
