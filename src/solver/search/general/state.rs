//! The routes a search works on, with what evaluation needs kept up to date, and undo.

use super::index::Index;
use super::requests::{Kind, NONE, Request};
use super::route::{Assessor, RouteState, vehicle};
use crate::solver::problem::Relation;

/// Where a stop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    /// Its route, or [`NONE`] if it is on none.
    pub route: u32,
    pub position: u32,
}

/// A stop on no route.
const NOWHERE: Visit = Visit {
    route: NONE,
    position: 0,
};

/// Routes, absent requests and their cost.
pub(super) struct State<'a> {
    pub index: &'a Index<'a>,
    pub routes: Vec<RouteState>,
    pub visits: Vec<Visit>,
    /// Requests that are not served.
    pub absent: Vec<u32>,
    /// Vehicles in use by type.
    pub used: Vec<usize>,
    /// Most routes that may be in use.
    pub most_routes: usize,
    /// Routes and absences, mandatory requests at their search cost.
    pub cost: i64,
    pub assessor: Assessor,
    undo: Undo,
    spare: Vec<u32>,
}

/// How to get back to the last accepted state.
#[derive(Default)]
struct Undo {
    routes: Vec<(usize, RouteState)>,
    absent: Vec<u32>,
    used: Vec<usize>,
    cost: i64,
    spare: Vec<RouteState>,
}

impl<'a> State<'a> {
    /// All requests absent; vehicles that have departed on their way.
    pub fn new(index: &'a Index<'a>) -> Self {
        let types = index.problem.vehicle_types();
        let absent: Vec<u32> = (0..index.requests.all.len() as u32).collect();
        let mut state = Self {
            index,
            routes: Vec::new(),
            visits: vec![NOWHERE; index.stops()],
            absent,
            used: vec![0; types.len()],
            most_routes: usize::MAX,
            cost: index.prices.absence.iter().sum(),
            assessor: Assessor::default(),
            undo: Undo::default(),
            spare: Vec::new(),
        };
        for (vehicle_type, vehicle) in types.iter().enumerate() {
            if vehicle.driven.is_some() {
                let tasks = index.clock(vehicle_type).begun_tasks();
                state.routes.push(RouteState {
                    vehicle_type,
                    under_way: true,
                    ..RouteState::default()
                });
                state.used[vehicle_type] = 1;
                state.set(state.routes.len() - 1, vehicle_type, tasks);
            }
        }
        state.accept();
        state
    }

    /// Adds a route of absent stops; `false`, and nothing changed, if it breaks a rule.
    pub fn add_route(&mut self, vehicle_type: usize, tasks: &[u32]) -> bool {
        let route = match self.routes.iter().position(|r| !r.in_use()) {
            Some(route) => route,
            None => {
                self.routes.push(RouteState::default());
                self.routes.len() - 1
            }
        };
        self.put(route, vehicle_type, tasks)
    }

    /// Gives a route new tasks, the old ones among them and others that are absent. `false`, and
    /// nothing changed, if that breaks a rule.
    pub fn put(&mut self, route: usize, vehicle_type: usize, tasks: &[u32]) -> bool {
        self.touch(route);
        let mut before = self.undo.spare.pop().unwrap_or_default();
        before.clone_from(&self.routes[route]);
        let done = self.set(route, vehicle_type, tasks);
        if done {
            let index = self.index;
            let added = tasks.iter().filter(|&&t| !index.is_reload(t));
            for &stop in added {
                let request = index.requests.of_stop[stop as usize];
                if let Some(at) = self.absent.iter().position(|&r| r == request) {
                    self.absent.swap_remove(at);
                    self.cost -= index.prices.absence[request as usize];
                }
            }
        } else {
            self.unlink(route);
            self.replace(route, &before);
        }
        self.undo.spare.push(before);
        done
    }

    /// Takes requests off a route and makes them absent. Reloads that are needless then go too.
    pub fn remove(&mut self, route: usize, requests: &[u32]) {
        self.touch(route);
        let index = self.index;
        for &request in requests {
            for stop in index.requests.all[request as usize].stops() {
                self.visits[stop as usize] = NOWHERE;
            }
            self.cost += index.prices.absence[request as usize];
            self.absent.push(request);
        }
        let mut tasks = std::mem::take(&mut self.spare);
        tasks.clear();
        let this = &self.routes[route];
        let vehicle_type = this.vehicle_type;
        for (position, &task) in this.tasks.iter().enumerate() {
            let stays = position < this.begun
                || index.is_reload(task)
                || self.visits[task as usize].route == route as u32;
            if stays {
                tasks.push(task);
            }
        }
        drop_needless(index, vehicle_type, &mut tasks);
        if !self.set(route, vehicle_type, &tasks) {
            // Fewer stops can break a rule: legs need not keep the triangle inequality, and pickups
            // may not be alone.
            self.spare = tasks;
            self.clear_route(route);
            return;
        }
        self.spare = tasks;
        self.drop_reloads(route);
    }

    /// Takes everything off a route that has not begun.
    pub fn clear_route(&mut self, route: usize) {
        self.touch(route);
        let index = self.index;
        let begun = index.clock(self.routes[route].vehicle_type).begun_tasks();
        for position in begun.len()..self.routes[route].tasks.len() {
            let task = self.routes[route].tasks[position];
            if index.is_reload(task) || self.visits[task as usize].route != route as u32 {
                continue;
            }
            let request = index.requests.of_stop[task as usize];
            self.visits[task as usize] = NOWHERE;
            if request != NONE && !self.absent.contains(&request) {
                self.cost += index.prices.absence[request as usize];
                self.absent.push(request);
            }
        }
        self.set(route, self.routes[route].vehicle_type, begun);
    }

