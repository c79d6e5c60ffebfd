//! A plan in the population.

use super::penalties::Penalties;
use super::tables::Tables;

/// Routes in one sequence, ordered by direction from the depot, with their cost and what they
/// break.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Individual {
    /// All nodes, route after route.
    pub tour: Vec<u32>,
    /// Where each route ends in `tour`; no route is empty.
    pub ends: Vec<u32>,
    /// By node, what follows and precedes it; 0 is the depot.
    pub next: Vec<u32>,
    pub previous: Vec<u32>,
    /// Without penalties.
    pub cost: i64,
    /// Load beyond capacity, over all routes.
    pub load_excess: i64,
    /// Cost beyond the limit of a route, over all routes.
    pub limit_excess: i64,
    /// Seconds of time warp.
    pub warp_s: i64,
}

impl Individual {
    /// A plan of these routes; empty ones are left away.
    pub fn new(tables: &Tables, routes: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut routes: Vec<Vec<u32>> = routes.into_iter().filter(|r| !r.is_empty()).collect();
        routes.sort_by_cached_key(|route| (tables.plane.direction(route), route.first().copied()));
        let mut individual = Self {
            next: vec![0; tables.clients + 1],
            previous: vec![0; tables.clients + 1],
            tour: Vec::with_capacity(tables.clients),
            ..Self::default()
        };
        for route in &routes {
            individual.push(tables, route);
        }
        individual
    }

    fn push(&mut self, tables: &Tables, route: &[u32]) {
        self.tour.extend_from_slice(route);
        self.ends.push(self.tour.len() as u32);
        let (mut load, mut cost, mut last) = (0, 0, 0);
        for &node in route {
            load += i64::from(tables.demand[node as usize]);
            cost += tables.cost(last as usize, node as usize);
            self.previous[node as usize] = last;
            if last > 0 {
                self.next[last as usize] = node;
            }
            last = node;
        }
        self.next[last as usize] = 0;
        cost += tables.cost(last as usize, 0);
        self.cost += cost;
        self.load_excess += (load - tables.capacity).max(0);
        self.limit_excess += (cost - tables.limit).max(0);
        self.warp_s += i64::from(warp_s(tables, route));
    }

    /// The routes, in order.
    pub fn routes(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.ends.len()).map(|route| self.route(route))
    }

    /// One of the routes.
    pub fn route(&self, route: usize) -> &[u32] {
        let first = if route == 0 { 0 } else { self.ends[route - 1] };
        &self.tour[first as usize..self.ends[route] as usize]
    }

    /// By route, whether another plan has it too.
    pub fn shared_with(&self, other: &Self) -> Vec<bool> {
        let same = |route: &[u32]| {
            route.iter().all(|&node| {
                let node = node as usize;
                self.next[node] == other.next[node] && self.previous[node] == other.previous[node]
            })
        };
        self.routes().map(same).collect()
    }

    /// Whether no rule is broken.
    pub fn is_feasible(&self) -> bool {
        self.load_excess == 0 && self.limit_excess == 0 && self.warp_s == 0
    }

    /// Cost with what is broken at its price.
    pub fn penalised(&self, penalties: &Penalties) -> i64 {
        let broken = self.load_excess as f64 * penalties.load
            + self.limit_excess as f64 * penalties.limit
            + self.warp_s as f64 * penalties.warp;
        self.cost + broken as i64
    }

    /// Broken-pairs distance: the share of nodes whose neighbours on the route differ
    /// (Prins 2009; Vidal 2022).
    pub fn distance(&self, other: &Self) -> f64 {
        let mut differing = 0_u32;
        let mine = self.next.iter().zip(&self.previous);
        let theirs = other.next.iter().zip(&other.previous);
        for ((&next, &previous), (&their_next, &their_previous)) in mine.zip(theirs).skip(1) {
            differing += u32::from(next != their_next && next != their_previous);
            differing += u32::from(previous == 0 && their_previous != 0 && their_next != 0);
        }
        f64::from(differing) / (self.next.len() - 1).max(1) as f64
    }
}

/// Time warp of a route, in seconds.
pub(super) fn warp_s(tables: &Tables, route: &[u32]) -> i32 {
    if !tables.timed {
        return 0;
    }
    let (mut time, mut last) = (tables.visits[0], 0);
    for &node in route {
        time = time.then(
            tables.leg_s(last, node as usize),
            tables.visits[node as usize],
        );
        last = node as usize;
    }
    time.warp_with_s(tables.leg_s(last, 0), tables.finish)
}
