//! The routes a search works on: linked stops with their earliest and latest times, and undo.

use super::best::Routes;
use super::metric::Metric;
use super::span::{Span, Spans};
use super::tables::{NEVER, Tables};

/// No stop or no route.
pub(super) const NONE: u32 = u32::MAX;

/// A stop, or the two ends of a route at once: the first stop's `previous` and the last one's
/// `next`. What an insertion behind it needs lies together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub previous: u32,
    pub next: u32,
    /// Its route, or [`NONE`] if it is absent.
    pub route: u32,
    /// Number of the change that noted it as dirty.
    stamp: u32,
    /// Distance from the previous node.
    pub distance_in: i32,
    /// Distance to the next node.
    pub distance_out: i32,
    /// Earliest end of service.
    pub ready: i32,
    /// Latest arrival from which the rest of the route can be driven.
    pub latest: i32,
    /// The same of the next node.
    pub next_latest: i32,
}

/// What is known of a route as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RouteData {
    pub vehicle_type: u32,
    pub size: u32,
    pub distance: i64,
    /// Cost per unit of distance.
    pub unit: i64,
    /// Longest distance.
    pub max_distance: i64,
    /// Shortest duration, where durations count.
    pub duration: i64,
}

/// Routes, absent stops and their cost.
pub(super) struct Plan<'a, M> {
    pub tables: &'a Tables<'a, M>,
    /// The stops, then one node per route.
    pub nodes: Vec<Node>,
    /// Chains around every node, where durations count; otherwise empty.
    pub spans: Vec<Spans>,
    pub routes: Vec<RouteData>,
    /// `[route][dimension]`: capacity that is left.
    pub room: Vec<i64>,
    /// Empty routes, for use.
    free: Vec<u32>,
    /// Stops on no route.
    pub absent: Vec<u32>,
    /// The stops to plan; others are no concern of this plan.
    members: Vec<u32>,
    /// Which stops are none of them; empty if all are.
    foreign: Vec<bool>,
    /// Vehicles there are by type.
    vehicles: Vec<usize>,
    /// Vehicles in use by type.
    pub used: Vec<usize>,
    /// Stops on routes.
    pub served: usize,
    /// Routes and absences, mandatory stops at their search cost.
    pub cost: i64,
    undo: Undo,
}

/// How to get back to the last accepted plan.
#[derive(Default)]
struct Undo {
    change: u32,
    dirty: Vec<u32>,
    nodes: Vec<Node>,
    spans: Vec<Spans>,
    dirty_routes: Vec<u32>,
    routes: Vec<RouteData>,
    room: Vec<i64>,
    absent: Vec<u32>,
    used: Vec<usize>,
    served: usize,
    cost: i64,
}

impl<'a, M: Metric> Plan<'a, M> {
    /// All stops absent.
    pub fn new(tables: &'a Tables<'a, M>) -> Self {
        let members = (0..tables.count() as u32).collect();
        Self::empty(
            tables,
            members,
            tables.types.iter().map(|t| t.count).collect(),
        )
    }

    /// Some of the stops and vehicles, on routes that are known to keep the rules.
    pub fn of_region(
        tables: &'a Tables<'a, M>,
        members: &[u32],
        vehicles: &[usize],
        routes: &Routes,
    ) -> Self {
        let mut members = members.to_vec();
        // Near stops next to each other, as they are numbered.
        members.sort_unstable();
        let mut plan = Self::empty(tables, members, vehicles.to_vec());
        for (vehicle_type, stops) in &routes.0 {
            let route = plan.open(*vehicle_type);
            let mut behind = plan.ends(route);
            for &stop in stops {
                plan.insert(stop, behind);
                behind = stop;
            }
        }
        let nodes = &plan.nodes;
        plan.absent
            .retain(|&stop| nodes[stop as usize].route == NONE);
        plan.accept();
        plan
    }

