//! The best plan met, kept up to date by the routes that changed since.

use super::plan::Plan;
use super::tables::Tables;
use crate::solver::solution::{Route, Solution};

/// The best routes so far.
pub(super) struct Best {
    /// Its cost, mandatory requests left out at their search cost.
    pub cost: i64,
    /// Requests on no route.
    pub left_out: usize,
    /// Vehicle type and stops by route; no stops if it is not in use.
    routes: Vec<(u32, Vec<u32>)>,
    /// Routes that changed since, each once.
    stale: Vec<u32>,
    is_stale: Vec<bool>,
}

impl Best {
    pub fn of(plan: &Plan) -> Self {
        let mut best = Self {
            cost: plan.cost,
            left_out: 0,
            routes: Vec::new(),
            stale: Vec::new(),
            is_stale: Vec::new(),
        };
        (0..plan.routes.len() as u32).for_each(|route| best.add_stale(route));
        best.update(plan);
        best
    }

    fn add_stale(&mut self, route: u32) {
        let index = route as usize;
        if index >= self.is_stale.len() {
            self.is_stale.resize(index + 1, false);
        }
        if !std::mem::replace(&mut self.is_stale[index], true) {
            self.stale.push(route);
        }
    }

    /// Notes what is about to be accepted.
    pub fn note(&mut self, plan: &Plan) {
        plan.dirty().iter().for_each(|&route| self.add_stale(route));
    }

    /// Takes the plan over.
    pub fn update(&mut self, plan: &Plan) {
        (self.cost, self.left_out) = (plan.cost, plan.absent.len());
        self.routes.resize_with(plan.routes.len(), Default::default);
        for route in self.stale.drain(..) {
            let index = route as usize;
            self.is_stale[index] = false;
            let (vehicle_type, stops) = &mut self.routes[index];
            *vehicle_type = plan.routes[index].vehicle_type;
            stops.clear();
            stops.extend(plan.routes[index].stops());
        }
    }

    /// The routes as a solution, by vehicle type and in a fixed order, each leaving as late as does
    /// not delay its end.
    pub fn solution(&self, tables: &Tables) -> Solution {
        let mut routes: Vec<&(u32, Vec<u32>)> = (self.routes.iter())
            .filter(|(_, s)| !s.is_empty())
            .collect();
        routes.sort();
        let mut served = vec![false; tables.stops.len()];
        let mut vehicles = vec![0; tables.types.len()];
        let mut solution = Solution::default();
        for (vehicle_type, stops) in routes {
            stops.iter().for_each(|&stop| served[stop as usize] = true);
            let index = *vehicle_type as usize;
            let (departure_s, cost) = departure_and_cost(tables, index, stops);
            solution.cost += cost;
            solution.routes.push(Route {
                vehicle_type: index,
                vehicle: vehicles[index],
                departure_s,
                stops: stops.iter().map(|&stop| stop as usize).collect(),
                ..Route::default()
            });
            vehicles[index] += 1;
        }
        solution.unplanned = (0..served.len()).filter(|&stop| !served[stop]).collect();
        let left_out = solution.unplanned.iter();
        let penalties = left_out.filter_map(|&stop| tables.problem.stops()[stop].penalty);
        solution.cost += penalties.sum::<i64>();
        solution
    }
}

/// The latest departure that does not delay the end of a route, and what the route costs.
fn departure_and_cost(tables: &Tables, vehicle_type: usize, stops: &[u32]) -> (i64, i64) {
    let t = &tables.types[vehicle_type];
    let vehicle = &tables.problem.vehicle_types()[vehicle_type];
    let from = std::iter::once(t.start).chain(stops.iter().copied());
    let legs: Vec<(u32, u32)> = from.zip(stops.iter().copied().chain([t.end])).collect();
    let (mut end, mut distance) = (t.earliest, 0);
    for &(from, to) in &legs {
        let (leg, site) = (tables.legs.between(from, to), tables.service_at(to));
        distance += i64::from(leg.distance);
        end = (end + leg.duration).max(site.open) + site.service;
    }
    let mut by = end;
    for &(from, to) in legs.iter().rev() {
        let site = tables.service_at(to);
        by = (by - site.service).min(site.close) - tables.legs.between(from, to).duration;
    }
    let cost = vehicle.fixed_cost + vehicle.cost_per_distance * distance;
    (i64::from(by.max(t.earliest)), cost)
}
