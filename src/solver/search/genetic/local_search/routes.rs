//! Routes as linked nodes, with what constant-time evaluation needs kept up to date.

use crate::solver::search::genetic::individual::Individual;
use crate::solver::search::genetic::penalties::Penalties;
use crate::solver::search::genetic::plane::Sector;
use crate::solver::search::genetic::stretch::Stretch;
use crate::solver::search::genetic::tables::Tables;

/// A stop on a route, or one of the two ends of a route. Stops have their own number; the ends of
/// route `r` follow the stops. A route is a ring: its end leads back to its start.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Node {
    /// Row in the tables; 0 for both ends.
    pub place: u32,
    pub route: u32,
    /// 0 at the start of the route.
    pub position: u32,
    pub previous: u32,
    pub next: u32,
    /// Load from the start of the route up to here.
    pub load: i32,
    /// Cost of the leg that leads here, and of the one that leaves.
    pub leg_in: i32,
    pub leg_out: i32,
    /// Cost from the start of the route up to here.
    pub cost: i64,
    /// What driving from the start up to here the other way round costs more.
    pub reversal: i64,
}

/// What leads to a node and what follows, in time, both with the node itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub before: Stretch,
    pub after: Stretch,
}

/// Sums of a route.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RouteSums {
    pub stops: u32,
    pub load: i64,
    pub cost: i64,
    pub warp_s: i64,
    /// Price of what the route breaks.
    pub penalty: i64,
    /// Number of the last change.
    pub changed: u64,
    /// Directions that the route covers.
    pub sector: Sector,
}

/// All routes of a plan. `TIMED` plans have time windows.
pub(super) struct Routes<'a, const TIMED: bool> {
    pub tables: &'a Tables,
    pub penalties: Penalties,
    pub nodes: Vec<Node>,
    pub times: Vec<Times>,
    pub sums: Vec<RouteSums>,
    /// Changes made so far.
    pub changes: u64,
}

impl<'a, const TIMED: bool> Routes<'a, TIMED> {
    /// Routes without stops, one for each vehicle.
    pub fn new(tables: &'a Tables, penalties: Penalties) -> Self {
        let size = tables.clients + 1 + 2 * tables.fleet;
        let mut routes = Self {
            tables,
            penalties,
            nodes: vec![Node::default(); size],
            times: vec![Times::default(); if TIMED { size } else { 0 }],
            sums: vec![RouteSums::default(); tables.fleet],
            changes: 0,
        };
        for node in tables.nodes() {
            routes.nodes[node as usize].place = node;
        }
        for route in 0..tables.fleet as u32 {
            let (start, end) = (routes.start(route), routes.end(route));
            for node in [start, end] {
                routes.nodes[node as usize].route = route;
            }
            routes.link(end, start);
        }
        routes
    }

    /// The departure of a route.
    #[inline(always)]
    pub fn start(&self, route: u32) -> u32 {
        self.tables.clients as u32 + 1 + 2 * route
    }

    /// The return of a route.
    #[inline(always)]
    pub fn end(&self, route: u32) -> u32 {
        self.start(route) + 1
    }

    /// Takes over a plan. Routes beyond those that exist are appended to the last.
    pub fn load(&mut self, plan: &Individual) {
        let routes = plan.ends.len();
        let fleet = self.sums.len();
        for route in 0..fleet {
            let (from, to) = match route {
                _ if route >= routes => (0, 0),
                0 => (0, plan.ends[0]),
                _ => (plan.ends[route - 1], plan.ends[route]),
            };
            let to = if route + 1 == fleet && routes > fleet {
                plan.tour.len() as u32
            } else {
                to
            };
            self.set(route as u32, &plan.tour[from as usize..to as usize]);
        }
    }

    /// The routes as a plan.
    pub fn save(&self) -> Individual {
        let used = (0..self.sums.len() as u32).filter(|&r| self.sums[r as usize].stops > 0);
        Individual::new(self.tables, used.map(|route| self.stops(route).collect()))
    }

