//! Gives a route another vehicle type: an idle one, or that of another route in exchange.

use super::state::State;
use rand::Rng;

/// Changes the vehicle of a random route, if a random other one can drive it. The state stays
/// feasible; whether it is kept is decided with the rest of the iteration.
pub(super) fn refit(state: &mut State, random: &mut impl Rng) {
    let types = state.index.problem.vehicle_types();
    if state.routes.is_empty() || types.len() < 2 {
        return;
    }
    let route = random.random_range(0..state.routes.len());
    let from = state.routes[route].vehicle_type;
    let to = random.random_range(0..types.len());
    if to == from || !suits(state, route, to) {
        return;
    }
    if state.used[to] < types[to].count {
        change(state, &[(route, to)]);
        return;
    }
    let others: Vec<usize> = (0..state.routes.len())
        .filter(|&other| state.routes[other].vehicle_type == to && suits(state, other, from))
        .collect();
    if others.is_empty() {
        return;
    }
    let other = others[random.random_range(0..others.len())];
    change(state, &[(route, to), (other, from)]);
}

/// Whether a vehicle type may carry a route as far as load, number of stops and skills go.
fn suits(state: &State, route: usize, vehicle_type: usize) -> bool {
    let this = &state.routes[route];
    let vehicle = &state.index.problem.vehicle_types()[vehicle_type];
    let present = &state.index.problem.vehicle_types()[this.vehicle_type].capacity;
    let mut loads = present
        .iter()
        .zip(state.room(route))
        .map(|(all, left)| all - left);
    let fits = vehicle
        .capacity
        .iter()
        .all(|capacity| loads.next() <= Some(*capacity));
    !this.stops.is_empty()
        && fits
        && vehicle
            .max_stops
            .is_none_or(|most| this.stops.len() <= most)
        && this
            .stops
            .iter()
            .all(|&stop| state.index.skilled(vehicle_type, stop))
}

/// Sets new vehicle types, or leaves all as it was if one of them cannot drive its route in time.
fn change(state: &mut State, changes: &[(usize, usize)]) {
    let before: Vec<(usize, usize)> = changes
        .iter()
        .map(|&(route, _)| (route, state.routes[route].vehicle_type))
        .collect();
    let mut feasible = true;
    for &(route, vehicle_type) in changes {
        state.touch(route);
        let stops = state.routes[route].stops.clone();
        feasible &= state.set_route(route, vehicle_type, &stops);
    }
    if !feasible {
        for (route, vehicle_type) in before {
            let stops = state.routes[route].stops.clone();
            state.set_route(route, vehicle_type, &stops);
        }
    }
}
