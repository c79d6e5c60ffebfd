//! Places for one stop.

use super::offers::{Offer, Offers, Place};
use super::route::{RouteState, vehicle};
use super::state::State;
use crate::solver::problem::VehicleType;
use crate::solver::schedule::{RouteClock, Segment};

/// Offers the positions of a route before the task at `position`.
pub(super) fn offer(state: &State, route: usize, position: usize, stop: u32, offers: &mut Offers) {
    let index = state.index;
    let this = &state.routes[route];
    let vehicle_type = this.vehicle_type;
    let clock = index.clock(vehicle_type);
    let vehicle = vehicle(index, vehicle_type);
    if vehicle.max_stops.is_some_and(|most| this.stops() >= most) {
        return;
    }
    let (at, by_type) = (position as u32, index.by_type(vehicle_type, stop));
    let limit = |offers: &Offers| offers.limit().saturating_sub(by_type);
    if this.cargo.accepts(index, &vehicle.capacity, position, stop)
        && let Some(cost) = delta(state, route, position, &[stop], limit(offers))
    {
        offers.add(Offer {
            cost: cost + by_type,
            exact: clock.is_plain(),
            place: Place::Stop {
                route: route as u32,
                position: at,
                stop,
            },
        });
    }
    if vehicle
        .max_trips
        .is_some_and(|most| this.reloads + 1 >= most)
    {
        return;
    }
    for number in 0..vehicle.reloads.len() {
        let reload = (index.stops() + number) as u32;
        for reload_first in [true, false] {
            let ends = match reload_first {
                true => position == 0 && vehicle.driven.is_none(),
                false => position == this.tasks.len(),
            };
            let codes = match reload_first {
                true => [reload, stop],
                false => [stop, reload],
            };
            let cost = match ends {
                true => None,
                false => delta(state, route, position, &codes, limit(offers)),
            };
            if let Some(cost) = cost {
                offers.add(Offer {
                    cost: cost + by_type,
                    exact: false,
                    place: Place::Reloading {
                        route: route as u32,
                        position: at,
                        stop,
                        reload,
                        reload_first,
                    },
                });
            }
        }
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

/// Change of cost if tasks come before the one at `position`, apart from what serving them costs by
/// type; `None` if that breaks a rule of time or distance or costs at least `limit`.
///
/// Exact, and refused exactly when a rule is broken, where [`RouteClock::is_plain`]; otherwise the
/// legs that stay are held at their present durations, lateness and pauses are left aside, and what
/// is refused is certainly too late.
#[inline]
pub(super) fn delta(
    state: &State,
    route: usize,
    position: usize,
    tasks: &[u32],
    limit: i64,
) -> Option<i64> {
    let index = state.index;
    let this = &state.routes[route];
    let vehicle = vehicle(index, this.vehicle_type);
    let clock = index.clock(this.vehicle_type);
    let approach = Approach::to(this, &clock, position);
    let next = this.tasks.get(position).map(|&task| clock.place(task));
    let to = next.or(vehicle.end);
    let travel = index.problem.travel();
    let (mut place, mut detour) = (approach.place, 0);
    for &task in tasks {
        let here = clock.place(task);
        detour += place.map_or(0, |from| index.distance_into(vehicle.profile, from, here));
        place = Some(here);
    }
    if let (Some(from), Some(to)) = (place, to) {
        detour += travel.distance(vehicle.profile, from, to);
        detour -= match this.nodes.get(position) {
            Some(node) => node.distance_in,
            None => approach
                .place
                .map_or(0, |from| travel.distance(vehicle.profile, from, to)),
        };
    }
    let cost = detour * vehicle.cost_per_distance;
    let chained = index.chained[this.vehicle_type];
    let too_far = vehicle
        .max_distance
        .is_some_and(|m| this.distance + detour > m);
    if too_far || (!chained && cost >= limit) {
        return None;
    }
    if !clock.is_timed() {
        return Some(cost);
    }
    let ready_s = ready_after(state, &clock, vehicle, &approach, tasks)?;
    let (arrival_s, latest_s) = match this.nodes.get(position) {
        Some(node) => (arrive(&clock, place, next, ready_s), node.latest_s),
        None => (
            arrive(&clock, place, vehicle.end, ready_s),
            vehicle.latest_end_s,
        ),
    };
    if arrival_s > latest_s {
        return None;
    }
    if !chained {
        return Some(cost);
    }
    let ahead = Ahead::of(this, &clock, position, to);
    let cost = cost + ahead.time_with(state, this, vehicle, &approach, tasks)?;
    (cost < limit).then_some(cost)
}

#[inline]
fn arrive(clock: &RouteClock, from: Option<usize>, to: Option<usize>, leave_s: i64) -> i64 {
    let leg = from.zip(to);
    leave_s + leg.map_or(0, |(from, to)| clock.leg_s(from, to, leave_s))
}

/// Earliest end of tasks after an approach; `None` if one of them is late.
#[inline]
fn ready_after(
    state: &State,
    clock: &RouteClock,
    vehicle: &VehicleType,
    approach: &Approach,
    tasks: &[u32],
) -> Option<i64> {
    let (mut place, mut at_s) = (approach.place, approach.ready_s);
    for &task in tasks {
        let here = clock.place(task);
        if let Some(from) = place.replace(here) {
            at_s += state
                .index
                .duration_into_s(vehicle.profile, from, here, at_s);
        }
        at_s = clock.begin(task, at_s)? + clock.service_s(task);
    }
    Some(at_s)
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

    /// Change of the cost of time if tasks come between an approach and this; `None` if the route
    /// certainly takes too long.
    #[inline]
    fn time_with(
        &self,
        state: &State,
        route: &RouteState,
        vehicle: &VehicleType,
        approach: &Approach,
        tasks: &[u32],
    ) -> Option<i64> {
        let clock = state.index.clock(route.vehicle_type);
        let mut onward = Onward::from(approach);
        for &task in tasks {
            onward.visit(&clock, task);
        }
        onward.join(&clock, route, vehicle, self)
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
    #[inline]
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
    #[inline]
    pub fn visit(&mut self, clock: &RouteClock, task: u32) {
        self.service_s += clock.service_s(task);
        self.pass(clock, task);
    }

    /// Drives to a task of the route and does it.
    #[inline]
    pub fn pass(&mut self, clock: &RouteClock, task: u32) {
        let here = clock.place(task);
        let leg_s = match self.place.replace(here) {
            Some(from) => clock.leg_s(from, here, self.leave_s),
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
    #[inline]
    pub fn join(
        self,
        clock: &RouteClock,
        route: &RouteState,
        vehicle: &VehicleType,
        ahead: &Ahead,
    ) -> Option<i64> {
        let leg = self.place.zip(ahead.to);
        let leg_s = leg.map_or(0, |(from, to)| clock.leg_s(from, to, self.leave_s));
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
