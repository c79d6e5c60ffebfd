//! Accepting and undoing changes: what changed since is noted, node by node and route by route.

use super::super::metric::Metric;
use super::super::span::Spans;
use super::{Node, Plan, RouteData};

/// How to get back to the last accepted plan.
#[derive(Default)]
pub(super) struct Undo {
    pub(super) change: u32,
    pub(super) dirty: Vec<u32>,
    pub(super) nodes: Vec<Node>,
    pub(super) spans: Vec<Spans>,
    pub(super) dirty_routes: Vec<u32>,
    pub(super) routes: Vec<RouteData>,
    pub(super) room: Vec<i64>,
    pub(super) absent: Vec<u32>,
    pub(super) used: Vec<usize>,
    pub(super) served: usize,
    pub(super) cost: i64,
}

impl<M: Metric> Plan<'_, M> {
    /// Notes that a node is about to change.
    #[inline(always)]
    pub(super) fn touch(&mut self, node: u32) -> &mut Node {
        let entry = &mut self.nodes[node as usize];
        if entry.stamp != self.undo.change {
            entry.stamp = self.undo.change;
            self.undo.dirty.push(node);
        }
        entry
    }

    /// Notes that a route is about to change.
    pub(super) fn touch_route(&mut self, route: u32) {
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

    pub(super) fn next_change(&mut self) {
        self.undo.change = self.undo.change.wrapping_add(1);
        if self.undo.change == 0 {
            self.nodes.iter_mut().for_each(|n| n.stamp = 0);
            self.undo.nodes.iter_mut().for_each(|n| n.stamp = 0);
            self.undo.change = 1;
        }
    }

    /// Cost of the plan that was accepted last.
    pub fn accepted_cost(&self) -> i64 {
        self.undo.cost
    }
}
