//! The way in: tables for the problem, fewer vehicles, then less distance, the best as a solution.

use super::chain::Chain;
use super::fleet;
use super::plan::Plan;
use super::recreate::Recreate;
use super::start;
use super::tables::Tables;
use crate::runtime::{Progress, random};
use crate::solver::problem::Problem;
use crate::solver::search::cooling::Cooling;
use crate::solver::search::limits::{Found, Limits};
use crate::solver::solution::Solution;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

/// First temperature, as a share of the cost per stop.
const HOT: f64 = 2.0;

/// Last temperature, likewise.
const COLD: f64 = 0.02;

/// How much cooler a search starts that is given routes: what is good in them shall last.
const WARM: f64 = 0.1;

/// Searches until a limit. The same problem, start, seed and limit of iterations give the same
/// result. The problem must be one that the engine [supports](super::supports()).
pub(in crate::solver) fn search(
    problem: &Problem,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    let mut random = Pcg64Mcg::from_rng(&mut random::generator(seed, "solver: pairs"));
    let tables = Tables::new(problem);
    let mut plan = Plan::new(&tables);
    if let Some(initial) = initial {
        start::load(&mut plan, initial);
    }
    start::construct(&mut plan, &mut Recreate::default(), limits, &mut random);
    let iterations = fleet::reduce(&mut plan, limits, progress, &mut random);
    let per_stop = start::typical_cost(&plan);
    let hot = if initial.is_some() { HOT * WARM } else { HOT };
    let cooling = Cooling {
        hot: per_stop * hot,
        cold: per_stop * COLD,
    };
    let mut chain = Chain::new(plan, random, iterations);
    chain.run(cooling, limits, progress);
    Found {
        solution: chain.best.solution(&tables),
        search_cost: chain.best.cost,
        iterations: chain.iterations,
    }
}
