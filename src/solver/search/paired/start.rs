//! Where a search starts: the routes of a given solution, and greedy insertion of the rest.

use super::places::{Place, Places};
use super::plan::{NONE, Plan};
use super::recreate::Recreate;
use crate::solver::search::limits::Limits;
use crate::solver::solution::Solution;
use rand::Rng;

/// Requests inserted between two looks at the clock.
const LOOK_EVERY: usize = 20;

/// Takes over the routes of a solution, as far as they keep the rules.
pub(super) fn load(plan: &mut Plan, solution: &Solution) {
    let mut places = Places::default();
    for route in &solution.routes {
        if route.vehicle_type >= plan.tables.types.len() || !plan.has_idle(route.vehicle_type) {
            continue;
        }
        let opened = plan.open(route.vehicle_type as u32);
        for (position, &stop) in route.stops.iter().enumerate() {
            append(plan, &mut places, opened, &route.stops[..position], stop);
        }
        if plan.routes[opened as usize].size() == 0 {
            plan.close(opened);
        }
    }
    plan.settle_absent();
    plan.accept();
}

/// Puts the request that `stop` delivers, and whose pickup is among the stops before it, where
/// both keep their order.
fn append(plan: &mut Plan, places: &mut Places, route: u32, before: &[usize], stop: usize) {
    let Some(&request) = plan.tables.request_of.get(stop) else {
        return;
    };
    let ends = plan.tables.requests[request as usize];
    let picked_up = before.iter().position(|&b| b == ends.pickup as usize);
    let Some(picked_up) = picked_up.filter(|_| stop == ends.delivery as usize) else {
        return;
    };
    if plan.route_of[request as usize] != NONE || !plan.accepts(route, request) {
        return;
    }
    // Behind every visit that comes earlier in the given order.
    let behind = |of: &[usize]| {
        let visits = &plan.routes[route as usize].visits;
        let given = |site: u32| of.contains(&(site as usize));
        visits.iter().rposition(|v| given(v.site)).unwrap_or(0)
    };
    let wanted = (behind(&before[..picked_up]), behind(before));
    let mut found = None;
    let this = &plan.routes[route as usize];
    places.scan(plan.tables, this, ends, i32::MAX, |place: Place| {
        if (place.pickup, place.delivery) == wanted {
            found = Some(place);
        }
        i32::MAX
    });
    if let Some(place) = found {
        plan.insert(request, route, place);
    }
}

/// Inserts all absent requests; a limit ends it early.
pub(super) fn construct(
    plan: &mut Plan,
    recreate: &mut Recreate,
    limits: &Limits,
    random: &mut impl Rng,
) {
    let mut waiting = plan.absent.clone();
    // Far requests first: they decide where routes must go anyway.
    waiting.sort_by_key(|&r| (-plan.tables.keys.remoteness[r as usize], r));
    for (inserted, request) in waiting.into_iter().enumerate() {
        let look = inserted.is_multiple_of(LOOK_EVERY);
        if look && limits.reached(0) && limits.iterations != Some(0) {
            break;
        }
        recreate.insert_anywhere(plan, request, random);
    }
    plan.settle_absent();
    plan.accept();
}

/// Cost of the routes per served stop without that of vehicles, the scale of temperatures.
pub(super) fn typical_cost(plan: &Plan) -> f64 {
    let routes = plan.in_use().map(|route| &plan.routes[route as usize]);
    let (cost, stops) = routes.fold((0, 0), |(cost, stops), route| {
        (cost + route.distance * route.unit, stops + route.size())
    });
    (cost as f64 / stops.max(1) as f64).max(1e-3)
}
