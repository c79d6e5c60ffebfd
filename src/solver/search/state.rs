//! The routes a search works on, with what evaluation needs kept up to date, and undo.

use super::index::Index;
use crate::solver::schedule::Segment;
use crate::solver::solution::{Route, Solution};

/// No stop or no route.
pub(super) const NONE: u32 = u32::MAX;

/// What is known of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    /// Its route, or [`NONE`] if it is absent.
    pub route: u32,
    pub position: u32,
    /// Stop before, or [`NONE`] at the start of the route.
    pub previous: u32,
    /// Stop after, or [`NONE`] at its end.
    pub next: u32,
    /// Distance from the stop before or the start place.
    pub distance_in: i64,
    /// Earliest end of service.
    pub ready_s: i64,
    /// Latest arrival from which the rest of the route can be driven.
    pub latest_s: i64,
}

/// The chains before and after a stop on its route, at the durations of the decided departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chains {
    /// From the start place to the end of this visit.
    pub before: Segment,
    /// From the start of this visit to the end of the route.
    pub after: Segment,
    /// End of this visit at the decided departure.
    pub leave_s: i64,
}

/// One route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RouteState {
    pub vehicle_type: usize,
    pub stops: Vec<u32>,
    pub distance: i64,
    pub departure_s: i64,
    pub duration_s: i64,
    /// Duration of the chain of all visits, which estimates are compared with.
    pub chain_s: i64,
    pub cost: i64,
}

/// Routes, absent stops and their cost.
pub(super) struct State<'a> {
    pub index: &'a Index<'a>,
    pub routes: Vec<RouteState>,
    pub visits: Vec<Visit>,
    pub chains: Vec<Chains>,
    /// `[route][dimension]`: capacity that is left.
    pub room: Vec<i64>,
    /// Stops on no route.
    pub absent: Vec<u32>,
    /// Vehicles in use by type.
    pub used: Vec<usize>,
    /// Routes and absences, mandatory stops at their search cost.
    pub cost: i64,
    undo: Undo,
    starts_s: Vec<i64>,
}

/// How to get back to the last accepted state.
#[derive(Default)]
struct Undo {
    routes: Vec<(usize, usize, Vec<u32>)>,
    absent: Vec<u32>,
    spare: Vec<Vec<u32>>,
}

impl<'a> State<'a> {
    /// All stops absent.
    pub fn new(index: &'a Index<'a>) -> Self {
        let nowhere = Visit {
            route: NONE,
            position: 0,
            previous: NONE,
            next: NONE,
            distance_in: 0,
            ready_s: 0,
            latest_s: 0,
        };
        let point = Segment {
            duration_s: 0,
            early_s: 0,
            late_s: 0,
        };
        let chains = Chains {
            before: point,
            after: point,
            leave_s: 0,
        };
        let any_duration = index.duration_counts.contains(&true);
        let absent: Vec<u32> = (0..index.stops() as u32).collect();
        Self {
            index,
            routes: Vec::new(),
            visits: vec![nowhere; index.stops()],
            room: Vec::new(),
            chains: vec![chains; if any_duration { index.stops() } else { 0 }],
            undo: Undo {
                absent: absent.clone(),
                ..Undo::default()
            },
            absent,
            used: vec![0; index.problem.vehicle_types().len()],
            cost: index.absence.iter().sum(),
            starts_s: Vec::new(),
        }
    }

    /// Whether estimated durations are exact.
    #[inline]
    pub fn is_exact(&self) -> bool {
        self.index.single_windows && self.index.problem.travel().is_static()
    }

    /// Makes every stop absent and forgets how to undo.
    pub fn clear(&mut self) {
        *self = Self::new(self.index);
    }

    /// Adds a route of absent stops as it is; leaves them absent if it breaks a time or distance
    /// rule.
    pub fn add_route(&mut self, vehicle_type: usize, stops: &[u32]) {
        let route = self.add_slot();
        if !self.set_route(route, vehicle_type, stops) {
            stops
                .iter()
                .for_each(|&stop| self.visits[stop as usize].route = NONE);
            self.set_route(route, vehicle_type, &[]);
            return;
        }
        for &stop in stops {
            self.cost -= self.index.absence[stop as usize];
        }
        let visits = &self.visits;
        self.absent
            .retain(|&stop| visits[stop as usize].route == NONE);
    }

