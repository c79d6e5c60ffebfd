//! Finds the best SWAP* of two routes from the three best places of every stop on the other route
//! (Vidal 2022, algorithm 1).

use super::routes::Routes;
use super::swap_star::StarSwap;

/// The three cheapest places for a stop on a route.
#[derive(Debug, Clone, Copy)]
struct Places {
    cost: [i64; 3],
    after: [u32; 3],
    /// The route's last change when this was computed.
    changed: u64,
}

/// A stop that may leave its route.
#[derive(Debug, Clone, Copy)]
struct Leaver {
    stop: u32,
    previous: u32,
    /// Rows of the nodes before and after it.
    p: u32,
    x: u32,
    /// Cost of driving from the one to the other.
    gap: i64,
    /// Change of the route's cost if it leaves.
    removal: i64,
    /// Price of the time warp left then.
    warp_left: i64,
    demand: i64,
}

/// What is kept between calls.
pub(super) struct SwapStar {
    /// `[route][node]`.
    places: Vec<Places>,
    /// Stops of the two routes.
    leavers: [Vec<Leaver>; 2],
}

/// The best exchange so far.
struct Best {
    cost: i64,
    swap: Option<StarSwap>,
}

const NOWHERE: i64 = i64::MAX / 4;

impl SwapStar {
    pub fn new<const TIMED: bool>(routes: &Routes<TIMED>) -> Self {
        let nothing = Places {
            cost: [NOWHERE; 3],
            after: [0; 3],
            changed: 0,
        };
        Self {
            places: vec![nothing; (routes.tables.clients + 1) * routes.sums.len()],
            leavers: Default::default(),
        }
    }

    /// The best exchange of two routes, if any lowers the penalised cost, as far as sums of
    /// removals and insertions tell; [`delta`](super::swap_star::delta) says what it is really worth.
    pub fn best<const TIMED: bool>(
        &mut self,
        routes: &Routes<TIMED>,
        first: u32,
        second: u32,
    ) -> Option<StarSwap> {
        for (side, route) in [first, second].into_iter().enumerate() {
            self.leavers[side].clear();
            self.leavers[side].extend(routes.stops(route).map(|stop| leaver(routes, stop)));
        }
        for side in 0..2 {
            let to = [second, first][side];
            for k in 0..self.leavers[side].len() {
                self.insertions(routes, self.leavers[side][k].stop, 1 - side, to);
            }
        }
        let mut best = Best {
            cost: 0,
            swap: None,
        };
        self.exchanges(routes, first, second, &mut best);
        self.departures(routes, first, second, &mut best);
        best.swap
    }

    /// The three best places of a stop on a route, if the route has changed since last asked.
    #[inline]
    fn insertions<const TIMED: bool>(
        &mut self,
        routes: &Routes<TIMED>,
        stop: u32,
        side: usize,
        to: u32,
    ) {
        let tables = routes.tables;
        let places = &mut self.places[to as usize * (tables.clients + 1) + stop as usize];
        let sums = &routes.sums[to as usize];
        if places.changed > sums.changed {
            return;
        }
        let mut found = Places {
            cost: [NOWHERE; 3],
            after: [0; 3],
            changed: routes.changes + 1,
        };
        let warp_before = if TIMED {
            routes.penalties.of_warp(sums.warp_s)
        } else {
            0
        };
        let here = stop as usize;
        let (from, into) = (tables.costs_from(here), tables.costs_into(here));
        let mut offer = |place: u32, node: u32, next_place: u32, next: u32, leg: i32| {
            let mut cost = i64::from(into[place as usize] + from[next_place as usize] - leg);
            if cost - warp_before < found.cost[2] {
                if TIMED {
                    let warp_s = routes.chain(node).visit(here).warp_to_s(next);
                    cost += routes.penalties.of_warp(i64::from(warp_s)) - warp_before;
                }
                found.add(cost, node);
            }
        };
        let (mut place, mut node) = (0, routes.start(to));
        for leaver in &self.leavers[side] {
            let leg = routes.nodes[leaver.stop as usize].leg_in;
            offer(place, node, leaver.stop, leaver.stop, leg);
            (place, node) = (leaver.stop, leaver.stop);
        }
        let end = routes.end(to);
        offer(place, node, 0, end, routes.nodes[end as usize].leg_in);
        *places = found;
    }

