//! The routes a search works on: linked stops with their earliest and latest times, and undo.

mod change;
mod tails;
mod times;
mod undo;

use super::best::Routes;
use super::metric::Metric;
use super::span::Spans;
use super::tables::{NEVER, Tables};
use undo::Undo;

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
    /// Kept between uses: how the loads of two routes change.
    tail_amounts: Vec<i64>,
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
            tail_amounts: Vec::new(),
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
