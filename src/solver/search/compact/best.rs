//! The best plan met, kept up to date by what changed since.

use super::metric::Metric;
use super::plan::Plan;
use crate::solver::solution::{Route, Solution};

/// The best routes so far.
pub(super) struct Best {
    /// Its cost, mandatory stops left out at their search cost.
    pub cost: i64,
    /// Stops on no route.
    pub left_out: usize,
    /// Successor of every node, as in the plan.
    next: Vec<u32>,
    /// Vehicle type of every route in use.
    types: Vec<Option<u32>>,
    /// Nodes and routes that changed since, each once.
    stale: Stale,
    stale_routes: Stale,
}

/// A set of indices that is quick to fill and to empty.
#[derive(Default)]
struct Stale {
    listed: Vec<bool>,
    list: Vec<u32>,
}

impl Stale {
    fn add(&mut self, index: u32) {
        let at = index as usize;
        if at >= self.listed.len() {
            self.listed.resize(at + 1, false);
        }
        if !std::mem::replace(&mut self.listed[at], true) {
            self.list.push(index);
        }
    }
}

impl Best {
    pub fn of<M: Metric>(plan: &Plan<M>) -> Self {
        let mut best = Self {
            cost: i64::MAX,
            left_out: 0,
            next: Vec::new(),
            types: Vec::new(),
            stale: Stale::default(),
            stale_routes: Stale::default(),
        };
        (0..plan.nodes.len() as u32).for_each(|node| best.stale.add(node));
        (0..plan.routes.len() as u32).for_each(|route| best.stale_routes.add(route));
        best.update(plan);
        best
    }

    /// Notes what is about to be accepted.
    pub fn note<M: Metric>(&mut self, plan: &Plan<M>) {
        let (nodes, routes) = plan.dirty();
        nodes.iter().for_each(|&node| self.stale.add(node));
        routes
            .iter()
            .for_each(|&route| self.stale_routes.add(route));
    }

    /// Takes the plan over.
    pub fn update<M: Metric>(&mut self, plan: &Plan<M>) {
        (self.cost, self.left_out) = (plan.cost, plan.absent.len());
        self.next.resize(plan.nodes.len(), 0);
        self.types.resize(plan.routes.len(), None);
        for node in self.stale.list.drain(..) {
            self.next[node as usize] = plan.nodes[node as usize].next;
            self.stale.listed[node as usize] = false;
        }
        for route in self.stale_routes.list.drain(..) {
            let data = &plan.routes[route as usize];
            self.types[route as usize] = (data.size > 0).then_some(data.vehicle_type);
            self.stale_routes.listed[route as usize] = false;
        }
    }

    /// The routes.
    pub fn routes(&self, stops: usize) -> Routes {
        let in_use = self.types.iter().enumerate();
        let in_use = in_use.filter_map(|(route, vehicle_type)| Some((route, (*vehicle_type)?)));
        let routes = in_use.map(|(route, vehicle_type)| {
            let ends = (stops + route) as u32;
            let next = |&node: &u32| Some(self.next[node as usize]).filter(|&n| n != ends);
            (
                vehicle_type,
                std::iter::successors(next(&ends), next).collect(),
            )
        });
        Routes(routes.collect())
    }

    /// The routes as a solution, for stops that are numbered in this order.
    pub fn solution(&self, order: &[u32]) -> Solution {
        self.routes(order.len()).solution(order)
    }
}

/// Vehicle type and stops of every route in use.
#[derive(Debug, Clone, Default)]
pub(super) struct Routes(pub Vec<(u32, Vec<u32>)>);

impl Routes {
    /// The routes of several regions.
    pub fn union(regions: Vec<Self>) -> Self {
        Self(regions.into_iter().flat_map(|region| region.0).collect())
    }

    /// A solution by vehicle type, in a fixed order; departures and cost are for the caller.
    pub fn solution(&self, order: &[u32]) -> Solution {
        let original = |&stop: &u32| order[stop as usize] as usize;
        let mut routes: Vec<(usize, Vec<usize>)> = (self.0.iter())
            .map(|(vehicle_type, stops)| {
                (*vehicle_type as usize, stops.iter().map(original).collect())
            })
            .collect();
        routes.sort();
        let mut served = vec![false; order.len()];
        let mut vehicles = Vec::new();
        let numbered = routes.into_iter().map(|(vehicle_type, stops)| {
            vehicles.resize(vehicles.len().max(vehicle_type + 1), 0);
            vehicles[vehicle_type] += 1;
            stops.iter().for_each(|&stop| served[stop] = true);
            Route {
                vehicle_type,
                vehicle: vehicles[vehicle_type] - 1,
                stops,
                ..Route::default()
            }
        });
        let routes = numbered.collect();
        Solution {
            routes,
            unplanned: (0..order.len()).filter(|&stop| !served[stop]).collect(),
            cost: 0,
        }
    }
}
