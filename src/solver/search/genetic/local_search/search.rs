//! The loop over pairs of stops and pairs of routes.

use super::bound::Focus;
use super::evaluate::Around;
use super::insertion;
use super::relocate::{self, Piece};
use super::routes::Routes;
use super::swap::{self, Pieces};
use super::swap_star;
use super::swap_star_search::SwapStar;
use super::{two_opt, two_opt_star};
use crate::solver::search::genetic::individual::Individual;
use crate::solver::search::genetic::penalties::Penalties;
use crate::solver::search::genetic::tables::Tables;
use crate::solver::search::genetic::watch::Watch;
use rand::Rng;
use rand::seq::SliceRandom;

/// Stops tested between two looks at the clock.
const LOOK_EVERY: usize = 32;

/// Share of local searches with time windows that try SWAP*, which is dear there.
const SWAP_STAR_SHARE: f64 = 0.3;

/// Local search with its buffers.
pub(in crate::solver::search::genetic) struct LocalSearch<'a, const TIMED: bool> {
    routes: Routes<'a, TIMED>,
    swap_star: SwapStar,
    order: Vec<u32>,
    route_order: Vec<u32>,
    /// By node, and by route for SWAP*: number of changes when last tested.
    tested: Vec<u64>,
    route_tested: Vec<u64>,
}

impl<'a, const TIMED: bool> LocalSearch<'a, TIMED> {
    pub fn new(tables: &'a Tables, penalties: Penalties) -> Self {
        let routes = Routes::new(tables, penalties);
        Self {
            swap_star: SwapStar::new(&routes),
            order: tables.nodes().collect(),
            route_order: (0..tables.fleet as u32).collect(),
            tested: vec![0; tables.clients + 1],
            route_tested: vec![0; tables.fleet],
            routes,
        }
    }

    /// A plan that inserts all stops in an order, each at its cheapest place.
    pub fn construct(&mut self, order: &[u32], penalties: Penalties) -> Individual {
        self.routes.penalties = penalties;
        insertion::construct(&mut self.routes, order)
    }

    /// Improves a plan until no move does, or until the time is over. Moves between two routes that
    /// are `settled` (as in a local optimum) are not tested before one of them changes.
    pub fn improve(
        &mut self,
        plan: &Individual,
        settled: &[bool],
        penalties: Penalties,
        watch: &Watch,
        random: &mut impl Rng,
    ) -> Individual {
        self.routes.penalties = penalties;
        self.routes.changes += 1;
        self.routes.load(plan);
        self.settle(settled);
        self.order.shuffle(random);
        self.route_order.shuffle(random);
        let exchange_routes = !TIMED || random.random_bool(SWAP_STAR_SHARE);
        for round in 0.. {
            let changes = self.routes.changes;
            if !self.stops_round(round, watch) {
                break;
            }
            if round == 0 || self.routes.changes != changes {
                continue;
            }
            if exchange_routes && !self.routes_round(watch) {
                break;
            }
            if self.routes.changes == changes {
                break;
            }
        }
        self.routes.save()
    }

    /// Counts all that lies on settled routes as tested, and all other routes as changed since.
    fn settle(&mut self, settled: &[bool]) {
        let before = self.routes.changes;
        self.routes.changes += 1;
        for route in 0..self.routes.sums.len() as u32 {
            let is_settled = settled.get(route as usize).copied().unwrap_or(false);
            let tested = if is_settled { before } else { 0 };
            self.routes.sums[route as usize].changed = before + u64::from(!is_settled);
            self.route_tested[route as usize] = tested;
            let mut node = self.routes.nodes[self.routes.start(route) as usize].next;
            while node != self.routes.end(route) {
                self.tested[node as usize] = tested;
                node = self.routes.nodes[node as usize].next;
            }
        }
    }

