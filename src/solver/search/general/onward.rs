//! A route cut open: what lies before and after a position, and what the time of the route comes to if
//! something new is done between.

use super::route::RouteState;
use super::state::State;
use crate::solver::problem::VehicleType;
use crate::solver::schedule::{RouteClock, Segment};

/// Where the durations of legs come from.
pub(super) trait Legs {
    /// Duration of a leg that departs at `depart_s`.
    fn leg_s(&self, from: usize, to: usize, depart_s: i64) -> i64;
}

impl Legs for RouteClock<'_> {
    #[inline]
    fn leg_s(&self, from: usize, to: usize, depart_s: i64) -> i64 {
        RouteClock::leg_s(self, from, to, depart_s)
    }
}

/// What lies before a position of a route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Approach {
    pub place: Option<usize>,
    /// Earliest second to go on from there.
    pub ready_s: i64,
    /// Second to go on from there as planned.
    pub leave_s: i64,
    /// The chain up to there.
    pub chain: Segment,
}

impl Approach {
    /// Before the task at `position`, which has not begun.
    #[inline]
    pub fn to(route: &RouteState, clock: &RouteClock, position: usize) -> Self {
        if position == route.begun {
            return Self {
                place: route.set_off.0,
                ready_s: route.set_off.1,
                leave_s: route.leave_s,
                chain: route.head,
            };
        }
        let node = &route.nodes[position - 1];
        Self {
            place: Some(clock.place(route.tasks[position - 1])),
            ready_s: node.ready_s,
            leave_s: node.leave_s,
            chain: node.before,
        }
    }
}

/// What lies after a position of a route, as planned.
pub(super) struct Ahead {
    pub to: Option<usize>,
    pub chain: Segment,
    /// Duration of the leg that leads there now.
    pub leg_in_s: i64,
}

impl Ahead {
    /// From the task at `position` on.
    #[inline]
    pub fn of(route: &RouteState, clock: &RouteClock, position: usize, to: Option<usize>) -> Self {
        match route.nodes.get(position) {
            Some(node) => Self {
                to,
                chain: node.after,
                leg_in_s: node.leg_in_s,
            },
            None => Self {
                to,
                chain: clock.returns(),
                leg_in_s: route.last_leg_s,
            },
        }
    }

    /// Change of the cost of time if tasks come between an approach and this, driving legs as they
    /// are told; `None` if the route certainly takes too long.
    #[inline(always)]
    pub(super) fn time_with(
        &self,
        state: &State,
        route: &RouteState,
        vehicle: &VehicleType,
        approach: &Approach,
        tasks: &[u32],
        legs: &impl Legs,
    ) -> Option<i64> {
        let clock = state.index.clock(route.vehicle_type);
        let mut onward = Onward::from(approach);
        for &task in tasks {
            onward.visit(&clock, legs, task);
        }
        onward.join(&clock, legs, route, vehicle, self)
    }
}

/// A chain being built, with its legs and services added up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Onward {
    pub place: Option<usize>,
    leave_s: i64,
    chain: Segment,
    /// Legs and services added to those of the route.
    pub driving_s: i64,
    service_s: i64,
}

impl Onward {
    #[inline(always)]
    pub fn from(approach: &Approach) -> Self {
        Self {
            place: approach.place,
            leave_s: approach.leave_s,
            chain: approach.chain,
            driving_s: 0,
            service_s: 0,
        }
    }

    /// Drives to a new task and does it.
    #[inline(always)]
    pub fn visit(&mut self, clock: &RouteClock, legs: &impl Legs, task: u32) {
        self.service_s += clock.service_s(task);
        self.pass(clock, legs, task);
    }

    /// Drives to a task of the route and does it.
    #[inline(always)]
    pub fn pass(&mut self, clock: &RouteClock, legs: &impl Legs, task: u32) {
        let here = clock.place(task);
        let leg_s = match self.place.replace(here) {
            Some(from) => legs.leg_s(from, here, self.leave_s),
            None => 0,
        };
        let arrival_s = self.leave_s + leg_s;
        let start_s = clock.begin(task, arrival_s).unwrap_or(arrival_s);
        self.chain = self.chain.then(leg_s, clock.visit(task, start_s));
        self.leave_s = start_s + clock.service_s(task);
        self.driving_s += leg_s;
    }

    /// Change of the cost of time if the rest of the route follows; `None` if that certainly takes
    /// too long. `driving_s` must not count legs of the route that stay.
    #[inline(always)]
    pub fn join(
        self,
        clock: &RouteClock,
        legs: &impl Legs,
        route: &RouteState,
        vehicle: &VehicleType,
        ahead: &Ahead,
    ) -> Option<i64> {
        let leg = self.place.zip(ahead.to);
        let leg_s = leg.map_or(0, |(from, to)| legs.leg_s(from, to, self.leave_s));
        let duration_s = self.chain.then(leg_s, ahead.chain).duration_s;
        let driving_s = route.driving_s + self.driving_s + leg_s - ahead.leg_in_s;
        let service_s = route.service_s + self.service_s;
        if clock.is_plain()
            && (vehicle.max_duration_s.is_some_and(|most| duration_s > most)
                || vehicle.max_driving_s.is_some_and(|most| driving_s > most))
        {
            return None;
        }
        let now = time_cost(vehicle, route.chain_s, route.driving_s, route.service_s);
        Some(time_cost(vehicle, duration_s, driving_s, service_s) - now)
    }
}

/// Cost of a route's time, lateness aside.
fn time_cost(vehicle: &VehicleType, duration_s: i64, driving_s: i64, service_s: i64) -> i64 {
    let waiting_s = (duration_s - driving_s - service_s).max(0);
    let overtime = vehicle.overtime.map_or(0, |overtime| {
        (duration_s - overtime.after_s).max(0) * overtime.cost_per_second
    });
    duration_s * vehicle.cost_per_second
        + overtime
        + driving_s * vehicle.cost_per_driving_second
        + waiting_s * vehicle.cost_per_waiting_second
}
