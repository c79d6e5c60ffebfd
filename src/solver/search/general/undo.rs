//! Back to the last accepted state, or to routes kept elsewhere.

use super::requests::NONE;
use super::route::RouteState;
use super::state::{NOWHERE, State};

/// How to get back to the last accepted state.
#[derive(Default)]
pub(super) struct Undo {
    /// Routes changed since, as they were.
    pub(super) routes: Vec<(usize, RouteState)>,
    absent: Vec<u32>,
    used: Vec<usize>,
    cost: i64,
    /// Buffers.
    pub(super) spare: Vec<RouteState>,
}

impl State<'_> {
    /// Remembers a route as it was when last accepted. Call before the first change.
    pub(super) fn touch(&mut self, route: usize) {
        let touched = &self.undo.routes;
        if touched.iter().any(|(touched, _)| *touched == route) {
            return;
        }
        let mut before = self.undo.spare.pop().unwrap_or_default();
        before.clone_from(&self.routes[route]);
        self.undo.routes.push((route, before));
    }

    /// Cost of the routes changed since then whose departures are not settled.
    pub fn unsettled_cost(&self) -> i64 {
        let changed = self
            .undo
            .routes
            .iter()
            .map(|(route, _)| &self.routes[*route]);
        let unsettled = changed.filter(|route| route.provisional);
        unsettled
            .map(|route| route.cost - self.index.prices.vehicle)
            .sum()
    }

    /// Makes the present state the accepted one.
    pub fn accept(&mut self) {
        let done = self.undo.routes.drain(..).map(|(_, route)| route);
        self.undo.spare.extend(done);
        self.undo.absent.clone_from(&self.absent);
        self.undo.used.clone_from(&self.used);
        self.undo.cost = self.cost;
    }

    /// Goes back to the last accepted state.
    pub fn reject(&mut self) {
        let mut routes = std::mem::take(&mut self.undo.routes);
        for (route, _) in &routes {
            self.unlink(*route);
        }
        for (route, before) in &mut routes {
            std::mem::swap(&mut self.routes[*route], before);
            self.link(*route);
        }
        self.undo
            .spare
            .extend(routes.drain(..).map(|(_, route)| route));
        self.undo.routes = routes;
        self.absent.clone_from(&self.undo.absent);
        self.used.clone_from(&self.undo.used);
        self.cost = self.undo.cost;
    }

    /// Takes over routes as they are kept elsewhere, and makes that the accepted state. All others
    /// are empty.
    pub fn restore(&mut self, routes: &[RouteState]) {
        let index = self.index;
        self.routes.clear();
        self.routes.extend_from_slice(routes);
        self.visits.fill(NOWHERE);
        self.used.fill(0);
        for route in 0..self.routes.len() {
            self.link(route);
            let this = &self.routes[route];
            self.used[this.vehicle_type] += usize::from(this.in_use());
        }
        let is_absent = |request: &u32| {
            let mut stops = index.requests.all[*request as usize].stops();
            stops.all(|stop| self.visits[stop as usize].route == NONE)
        };
        self.absent = (0..index.requests.all.len() as u32)
            .filter(is_absent)
            .collect();
        let absent = self.absent.iter();
        let absences: i64 = absent.map(|&r| index.prices.absence[r as usize]).sum();
        self.cost = self.routes.iter().map(|r| r.cost).sum::<i64>() + absences;
        self.undo.routes.clear();
        self.accept();
    }
}