    /// Takes out reloads one by one as long as that keeps the rules and costs nothing.
    fn drop_reloads(&mut self, route: usize) {
        let mut position = self.routes[route].begun;
        while self.routes[route].reloads > 0 && position < self.routes[route].tasks.len() {
            let this = &self.routes[route];
            if self.index.is_reload(this.tasks[position]) {
                let mut tasks = this.tasks.clone();
                tasks.remove(position);
                let (vehicle_type, near_s) = (this.vehicle_type, this.plan.departure_s);
                let cost = self
                    .assessor
                    .assess(self.index, vehicle_type, &tasks, Some(near_s));
                let cost = cost.map(|cost| cost + self.index.prices.vehicle);
                if cost.is_some_and(|cost| cost <= this.cost)
                    && self.put(route, vehicle_type, &tasks)
                {
                    continue;
                }
            }
            position += 1;
        }
    }

    /// Sets tasks and recomputes; `false` if that breaks a rule, and then the route must be set
    /// again.
    fn set(&mut self, route: usize, vehicle_type: usize, tasks: &[u32]) -> bool {
        let index = self.index;
        let this = &mut self.routes[route];
        if this.in_use() {
            self.used[this.vehicle_type] -= 1;
        }
        self.cost -= this.cost;
        this.vehicle_type = vehicle_type;
        this.tasks.clear();
        this.tasks.extend_from_slice(tasks);
        if this.in_use() {
            self.used[vehicle_type] += 1;
        }
        let done = self.assessor.refresh(index, this);
        self.cost += this.cost;
        self.link(route);
        done
    }

    /// Puts a route back as it was.
    fn replace(&mut self, route: usize, before: &RouteState) {
        let this = &mut self.routes[route];
        if this.in_use() {
            self.used[this.vehicle_type] -= 1;
        }
        self.cost += before.cost - this.cost;
        this.clone_from(before);
        if this.in_use() {
            self.used[this.vehicle_type] += 1;
        }
        self.link(route);
    }

    fn link(&mut self, route: usize) {
        for (position, &task) in self.routes[route].tasks.iter().enumerate() {
            if let Some(visit) = self.visits.get_mut(task as usize) {
                visit.route = route as u32;
                visit.position = position as u32;
            }
        }
    }

    fn unlink(&mut self, route: usize) {
        for &task in &self.routes[route].tasks {
            if let Some(visit) = self.visits.get_mut(task as usize) {
                *visit = NOWHERE;
            }
        }
    }

    /// Remembers a route as it was when last accepted. Call before the first change.
    fn touch(&mut self, route: usize) {
        let touched = &self.undo.routes;
        if touched.iter().any(|(touched, _)| *touched == route) {
            return;
        }
        let mut before = self.undo.spare.pop().unwrap_or_default();
        before.clone_from(&self.routes[route]);
        self.undo.routes.push((route, before));
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

    /// Routes in use.
    pub fn in_use(&self) -> usize {
        self.used.iter().sum()
    }

    /// Whether another vehicle of a type may be used.
    pub fn is_free(&self, vehicle_type: usize) -> bool {
        self.used[vehicle_type] < vehicle(self.index, vehicle_type).count
            && self.in_use() < self.most_routes
    }

    /// Whether skills, relations and what has begun allow a stop on a route, or on a new one.
    pub fn permits(&self, route: Option<usize>, vehicle_type: usize, stop: u32) -> bool {
        let index = self.index;
        let elsewhere = |other: usize| {
            let at = self.visits[other].route;
            at != NONE && Some(at as usize) != route
        };
        let here = |other: usize| route.is_some_and(|r| self.visits[other].route == r as u32);
        let request = index.requests.of_stop[stop as usize];
        let bound = index
            .requests
            .all
            .get(request as usize)
            .and_then(|r: &Request| r.bound);
        bound.is_none_or(|only| only == vehicle_type)
            && index.may_serve(vehicle_type, stop)
            && index.requests.relations[stop as usize]
                .iter()
                .all(
                    |&relation| match &index.problem.rules().relations[relation as usize] {
                        Relation::SameVehicle(tied) => !tied.iter().any(|&other| elsewhere(other)),
                        Relation::DifferentVehicles(tied) => {
                            let mut others = tied.iter().filter(|&&other| other != stop as usize);
                            !others.any(|&other| here(other) || self.is_partner(stop, other))
                        }
                    },
                )
    }

    /// Whether two stops are the ends of one shipment.
    fn is_partner(&self, stop: u32, other: usize) -> bool {
        let request = self.index.requests.of_stop[stop as usize];
        match self
            .index
            .requests
            .all
            .get(request as usize)
            .map(|r| &r.kind)
        {
            Some(Kind::Pair { pickup, delivery }) => {
                [*pickup as usize, *delivery as usize].contains(&other)
            }
            _ => false,
        }
    }
}

/// Takes out reloads that begin or end a route or follow another.
fn drop_needless(index: &Index, vehicle_type: usize, tasks: &mut Vec<u32>) {
    let begun = index.clock(vehicle_type).begun_tasks().len();
    let is_begun = vehicle(index, vehicle_type).driven.is_some();
    let mut kept = begun;
    for position in begun..tasks.len() {
        let task = tasks[position];
        let follows = match kept {
            0 => !is_begun,
            _ => index.is_reload(tasks[kept - 1]),
        };
        if !(index.is_reload(task) && follows) {
            tasks[kept] = task;
            kept += 1;
        }
    }
    while kept > begun && index.is_reload(tasks[kept - 1]) {
        kept -= 1;
    }
    tasks.truncate(kept);
}