    fn empty(tables: &'a Tables<'a, M>, members: Vec<u32>, vehicles: Vec<usize>) -> Self {
        let nowhere = Node {
            previous: NONE,
            next: NONE,
            route: NONE,
            stamp: 0,
            distance_in: 0,
            distance_out: 0,
            ready: 0,
            latest: NEVER,
            next_latest: NEVER,
        };
        let absence = |&stop: &u32| tables.stops[stop as usize].absence;
        let mut plan = Self {
            tables,
            nodes: vec![nowhere; tables.count()],
            spans: vec![Spans::default(); if tables.lasting { tables.count() } else { 0 }],
            routes: Vec::new(),
            room: Vec::new(),
            free: Vec::new(),
            absent: members.clone(),
            cost: members.iter().map(absence).sum(),
            foreign: foreign(tables.count(), &members),
            members,
            vehicles,
            used: vec![0; tables.types.len()],
            served: 0,
            undo: Undo::default(),
        };
        plan.undo.nodes = plan.nodes.clone();
        plan.undo.spans = plan.spans.clone();
        plan.undo.change = 1;
        plan.accept();
        plan
    }

    /// The stops to plan.
    pub fn members(&self) -> &[u32] {
        &self.members
    }

    /// Whether the plan is to serve the stop.
    pub fn is_member(&self, stop: u32) -> bool {
        self.foreign
            .get(stop as usize)
            .is_none_or(|foreign| !foreign)
    }

    /// Whether a vehicle of the type stands idle.
    #[inline(always)]
    pub fn has_idle(&self, vehicle_type: usize) -> bool {
        self.used[vehicle_type] < self.vehicles[vehicle_type]
    }

    /// Cost of the plan that was accepted last.
    pub fn accepted_cost(&self) -> i64 {
        self.undo.cost
    }

    /// The routes in use.
    pub fn routes_now(&self) -> Routes {
        let in_use = self.in_use().map(|route| {
            let vehicle_type = self.routes[route as usize].vehicle_type;
            (vehicle_type, self.stops_of(route).collect())
        });
        Routes(in_use.collect())
    }

    /// Whether a node is the ends of a route.
    #[inline(always)]
    pub fn is_end(&self, node: u32) -> bool {
        node as usize >= self.tables.count()
    }

    /// The node of a route's ends.
    #[inline(always)]
    pub fn ends(&self, route: u32) -> u32 {
        self.tables.count() as u32 + route
    }

    /// Site from which a vehicle leaves a node.
    #[inline(always)]
    pub fn site_out(&self, node: u32) -> u32 {
        if !self.is_end(node) {
            return node;
        }
        let route = node as usize - self.tables.count();
        self.tables.types[self.routes[route].vehicle_type as usize].start
    }

    /// Site at which a vehicle arrives at a node.
    #[inline(always)]
    pub fn site_in(&self, node: u32) -> u32 {
        if !self.is_end(node) {
            return node;
        }
        let route = node as usize - self.tables.count();
        self.tables.types[self.routes[route].vehicle_type as usize].end
    }

    /// Capacity that is left on a route.
    #[inline(always)]
    pub fn room(&self, route: u32) -> &[i64] {
        let dimensions = self.tables.dimensions;
        &self.room[route as usize * dimensions..][..dimensions]
    }

    /// Whether a route has room for a stop, by load, number and skill.
    #[inline(always)]
    pub fn accepts(&self, route: u32, stop: u32) -> bool {
        let data = &self.routes[route as usize];
        let room = self.room(route).iter().zip(self.tables.amounts(stop));
        room.into_iter().all(|(room, amount)| amount <= room)
            && data.size < self.tables.types[data.vehicle_type as usize].max_stops
            && self.tables.may_serve(data.vehicle_type, stop)
    }

    /// Notes that a node is about to change.
    #[inline(always)]
    fn touch(&mut self, node: u32) -> &mut Node {
        let entry = &mut self.nodes[node as usize];
        if entry.stamp != self.undo.change {
            entry.stamp = self.undo.change;
            self.undo.dirty.push(node);
        }
        entry
    }

    /// Notes that a route is about to change.
    fn touch_route(&mut self, route: u32) {
        if !self.undo.dirty_routes.contains(&route) {
            self.undo.dirty_routes.push(route);
        }
    }

