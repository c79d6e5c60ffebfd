//! From a state to a solution and back.

use super::index::Index;
use super::requests::{Kind, NONE};
use super::route::vehicle;
use super::state::State;
use crate::solver::schedule::{DepartureRule, cheapest_departure_s};
use crate::solver::solution::{PauseKind, Route, Solution};

/// The routes of a state as a solution, each leaving as late as costs nothing.
pub(super) fn solution(state: &mut State) -> Solution {
    let index = state.index;
    let mut next_vehicle = vec![0; state.used.len()];
    let (mut routes, mut cost) = (Vec::new(), 0);
    let mut in_order: Vec<usize> = (0..state.routes.len())
        .filter(|&route| state.routes[route].in_use())
        .collect();
    in_order.sort_by_key(|&route| {
        let this = &state.routes[route];
        (this.vehicle_type, this.tasks.clone())
    });
    for route in in_order {
        let this = &state.routes[route];
        let vehicle_type = this.vehicle_type;
        let clock = index.clock(vehicle_type);
        let walks = &mut state.assessor.walks;
        let mut plan = clock.latest(&this.tasks, this.plan, walks);
        let stops = this.tasks.iter().filter(|&&task| !index.is_reload(task));
        let mut route = Route {
            vehicle_type,
            vehicle: next_vehicle[vehicle_type],
            departure_s: plan.departure_s,
            stops: stops.map(|&stop| stop as usize).collect(),
            pauses: clock.pauses(&this.tasks, plan.departure_s, walks),
        };
        if clock.departure_rule() == DepartureRule::Scan && !this.under_way {
            // The search looks at a grid of departures.
            let exact_s = cheapest_departure_s(index.problem, &route);
            let exact = clock.leave(&this.tasks, exact_s, walks);
            if let Some(exact) = exact.filter(|exact| exact.cost < plan.cost) {
                plan = clock.latest(&this.tasks, exact, walks);
                route.departure_s = plan.departure_s;
                route.pauses = clock.pauses(&this.tasks, plan.departure_s, walks);
            }
        }
        cost += this.cost - index.prices.vehicle - this.plan.cost + plan.cost;
        routes.push(route);
        next_vehicle[vehicle_type] += 1;
    }
    let unplanned = unplanned(state);
    cost += penalties(state);
    Solution {
        routes,
        unplanned,
        cost,
    }
}

/// Stops that are on no route, without alternatives of which another is served.
fn unplanned(state: &State) -> Vec<usize> {
    let index = state.index;
    let mut settled = vec![false; index.stops()];
    for group in &index.problem.rules().groups {
        if group
            .stops
            .iter()
            .any(|&stop| state.visits[stop].route != NONE)
        {
            group.stops.iter().for_each(|&stop| settled[stop] = true);
        }
    }
    let absent = |stop: &usize| state.visits[*stop].route == NONE && !settled[*stop];
    (0..index.stops()).filter(absent).collect()
}

/// What the plan pays for what it leaves out.
fn penalties(state: &State) -> i64 {
    let index = state.index;
    let stops = index.problem.stops();
    let of_request = |request: &u32| {
        let request = &index.requests.all[*request as usize];
        match request.kind {
            Kind::Group(_) => request.penalty.unwrap_or(0),
            _ => request
                .stops()
                .filter_map(|stop| stops[stop as usize].penalty)
                .sum(),
        }
    };
    state.absent.iter().map(of_request).sum()
}

/// Takes over the routes of a solution, as far as they keep the rules.
pub(super) fn load(state: &mut State, solution: &Solution) {
    for route in &solution.routes {
        let Some(known) = state.index.problem.vehicle_types().get(route.vehicle_type) else {
            continue;
        };
        let under_way = known.driven.is_some();
        let mut tasks = usable_tasks(state, route);
        if tasks.is_empty() {
            continue;
        }
        if under_way {
            let begun = state.index.clock(route.vehicle_type).begun_tasks();
            tasks.retain(|task| !begun.contains(task));
            tasks.splice(0..0, begun.iter().copied());
        } else if !state.is_free(route.vehicle_type) {
            continue;
        }
        load_route(state, route, tasks);
    }
}

/// Sets as many of the tasks as keep the rules, those at the end being given up first.
fn load_route(state: &mut State, known: &Route, mut tasks: Vec<u32>) {
    let (index, vehicle_type) = (state.index, known.vehicle_type);
    let begun = index.clock(vehicle_type).begun_tasks().len();
    while tasks.len() > begun {
        let done = match vehicle(index, vehicle_type).driven.is_some() {
            true => {
                let route = index.under_way.partition_point(|&t| t < vehicle_type);
                state.put(route, vehicle_type, &tasks)
            }
            false => state.add_route(vehicle_type, &tasks, Some(known.departure_s)),
        };
        if done {
            return;
        }
        let Some(&last) = tasks.last() else { return };
        let request = index.requests.of_stop.get(last as usize);
        let request = request.and_then(|&r| index.requests.all.get(r as usize));
        let gone: Vec<u32> = request.map_or_else(|| vec![last], |r| r.stops().collect());
        tasks.retain(|task| !gone.contains(task));
    }
}

/// Stops and reloads of a route that are known, allowed, free and complete.
fn usable_tasks(state: &State, route: &Route) -> Vec<u32> {
    let index = state.index;
    let vehicle_type = route.vehicle_type;
    let reloads = vehicle(index, vehicle_type).reloads.len();
    let mut tasks = Vec::new();
    let mut pauses = route.pauses.iter().peekable();
    let mut chosen: Vec<u32> = Vec::new();
    for position in 0..=route.stops.len() {
        while let Some(pause) = pauses.next_if(|p| p.before <= position) {
            if let PauseKind::Reload(reload) = pause.kind {
                tasks.extend((reload < reloads).then_some((index.stops() + reload) as u32));
            }
        }
        let Some(&stop) = route.stops.get(position) else {
            break;
        };
        if stop >= index.stops() || state.visits[stop].route != NONE {
            continue;
        }
        let (stop, request) = (stop as u32, index.requests.of_stop[stop]);
        let second = index
            .shipment(stop)
            .is_some_and(|(_, is_pickup)| !is_pickup);
        let known = chosen.contains(&request);
        let bound = index
            .requests
            .all
            .get(request as usize)
            .is_some_and(|r| r.bound.is_some());
        let free = request != NONE
            && state.absent.contains(&request)
            && (known == (second && !bound))
            && !tasks.contains(&stop)
            && state.permits(None, vehicle_type, stop);
        if free {
            chosen.push(request);
            tasks.push(stop);
        }
    }
    complete(index, &mut tasks);
    tasks
}

/// Takes out pickups whose delivery is missing.
fn complete(index: &Index, tasks: &mut Vec<u32>) {
    let all = tasks.clone();
    tasks.retain(|&task| {
        let request = index.requests.of_stop.get(task as usize);
        let request = request.and_then(|&r| index.requests.all.get(r as usize));
        match request.map(|r| &r.kind) {
            Some(Kind::Pair { pickup, delivery }) => all.contains(pickup) && all.contains(delivery),
            _ => true,
        }
    });
}
