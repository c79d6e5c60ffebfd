//! The routes a search works on, with what evaluation needs kept up to date.

use super::assessor::Assessor;
use super::index::Index;
use super::needless::drop_needless;
use super::requests::NONE;
use super::route::RouteState;
use super::undo::Undo;

/// Where a stop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    /// Its route, or [`NONE`] if it is on none.
    pub route: u32,
    pub position: u32,
}

/// A stop on no route.
pub(super) const NOWHERE: Visit = Visit {
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
    pub(super) undo: Undo,
    spare: Vec<u32>,
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
                state.set(state.routes.len() - 1, vehicle_type, tasks, None);
            }
        }
        state.accept();
        state
    }

    /// Adds a route of absent stops; `false`, and nothing changed, if it breaks a rule. With a
    /// departure, only departures near it are looked at until the state is settled.
    pub fn add_route(&mut self, vehicle_type: usize, tasks: &[u32], near_s: Option<i64>) -> bool {
        let route = match self.routes.iter().position(|r| !r.in_use()) {
            Some(route) => route,
            None => {
                self.routes.push(RouteState::default());
                self.routes.len() - 1
            }
        };
        self.put_near(route, vehicle_type, tasks, near_s, i64::MAX)
    }

    /// Gives a route new tasks, the old ones among them and others that are absent. `false`, and
    /// nothing changed, if that breaks a rule.
    pub fn put(&mut self, route: usize, vehicle_type: usize, tasks: &[u32]) -> bool {
        let near_s = self.departure_s(route);
        self.put_near(route, vehicle_type, tasks, near_s, i64::MAX)
    }

    /// The same for its present vehicle; `false`, and nothing changed, also if its cost rises by
    /// `limit` or more.
    pub fn put_below(&mut self, route: usize, tasks: &[u32], limit: i64) -> bool {
        let near_s = self.departure_s(route);
        let vehicle_type = self.routes[route].vehicle_type;
        self.put_near(route, vehicle_type, tasks, near_s, limit)
    }

    /// The planned departure of a route that has tasks.
    fn departure_s(&self, route: usize) -> Option<i64> {
        let this = &self.routes[route];
        (!this.tasks.is_empty()).then_some(this.plan.departure_s)
    }

    fn put_near(
        &mut self,
        route: usize,
        vehicle_type: usize,
        tasks: &[u32],
        near_s: Option<i64>,
        limit: i64,
    ) -> bool {
        self.touch(route);
        let mut before = self.undo.spare.pop().unwrap_or_default();
        before.clone_from(&self.routes[route]);
        let done = self.set(route, vehicle_type, tasks, near_s)
            && self.routes[route].cost - before.cost < limit;
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
        let near_s = self.departure_s(route);
        if !self.set(route, vehicle_type, &tasks, near_s) {
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
        self.set(route, self.routes[route].vehicle_type, begun, None);
    }

    /// Sets tasks and recomputes; `false` if that breaks a rule, and then the route must be set
    /// again.
    fn set(
        &mut self,
        route: usize,
        vehicle_type: usize,
        tasks: &[u32],
        near_s: Option<i64>,
    ) -> bool {
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
        let done = self.assessor.refresh(index, this, near_s);
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

    pub(super) fn link(&mut self, route: usize) {
        for (position, &task) in self.routes[route].tasks.iter().enumerate() {
            if let Some(visit) = self.visits.get_mut(task as usize) {
                visit.route = route as u32;
                visit.position = position as u32;
            }
        }
    }

    pub(super) fn unlink(&mut self, route: usize) {
        for &task in &self.routes[route].tasks {
            if let Some(visit) = self.visits.get_mut(task as usize) {
                *visit = NOWHERE;
            }
        }
    }

    /// Looks for the best departures of the routes changed since the last accepted state.
    pub fn settle(&mut self) {
        for (route, _) in &self.undo.routes {
            let this = &mut self.routes[*route];
            self.cost -= this.cost;
            self.assessor.settle(self.index, this);
            self.cost += this.cost;
        }
    }

    /// Routes in use.
    pub fn in_use(&self) -> usize {
        self.used.iter().sum()
    }
}
