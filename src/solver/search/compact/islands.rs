//! Several chains at once: each takes the routes of one region for a while, then the regions are
//! put together and cut anew around another stop.
//!
//! Annealing decides by differences of cost, and those of distant routes do not meet, so that
//! chains side by side do what one would do in as much more time. Where there are too few routes
//! to part, all chains take all of them, and the best goes on.

use super::best::Routes;
use super::chain::Chain;
use super::engine::Request;
use super::metric::Metric;
use super::plan::Plan;
use crate::runtime::Progress;
use crate::solver::search::cooling::Cooling;
use crate::solver::solution::Solution;
use rand::Rng;
use rayon::prelude::*;

/// Times that the regions are cut.
const ROUNDS: u32 = 60;

/// Fewest routes and stops that a region is made of.
const LEAST_ROUTES: usize = 4;
const LEAST_STOPS: usize = 100;

/// The stops and the vehicles of a chain, and where it starts.
struct Region {
    members: Vec<u32>,
    vehicles: Vec<usize>,
    routes: Routes,
}

/// Runs the search from the start of a first chain: cost, solution, iterations of all chains.
pub(super) fn run<M: Metric>(
    first: Chain<M>,
    cooling: Cooling,
    request: &Request,
) -> (i64, Solution, u64) {
    let tables = first.plan.tables;
    let mut random = request.random(u64::MAX);
    let mut present = first.best.routes(tables.count());
    let (mut best, mut best_cost) = (present.clone(), first.best.cost);
    let mut iterations = 0;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads)
        .build();
    for round in 0..ROUNDS {
        if request.limits.reached(iterations) {
            break;
        }
        let until = f64::from(round + 1) / f64::from(ROUNDS);
        let regions = regions(&first.plan, &present, request.threads, &mut random);
        let parted = regions.len() > 1;
        let shared = if parted {
            regions
        } else {
            copies(regions, request.threads)
        };
        let each = |(k, region): (usize, &Region)| {
            let plan = Plan::of_region(tables, &region.members, &region.vehicles, &region.routes);
            let number = u64::from(round) * request.threads as u64 + k as u64 + 1;
            let mut chain = Chain::new(plan, request.random(number), request.limits);
            // Limited iterations are shared by all chains.
            let share = request.threads as u64;
            let limits = request.limits.shared_by(share);
            let progress = if k == 0 {
                request.progress.clone()
            } else {
                Progress::silent()
            };
            chain.advance(cooling, &limits, until, iterations / share, &progress);
            Outcome {
                present: chain.plan.routes_now(),
                present_cost: chain.plan.cost,
                best: chain.best.routes(tables.count()),
                best_cost: chain.best.cost,
                iterations: chain.iterations,
            }
        };
        let outcomes: Vec<Outcome> = match &pool {
            Ok(pool) => pool.install(|| {
                let all = shared.par_iter().enumerate().with_max_len(1);
                all.map(each).collect()
            }),
            // No threads to be had: search anyway, one region after the other.
            Err(_) => shared.iter().enumerate().map(each).collect(),
        };
        iterations += outcomes.iter().map(|o| o.iterations).sum::<u64>();
        let (next, found, found_cost) = join(outcomes, parted);
        present = next;
        if found_cost < best_cost {
            (best, best_cost) = (found, found_cost);
        }
    }
    (best_cost, best.solution(&tables.order), iterations)
}

/// What a chain leaves behind.
struct Outcome {
    present: Routes,
    present_cost: i64,
    best: Routes,
    best_cost: i64,
    iterations: u64,
}

/// The routes to go on with, the best routes of the round and their cost.
fn join(outcomes: Vec<Outcome>, parted: bool) -> (Routes, Routes, i64) {
    if parted {
        let cost = outcomes.iter().map(|o| o.best_cost).sum();
        let (present, best): (Vec<_>, Vec<_>) =
            outcomes.into_iter().map(|o| (o.present, o.best)).unzip();
        return (Routes::union(present), Routes::union(best), cost);
    }
    let mut present = (i64::MAX, Routes::default());
    let mut best = (i64::MAX, Routes::default());
    for outcome in outcomes {
        if outcome.present_cost < present.0 {
            present = (outcome.present_cost, outcome.present);
        }
        if outcome.best_cost < best.0 {
            best = (outcome.best_cost, outcome.best);
        }
    }
    (present.1, best.1, best.0)
}

/// The whole problem for every chain.
fn copies(mut regions: Vec<Region>, threads: usize) -> Vec<Region> {
    let Some(region) = regions.pop() else {
        return regions;
    };
    let copy = |_| Region {
        members: region.members.clone(),
        vehicles: region.vehicles.clone(),
        routes: region.routes.clone(),
    };
    (0..threads).map(copy).collect()
}

/// Parts the routes by their distance from a random stop into regions of about as many stops; one
/// region if there are too few.
fn regions<M: Metric>(
    plan: &Plan<M>,
    routes: &Routes,
    threads: usize,
    random: &mut impl Rng,
) -> Vec<Region> {
    let tables = plan.tables;
    let stops = tables.count();
    let fits = routes.0.len() / LEAST_ROUTES;
    let parts = threads.min(fits).min(stops / LEAST_STOPS).max(1);
    let centre = random.random_range(0..stops.max(1) as u32);
    let distance = |stop: u32| i64::from(tables.metric.distance(centre, stop));
    let mean = |sequence: &[u32]| {
        sequence.iter().map(|&s| distance(s)).sum::<i64>() / sequence.len().max(1) as i64
    };
    let mut by_distance: Vec<(i64, usize)> = routes
        .0
        .iter()
        .enumerate()
        .map(|(k, (_, sequence))| (mean(sequence), k))
        .collect();
    by_distance.sort_unstable();
    let mut regions: Vec<Region> = (0..parts)
        .map(|_| Region {
            members: Vec::new(),
            vehicles: vec![0; tables.types.len()],
            routes: Routes::default(),
        })
        .collect();
    let mut part = 0;
    let mut served = vec![false; stops];
    for (_, k) in by_distance {
        let (vehicle_type, sequence) = &routes.0[k];
        if regions[part].members.len() * parts >= stops && part + 1 < parts {
            part += 1;
        }
        let region = &mut regions[part];
        region.members.extend(sequence);
        region.vehicles[*vehicle_type as usize] += 1;
        region.routes.0.push((*vehicle_type, sequence.clone()));
        sequence
            .iter()
            .for_each(|&stop| served[stop as usize] = true);
    }
    share_rest(&mut regions, &served, tables.types.iter().map(|t| t.count));
    regions
}

/// Deals out absent stops and vehicles that stand idle.
fn share_rest(regions: &mut [Region], served: &[bool], counts: impl Iterator<Item = usize>) {
    let parts = regions.len();
    let absent = (0..served.len() as u32).filter(|&stop| !served[stop as usize]);
    for (k, stop) in absent.enumerate() {
        regions[k % parts].members.push(stop);
    }
    for (vehicle_type, count) in counts.enumerate() {
        let used: usize = regions.iter().map(|r| r.vehicles[vehicle_type]).sum();
        let idle = count.saturating_sub(used);
        for (k, region) in regions.iter_mut().enumerate() {
            region.vehicles[vehicle_type] += idle / parts + usize::from(k < idle % parts);
        }
    }
}
