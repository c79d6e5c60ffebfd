//! The outer loop: ruin, recreate, accept or undo, cool.

use super::best::Best;
use super::departures;
use super::fleet::refit;
use super::metric::Metric;
use super::plan::Plan;
use super::recreate::Recreate;
use super::ruin::Ruin;
use super::start;
use super::tables::{self, Tables};
use crate::runtime::{Progress, random};
use crate::solver::problem::Problem;
use crate::solver::search::limits::{Found, Limits};
use crate::solver::solution::Solution;
use crate::solver::travel::Travel;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// First temperature, as a share of the cost per stop.
const HOT: f64 = 0.3;

/// Last temperature, likewise.
const COLD: f64 = 0.01;

/// One iteration in so many changes a vehicle first, if there are several types.
const REFIT_ONE_IN: u32 = 10;

/// Iterations between two looks at the clock.
const LOOK_EVERY: u64 = 32;

/// Iterations between two reports of progress.
const REPORT_EVERY: u64 = 16_384;

/// Stops from which on a matrix would be too large.
pub(super) const MOST_IN_MATRIX: usize = 5_000;

/// Searches until a limit. The same problem, start, seed and limit of iterations give the same
/// result. The problem must be one that the engine [supports](super::supports()).
pub(in crate::solver) fn search(
    problem: &Problem,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    match problem.travel() {
        Travel::Plane(plane) if problem.stops().len() > MOST_IN_MATRIX => anneal(
            &tables::plane(problem, plane),
            initial,
            seed,
            limits,
            progress,
        ),
        _ => anneal(&tables::dense(problem), initial, seed, limits, progress),
    }
}

fn anneal<M: Metric>(
    tables: &Tables<M>,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    let mut random = Pcg64Mcg::from_rng(&mut random::generator(seed, "solver: anneal"));
    let mut plan = Plan::new(tables);
    let (mut ruin, mut recreate) = (Ruin::default(), Recreate::default());
    if let Some(initial) = initial {
        start::load(&mut plan, initial);
    }
    start::construct(&mut plan, &mut recreate, limits, &mut random);
    plan.accept();
    let mut best = Best::of(&plan);
    let mut accepted = plan.cost;
    let per_stop = start::typical_cost(&plan);
    let (hot, cold) = temperatures();
    let several_types = tables.types.len() > 1;
    let mut iterations = 0;
    let mut temperature = per_stop * hot;
    while tables.count() > 0 {
        if iterations % LOOK_EVERY == 0 {
            if limits.reached(iterations) {
                break;
            }
            temperature = per_stop * hot * (cold / hot).powf(limits.share_done(iterations));
        }
        iterations += 1;
        let fitted = !several_types
            || random.random_range(0..REFIT_ONE_IN) != 0
            || refit(&mut plan, &mut random);
        if fitted {
            ruin.run(&mut plan, &mut random);
            recreate.run(&mut plan, &ruin.waiting, &mut random);
        }
        let luck = 1.0 - random.random::<f64>();
        if fitted && (plan.cost as f64) < accepted as f64 - temperature * luck.ln() {
            best.note(&plan);
            plan.accept();
            accepted = plan.cost;
            if accepted < best.cost {
                best.update(&plan);
            }
        } else {
            plan.reject();
        }
        if iterations.is_multiple_of(REPORT_EVERY) {
            let total = limits.iterations.unwrap_or(0);
            progress.report(
                &format!("solve: best cost {}", best.cost),
                iterations,
                total,
            );
        }
    }
    let mut solution = best.solution(&tables.order);
    departures::decide(tables, &mut solution);
    Found {
        search_cost: best.cost,
        solution,
        iterations,
    }
}

fn temperatures() -> (f64, f64) {
    (tune("RF_HOT", 1.0), tune("RF_COLD", 0.02))
}

pub(super) fn tune(name: &'static str, default: f64) -> f64 {
    use std::cell::RefCell;
    thread_local!(static T: RefCell<Vec<(&'static str, f64)>> = const { RefCell::new(Vec::new()) });
    T.with_borrow_mut(|t| {
        for (n, v) in t.iter() {
            if n.as_ptr() == name.as_ptr() {
                return *v;
            }
        }
        let v = std::env::var(name)
            .ok()
            .and_then(|v| v.parse().ok())
            .unwrap_or(default);
        t.push((name, v));
        v
    })
}
