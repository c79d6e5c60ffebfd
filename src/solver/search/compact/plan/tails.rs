//! Two routes exchange their tails.

use super::super::metric::Metric;
use super::{Node, Plan, RouteData};

/// A route that gets another tail.
struct Exchange {
    stops: u32,
    distance: i64,
}

impl<M: Metric> Plan<'_, M> {
    /// Change of the cost of distance if `ahead` comes right behind `behind`, and what came behind
    /// it goes where `ahead` was. `None` if that costs at least `limit` or breaks a rule other than
    /// that of durations. They must be stops of different routes.
    pub fn tails_change(&mut self, behind: u32, ahead: u32, limit: f64) -> Option<i64> {
        let (first, second) = (self.nodes[behind as usize], self.nodes[ahead as usize]);
        let [one, other] = [first.route, second.route].map(|r| &self.routes[r as usize]);
        if one.vehicle_type != other.vehicle_type {
            return None;
        }
        let (seam, other_seam) = self.seams(behind, ahead);
        let change =
            seam - i64::from(first.distance_out) + other_seam - i64::from(second.distance_in);
        let change = change * one.unit;
        let allowed = (change as f64) < limit
            && (!self.tables.timed || self.tails_in_time(behind, ahead))
            && self.tails_have_room(behind, ahead)
            && self.tails_are_short(behind, ahead);
        allowed.then_some(change)
    }

    /// Distances of the two new legs.
    fn seams(&self, behind: u32, ahead: u32) -> (i64, i64) {
        let (next, previous) = self.cut(behind, ahead);
        let metric = &self.tables.metric;
        let other = metric.distance(self.site_out(previous), self.site_in(next));
        (i64::from(metric.distance(behind, ahead)), i64::from(other))
    }

    /// The nodes that the other new leg joins, the later one first.
    fn cut(&self, behind: u32, ahead: u32) -> (u32, u32) {
        let next = self.nodes[behind as usize].next;
        (next, self.nodes[ahead as usize].previous)
    }

    fn tails_in_time(&self, behind: u32, ahead: u32) -> bool {
        let (next, previous) = self.cut(behind, ahead);
        self.arrival_behind(behind, ahead) <= self.nodes[ahead as usize].latest
            && self.arrival_behind(previous, next) <= self.nodes[next as usize].latest
    }

    fn tails_have_room(&mut self, behind: u32, ahead: u32) -> bool {
        let [first, second] = [behind, ahead].map(|node| self.nodes[node as usize]);
        let mut shift = std::mem::take(&mut self.tail_amounts);
        shift.clear();
        shift.resize(self.tables.dimensions, 0);
        for (from, sign) in [(first.next, 1), (ahead, -1)] {
            for node in self.rest(from) {
                let amounts = self.tables.amounts(node).iter();
                shift
                    .iter_mut()
                    .zip(amounts)
                    .for_each(|(s, a)| *s += sign * a);
            }
        }
        let rooms = self.room(first.route).iter().zip(self.room(second.route));
        let fit = rooms
            .zip(&shift)
            .all(|((one, other), shift)| one + shift >= 0 && other - shift >= 0);
        self.tail_amounts = shift;
        fit
    }

    /// Whether the numbers of stops and the distances are within their limits.
    fn tails_are_short(&self, behind: u32, ahead: u32) -> bool {
        let route = &self.routes[self.nodes[behind as usize].route as usize];
        let most = self.tables.types[route.vehicle_type as usize].max_stops;
        if most == u32::MAX && route.max_distance == i64::MAX {
            return true;
        }
        let after = self.after_exchange(behind, ahead);
        let short = |e: &Exchange| e.stops <= most && e.distance <= route.max_distance;
        after.iter().all(short)
    }

    /// What the routes of the two nodes become.
    fn after_exchange(&self, behind: u32, ahead: u32) -> [Exchange; 2] {
        let [first, second] = [behind, ahead].map(|node| self.nodes[node as usize]);
        let (seam, other_seam) = self.seams(behind, ahead);
        let [lost, won] = [first.next, ahead].map(|from| {
            let distance = |node| i64::from(self.nodes[node as usize].distance_out);
            let rest = self.rest(from);
            rest.fold((0, 0), |(n, d), node| (n + 1, d + distance(node)))
        });
        let of = |route: u32, old: i32, lost: (u32, i64), seam: i64, won: (u32, i64)| {
            let RouteData { size, distance, .. } = self.routes[route as usize];
            Exchange {
                stops: size - lost.0 + won.0,
                distance: distance - i64::from(old) - lost.1 + seam + won.1,
            }
        };
        [
            of(first.route, first.distance_out, lost, seam, won),
            of(second.route, second.distance_in, won, other_seam, lost),
        ]
    }

    /// The stops of a route from a node on.
    fn rest(&self, from: u32) -> impl Iterator<Item = u32> + '_ {
        let here = move |&node: &u32| !self.is_end(node);
        let next = move |&node: &u32| Some(self.nodes[node as usize].next).filter(here);
        std::iter::successors(Some(from).filter(here), next)
    }

    /// Makes an exchange that [`Plan::tails_change`] allows; a route that is left empty is closed.
    /// `false` if a route takes longer than it may.
    pub fn exchange_tails(&mut self, behind: u32, ahead: u32) -> bool {
        let [first, second] = [behind, ahead].map(|node| self.nodes[node as usize]);
        let (next, previous) = self.cut(behind, ahead);
        let after = self.after_exchange(behind, ahead);
        let last_of = |plan: &Self, route| plan.nodes[plan.ends(route) as usize].previous;
        let last_won = last_of(self, second.route);
        // A tail without stops ends where the other new leg begins.
        let last_lost = match self.is_end(next) {
            true => previous,
            false => last_of(self, first.route),
        };
        self.hand_over(next, first.route, second.route);
        self.hand_over(ahead, second.route, first.route);
        let end_of = |plan: &Self, node: u32, route| match plan.is_end(node) {
            true => plan.ends(route),
            false => node,
        };
        let other_next = end_of(self, next, second.route);
        self.join(last_won, self.ends(first.route));
        self.join(last_lost, self.ends(second.route));
        self.join(behind, ahead);
        self.join(previous, other_next);
        for (route, after) in [first.route, second.route].into_iter().zip(after) {
            self.touch_route(route);
            let data = &mut self.routes[route as usize];
            self.cost += (after.distance - data.distance) * data.unit;
            (data.size, data.distance) = (after.stops, after.distance);
        }
        let emptied = self.routes[second.route as usize].size == 0;
        if emptied {
            self.close(second.route);
        }
        !self.tables.timed || self.retime(behind) && (emptied || self.retime(previous))
    }

    /// Makes two nodes of a route follow each other.
    fn join(&mut self, behind: u32, ahead: u32) {
        let (from, to) = (self.site_out(behind), self.site_in(ahead));
        let leg = self.tables.metric.distance(from, to);
        let node: &mut Node = self.touch(behind);
        (node.next, node.distance_out) = (ahead, leg);
        let node = self.touch(ahead);
        (node.previous, node.distance_in) = (behind, leg);
    }

    /// Gives the stops of a route from a node on, and their amounts, to another one.
    fn hand_over(&mut self, from: u32, old: u32, new: u32) {
        self.touch_route(old);
        self.touch_route(new);
        let dimensions = self.tables.dimensions;
        let mut node = from;
        while !self.is_end(node) {
            let entry = self.touch(node);
            entry.route = new;
            let next = entry.next;
            for (k, amount) in self.tables.amounts(node).iter().enumerate() {
                self.room[old as usize * dimensions + k] += amount;
                self.room[new as usize * dimensions + k] -= amount;
            }
            node = next;
        }
    }
}
