//! What a sequence of tasks costs on a vehicle, and whether it breaks a rule.

use super::cargo::Cargo;
use super::index::Index;
use super::route::{Node, RouteState, chain, vehicle};
use crate::solver::schedule::{DepartureRule, Plan, RouteClock, Walks};

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
            Some(near_s) => {
                let by_s = clock.latest_s(tasks, |_, _| {})?;
                clock.plan_near(tasks, near_s, by_s, &mut self.walks)?
            }
            None => clock.plan(tasks, &mut self.walks)?,
        };
        Some(cost(index, vehicle_type, tasks, distance) + plan.cost)
    }

    /// Recomputes all that is kept of a route. With a departure to start from, only departures near
    /// it are looked at as long as one of them is allowed. `false` if it breaks a rule; a route of nothing but what has begun stands
    /// whatever it breaks.
    pub fn refresh(&mut self, index: &Index, route: &mut RouteState, near_s: Option<i64>) -> bool {
        let vehicle_type = route.vehicle_type;
        let clock = index.clock(vehicle_type);
        route.begun = clock.begun_tasks().len();
        route.cost = 0;
        route.provisional = false;
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
            true => self.time(&clock, route, index.chained[vehicle_type], near_s),
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
    fn time(
        &mut self,
        clock: &RouteClock,
        route: &mut RouteState,
        chained: bool,
        near_s: Option<i64>,
    ) -> Option<Plan> {
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
        let by_s = clock.latest_s(tasks, |position, latest_s| {
            nodes[position].latest_s = latest_s
        })?;
        if clock.is_prompt() || (!chained && clock.is_plain()) {
            return Some(Plan {
                departure_s,
                end_s,
                ..Plan::default()
            });
        }
        let near_s = near_s.filter(|_| clock.departure_rule() == DepartureRule::Scan);
        let near = near_s.and_then(|near_s| clock.plan_near(tasks, near_s, by_s, &mut self.walks));
        route.provisional = near.is_some();
        let plan = match near {
            Some(plan) => plan,
            None => clock.plan(tasks, &mut self.walks)?,
        };
        if chained {
            chain(clock, route, plan.departure_s);
        }
        Some(plan)
    }

    /// Looks for a better departure of a route of which only few were looked at.
    pub fn settle(&mut self, index: &Index, route: &mut RouteState) {
        if !std::mem::take(&mut route.provisional) {
            return;
        }
        let clock = index.clock(route.vehicle_type);
        let plan = clock.plan(&route.tasks, &mut self.walks);
        if let Some(plan) = plan.filter(|plan| plan.cost < route.plan.cost) {
            route.cost += plan.cost - route.plan.cost;
            route.plan = plan;
            if index.chained[route.vehicle_type] {
                chain(&clock, route, plan.departure_s);
            }
        }
    }
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