    /// The best exchange of a stop of one route with one of the other.
    fn exchanges<const TIMED: bool>(
        &self,
        routes: &Routes<TIMED>,
        first: u32,
        second: u32,
        best: &mut Best,
    ) {
        let tables = routes.tables;
        let (a, b) = (&routes.sums[first as usize], &routes.sums[second as usize]);
        let overload = |load: i64| routes.penalties.of(tables, load, 0, 0);
        let now = overload(a.load) + overload(b.load);
        let row = |route: u32| &self.places[route as usize * (tables.clients + 1)..];
        let (on_first, on_second) = (row(first), row(second));
        for u in &self.leavers[0] {
            let places_of_u = &on_second[u.stop as usize];
            let (from_u, into_u) = (
                tables.costs_from(u.stop as usize),
                tables.costs_into(u.stop as usize),
            );
            let (from_before, into_after) = (
                tables.costs_from(u.p as usize),
                tables.costs_into(u.x as usize),
            );
            for v in &self.leavers[1] {
                let moved = u.demand - v.demand;
                let mut cost = u.removal + v.removal - now;
                if cost >= best.cost {
                    continue;
                }
                cost += overload(a.load - moved) + overload(b.load + moved);
                // Without the triangle inequality this may overlook something, never accept it.
                if cost >= best.cost {
                    continue;
                }
                let (into_second, after_u) = places_of_u.without(v);
                let in_place = i64::from(into_u[v.p as usize] + from_u[v.x as usize]) - v.gap;
                let (into_second, after_u) =
                    self.better(routes, u, v, in_place, into_second, after_u);
                cost += into_second;
                if cost >= best.cost {
                    continue;
                }
                let (into_first, after_v) = on_first[v.stop as usize].without(u);
                let v_row = v.stop as usize;
                let in_place = i64::from(from_before[v_row] + into_after[v_row]) - u.gap;
                let (into_first, after_v) =
                    self.better(routes, v, u, in_place, into_first, after_v);
                cost += into_first;
                if cost < best.cost {
                    best.cost = cost;
                    best.swap = Some(StarSwap {
                        u: Some((u.stop, after_u)),
                        v: Some((v.stop, after_v)),
                    });
                }
            }
        }
    }

    /// The better of the best other place for a stop and that of the one that leaves.
    #[inline(always)]
    fn better<const TIMED: bool>(
        &self,
        routes: &Routes<TIMED>,
        joining: &Leaver,
        leaving: &Leaver,
        in_place: i64,
        other: i64,
        after: u32,
    ) -> (i64, u32) {
        let mut cost = in_place;
        if TIMED && cost - leaving.warp_left < other {
            let next = routes.nodes[leaving.stop as usize].next;
            let chain = routes.chain(leaving.previous).visit(joining.stop as usize);
            let price = routes.penalties.of_warp(i64::from(chain.warp_to_s(next)));
            cost += price - leaving.warp_left;
        }
        if cost < other {
            (cost, leaving.stop)
        } else {
            (other, after)
        }
    }

    /// The best move of one stop to the other route.
    fn departures<const TIMED: bool>(
        &self,
        routes: &Routes<TIMED>,
        first: u32,
        second: u32,
        best: &mut Best,
    ) {
        let overload = |load: i64| routes.penalties.of(routes.tables, load, 0, 0);
        for (side, from, to) in [(0, first, second), (1, second, first)] {
            let (a, b) = (&routes.sums[from as usize], &routes.sums[to as usize]);
            let now = overload(a.load) + overload(b.load);
            let row = to as usize * (routes.tables.clients + 1);
            for leaver in &self.leavers[side] {
                let places = &self.places[row + leaver.stop as usize];
                let mut cost = leaver.removal + places.cost[0] - now;
                if cost >= best.cost {
                    continue;
                }
                cost += overload(a.load - leaver.demand) + overload(b.load + leaver.demand);
                if cost < best.cost {
                    best.cost = cost;
                    let moved = Some((leaver.stop, places.after[0]));
                    best.swap = Some(match side {
                        0 => StarSwap { u: moved, v: None },
                        _ => StarSwap { u: None, v: moved },
                    });
                }
            }
        }
    }
}

/// What leaving its route would mean for a stop.
#[inline]
fn leaver<const TIMED: bool>(routes: &Routes<TIMED>, stop: u32) -> Leaver {
    let at = routes.around(stop);
    let here = &routes.nodes[stop as usize];
    let gap = routes.tables.cost(at.p, at.x);
    let mut leaver = Leaver {
        stop,
        previous: at.previous,
        p: at.p as u32,
        x: at.x as u32,
        gap,
        removal: gap - i64::from(here.leg_in) - i64::from(here.leg_out),
        warp_left: 0,
        demand: i64::from(routes.tables.demand[at.n]),
    };
    let warp_s = routes.sums[at.route as usize].warp_s;
    if TIMED && warp_s > 0 {
        let left_s = routes.chain(at.previous).warp_to_s(at.next);
        leaver.warp_left = routes.penalties.of_warp(i64::from(left_s));
        leaver.removal += leaver.warp_left - routes.penalties.of_warp(warp_s);
    }
    leaver
}

impl Places {
    /// The best place that does not touch a stop that leaves.
    #[inline(always)]
    fn without(&self, leaver: &Leaver) -> (i64, u32) {
        let touched = |after: u32| after == leaver.stop || after == leaver.previous;
        for rank in 0..3 {
            if !touched(self.after[rank]) {
                return (self.cost[rank], self.after[rank]);
            }
        }
        (NOWHERE, leaver.stop)
    }

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
