//! Places for one stop.

use super::insertion::Insertion;
use super::offers::{Offer, Offers, Place};
use super::onward::Approach;
use super::route::vehicle;
use super::state::State;

/// Offers the positions of a route before the task at `position`.
pub(super) fn offer(state: &State, route: usize, position: usize, stop: u32, offers: &mut Offers) {
    let index = state.index;
    let this = &state.routes[route];
    let vehicle_type = this.vehicle_type;
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
            exact: index.is_exact(vehicle_type),
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
    for &reload in &index.reloads[vehicle_type] {
        for reload_first in [true, false] {
            let is_reload =
                |at: usize| this.tasks.get(at).is_none_or(|&task| index.is_reload(task));
            let ends = match (reload_first, position.checked_sub(1)) {
                (true, Some(before)) => is_reload(before),
                (true, None) => vehicle.driven.is_none(),
                (false, _) => is_reload(position),
            };
            let codes = match reload_first {
                true => [reload, stop],
                false => [stop, reload],
            };
            let fits = index.collects || {
                let capacity = &vehicle.capacity;
                this.cargo
                    .divides(index, capacity, position, stop, reload_first)
            };
            let cost = match ends || !fits {
                true => None,
                false => delta(state, route, position, &codes, limit(offers)),
            };
            if let Some(cost) = cost {
                offers.add(Offer {
                    cost: cost + by_type,
                    exact: index.exact_trips && index.is_exact(vehicle_type),
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
/// Exact, and refused exactly when a rule is broken, where [`Index::is_exact`]; otherwise the
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
    if clock.has_releases() && !insertion.in_time_released() {
        return None;
    }
    if clock.is_prompt() {
        return Some(cost);
    }
    if !chained {
        let in_time = clock.has_releases() || insertion.in_time(&clock);
        return in_time.then_some(cost);
    }
    let bounds = insertion.bounds();
    let in_time = match &bounds {
        _ if clock.has_releases() => true,
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