    /// Makes the present plan the accepted one.
    pub fn accept(&mut self) {
        let undo = &mut self.undo;
        if self.tables.lasting {
            for &node in &undo.dirty {
                undo.spans[node as usize] = self.spans[node as usize];
            }
        }
        for node in undo.dirty.drain(..) {
            undo.nodes[node as usize] = self.nodes[node as usize];
        }
        let dimensions = self.tables.dimensions;
        for route in undo.dirty_routes.drain(..) {
            let route = route as usize;
            undo.routes[route].clone_from(&self.routes[route]);
            let span = route * dimensions..(route + 1) * dimensions;
            undo.room[span.clone()].copy_from_slice(&self.room[span]);
        }
        undo.absent.clone_from(&self.absent);
        undo.used.clone_from(&self.used);
        (undo.cost, undo.served) = (self.cost, self.served);
        self.next_change();
    }

    /// Goes back to the last accepted plan.
    pub fn reject(&mut self) {
        let undo = &mut self.undo;
        if self.tables.lasting {
            for &node in &undo.dirty {
                self.spans[node as usize] = undo.spans[node as usize];
            }
        }
        for node in undo.dirty.drain(..) {
            self.nodes[node as usize] = undo.nodes[node as usize];
        }
        let dimensions = self.tables.dimensions;
        for route in undo.dirty_routes.drain(..) {
            let index = route as usize;
            let emptied = self.routes[index].size == 0;
            self.routes[index].clone_from(&undo.routes[index]);
            let span = index * dimensions..(index + 1) * dimensions;
            self.room[span.clone()].copy_from_slice(&undo.room[span]);
            match (emptied, self.routes[index].size == 0) {
                (true, false) => self.free.retain(|&free| free != route),
                (false, true) => self.free.push(route),
                _ => {}
            }
        }
        self.absent.clone_from(&undo.absent);
        self.used.clone_from(&undo.used);
        (self.cost, self.served) = (undo.cost, undo.served);
        self.next_change();
    }

    /// Nodes and routes that changed since the last accepted plan.
    pub fn dirty(&self) -> (&[u32], &[u32]) {
        (&self.undo.dirty, &self.undo.dirty_routes)
    }

    fn next_change(&mut self) {
        self.undo.change = self.undo.change.wrapping_add(1);
        if self.undo.change == 0 {
            self.nodes.iter_mut().for_each(|n| n.stamp = 0);
            self.undo.nodes.iter_mut().for_each(|n| n.stamp = 0);
            self.undo.change = 1;
        }
    }

    /// Takes a vehicle of a type into use, on an empty route.
    pub fn open(&mut self, vehicle_type: u32) -> u32 {
        let t = &self.tables.types[vehicle_type as usize];
        let data = RouteData {
            vehicle_type,
            size: 0,
            distance: 0,
            unit: t.unit,
            max_distance: t.max_distance,
            duration: 0,
        };
        let route = match self.free.pop() {
            Some(route) => route,
            None => {
                let route = self.routes.len() as u32;
                self.routes.push(data.clone());
                self.undo.routes.push(data.clone());
                self.room
                    .resize(self.routes.len() * self.tables.dimensions, 0);
                self.undo.room.resize(self.room.len(), 0);
                let ends = Node {
                    previous: self.ends(route),
                    next: self.ends(route),
                    route,
                    stamp: 0,
                    distance_in: 0,
                    distance_out: 0,
                    ready: 0,
                    latest: 0,
                    next_latest: 0,
                };
                self.nodes.push(ends);
                self.undo.nodes.push(ends);
                if self.tables.lasting {
                    self.spans.push(Spans::default());
                    self.undo.spans.push(Spans::default());
                }
                route
            }
        };
        self.touch_route(route);
        let span = route as usize * self.tables.dimensions..;
        self.room[span][..self.tables.dimensions].copy_from_slice(&t.capacity);
        self.routes[route as usize] = data;
        self.used[vehicle_type as usize] += 1;
        self.cost += t.fixed;
        let (node, start, end) = (self.ends(route), t.start, t.end);
        let (earliest, latest) = (t.earliest, t.latest);
        let between = self.tables.metric.distance(start, end);
        let ends = self.touch(node);
        (ends.previous, ends.next, ends.route) = (node, node, route);
        (ends.ready, ends.latest, ends.next_latest) = (earliest, latest, latest);
        (ends.distance_in, ends.distance_out) = (between, between);
        self.span_ends(route);
        self.routes[route as usize].distance = i64::from(between);
        self.cost += i64::from(between) * t.unit;
        route
    }