    /// The stops of a route in order.
    pub fn stops(&self, route: u32) -> impl Iterator<Item = u32> {
        let end = self.end(route);
        let mut node = self.nodes[self.start(route) as usize].next;
        std::iter::from_fn(move || {
            let here = node;
            node = self.nodes[here as usize].next;
            (here != end).then_some(here)
        })
    }

    /// Makes `second` follow `first`.
    #[inline]
    pub fn link(&mut self, first: u32, second: u32) {
        self.nodes[first as usize].next = second;
        self.nodes[second as usize].previous = first;
    }

    /// Takes a stop out of its ring.
    pub fn unlink(&mut self, node: u32) {
        let Node { previous, next, .. } = self.nodes[node as usize];
        self.link(previous, next);
    }

    /// Puts an unlinked stop after another node.
    pub fn link_after(&mut self, node: u32, before: u32) {
        let after = self.nodes[before as usize].next;
        self.link(before, node);
        self.link(node, after);
    }

    /// Gives a route a sequence of stops.
    pub fn set(&mut self, route: u32, stops: &[u32]) {
        let mut last = self.start(route);
        for &node in stops {
            self.link(last, node);
            last = node;
        }
        self.link(last, self.end(route));
        self.refresh(route);
    }

    /// Counts a change of one or two routes and recomputes all that is kept of them.
    pub fn changed(&mut self, route: u32, other: u32) {
        self.changes += 1;
        self.refresh(route);
        if other != route {
            self.refresh(other);
        }
    }

    /// Recomputes all that is kept of a route.
    pub fn refresh(&mut self, route: u32) {
        let tables = self.tables;
        let (start, end) = (self.start(route), self.end(route));
        let (mut load, mut cost, mut reversal, mut position) = (0, 0, 0, 0);
        let mut before = Stretch::default();
        if TIMED {
            before = tables.visits[0];
            self.times[start as usize].before = before;
        }
        let mut sector: Option<Sector> = None;
        let (mut last, mut last_node) = (0, start);
        let mut node = self.nodes[start as usize].next;
        loop {
            let here = &mut self.nodes[node as usize];
            let place = here.place as usize;
            position += 1;
            load += tables.demand[place];
            let leg = tables.cost(last, place);
            cost += leg;
            reversal += tables.cost(place, last) - leg;
            (here.route, here.position) = (route, position);
            (here.load, here.cost, here.reversal) = (load, cost, reversal);
            here.leg_in = leg as i32;
            let next = here.next;
            self.nodes[last_node as usize].leg_out = leg as i32;
            if TIMED {
                let visit = if node == end {
                    tables.finish
                } else {
                    tables.visits[place]
                };
                before = before.then(tables.leg_s(last, place), visit);
                self.times[node as usize].before = before;
            }
            if node == end {
                break;
            }
            let angle = tables.plane.angles[place];
            sector.get_or_insert(Sector::at(angle)).extend(angle);
            (last, last_node) = (place, node);
            node = next;
        }
        if TIMED {
            self.refresh_after(start, end);
        }
        let sums = &mut self.sums[route as usize];
        sums.stops = position - 1;
        (sums.load, sums.cost) = (i64::from(load), cost);
        sums.warp_s = i64::from(before.warp_s);
        sums.penalty = self.penalties.of(tables, sums.load, cost, sums.warp_s);
        sums.changed = self.changes;
        sums.sector = sector.unwrap_or_default();
    }

    /// Recomputes what follows each node, in time.
    fn refresh_after(&mut self, start: u32, end: u32) {
        let tables = self.tables;
        let mut after = tables.finish;
        self.times[end as usize].after = after;
        let (mut next, mut node) = (0, self.nodes[end as usize].previous);
        loop {
            let here = &self.nodes[node as usize];
            let place = here.place as usize;
            after = tables.visits[place].then(tables.leg_s(place, next), after);
            self.times[node as usize].after = after;
            if node == start {
                break;
            }
            next = place;
            node = here.previous;
        }
    }
}
