//! Where a search starts: the routes of a given solution, and greedy insertion of the rest.

use super::metric::Metric;
use super::plan::{NONE, Plan};
use super::recreate::{Recreate, detour};
use crate::solver::search::limits::Limits;
use crate::solver::solution::Solution;
use rand::Rng;

/// Takes over the routes of a solution, as far as they keep the rules.
pub(super) fn load<M: Metric>(plan: &mut Plan<M>, solution: &Solution) {
    let mut number = vec![NONE; plan.tables.count()];
    for (new, &old) in plan.tables.order.iter().enumerate() {
        number[old as usize] = new as u32;
    }
    for route in &solution.routes {
        let vehicle_type = route.vehicle_type as u32;
        if route.vehicle_type >= plan.tables.types.len() || !plan.has_idle(route.vehicle_type) {
            continue;
        }
        let opened = plan.open(vehicle_type);
        let mut behind = plan.ends(opened);
        for &stop in &route.stops {
            let Some(&stop) = number.get(stop) else {
                continue;
            };
            if plan.nodes[stop as usize].route != NONE || !plan.accepts(opened, stop) {
                continue;
            }
            let allowed = match plan.tables.timed {
                true => detour::<M, true>(plan, stop, behind, i64::MAX),
                false => detour::<M, false>(plan, stop, behind, i64::MAX),
            };
            if allowed.is_some() {
                plan.insert(stop, behind);
                behind = stop;
            }
        }
        if plan.routes[opened as usize].size == 0 {
            plan.close(opened);
        }
    }
    let nodes = &plan.nodes;
    plan.absent
        .retain(|&stop| nodes[stop as usize].route == NONE);
    plan.accept();
}

/// Inserts all absent stops, a few at a time so that a limit is noticed.
pub(super) fn construct<M: Metric>(
    plan: &mut Plan<M>,
    recreate: &mut Recreate,
    limits: &Limits,
    random: &mut impl Rng,
) {
    let mut waiting = plan.absent.clone();
    // Far stops first: they decide where routes must go anyway.
    waiting.sort_by_key(|&stop| (-plan.tables.keys.remoteness[stop as usize], stop));
    for some in waiting.chunks(100) {
        if limits.is_over() {
            return;
        }
        recreate.insert_in_order(plan, some, random);
        plan.accept();
    }
    let nodes = &plan.nodes;
    plan.absent
        .retain(|&stop| nodes[stop as usize].route == NONE);
}

/// Cost of the routes per served stop, the scale of temperatures.
pub(super) fn typical_cost<M: Metric>(plan: &Plan<M>) -> f64 {
    let absences = plan
        .absent
        .iter()
        .map(|&stop| plan.tables.stops[stop as usize].absence);
    let fixed = plan
        .in_use()
        .map(|r| plan.tables.types[plan.routes[r as usize].vehicle_type as usize].fixed);
    let routes = plan.cost - absences.sum::<i64>() - fixed.sum::<i64>();
    (routes as f64 / plan.served.max(1) as f64).max(1e-3)
}
