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
    if types[from].driven.is_some() || !state.routes[route].in_use() {
        return;
    }
    let to = random.random_range(0..types.len());
    if to == from || types[to].driven.is_some() || !suits(state, route, to) {
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

/// Whether a vehicle type may carry a route as far as skills and reloads go.
fn suits(state: &State, route: usize, vehicle_type: usize) -> bool {
    let this = &state.routes[route];
    let types = state.index.problem.vehicle_types();
    let same_reloads = types[this.vehicle_type].reloads == types[vehicle_type].reloads;
    !this.tasks.is_empty()
        && (this.reloads == 0 || same_reloads)
        && this
            .tasks
            .iter()
            .all(|&task| state.index.is_reload(task) || state.index.may_serve(vehicle_type, task))
}

/// Sets new vehicle types, or leaves all as it was if one of them cannot drive its route.
fn change(state: &mut State, changes: &[(usize, usize)]) {
    let mut done = Vec::new();
    for &(route, vehicle_type) in changes {
        let before = state.routes[route].vehicle_type;
        let tasks = state.routes[route].tasks.clone();
        if !state.put(route, vehicle_type, &tasks) {
            break;
        }
        done.push((route, before));
    }
    if done.len() < changes.len() {
        for (route, before) in done {
            let tasks = state.routes[route].tasks.clone();
            state.put(route, before, &tasks);
        }
    }
}
