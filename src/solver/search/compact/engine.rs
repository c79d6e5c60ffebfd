//! The way in: tables for the problem, one chain or several, the best as a solution.

use super::chain::Chain;
use super::metric::Metric;
use super::plan::Plan;
use super::tables::{self, Tables};
use super::{departures, islands, start};
use crate::runtime::{Progress, random};
use crate::solver::problem::Problem;
use crate::solver::search::cooling::Cooling;
use crate::solver::search::limits::{Found, Limits};
use crate::solver::solution::Solution;
use crate::solver::travel::Travel;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

/// First temperature, as a share of the cost per stop.
const HOT: f64 = 0.4;

/// The same where windows bind: more detours must be accepted to get around them.
const HOT_TIMED: f64 = 3.0;

/// Last temperature, as a share of the cost per stop.
const COLD: f64 = 0.02;

/// How much cooler a search starts that is given routes: what is good in them shall last.
const WARM: f64 = 0.1;

/// Stops from which on a matrix would be too large.
const MOST_IN_MATRIX: usize = 5_000;

/// Searches until a limit. The same problem, start, seed and limit of iterations give the same
/// result. The problem must be one that the engine [supports](super::supports()).
pub(in crate::solver) fn search(
    problem: &Problem,
    initial: Option<&Solution>,
    seed: u64,
    threads: usize,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    let request = Request {
        initial,
        seed,
        threads,
        limits,
        progress,
    };
    let is_over = || limits.is_over();
    match problem.travel() {
        Travel::Plane(plane) if problem.stops().len() > MOST_IN_MATRIX => {
            run(&tables::plane(problem, plane, &is_over), &request)
        }
        _ => run(&tables::dense(problem, &is_over), &request),
    }
}

/// What a search is asked for.
pub(super) struct Request<'a> {
    pub initial: Option<&'a Solution>,
    pub seed: u64,
    pub threads: usize,
    pub limits: &'a Limits<'a>,
    pub progress: &'a Progress,
}

impl Request<'_> {
    /// Random numbers of a chain.
    pub fn random(&self, chain: u64) -> Pcg64Mcg {
        let seed = self
            .seed
            .wrapping_add(chain.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Pcg64Mcg::from_rng(&mut random::generator(seed, "solver: anneal"))
    }
}

fn run<M: Metric>(tables: &Tables<M>, request: &Request) -> Found {
    let mut plan = Plan::new(tables);
    if let Some(initial) = request.initial {
        start::load(&mut plan, initial);
    }
    let mut chain = Chain::new(plan, request.random(0), request.limits);
    let cooling = cooling(&chain.plan, request.initial.is_some());
    let (search_cost, mut solution, iterations) = match request.threads {
        0 | 1 => {
            chain.advance(cooling, request.limits, 1.0, 0, request.progress);
            let solution = chain.best.solution(&tables.order);
            (chain.best.cost, solution, chain.iterations)
        }
        _ => islands::run(chain, cooling, request),
    };
    departures::decide(tables, &mut solution);
    Found {
        solution,
        search_cost,
        iterations,
    }
}

fn cooling<M: Metric>(plan: &Plan<M>, warm: bool) -> Cooling {
    let per_stop = start::typical_cost(plan);
    let hot = if plan.tables.timed { HOT_TIMED } else { HOT };
    let hot = if warm { hot * WARM } else { hot };
    Cooling {
        hot: per_stop * hot,
        cold: per_stop * COLD,
    }
}
