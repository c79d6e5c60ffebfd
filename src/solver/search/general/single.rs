//! Places for one stop.

use super::least::LeastLegs;
use super::offers::{Offer, Offers, Place};
use super::onward::{Ahead, Approach, Legs};
use super::route::{RouteState, vehicle};
use super::state::State;
use crate::solver::problem::VehicleType;
use crate::solver::schedule::RouteClock;

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
    let insertion = Insertion {
        state,
        route: this,
        clock,
        vehicle,
        approach,
        position,
        tasks,
    };
    if !chained {
        return insertion.in_time(&clock).then_some(cost);
    }
    let bounds = insertion.bounds();
    let in_time = match &bounds {
        Some(legs) => insertion.in_time(legs),
        None => insertion.in_time(&clock),
    };
    if !in_time {
        return None;
    }
    if let Some(legs) = &bounds
        && cost + insertion.time(legs)? >= limit
    {
        return None;
    }
    let cost = cost + insertion.time(&clock)?;
    (cost < limit && (bounds.is_none() || insertion.in_time(&clock))).then_some(cost)
}

/// Tasks that could come before the one at a position of a route.
struct Insertion<'s, 'i> {
    state: &'s State<'i>,
    route: &'s RouteState,
    clock: RouteClock<'s>,
    vehicle: &'s VehicleType,
    approach: Approach,
    position: usize,
    tasks: &'s [u32],
}

impl<'s> Insertion<'s, '_> {
    /// Legs whose durations bound what the time costs from below, where some do: with several
    /// windows, or if waiting costs more than driving, a shorter leg may cost more.
    #[inline(always)]
    fn bounds(&self) -> Option<LeastLegs<'s>> {
        let vehicle = self.vehicle;
        let rises = vehicle.cost_per_waiting_second <= vehicle.cost_per_driving_second;
        let least = self.state.index.least.as_ref();
        let bounds = least.filter(|_| rises && self.clock.has_single_windows());
        bounds.map(|least| least.legs(vehicle.profile))
    }

    /// Change of the cost of time, if that is not certainly too long.
    #[inline(always)]
    fn time(&self, legs: &impl Legs) -> Option<i64> {
        let ahead = Ahead::of(self.route, &self.clock, self.position, self.next());
        ahead.time_with(
            self.state,
            self.route,
            self.vehicle,
            &self.approach,
            self.tasks,
            legs,
        )
    }

    /// Where the route goes on.
    #[inline(always)]
    fn next(&self) -> Option<usize> {
        let next = self.route.tasks.get(self.position);
        next.map_or(self.vehicle.end, |&task| Some(self.clock.place(task)))
    }

    /// Whether all that comes after can be done in time, leaving as early as possible.
    #[inline(always)]
    fn in_time(&self, legs: &impl Legs) -> bool {
        let (mut place, mut at_s) = (self.approach.place, self.approach.ready_s);
        for &task in self.tasks {
            let here = self.clock.place(task);
            if let Some(from) = place.replace(here) {
                at_s += legs.leg_s(from, here, at_s);
            }
            let Some(start_s) = self.clock.begin(task, at_s) else {
                return false;
            };
            at_s = start_s + self.clock.service_s(task);
        }
        let node = self.route.nodes.get(self.position);
        let latest_s = node.map_or(self.vehicle.latest_end_s, |node| node.latest_s);
        let last = place.zip(self.next());
        at_s + last.map_or(0, |(from, to)| legs.leg_s(from, to, at_s)) <= latest_s
    }
}