    /// Adds an empty route.
    fn add_slot(&mut self) -> usize {
        self.routes.push(RouteState::default());
        let dimensions = self.index.problem.dimensions();
        self.room.resize(self.routes.len() * dimensions, 0);
        self.routes.len() - 1
    }

    /// Capacity that is left on a route, by dimension.
    #[inline]
    pub fn room(&self, route: usize) -> &[i64] {
        let dimensions = self.index.problem.dimensions();
        &self.room[route * dimensions..(route + 1) * dimensions]
    }

    /// Takes over the routes of a solution, as far as they keep the rules.
    pub fn load(&mut self, solution: &Solution) {
        let index = self.index;
        for route in &solution.routes {
            let Some(vehicle) = index.problem.vehicle_types().get(route.vehicle_type) else {
                continue;
            };
            let known = |&stop: &usize| stop < index.stops() && self.visits[stop].route == NONE;
            let mut stops: Vec<u32> = route
                .stops
                .iter()
                .copied()
                .filter(known)
                .map(|stop| stop as u32)
                .collect();
            let mut seen = std::collections::HashSet::new();
            stops.retain(|stop| seen.insert(*stop) && index.skilled(route.vehicle_type, *stop));
            stops.truncate(vehicle.max_stops.unwrap_or(usize::MAX));
            let mut load = vec![0; index.problem.dimensions()];
            stops.retain(|&stop| {
                let demand = &index.problem.stops()[stop as usize].demand;
                let mut sums = load.iter().zip(demand).zip(&vehicle.capacity);
                let fits = sums.all(|((load, demand), capacity)| load + demand <= *capacity);
                if fits {
                    load.iter_mut()
                        .zip(demand)
                        .for_each(|(load, demand)| *load += demand);
                }
                fits
            });
            if !stops.is_empty() && self.used[route.vehicle_type] < vehicle.count {
                self.add_route(route.vehicle_type, &stops);
            }
        }
    }

    /// Remembers a route as it was when last accepted. Call before the first change.
    pub fn touch(&mut self, route: usize) {
        if self
            .undo
            .routes
            .iter()
            .any(|(touched, ..)| *touched == route)
        {
            return;
        }
        let mut stops = self.undo.spare.pop().unwrap_or_default();
        stops.clear();
        stops.extend_from_slice(&self.routes[route].stops);
        let vehicle_type = self.routes[route].vehicle_type;
        self.undo.routes.push((route, vehicle_type, stops));
    }

    /// Makes the present state the accepted one.
    pub fn accept(&mut self) {
        let done = self.undo.routes.drain(..).map(|(_, _, stops)| stops);
        self.undo.spare.extend(done);
        self.undo.absent.clear();
        self.undo.absent.extend_from_slice(&self.absent);
    }

    /// Goes back to the last accepted state.
    pub fn reject(&mut self) {
        for (route, vehicle_type, stops) in std::mem::take(&mut self.undo.routes) {
            // Stops that moved elsewhere are claimed back when their own route is restored.
            self.set_route(route, vehicle_type, &stops);
            self.undo.spare.push(stops);
        }
        for k in 0..self.absent.len() {
            self.cost -= self.index.absence[self.absent[k] as usize];
        }
        self.absent.clear();
        self.absent.extend_from_slice(&self.undo.absent);
        for k in 0..self.absent.len() {
            self.visits[self.absent[k] as usize].route = NONE;
            self.cost += self.index.absence[self.absent[k] as usize];
        }
    }

    /// Gives a route a vehicle type and a sequence; `false` if it cannot be driven (then the
    /// caller must set something else or reject).
    pub fn set_route(&mut self, route: usize, vehicle_type: usize, stops: &[u32]) -> bool {
        let changed = &mut self.routes[route];
        if !changed.stops.is_empty() {
            self.used[changed.vehicle_type] -= 1;
        }
        changed.vehicle_type = vehicle_type;
        changed.stops.clear();
        changed.stops.extend_from_slice(stops);
        if !stops.is_empty() {
            self.used[vehicle_type] += 1;
        }
        self.refresh(route)
    }