    /// Gives the vehicle of an empty route back.
    pub fn close(&mut self, route: u32) {
        self.touch_route(route);
        let data = &mut self.routes[route as usize];
        let t = &self.tables.types[data.vehicle_type as usize];
        self.cost -= t.fixed + data.distance * t.unit + t.time_cost(data.duration);
        (data.distance, data.duration) = (0, 0);
        self.used[data.vehicle_type as usize] -= 1;
        self.free.push(route);
    }

    /// Puts an absent stop behind a node. Loads, windows and limits are for the caller; so is
    /// taking it off the list of the absent.
    pub fn insert(&mut self, stop: u32, behind: u32) {
        let ahead = self.nodes[behind as usize].next;
        let route = self.nodes[behind as usize].route;
        let (from, to) = (self.site_out(behind), self.site_in(ahead));
        let old = self.nodes[behind as usize].distance_out;
        let before = self.tables.metric.distance(from, stop);
        let after = self.tables.metric.distance(stop, to);
        let node = self.touch(behind);
        (node.next, node.distance_out) = (stop, before);
        let node = self.touch(stop);
        (node.previous, node.next, node.route) = (behind, ahead, route);
        (node.distance_in, node.distance_out) = (before, after);
        let node = self.touch(ahead);
        (node.previous, node.distance_in) = (stop, after);
        self.touch_route(route);
        self.account(
            route,
            stop,
            1,
            i64::from(before) + i64::from(after) - i64::from(old),
        );
        self.served += 1;
        self.cost -= self.tables.stops[stop as usize].absence;
        if self.tables.timed {
            self.forward(stop);
            self.backward(stop);
            self.settle(stop);
        }
    }

    /// The chain of a route's start, and of its end.
    fn span_ends(&mut self, route: u32) {
        if !self.tables.lasting {
            return;
        }
        let t = &self.tables.types[self.routes[route as usize].vehicle_type as usize];
        let point = Span {
            duration: 0,
            early: t.earliest,
            late: t.latest,
        };
        let ends = self.ends(route);
        self.touch(ends);
        self.spans[ends as usize] = Spans {
            before: point,
            after: point,
        };
    }

    /// Where durations count, that of a route around a node and what it costs; `false` if it is
    /// too long.
    fn settle(&mut self, behind: u32) -> bool {
        if !self.tables.lasting {
            return true;
        }
        let Node { next, route, .. } = self.nodes[behind as usize];
        let leg = self
            .tables
            .metric
            .duration(self.site_out(behind), self.site_in(next));
        let whole = self.spans[behind as usize]
            .before
            .then(leg, self.spans[next as usize].after);
        self.touch_route(route);
        let data = &mut self.routes[route as usize];
        let t = &self.tables.types[data.vehicle_type as usize];
        let old = std::mem::replace(&mut data.duration, i64::from(whole.duration));
        self.cost += t.time_cost(data.duration) - t.time_cost(old);
        data.duration <= t.max_duration
    }

    /// Takes a stop off its route; times are for the caller ([`Plan::retime`]), so is the list of
    /// the absent.
    pub fn remove(&mut self, stop: u32) {
        let Node {
            previous,
            next,
            route,
            distance_out,
            ..
        } = self.nodes[stop as usize];
        let (from, to) = (self.site_out(previous), self.site_in(next));
        let direct = self.tables.metric.distance(from, to);
        self.touch(stop).route = NONE;
        let node = self.touch(previous);
        let before = std::mem::replace(&mut node.distance_out, direct);
        node.next = next;
        let node = self.touch(next);
        (node.previous, node.distance_in) = (previous, direct);
        self.touch_route(route);
        let change = i64::from(direct) - i64::from(before) - i64::from(distance_out);
        self.account(route, stop, -1, change);
        self.served -= 1;
        self.cost += self.tables.stops[stop as usize].absence;
    }

