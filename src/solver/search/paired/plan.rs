//! The routes a search works on, what is on none of them, the cost of both, and undo: a route is
//! copied before its first change, and swapped back if the changes are not accepted.

use super::places::Place;
use super::route::Route;
use super::tables::Tables;

/// No route.
pub(super) const NONE: u32 = u32::MAX;

/// Routes, absent requests and their cost.
pub(super) struct Plan<'a> {
    pub tables: &'a Tables<'a>,
    /// Routes in use and slots for more.
    pub routes: Vec<Route>,
    /// By request: its route, or [`NONE`] if it is absent.
    pub route_of: Vec<u32>,
    /// Requests on no route.
    pub absent: Vec<u32>,
    /// Vehicles in use by type.
    pub used: Vec<usize>,
    /// Routes and absences, mandatory requests and vehicles at their search cost.
    pub cost: i64,
    undo: Undo,
    /// Buffers.
    without: Route,
    gone: Vec<usize>,
}

/// How to get back to the last accepted plan.
#[derive(Default)]
struct Undo {
    /// Routes that changed since.
    dirty: Vec<u32>,
    /// By route, if dirty: what it was.
    routes: Vec<Route>,
    is_dirty: Vec<bool>,
    absent: Vec<u32>,
    used: Vec<usize>,
    cost: i64,
}

impl<'a> Plan<'a> {
    /// All requests absent.
    pub fn new(tables: &'a Tables<'a>) -> Self {
        let requests = tables.requests.len();
        let mut plan = Self {
            tables,
            routes: Vec::new(),
            route_of: vec![NONE; requests],
            absent: (0..requests as u32).collect(),
            used: vec![0; tables.types.len()],
            cost: tables.prices.absence.iter().sum(),
            undo: Undo::default(),
            without: Route::default(),
            gone: Vec::new(),
        };
        plan.accept();
        plan
    }

    /// Number of routes in use.
    pub fn vehicles(&self) -> usize {
        self.used.iter().sum()
    }