    /// Puts an absent stop on a route. `false`, and nothing changed, if that cannot be driven.
    pub fn insert(&mut self, route: usize, position: usize, stop: u32) -> bool {
        self.touch(route);
        self.routes[route].stops.insert(position, stop);
        if !self.refresh(route) {
            self.routes[route].stops.remove(position);
            self.visits[stop as usize].route = NONE;
            self.refresh(route);
            return false;
        }
        self.cost -= self.index.absence[stop as usize];
        true
    }

    /// Opens a route of one absent stop. `false`, and nothing changed, if that cannot be driven.
    pub fn open(&mut self, vehicle_type: usize, stop: u32) -> bool {
        let free = self.routes.iter().position(|r| r.stops.is_empty());
        let route = free.unwrap_or_else(|| self.add_slot());
        self.touch(route);
        if self.set_route(route, vehicle_type, &[stop]) {
            self.cost -= self.index.absence[stop as usize];
            return true;
        }
        self.visits[stop as usize].route = NONE;
        self.set_route(route, vehicle_type, &[]);
        false
    }

    /// Takes the stops at `first..first + count` off a route and makes them absent.
    pub fn remove(&mut self, route: usize, first: usize, count: usize) {
        self.touch(route);
        for position in first..first + count {
            let stop = self.routes[route].stops[position];
            self.visits[stop as usize].route = NONE;
            self.cost += self.index.absence[stop as usize];
            self.absent.push(stop);
        }
        self.routes[route].stops.drain(first..first + count);
        if self.routes[route].stops.is_empty() {
            self.used[self.routes[route].vehicle_type] -= 1;
        }
    }

    /// Recomputes all that is kept of a route. `false` if it cannot be driven in time or distance;
    /// loads and skills are for the caller.
    pub fn refresh(&mut self, route: usize) -> bool {
        self.cost -= self.routes[route].cost;
        self.routes[route].cost = 0;
        self.link(route);
        if self.routes[route].stops.is_empty() {
            return true;
        }
        let state = &self.routes[route];
        let vehicle = &self.index.problem.vehicle_types()[state.vehicle_type];
        if vehicle
            .max_distance
            .is_some_and(|most| state.distance > most)
        {
            return false;
        }
        if self.index.timed && !self.time(route) {
            return false;
        }
        let state = &mut self.routes[route];
        state.cost = vehicle.fixed_cost
            + state.distance * vehicle.cost_per_distance
            + state.duration_s * vehicle.cost_per_second;
        self.cost += state.cost;
        true
    }

    /// Positions, neighbours, distance and load.
    fn link(&mut self, route: usize) {
        let state = &mut self.routes[route];
        let problem = self.index.problem;
        let vehicle = &problem.vehicle_types()[state.vehicle_type];
        let dimensions = problem.dimensions();
        let room = &mut self.room[route * dimensions..(route + 1) * dimensions];
        room.copy_from_slice(&vehicle.capacity);
        state.distance = 0;
        let (mut previous, mut place) = (NONE, vehicle.start.unwrap_or_default());
        for position in 0..state.stops.len() {
            let id = state.stops[position];
            let stop = &problem.stops()[id as usize];
            let distance_in = problem
                .travel()
                .distance(vehicle.profile, place, stop.place);
            state.distance += distance_in;
            for (room, demand) in room.iter_mut().zip(&stop.demand) {
                *room -= demand;
            }
            let visit = &mut self.visits[id as usize];
            visit.route = route as u32;
            visit.position = position as u32;
            visit.previous = previous;
            visit.next = state.stops.get(position + 1).copied().unwrap_or(NONE);
            visit.distance_in = distance_in;
            (previous, place) = (id, stop.place);
        }
        if let (Some(end), false) = (vehicle.end, state.stops.is_empty()) {
            state.distance += problem.travel().distance(vehicle.profile, place, end);
        }
    }

