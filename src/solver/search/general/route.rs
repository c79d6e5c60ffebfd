//! One route with what the evaluation of changes needs.

use super::cargo::Cargo;
use super::index::Index;
use crate::solver::problem::VehicleType;
use crate::solver::schedule::{Plan, RouteClock, Segment, Walks};

/// What is kept of a task on a route.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Node {
    /// Distance from the task before or the start place.
    pub distance_in: i64,
    /// Earliest end; breaks only make it later.
    pub ready_s: i64,
    /// Latest arrival from which the rest of the route can be driven; breaks only make it earlier.
    pub latest_s: i64,
    /// End at the planned departure, without breaks.
    pub leave_s: i64,
    /// Duration of the leg to it then.
    pub leg_in_s: i64,
    /// From the start place to the end of this task, at the durations of the planned departure.
    pub before: Segment,
    /// From the start of this task to the end of the route, likewise.
    pub after: Segment,
}

/// One route. Empty unless it has tasks or its vehicle has departed already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RouteState {
    pub vehicle_type: usize,
    /// Whether its vehicle has departed already.
    pub under_way: bool,
    /// Stops, and reloads of the vehicle type counted on from the number of stops.
    pub tasks: Vec<u32>,
    pub nodes: Vec<Node>,
    pub cargo: Cargo,
    /// Tasks that the vehicle has begun already; they stay where they are.
    pub begun: usize,
    pub distance: i64,
    /// Where and when the first task that has not begun can be driven to at the earliest.
    pub set_off: (Option<usize>, i64),
    /// When it is driven to as planned.
    pub leave_s: i64,
    /// The chain before it.
    pub head: Segment,
    /// Duration of the last leg as planned.
    pub last_leg_s: i64,
    /// Duration of the chain of all tasks, which estimates are compared with.
    pub chain_s: i64,
    /// Legs of the chain.
    pub driving_s: i64,
    /// Services of the chain.
    pub service_s: i64,
    pub plan: Plan,
    /// Of the search: with the price of a vehicle.
    pub cost: i64,
    pub reloads: usize,
}

impl RouteState {
    /// Whether a vehicle is needed for it.
    pub fn in_use(&self) -> bool {
        !self.tasks.is_empty() || self.under_way
    }

    /// Tasks that are stops.
    pub fn stops(&self) -> usize {
        self.tasks.len() - self.reloads
    }
}

/// A vehicle type.
#[inline]
pub(super) fn vehicle<'a>(index: &Index<'a>, vehicle_type: usize) -> &'a VehicleType {
    &index.problem.vehicle_types()[vehicle_type]
}

/// Judges sequences; keeps its buffers between calls.
#[derive(Debug, Default)]
pub(super) struct Assessor {
    cargo: Cargo,
    pub walks: Walks,
}

impl Assessor {
    /// Cost of a route of these tasks with a vehicle that has not departed, without the price of
    /// the vehicle; `None` if it breaks a rule.
    pub fn solo(&mut self, index: &Index, vehicle_type: usize, tasks: &[u32]) -> Option<i64> {
        let vehicle = vehicle(index, vehicle_type);
        let may = tasks
            .iter()
            .all(|&stop| index.may_serve(vehicle_type, stop));
        if !may || vehicle.count == 0 || vehicle.driven.is_some() {
            return None;
        }
        self.assess(index, vehicle_type, tasks, None)
    }

    /// Cost of a sequence; `None` if it breaks a rule. With a departure to start from, only
    /// departures near it are looked at.
    pub fn assess(
        &mut self,
        index: &Index,
        vehicle_type: usize,
        tasks: &[u32],
        near_s: Option<i64>,
    ) -> Option<i64> {
        let distance = distance(index, vehicle_type, tasks, |_, _| {});
        if !within_limits(index, vehicle_type, tasks, distance)
            || !self.cargo.compute(index, vehicle_type, tasks)
        {
            return None;
        }
        let clock = index.clock(vehicle_type);
        let plan = match near_s {
            Some(departure_s) => clock.plan_near(tasks, departure_s, &mut self.walks)?,
            None => clock.plan(tasks, &mut self.walks)?,
        };
        Some(cost(index, vehicle_type, tasks, distance) + plan.cost)
    }

    /// Recomputes all that is kept of a route. `false` if it breaks a rule; a route of nothing but
    /// what has begun stands whatever it breaks.
    pub fn refresh(&mut self, index: &Index, route: &mut RouteState) -> bool {
        let vehicle_type = route.vehicle_type;
        let clock = index.clock(vehicle_type);
        route.begun = clock.begun_tasks().len();
        route.cost = 0;
        route.nodes.clear();
        route.nodes.resize(route.tasks.len(), Node::default());
        let reloads = route.tasks.iter().filter(|&&task| index.is_reload(task));
        route.reloads = reloads.count();
        let nodes = &mut route.nodes;
        route.distance = distance(
            index,
            vehicle_type,
            &route.tasks,
            |position, distance_in| {
                nodes[position].distance_in = distance_in;
            },
        );
        let fits = route.cargo.compute(index, vehicle_type, &route.tasks);
        if !route.in_use() {
            return true;
        }
        let allowed = fits && within_limits(index, vehicle_type, &route.tasks, route.distance);
        let plan = match allowed {
            true => self.time(&clock, route, index.chained[vehicle_type]),
            false => None,
        };
        let nothing_more = route.under_way && route.tasks.len() == route.begun;
        let plan = match plan {
            None if nothing_more => {
                // Times that no task fits into.
                route.set_off.1 = i64::MAX / 4;
                Some(clock.as_begun(&route.tasks, &mut self.walks))
            }
            plan => plan,
        };
        let Some(plan) = plan else { return false };
        route.plan = plan;
        route.cost = cost(index, vehicle_type, &route.tasks, route.distance)
            + plan.cost
            + index.prices.vehicle;
        true
    }

