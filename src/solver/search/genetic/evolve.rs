//! The outer loop: two parents, a child, local search, survival; prices adapt and a population that
//! has run dry starts anew (Vidal 2022; with time windows Kool et al. 2022).

use super::crossover::{order, routes};
use super::individual::Individual;
use super::local_search::LocalSearch;
use super::penalties::{Adaptation, Penalties};
use super::population::Population;
use super::split::split;
use super::tables::Tables;
use super::watch::Watch;
use crate::runtime::{Progress, random};
use crate::solver::problem::Problem;
use crate::solver::search::compact;
use crate::solver::search::limits::{Found, Limits};
use crate::solver::solution::{Route, Solution};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Random plans that a population starts with.
const FIRST_PLANS: usize = 40;

/// Plans by ruin and recreate that the first population starts with, without and with time windows
/// (which random plans do badly at); iterations of each per stop, and the share of the time that
/// each may take.
const SEEDS: u64 = 1;
const TIMED_SEEDS: u64 = 3;
const SEED_ITERATIONS_PER_STOP: u64 = 150;
const SEED_TIME_SHARE: f64 = 0.07;

/// Children without a better plan after which a population starts anew.
const IDLE: u64 = 20_000;

/// Share of infeasible plans that are repaired, at prices this many times as high; random plans
/// are built at these too.
const REPAIR_SHARE: f64 = 0.5;
const REPAIR_FACTOR: f64 = 10.0;

/// Share of children that mix giant tours, without and with time windows; the others mix routes.
const ORDER_SHARE: f64 = 0.9;
const TIMED_ORDER_SHARE: f64 = 0.5;

/// Children between two reports of progress.
const REPORT_EVERY: u64 = 100;

/// Searches until a limit; iterations are children. The same problem,
/// start, seed and limit of iterations give the same result, and no rule is ever broken.
pub(in crate::solver) fn evolve(
    problem: &Problem,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    let tables = Tables::new(problem);
    let seeds = if tables.timed { TIMED_SEEDS } else { SEEDS };
    let seeds: Vec<Found> = (0..seeds)
        .map(|k| seed_plan(problem, initial, seed.wrapping_add(k << 32), limits))
        .collect();
    let plans: Vec<Individual> = seeds
        .iter()
        .map(|s| plan_of(&tables, &s.solution))
        .collect();
    let (best, iterations) = if tables.timed {
        Evolution::<true>::new(&tables, seed, limits).run(&plans, progress)
    } else {
        Evolution::<false>::new(&tables, seed, limits).run(&plans, progress)
    };
    let found = finish(problem, &solution_of(&best), seed, limits);
    let all = seeds.into_iter().chain([found]);
    let found = all
        .min_by_key(|found| found.search_cost)
        .unwrap_or_else(|| Found {
            solution: Solution::default(),
            search_cost: i64::MAX,
            iterations: 0,
        });
    Found {
        iterations,
        ..found
    }
}

/// A plan by ruin and recreate, from the start if there is one. Always the same one, unless the
/// time is short.
fn seed_plan(problem: &Problem, initial: Option<&Solution>, seed: u64, limits: &Limits) -> Found {
    let iterations = SEED_ITERATIONS_PER_STOP * problem.stops().len() as u64;
    let limits = Limits {
        iterations: Some(if limits.iterations == Some(0) {
            0
        } else {
            iterations
        }),
        time: limits
            .time
            .min(limits.start.elapsed() + limits.time.mul_f64(SEED_TIME_SHARE)),
        ..limits.clone()
    };
    compact::search(problem, initial, seed, 1, &limits, &Progress::silent())
}

/// The plan with departures decided; whatever of it breaks a rule is put elsewhere or left out.
fn finish(problem: &Problem, plan: &Solution, seed: u64, limits: &Limits) -> Found {
    let limits = Limits {
        iterations: Some(0),
        ..limits.clone()
    };
    compact::search(problem, Some(plan), seed, 1, &limits, &Progress::silent())
}

/// The routes of a solution, those left out on routes of their own.
fn plan_of(tables: &Tables, solution: &Solution) -> Individual {
    let node = |&stop: &usize| stop as u32 + 1;
    let routes = solution
        .routes
        .iter()
        .map(|route| route.stops.iter().map(node).collect());
    let left_out = solution.unplanned.iter().map(|stop| vec![node(stop)]);
    Individual::new(tables, routes.chain(left_out))
}

fn solution_of(plan: &Individual) -> Solution {
    let route = |(vehicle, stops): (usize, &[u32])| Route {
        vehicle,
        stops: stops.iter().map(|&node| node as usize - 1).collect(),
        ..Route::default()
    };
    Solution {
        routes: plan.routes().enumerate().map(route).collect(),
        ..Solution::default()
    }
}