    /// Load, size, distance and cost of a route that gains (1) or loses (-1) a stop.
    #[inline(always)]
    fn account(&mut self, route: u32, stop: u32, sign: i32, distance: i64) {
        let dimensions = self.tables.dimensions;
        let room = &mut self.room[route as usize * dimensions..][..dimensions];
        for (room, amount) in room.iter_mut().zip(self.tables.amounts(stop)) {
            *room -= i64::from(sign) * amount;
        }
        let data = &mut self.routes[route as usize];
        data.size = data.size.wrapping_add_signed(sign);
        data.distance += distance;
        self.cost += distance * data.unit;
    }

    /// Repairs the times of a route around a node behind which stops went. `false` if the rest
    /// cannot be driven in time, which takes legs that break the triangle inequality.
    pub fn retime(&mut self, behind: u32) -> bool {
        let ahead = self.nodes[behind as usize].next;
        let arrival = self.arrival_behind(behind, ahead);
        if arrival > self.nodes[ahead as usize].latest {
            return false;
        }
        if !self.is_end(ahead) {
            self.forward(ahead);
        }
        match self.is_end(behind) {
            true => self.touch(behind).next_latest = self.nodes[ahead as usize].latest,
            false => self.backward(behind),
        }
        self.settle(behind)
    }

    #[inline(always)]
    fn arrival_behind(&self, behind: u32, ahead: u32) -> i32 {
        let leg = self
            .tables
            .metric
            .duration(self.site_out(behind), self.site_in(ahead));
        self.nodes[behind as usize].ready + leg
    }

    /// Earliest times from a stop on, as far as they change.
    fn forward(&mut self, from: u32) {
        let mut node = from;
        while !self.is_end(node) {
            let arrival = self.arrival_behind(self.nodes[node as usize].previous, node);
            let stop = self.tables.stops[node as usize];
            let ready = arrival.max(stop.open) + stop.service;
            let mut same = ready == self.nodes[node as usize].ready;
            if self.tables.lasting {
                same &= self.span_forward(node);
            }
            if same && node != from {
                return;
            }
            self.touch(node).ready = ready;
            node = self.nodes[node as usize].next;
        }
    }

    /// The chain up to a stop, from that of the node before; whether it is as it was.
    fn span_forward(&mut self, node: u32) -> bool {
        let previous = self.nodes[node as usize].previous;
        let leg = self.tables.metric.duration(self.site_out(previous), node);
        let visit = self.tables.stops[node as usize].span();
        let before = self.spans[previous as usize].before.then(leg, visit);
        if before == self.spans[node as usize].before {
            return true;
        }
        self.touch(node);
        self.spans[node as usize].before = before;
        false
    }

    /// The chain from a stop on, from that of the node after; whether it is as it was.
    fn span_backward(&mut self, node: u32) -> bool {
        let next = self.nodes[node as usize].next;
        let leg = self.tables.metric.duration(node, self.site_in(next));
        let visit = self.tables.stops[node as usize].span();
        let after = visit.then(leg, self.spans[next as usize].after);
        if after == self.spans[node as usize].after {
            return true;
        }
        self.touch(node);
        self.spans[node as usize].after = after;
        false
    }

    /// Latest times from a stop backwards, as far as they change.
    fn backward(&mut self, from: u32) {
        let mut node = from;
        loop {
            let next = self.nodes[node as usize].next;
            let next_latest = self.nodes[next as usize].latest;
            let leg = self
                .tables
                .metric
                .duration(self.site_out(node), self.site_in(next));
            if self.is_end(node) {
                self.touch(node).next_latest = next_latest;
                return;
            }
            let stop = self.tables.stops[node as usize];
            let latest = (next_latest - leg - stop.service).min(stop.close);
            let mut same = true;
            if self.tables.lasting {
                same = self.span_backward(node);
            }
            let entry = self.touch(node);
            entry.next_latest = next_latest;
            if same && latest == entry.latest && node != from {
                return;
            }
            entry.latest = latest;
            node = entry.previous;
        }
    }

