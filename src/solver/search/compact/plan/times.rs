//! Earliest and latest times, and durations, kept up to date around a change as far as they move.

use super::super::metric::Metric;
use super::super::span::Span;
use super::super::span::Spans;
use super::{Node, Plan};

impl<M: Metric> Plan<'_, M> {
    /// The chain of a route's start, and of its end.
    pub(super) fn span_ends(&mut self, route: u32) {
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
    pub(super) fn settle(&mut self, behind: u32) -> bool {
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

    /// Closes the gap behind a node from which stops went. `false` if the rest is longer or later
    /// than it may be, which takes legs that break the triangle inequality.
    pub fn mend(&mut self, behind: u32) -> bool {
        let route = &self.routes[self.nodes[behind as usize].route as usize];
        route.distance <= route.max_distance && (!self.tables.timed || self.retime(behind))
    }

    /// Repairs the times of a route around a node behind which it changed; `false` if the rest
    /// cannot be driven in time.
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
    pub(super) fn arrival_behind(&self, behind: u32, ahead: u32) -> i32 {
        let leg = self
            .tables
            .metric
            .duration(self.site_out(behind), self.site_in(ahead));
        self.nodes[behind as usize].ready + leg
    }

    /// Earliest times from a stop on, as far as they change.
    pub(super) fn forward(&mut self, from: u32) {
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
    pub(super) fn span_forward(&mut self, node: u32) -> bool {
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
    pub(super) fn span_backward(&mut self, node: u32) -> bool {
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
    pub(super) fn backward(&mut self, from: u32) {
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
}