    /// Tests every stop; `false` if the time is over.
    fn stops_round(&mut self, round: usize, watch: &Watch) -> bool {
        let tables = self.routes.tables;
        for k in 0..self.order.len() {
            if k % LOOK_EVERY == 0 && watch.is_over() {
                return false;
            }
            let node = self.order[k];
            let last = self.tested[node as usize];
            self.tested[node as usize] = self.routes.changes;
            let mut u = Focus::new(&self.routes, node);
            for &other in tables.neighbours(node) {
                let v = &self.routes.nodes[other as usize];
                let sums = (
                    &self.routes.sums[u.around.route as usize],
                    &self.routes.sums[v.route as usize],
                );
                if sums.0.changed.max(sums.1.changed) <= last {
                    continue;
                }
                let gain = sums.0.penalty + sums.1.penalty;
                let start = if v.position == 1 { v.previous } else { 0 };
                if u.bound(&self.routes, other) < gain {
                    let v = self.routes.around(other);
                    if self.pair(&u.around, &v) {
                        u = Focus::new(&self.routes, node);
                        continue;
                    }
                }
                if start > 0 && u.bound_start(&self.routes, start) < gain {
                    let start = self.routes.around(start);
                    if self.behind_start(&u.around, &start) {
                        u = Focus::new(&self.routes, node);
                    }
                }
            }
            let u = u.around;
            let fresh = round == 1 || self.routes.sums[u.route as usize].changed > last;
            let wanted = round > 0 && fresh;
            let empty = wanted.then(|| self.empty_route()).flatten();
            if let Some(route) = empty {
                let start = self.routes.around(self.routes.start(route));
                self.behind_start(&u, &start);
            }
        }
        true
    }

    /// Makes the first move of two stops that improves.
    #[inline]
    fn pair(&mut self, u: &Around, v: &Around) -> bool {
        if self.relocate(u, v) {
            return true;
        }
        for pieces in [Pieces::OneOne, Pieces::TwoOne, Pieces::TwoTwo] {
            if swap::delta(&self.routes, pieces, u, v, 0).is_some() {
                swap::apply(&mut self.routes, pieces, u, v);
                return true;
            }
        }
        if u.route != v.route {
            return self.exchange_ends(u, v);
        }
        if two_opt::delta(&self.routes, u, v, 0).is_some() {
            two_opt::apply(&mut self.routes, u, v);
            return true;
        }
        false
    }

    /// Makes the first move of a stop to the start of a route that improves.
    #[inline]
    fn behind_start(&mut self, u: &Around, start: &Around) -> bool {
        self.relocate(u, start) || u.route != start.route && self.exchange_ends(u, start)
    }

    #[inline]
    fn relocate(&mut self, u: &Around, v: &Around) -> bool {
        for piece in [Piece::One, Piece::Pair, Piece::PairReversed] {
            if relocate::delta(&self.routes, piece, u, v, 0).is_some() {
                relocate::apply(&mut self.routes, piece, u, v);
                return true;
            }
        }
        false
    }

    #[inline]
    fn exchange_ends(&mut self, u: &Around, v: &Around) -> bool {
        if two_opt_star::delta(&self.routes, u, v, 0).is_some() {
            two_opt_star::apply(&mut self.routes, u, v);
            return true;
        }
        if !TIMED && two_opt_star::delta_reversed(&self.routes, u, v, 0).is_some() {
            two_opt_star::apply_reversed(&mut self.routes, u, v);
            return true;
        }
        false
    }

    /// Tests every pair of routes that share directions; `false` if the time is over.
    fn routes_round(&mut self, watch: &Watch) -> bool {
        for k in 0..self.route_order.len() {
            let first = self.route_order[k];
            let last = self.route_tested[first as usize];
            self.route_tested[first as usize] = self.routes.changes;
            if self.routes.sums[first as usize].stops == 0 {
                continue;
            }
            if watch.is_over() {
                return false;
            }
            for l in 0..self.route_order.len() {
                let second = self.route_order[l];
                let (a, b) = (
                    &self.routes.sums[first as usize],
                    &self.routes.sums[second as usize],
                );
                let tried = a.changed.max(b.changed) <= last;
                if second <= first || tried || a.stops == 0 || b.stops == 0 {
                    continue;
                }
                if !a.sector.overlaps(b.sector) {
                    continue;
                }
                if let Some(swap) = self.swap_star.best(&self.routes, first, second) {
                    let pair = (first, second);
                    if swap_star::delta(&self.routes, pair, swap, 0).is_some() {
                        swap_star::apply(&mut self.routes, pair, swap);
                    }
                }
            }
        }
        true
    }

    /// A route without stops.
    fn empty_route(&self) -> Option<u32> {
        let empty = self.routes.sums.iter().position(|sums| sums.stops == 0);
        empty.map(|route| route as u32)
    }
}