    /// Earliest and latest times, and the decided departure where duration counts.
    fn time(&mut self, route: usize) -> bool {
        let state = &mut self.routes[route];
        let problem = self.index.problem;
        let vehicle = &problem.vehicle_types()[state.vehicle_type];
        let clock = self.index.clock(state.vehicle_type);
        let (stops, visits) = (&state.stops, &mut self.visits);
        let service_s = |id: u32| problem.stops()[id as usize].service_s;
        let driven = clock.drive(stops, vehicle.earliest_start_s, |position, start_s| {
            let id = stops[position];
            visits[id as usize].ready_s = start_s + service_s(id);
        });
        if driven.is_none() {
            return false;
        }
        clock.latest_departure(stops, vehicle.latest_end_s, |position, latest_s| {
            visits[stops[position] as usize].latest_s = latest_s;
        });
        if !self.index.duration_counts[state.vehicle_type] {
            state.departure_s = vehicle.earliest_start_s;
            return true;
        }
        let Some(span) = clock.decide(stops, self.index.single_windows) else {
            return false;
        };
        state.departure_s = span.departure_s;
        state.duration_s = span.duration_s();
        if vehicle
            .max_duration_s
            .is_some_and(|most| state.duration_s > most)
        {
            return false;
        }
        self.chain(route);
        true
    }

    /// Chains of visits at the durations of the decided departure.
    fn chain(&mut self, route: usize) {
        let state = &mut self.routes[route];
        let problem = self.index.problem;
        let vehicle = &problem.vehicle_types()[state.vehicle_type];
        let clock = self.index.clock(state.vehicle_type);
        let starts_s = &mut self.starts_s;
        starts_s.clear();
        clock.drive(&state.stops, state.departure_s, |_, start_s| {
            starts_s.push(start_s)
        });
        let place = |id: u32| problem.stops()[id as usize].place;
        let ends = Segment {
            duration_s: 0,
            early_s: vehicle.earliest_start_s,
            late_s: vehicle.latest_end_s,
        };
        let mut before = ends;
        let (mut from, mut leave_s) = (vehicle.start.unwrap_or_default(), state.departure_s);
        for (&id, &start_s) in state.stops.iter().zip(starts_s.iter()) {
            let leg_s = clock.leg_s(from, place(id), leave_s);
            before = before.then(leg_s, self.index.visit(id, start_s));
            leave_s = start_s + problem.stops()[id as usize].service_s;
            from = place(id);
            let chains = &mut self.chains[id as usize];
            (chains.before, chains.leave_s) = (before, leave_s);
        }
        let mut after = ends;
        let mut next = vehicle.end;
        for (&id, &start_s) in state.stops.iter().zip(starts_s.iter()).rev() {
            let leave_s = self.chains[id as usize].leave_s;
            let leg_s = next.map_or(0, |next| clock.leg_s(place(id), next, leave_s));
            after = self.index.visit(id, start_s).then(leg_s, after);
            self.chains[id as usize].after = after;
            next = Some(place(id));
        }
        let leg_s = next.map_or(0, |to| {
            clock.leg_s(vehicle.start.unwrap_or_default(), to, state.departure_s)
        });
        state.chain_s = ends.then(leg_s, after).duration_s;
    }

    /// The routes as a solution, with departures decided.
    pub fn solution(&self) -> Solution {
        let mut next_vehicle = vec![0; self.used.len()];
        let mut routes: Vec<Route> = Vec::new();
        let mut cost = 0;
        let mut in_order: Vec<&RouteState> =
            self.routes.iter().filter(|r| !r.stops.is_empty()).collect();
        in_order.sort_by_key(|r| (r.vehicle_type, r.stops.clone()));
        for state in in_order {
            let span = self.index.clock(state.vehicle_type);
            let span = span.decide(&state.stops, self.index.single_windows);
            cost += state.cost;
            routes.push(Route {
                vehicle_type: state.vehicle_type,
                vehicle: next_vehicle[state.vehicle_type],
                departure_s: span.map_or(state.departure_s, |s| s.departure_s),
                stops: state.stops.iter().map(|&stop| stop as usize).collect(),
                pauses: Vec::new(),
            });
            next_vehicle[state.vehicle_type] += 1;
        }
        let mut unplanned: Vec<usize> = self.absent.iter().map(|&stop| stop as usize).collect();
        unplanned.sort_unstable();
        let stops = self.index.problem.stops();
        cost += unplanned
            .iter()
            .filter_map(|&stop| stops[stop].penalty)
            .sum::<i64>();
        Solution {
            routes,
            unplanned,
            cost,
        }
    }
}