    /// The routes in use.
    pub fn in_use(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.routes.len() as u32).filter(|&r| self.routes[r as usize].in_use())
    }

    /// Whether a vehicle of the type stands idle.
    #[inline(always)]
    pub fn has_idle(&self, vehicle_type: usize) -> bool {
        self.used[vehicle_type] < self.tables.types[vehicle_type].count
    }

    /// Whether the vehicle of a route may serve a request, besides times and loads.
    #[inline(always)]
    pub fn accepts(&self, route: u32, request: u32) -> bool {
        let route = &self.routes[route as usize];
        let most = self.tables.types[route.vehicle_type as usize].max_stops;
        self.tables.may_serve(route.vehicle_type, request) && route.size() + 2 <= most
    }

    /// Takes a vehicle of a type into use, on an empty route.
    pub fn open(&mut self, vehicle_type: u32) -> u32 {
        let slot = self.routes.iter().position(|route| !route.in_use());
        let slot = slot.unwrap_or_else(|| {
            self.routes.push(Route::default());
            self.undo.routes.push(Route::default());
            self.undo.is_dirty.push(false);
            self.routes.len() - 1
        });
        self.touch(slot as u32);
        let route = &mut self.routes[slot];
        route.open(self.tables, vehicle_type);
        self.cost += self.tables.types[vehicle_type as usize].fixed + route.distance * route.unit;
        self.used[vehicle_type as usize] += 1;
        slot as u32
    }

    /// Puts an absent request on a route; its times and loads must allow it. Taking the request
    /// off the list of the absent is for the caller.
    pub fn insert(&mut self, request: u32, route: u32, place: Place) {
        self.touch(route);
        let this = &mut self.routes[route as usize];
        let before = this.distance;
        let ends = self.tables.requests[request as usize];
        this.insert(self.tables, ends, place.pickup, place.delivery);
        self.cost += (this.distance - before) * this.unit;
        self.cost -= self.tables.prices.absence[request as usize];
        self.route_of[request as usize] = route;
    }

    /// Takes requests off a route and lists them as absent; closes it if none is left, or if the
    /// rest cannot be driven in time any more.
    pub fn remove(&mut self, route: u32, requests: &[u32]) {
        if !self.take(route, requests) || self.routes[route as usize].size() == 0 {
            self.close(route);
        }
    }

    /// Takes requests off a route and lists them as absent; the route stays open, for others to
    /// come. Says whether the rest can still be driven in time.
    pub fn take(&mut self, route: u32, requests: &[u32]) -> bool {
        self.touch(route);
        for &request in requests {
            self.leave(request);
        }
        let this = &mut self.routes[route as usize];
        let before = this.distance;
        let (tables, route_of) = (self.tables, &self.route_of);
        self.gone.clear();
        for (visit, stop) in this.stops().enumerate() {
            if route_of[tables.request_of[stop as usize] as usize] == NONE {
                self.gone.push(visit + 1);
            }
        }
        let in_time = self.without.copy_without(tables, this, &self.gone);
        std::mem::swap(this, &mut self.without);
        self.cost += (this.distance - before) * this.unit;
        in_time
    }

    /// Gives the vehicle of a route back; what it served becomes absent.
    pub fn close(&mut self, route: u32) {
        self.touch(route);
        for visit in 1..self.routes[route as usize].visits.len().saturating_sub(1) {
            let stop = self.routes[route as usize].visits[visit].site;
            let request = self.tables.request_of[stop as usize];
            if self.route_of[request as usize] == route {
                self.leave(request);
            }
        }
        let this = &mut self.routes[route as usize];
        let vehicle_type = this.vehicle_type as usize;
        self.cost -= self.tables.types[vehicle_type].fixed + this.distance * this.unit;
        self.used[vehicle_type] -= 1;
        this.close();
    }

    fn leave(&mut self, request: u32) {
        self.route_of[request as usize] = NONE;
        self.absent.push(request);
        self.cost += self.tables.prices.absence[request as usize];
    }

    /// Takes what is on a route off the list of the absent.
    pub fn settle_absent(&mut self) {
        let route_of = &self.route_of;
        self.absent
            .retain(|&request| route_of[request as usize] == NONE);
    }

    fn touch(&mut self, route: u32) {
        let index = route as usize;
        if !std::mem::replace(&mut self.undo.is_dirty[index], true) {
            self.undo.routes[index].clone_from(&self.routes[index]);
            self.undo.dirty.push(route);
        }
    }

    /// Routes that changed since the last accepted plan.
    pub fn dirty(&self) -> &[u32] {
        &self.undo.dirty
    }

    /// Makes the present plan the accepted one.
    pub fn accept(&mut self) {
        let undo = &mut self.undo;
        for route in undo.dirty.drain(..) {
            undo.is_dirty[route as usize] = false;
        }
        undo.absent.clone_from(&self.absent);
        undo.used.clone_from(&self.used);
        undo.cost = self.cost;
    }

    /// Goes back to the last accepted plan.
    pub fn reject(&mut self) {
        let undo = &mut self.undo;
        let request_of = &self.tables.request_of;
        for &route in &undo.dirty {
            for stop in self.routes[route as usize].stops() {
                self.route_of[request_of[stop as usize] as usize] = NONE;
            }
        }
        for route in undo.dirty.drain(..) {
            let index = route as usize;
            undo.is_dirty[index] = false;
            std::mem::swap(&mut self.routes[index], &mut undo.routes[index]);
            for stop in self.routes[index].stops() {
                self.route_of[request_of[stop as usize] as usize] = route;
            }
        }
        self.absent.clone_from(&undo.absent);
        self.used.clone_from(&undo.used);
        self.cost = undo.cost;
    }

    /// Cost of the plan that was accepted last.
    pub fn accepted_cost(&self) -> i64 {
        self.undo.cost
    }
}