/// A running search.
struct Evolution<'a, const TIMED: bool> {
    tables: &'a Tables,
    limits: &'a Limits<'a>,
    watch: Watch<'a>,
    random: Pcg64Mcg,
    search: LocalSearch<'a, TIMED>,
    population: Population,
    penalties: Penalties,
    adaptation: Adaptation,
    /// The best feasible plan.
    best: Option<Individual>,
    iterations: u64,
    /// Cost of the best plan of this population and when it was found.
    record: (i64, u64),
}

impl<'a, const TIMED: bool> Evolution<'a, TIMED> {
    fn new(tables: &'a Tables, seed: u64, limits: &'a Limits<'a>) -> Self {
        let penalties = Penalties::new(tables);
        Self {
            tables,
            limits,
            watch: Watch::new(limits),
            random: Pcg64Mcg::from_rng(&mut random::generator(seed, "solver: evolve")),
            search: LocalSearch::new(tables, penalties),
            population: Population::default(),
            penalties,
            adaptation: Adaptation::new(tables),
            best: None,
            iterations: 0,
            record: (i64::MAX, 0),
        }
    }

    /// Evolves from some plans; the best plan and the number of children.
    fn run(mut self, seeds: &[Individual], progress: &Progress) -> (Individual, u64) {
        for plan in seeds {
            self.add(plan.clone());
            self.educate(plan, &[]);
        }
        self.populate();
        while !self.is_over() {
            if self.iterations - self.record.1 > IDLE {
                self.population = Population::default();
                self.record = (i64::MAX, self.iterations);
                self.populate();
                continue;
            }
            let Some((child, settled)) = self.child() else {
                break;
            };
            self.educate(&child, &settled);
            if self.iterations.is_multiple_of(REPORT_EVERY) {
                let total = self.limits.iterations.unwrap_or(0);
                let cost = self.best.as_ref().map_or(0, |plan| plan.cost);
                progress.report(&format!("solve: best cost {cost}"), self.iterations, total);
            }
        }
        let population = &self.population;
        let fallback = || population.least_broken().cloned();
        let best = self.best.or_else(fallback).unwrap_or_default();
        (best, self.iterations)
    }

    fn is_over(&self) -> bool {
        let most = self.limits.iterations;
        most.is_some_and(|most| self.iterations >= most) || self.watch.is_over()
    }

    /// Fills the population with random plans.
    fn populate(&mut self) {
        let mut tour: Vec<u32> = self.tables.nodes().collect();
        for _ in 0..FIRST_PLANS {
            if self.is_over() {
                return;
            }
            tour.shuffle(&mut self.random);
            let dear = self.penalties.times(REPAIR_FACTOR);
            let plan = self.search.construct(&tour, dear);
            self.educate(&plan, &[]);
        }
    }

    /// A child of two parents, and which of its routes it has whole from the first.
    fn child(&mut self) -> Option<(Individual, Vec<bool>)> {
        let (tables, random) = (self.tables, &mut self.random);
        let (a, b) = self.population.parents(random)?;
        let child = if random.random_bool(if TIMED {
            TIMED_ORDER_SHARE
        } else {
            ORDER_SHARE
        }) {
            split(
                tables,
                &self.penalties,
                &order::cross(&a.tour, &b.tour, random),
            )
        } else {
            routes::cross(tables, &self.penalties, a, b, random)
        };
        let settled = child.shared_with(a);
        Some((child, settled))
    }

    /// Improves a plan, repairs it if chance says so, and adds what came of it.
    fn educate(&mut self, plan: &Individual, settled: &[bool]) {
        self.iterations += 1;
        let found =
            self.search
                .improve(plan, settled, self.penalties, &self.watch, &mut self.random);
        let repriced = self.adaptation.count(&found, &mut self.penalties);
        if !found.is_feasible() && self.random.random_bool(REPAIR_SHARE) {
            let dear = self.penalties.times(REPAIR_FACTOR);
            let repaired = self
                .search
                .improve(&found, &[], dear, &self.watch, &mut self.random);
            if repaired.is_feasible() {
                self.add(repaired);
            }
        }
        self.add(found);
        if repriced {
            self.population.reprice(&self.penalties);
        }
    }

    fn add(&mut self, plan: Individual) {
        if plan.is_feasible() {
            if plan.cost < self.record.0 {
                self.record = (plan.cost, self.iterations);
            }
            if self.best.as_ref().is_none_or(|best| plan.cost < best.cost) {
                self.best = Some(plan.clone());
            }
        }
        self.population.add(plan, &self.penalties);
    }
}