    /// Earliest and latest times, the planned departure, and chains where time counts.
    fn time(&mut self, clock: &RouteClock, route: &mut RouteState, chained: bool) -> Option<Plan> {
        let tasks = &route.tasks;
        let departure_s = clock.earliest_departure_s(tasks)?;
        let first = clock.set_off(tasks, departure_s)?;
        route.set_off = (first.place, first.at_s);
        if !clock.is_timed() {
            return clock.plan(tasks, &mut self.walks);
        }
        let nodes = &mut route.nodes;
        let end_s = clock.drive(tasks, departure_s, |position, _, ready_s| {
            nodes[position].ready_s = ready_s;
        })?;
        clock.latest_s(tasks, |position, latest_s| {
            nodes[position].latest_s = latest_s
        })?;
        if !chained && clock.is_plain() {
            return Some(Plan {
                departure_s,
                end_s,
                ..Plan::default()
            });
        }
        let plan = clock.plan(tasks, &mut self.walks)?;
        if chained {
            chain(clock, route, plan.departure_s);
        }
        Some(plan)
    }
}

/// Chains of tasks at the durations of the planned departure.
fn chain(clock: &RouteClock, route: &mut RouteState, departure_s: i64) {
    let (tasks, nodes) = (&route.tasks, &mut route.nodes);
    let Some(first) = clock.set_off(tasks, departure_s) else {
        return;
    };
    let begun = route.begun;
    let (mut leave_s, mut place) = (first.at_s, first.place);
    route.leave_s = leave_s;
    route.head = clock.head(departure_s, first.at_s);
    route.driving_s = first.driving_s;
    route.service_s = 0;
    let mut before = route.head;
    clock.drive(tasks, departure_s, |position, start_s, end_s| {
        let (task, node) = (tasks[position], &mut nodes[position]);
        let here = clock.place(task);
        node.leg_in_s = place.map_or(0, |from| clock.leg_s(from, here, leave_s));
        let visit = clock.visit(task, start_s);
        before = before.then(node.leg_in_s, visit);
        (node.before, node.after, node.leave_s) = (before, visit, end_s);
        route.driving_s += node.leg_in_s;
        route.service_s += clock.service_s(task);
        (leave_s, place) = (end_s, Some(here));
    });
    let end = clock.end_place();
    let last = place.zip(end);
    route.last_leg_s = last.map_or(0, |(from, end)| clock.leg_s(from, end, leave_s));
    route.driving_s += route.last_leg_s;
    let (mut after, mut leg_s) = (clock.returns(), route.last_leg_s);
    for node in nodes[begun..].iter_mut().rev() {
        after = node.after.then(leg_s, after);
        node.after = after;
        leg_s = node.leg_in_s;
    }
    route.chain_s = route.head.then(leg_s, after).duration_s;
}

/// Distance of a route, telling `visit` that of each leg to a task.
pub(super) fn distance(
    index: &Index,
    vehicle_type: usize,
    tasks: &[u32],
    mut visit: impl FnMut(usize, i64),
) -> i64 {
    let vehicle = vehicle(index, vehicle_type);
    let clock = index.clock(vehicle_type);
    let travel = index.problem.travel();
    let (mut total, mut place) = (0, vehicle.start);
    for (position, &task) in tasks.iter().enumerate() {
        let here = clock.place(task);
        let leg = place.map_or(0, |from| travel.distance(vehicle.profile, from, here));
        visit(position, leg);
        total += leg;
        place = Some(here);
    }
    // A vehicle that has departed comes home even if it does nothing.
    let moves = !tasks.is_empty() || vehicle.driven.is_some();
    let back = place.zip(vehicle.end).filter(|_| moves);
    total + back.map_or(0, |(from, end)| travel.distance(vehicle.profile, from, end))
}

/// Whether the number of stops and trips and the distance are allowed.
fn within_limits(index: &Index, vehicle_type: usize, tasks: &[u32], distance: i64) -> bool {
    let vehicle = vehicle(index, vehicle_type);
    let reloads = tasks.iter().filter(|&&task| index.is_reload(task)).count();
    vehicle.max_distance.is_none_or(|most| distance <= most)
        && vehicle
            .max_stops
            .is_none_or(|most| tasks.len() - reloads <= most)
        && vehicle.max_trips.is_none_or(|most| reloads < most)
}

/// Cost of a route apart from its time.
fn cost(index: &Index, vehicle_type: usize, tasks: &[u32], distance: i64) -> i64 {
    let vehicle = vehicle(index, vehicle_type);
    let stops = tasks.iter().filter(|&&task| !index.is_reload(task));
    let by_type: i64 = stops.map(|&stop| index.by_type(vehicle_type, stop)).sum();
    vehicle.fixed_cost + distance * vehicle.cost_per_distance + by_type
}
