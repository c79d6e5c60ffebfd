//! Places for one stop.

use super::offers::{Offer, Offers, Place};
use super::onward::{Ahead, Approach};
use super::route::vehicle;
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
