//! Changes of routes: vehicles taken into use and given back, stops inserted and removed.

use super::super::metric::Metric;
use super::super::span::Spans;
use super::{NONE, Node, Plan, RouteData};

impl<M: Metric> Plan<'_, M> {
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

    /// Takes a stop off its route; times and limits are for the caller ([`Plan::mend`]), so is
    /// the list of the absent.
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
    pub(super) fn account(&mut self, route: u32, stop: u32, sign: i32, distance: i64) {
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
}