    /// Recomputes all times of a route; `false` if one is missed.
    pub fn retime_all(&mut self, route: u32) -> bool {
        let ends = self.ends(route);
        let mut behind = ends;
        loop {
            let node = self.nodes[behind as usize].next;
            let arrival = self.arrival_behind(behind, node);
            if node == ends {
                if arrival > self.nodes[ends as usize].latest {
                    return false;
                }
                break;
            }
            let stop = self.tables.stops[node as usize];
            if arrival > stop.close {
                return false;
            }
            self.touch(node).ready = arrival.max(stop.open) + stop.service;
            if self.tables.lasting {
                self.span_forward(node);
            }
            behind = node;
        }
        let mut node = behind;
        while node != ends {
            let next = self.nodes[node as usize].next;
            let next_latest = self.nodes[next as usize].latest;
            let leg = self
                .tables
                .metric
                .duration(self.site_out(node), self.site_in(next));
            let stop = self.tables.stops[node as usize];
            let entry = self.touch(node);
            entry.latest = (next_latest - leg - stop.service).min(stop.close);
            entry.next_latest = next_latest;
            let previous = entry.previous;
            if self.tables.lasting {
                self.span_backward(node);
            }
            node = previous;
        }
        let first_latest = self.nodes[self.nodes[ends as usize].next as usize].latest;
        self.touch(ends).next_latest = first_latest;
        self.settle(ends)
    }

    /// Gives a route a vehicle of another type; loads, skills and times are for the caller.
    pub fn set_type(&mut self, route: u32, vehicle_type: u32) {
        self.touch_route(route);
        let tables = self.tables;
        let ends = self.ends(route);
        let Node { next, previous, .. } = self.nodes[ends as usize];
        let old = &tables.types[self.routes[route as usize].vehicle_type as usize];
        let new = &tables.types[vehicle_type as usize];
        let data = &mut self.routes[route as usize];
        self.used[data.vehicle_type as usize] -= 1;
        self.used[vehicle_type as usize] += 1;
        self.cost -= old.fixed + data.distance * old.unit + old.time_cost(data.duration);
        (data.vehicle_type, data.duration) = (vehicle_type, 0);
        let first_leg = tables.metric.distance(new.start, next);
        let last_leg = tables.metric.distance(previous, new.end);
        let old_first = std::mem::replace(&mut self.touch(ends).distance_out, first_leg);
        let old_last = std::mem::replace(&mut self.touch(previous).distance_out, last_leg);
        let change =
            i64::from(first_leg) + i64::from(last_leg) - i64::from(old_first) - i64::from(old_last);
        self.touch(next).distance_in = first_leg;
        self.touch(ends).distance_in = last_leg;
        let data = &mut self.routes[route as usize];
        (data.unit, data.max_distance) = (new.unit, new.max_distance);
        data.distance += change;
        self.cost += new.fixed + data.distance * new.unit;
        let span = route as usize * tables.dimensions..;
        let capacities = new.capacity.iter().zip(&old.capacity);
        for (room, (new, old)) in self.room[span].iter_mut().zip(capacities) {
            *room += new - old;
        }
        let entry = self.touch(ends);
        (entry.ready, entry.latest) = (new.earliest, new.latest);
        self.span_ends(route);
    }

    /// Stops of a route in order.
    pub fn stops_of(&self, route: u32) -> impl Iterator<Item = u32> + '_ {
        let ends = self.ends(route);
        let next = move |&node: &u32| Some(self.nodes[node as usize].next);
        std::iter::successors(next(&ends), next).take_while(move |&node| node != ends)
    }

    /// The routes in use.
    pub fn in_use(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.routes.len() as u32).filter(|&r| self.routes[r as usize].size > 0)
    }
}

/// Which of all stops are not among the members; empty if none.
fn foreign(stops: usize, members: &[u32]) -> Vec<bool> {
    if members.len() == stops {
        return Vec::new();
    }
    let mut foreign = vec![true; stops];
    members
        .iter()
        .for_each(|&stop| foreign[stop as usize] = false);
    foreign
}
