//! Changes which vehicle drives a route, where there are several types.

use super::metric::Metric;
use super::plan::Plan;
use rand::Rng;

/// Gives a random route a vehicle of another type: a free one, or that of another route in
/// exchange. Leaves the plan as it is where loads or skills forbid it; times that no longer hold
/// are for the caller to undo: `false`.
pub(super) fn refit<M: Metric>(plan: &mut Plan<M>, random: &mut impl Rng) -> bool {
    let routes = plan.routes.len() as u32;
    let wanted = random.random_range(0..plan.tables.types.len() as u32);
    let route = random.random_range(0..routes.max(1));
    if route >= routes || plan.routes[route as usize].size == 0 {
        return true;
    }
    let present = plan.routes[route as usize].vehicle_type;
    if wanted == present || !fits(plan, route, wanted) {
        return true;
    }
    if plan.has_idle(wanted as usize) {
        plan.set_type(route, wanted);
        return holds(plan, route);
    }
    let first = random.random_range(0..routes);
    let other = (0..routes).map(|k| (first + k) % routes).find(|&other| {
        let data = &plan.routes[other as usize];
        data.size > 0 && data.vehicle_type == wanted
    });
    match other {
        Some(other) if fits(plan, other, present) => {
            plan.set_type(route, wanted);
            plan.set_type(other, present);
            holds(plan, route) && holds(plan, other)
        }
        _ => true,
    }
}

/// Whether a vehicle of a type can carry and may serve what is on a route.
fn fits<M: Metric>(plan: &Plan<M>, route: u32, vehicle_type: u32) -> bool {
    let tables = plan.tables;
    let data = &plan.routes[route as usize];
    let (old, new) = (
        &tables.types[data.vehicle_type as usize],
        &tables.types[vehicle_type as usize],
    );
    let capacities = old.capacity.iter().zip(&new.capacity);
    let mut rooms = plan.room(route).iter().zip(capacities);
    rooms.all(|(room, (old, new))| room + new - old >= 0)
        && data.size <= new.max_stops
        && plan
            .stops_of(route)
            .all(|stop| tables.may_serve(vehicle_type, stop))
}

/// Whether times and distance of a route keep the limits of its new type.
fn holds<M: Metric>(plan: &mut Plan<M>, route: u32) -> bool {
    let data = &plan.routes[route as usize];
    let limit = plan.tables.types[data.vehicle_type as usize].max_distance;
    data.distance <= limit && (!plan.tables.timed || plan.retime_all(route))
}
