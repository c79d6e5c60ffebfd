//! The outer loop: ruin, recreate, accept or undo, cool.

use super::index::Index;
use super::plans;
use super::recreate::Recreate;
use super::refit::refit;
use super::route::RouteState;
use super::ruin::Ruin;
use super::state::State;
use super::trips::move_trip;
use crate::runtime::{Progress, random};
use crate::solver::search::limits::{Found, Limits};
use crate::solver::solution::Solution;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// First temperature, as a share of the first plan's cost per stop.
const HOT: f64 = 1.0;

/// Last temperature, likewise.
const COLD: f64 = 0.03;

/// One iteration in so many changes a vehicle first, if there are several types.
const REFIT_ONE_IN: u32 = 10;

/// Probability that an iteration moves a trip first, if vehicles may reload.
const MOVED_TRIPS: f64 = 0.6;

/// One iteration in so many inserts optional requests at any price.
const BOLD_ONE_IN: u32 = 10;

/// Share of a route's cost that better departures are taken to save at most.
const MOST_SETTLED: f64 = 0.02;

/// Iterations between two reports of progress.
const REPORT_EVERY: u64 = 5_000;

/// Searches until a limit. The same index, start, seed and limit of iterations give the same
/// result.
pub(in crate::solver) fn anneal(
    index: &Index,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    let mut random = Pcg64Mcg::from_rng(&mut random::generator(seed, "solver: anneal"));
    let mut state = State::new(index);
    let (mut ruin, mut recreate) = (Ruin::default(), Recreate::default());
    if let Some(initial) = initial {
        plans::load(&mut state, initial);
        state.settle();
    }
    state.accept();
    let mut best = Best::of(&state);
    construct(&mut state, &mut recreate, limits, &mut random);
    state.settle();
    state.accept();
    let mut accepted = state.cost;
    if accepted < best.cost {
        best.update(&state);
    }
    let per_stop = typical_cost(&state);
    let several_types = index.problem.vehicle_types().len() > 1;
    let mut iterations = 0;
    while index.stops() > 0 && !limits.reached(iterations) {
        iterations += 1;
        let temperature = per_stop * HOT * (COLD / HOT).powf(limits.share_done(iterations));
        if index.any_reloads && random.random_bool(MOVED_TRIPS) {
            move_trip(&mut state, &mut random);
        }
        if several_types && random.random_range(0..REFIT_ONE_IN) == 0 {
            refit(&mut state, &mut random);
        }
        ruin.run(&mut state, &mut random);
        let bold = index.any_optional && random.random_range(0..BOLD_ONE_IN) == 0;
        recreate.run(&mut state, &ruin.waiting, bold, &mut random);
        let luck = 1.0 - random.random::<f64>();
        let most_rise = -temperature * luck.ln();
        if rises_less(&mut state, accepted, most_rise) {
            state.accept();
            accepted = state.cost;
            if accepted < best.cost {
                best.update(&state);
            }
        } else {
            state.reject();
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
    state.restore(&best.routes);
    Found {
        solution: plans::solution(&mut state),
        search_cost: best.cost,
        iterations,
    }
}

/// Whether the cost of the state has risen by less than a limit. Departures are settled only where
/// that can decide.
fn rises_less(state: &mut State, accepted: i64, most_rise: f64) -> bool {
    let saving = MOST_SETTLED * state.unsettled_cost() as f64;
    if (state.cost - accepted) as f64 - saving >= most_rise {
        return false;
    }
    state.settle();
    ((state.cost - accepted) as f64) < most_rise
}

/// Inserts all absent requests, a few at a time so that a limit is noticed.
fn construct(state: &mut State, recreate: &mut Recreate, limits: &Limits, random: &mut impl Rng) {
    let mut waiting = state.absent.clone();
    let index = state.index;
    // Goods on board first, then far stops: they decide where routes must go anyway.
    waiting.sort_by_key(|&request| {
        let this = &index.requests.all[request as usize];
        let remote = index.remoteness[this.face() as usize];
        (this.bound.is_none(), -remote, request)
    });
    for some in waiting.chunks(10) {
        if limits.is_over() {
            return;
        }
        recreate.run(state, some, index.any_optional, random);
    }
}

/// Cost of the routes per served stop without the price of vehicles, the scale of temperatures.
fn typical_cost(state: &State) -> f64 {
    let in_use = state.routes.iter().filter(|r| r.in_use());
    let costs = in_use.map(|r| r.cost - state.index.prices.vehicle);
    let served: usize = state.routes.iter().map(|r| r.stops()).sum();
    (costs.sum::<i64>() as f64 / served.max(1) as f64).max(1e-3)
}

/// The best routes so far.
struct Best {
    cost: i64,
    routes: Vec<RouteState>,
}

impl Best {
    fn of(state: &State) -> Self {
        Self {
            cost: state.cost,
            routes: state.routes.clone(),
        }
    }

    fn update(&mut self, state: &State) {
        self.cost = state.cost;
        self.routes
            .resize_with(state.routes.len(), Default::default);
        for (kept, route) in self.routes.iter_mut().zip(&state.routes) {
            // All that is kept of a route follows from these.
            let key = |r: &RouteState| (r.vehicle_type, r.under_way, r.plan);
            if key(kept) != key(route) || kept.tasks != route.tasks {
                kept.clone_from(route);
            }
        }
    }
}
