//! One route with what the evaluation of changes needs.

use super::cargo::Cargo;
use super::index::Index;
use crate::solver::problem::VehicleType;
use crate::solver::schedule::{Plan, RouteClock, Segment};
use std::ops::Range;

/// What is kept of a task on a route.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Node {
    /// Distance from the task before or the start place.
    pub distance_in: i64,
    /// Earliest end; breaks only make it later.
    pub ready_s: i64,
    /// Latest arrival from which the rest of the route can be driven; breaks only make it earlier.
    pub latest_s: i64,
    /// End at the planned departure, without breaks.
    pub leave_s: i64,
    /// Duration of the leg to it then.
    pub leg_in_s: i64,
    /// From the start place to the end of this task, at the durations of the planned departure.
    pub before: Segment,
    /// From the start of this task to the end of the route, likewise.
    pub after: Segment,
}

/// One route. Empty unless it has tasks or its vehicle has departed already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RouteState {
    pub vehicle_type: usize,
    /// Whether its vehicle has departed already.
    pub under_way: bool,
    /// Stops, and reloads of the vehicle type counted on from the number of stops.
    pub tasks: Vec<u32>,
    pub nodes: Vec<Node>,
    pub cargo: Cargo,
    /// Tasks that the vehicle has begun already; they stay where they are.
    pub begun: usize,
    pub distance: i64,
    /// Where and when the first task that has not begun can be driven to at the earliest.
    pub set_off: (Option<usize>, i64),
    /// When it is driven to as planned.
    pub leave_s: i64,
    /// The chain before it.
    pub head: Segment,
    /// Duration of the last leg as planned.
    pub last_leg_s: i64,
    /// Duration of the chain of all tasks, which estimates are compared with.
    pub chain_s: i64,
    /// Legs of the chain.
    pub driving_s: i64,
    /// Services of the chain.
    pub service_s: i64,
    pub plan: Plan,
    /// Whether only departures near that of the plan before were looked at.
    pub provisional: bool,
    /// Of the search: with the price of a vehicle.
    pub cost: i64,
    pub reloads: usize,
}

impl RouteState {
    /// Whether a vehicle is needed for it.
    pub fn in_use(&self) -> bool {
        !self.tasks.is_empty() || self.under_way
    }

    /// Positions of the trip that a stop belongs to, those that have begun aside.
    pub fn trip(&self, index: &Index, position: usize) -> Range<usize> {
        if self.reloads == 0 {
            return self.begun..self.tasks.len();
        }
        let is_reload = |&task: &u32| index.is_reload(task);
        let (before, after) = self.tasks.split_at(position);
        let first = before.iter().rposition(is_reload).map_or(0, |at| at + 1);
        let stops = after.iter().position(is_reload).unwrap_or(after.len());
        first.max(self.begun)..position + stops
    }

    /// Tasks that are stops.
    pub fn stops(&self) -> usize {
        self.tasks.len() - self.reloads
    }
}

/// A vehicle type.
#[inline]
pub(super) fn vehicle<'a>(index: &Index<'a>, vehicle_type: usize) -> &'a VehicleType {
    &index.problem.vehicle_types()[vehicle_type]
}

/// Chains of tasks at the durations of the planned departure.
pub(super) fn chain(clock: &RouteClock, route: &mut RouteState, departure_s: i64) {
    let (tasks, nodes) = (&route.tasks, &mut route.nodes);
    let Some(first) = clock.set_off(tasks, departure_s) else {
        return;
    };
    let begun = route.begun;
    let (mut leave_s, mut place) = (first.at_s, first.place);
    route.leave_s = leave_s;
    route.head = clock.head(departure_s, first.at_s);
    route.driving_s = first.driving_s;
    route.service_s = 0;
    let mut before = route.head;
    clock.drive(tasks, departure_s, |position, start_s, end_s| {
        let (task, node) = (tasks[position], &mut nodes[position]);
        let here = clock.place(task);
        node.leg_in_s = place.map_or(0, |from| clock.leg_s(from, here, leave_s));
        let visit = clock.visit(task, start_s);
        before = before.then(node.leg_in_s, visit);
        (node.before, node.after, node.leave_s) = (before, visit, end_s);
        route.driving_s += node.leg_in_s;
        route.service_s += clock.service_s(task);
        (leave_s, place) = (end_s, Some(here));
    });
    let end = clock.end_place();
    let last = place.zip(end);
    route.last_leg_s = last.map_or(0, |(from, end)| clock.leg_s(from, end, leave_s));
    route.driving_s += route.last_leg_s;
    let (mut after, mut leg_s) = (clock.returns(), route.last_leg_s);
    for node in nodes[begun..].iter_mut().rev() {
        after = node.after.then(leg_s, after);
        node.after = after;
        leg_s = node.leg_in_s;
    }
    route.chain_s = route.head.then(leg_s, after).duration_s;
}
