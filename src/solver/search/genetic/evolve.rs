//! The outer loop: two parents, a child, local search, survival; prices adapt and a population that
//! has run dry starts anew (Vidal 2022; with time windows Kool et al. 2022).

use super::crossover::{order, routes};
use super::individual::Individual;
use super::local_search::LocalSearch;
use super::penalties::{Adaptation, Penalties};
use super::population::{Population, SURVIVORS};
use super::split::split;
use super::tables::Tables;
use super::watch::Watch;
use crate::runtime::{Progress, random};
use crate::solver::search::anneal::{Found, Limits, anneal};
use crate::solver::search::index::Index;
use crate::solver::solution::{Route, Solution};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Random plans that a population starts with.
const FIRST_PLANS: usize = 4 * SURVIVORS;

/// Children without a better plan after which a population starts anew.
const IDLE: u64 = 20_000;

/// One infeasible plan in so many is repaired at prices this many times as high.
const REPAIR_ONE_IN: u32 = 2;
const REPAIR_FACTOR: f64 = 10.0;

/// One child in so many mixes giant tours; the others mix routes.
const ORDER_ONE_IN: u32 = 2;

/// Children between two reports of progress.
const REPORT_EVERY: u64 = 100;

/// Searches until a limit; iterations are children. Same contract as [`anneal`]: the same index,
/// start, seed and limit of iterations give the same result, and no rule is ever broken.
pub(in crate::solver) fn evolve(
    index: &Index,
    initial: Option<&Solution>,
    seed: u64,
    limits: &Limits,
    progress: &Progress,
) -> Found {
    let tables = Tables::new(index.problem);
    let first = construct(index, initial, seed, limits);
    let first_plan = plan_of(&tables, &first.solution);
    let more: Vec<Individual> = (1..super::lab("P_SEEDS", 0.) as u64).map(|k| plan_of(&tables, &construct(index, initial, seed + k * 1000, limits).solution)).collect();
    if std::env::var_os("LAB_V").is_some() {
        eprintln!("seeds {} {:?} at {:?}", first_plan.cost, more.iter().map(|p| p.cost).collect::<Vec<_>>(), limits.start.elapsed());
    }
    let (best, iterations) = if tables.timed {
        Evolution::<true>::new(&tables, seed, limits).run(first_plan, more, progress)
    } else {
        Evolution::<false>::new(&tables, seed, limits).run(first_plan, more, progress)
    };
    let found = finish(index, &solution_of(&best), seed, limits);
    let better = if found.search_cost <= first.search_cost { found } else { first };
    Found { iterations, ..better }
}

/// A plan by insertion, with the start if there is one.
fn construct(index: &Index, initial: Option<&Solution>, seed: u64, limits: &Limits) -> Found {
    let limits = Limits {
        iterations: Some(super::lab("P_SEEDIT", 0.) as u64),
        ..limits.clone()
    };
    anneal(index, initial, seed, &limits, &Progress::silent())
}

/// The plan with departures decided; whatever of it breaks a rule is put elsewhere or left out.
fn finish(index: &Index, plan: &Solution, seed: u64, limits: &Limits) -> Found {
    let limits = Limits {
        iterations: Some(0),
        ..limits.clone()
    };
    anneal(index, Some(plan), seed, &limits, &Progress::silent())
}

/// The routes of a solution, those left out on routes of their own.
fn plan_of(tables: &Tables, solution: &Solution) -> Individual {
    let node = |&stop: &usize| stop as u32 + 1;
    let routes = solution.routes.iter().map(|route| route.stops.iter().map(node).collect());
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

    /// Evolves from a first plan; the best plan and the number of children.
    fn run(mut self, first: Individual, more: Vec<Individual>, progress: &Progress) -> (Individual, u64) {
        self.educate(&first, &[]);
        for plan in &more {
            self.educate(plan, &[]);
        }
        if std::env::var_os("LAB_V").is_some() {
            eprintln!("after seeds {:?} at {:?}", self.best.as_ref().map(|p| p.cost), self.limits.start.elapsed());
        }
        self.populate();
        if std::env::var_os("LAB_V").is_some() {
            eprintln!("after populate {:?} at {:?}", self.best.as_ref().map(|p| p.cost), self.limits.start.elapsed());
        }
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
                let cost = self.best.as_ref().map_or(first.cost, |plan| plan.cost);
                progress.report(&format!("solve: best cost {cost}"), self.iterations, total);
            }
        }
        let fallback = || self.population.least_broken().cloned();
        let best = self.best.clone().or_else(fallback).unwrap_or(first);
        (best, self.iterations)
    }

    fn is_over(&self) -> bool {
        let most = self.limits.iterations;
        most.is_some_and(|most| self.iterations >= most) || self.watch.is_over()
    }

    /// Fills the population with random plans.
    fn populate(&mut self) {
        let mut tour: Vec<u32> = self.tables.nodes().collect();
        for _ in 0..super::lab("P_FIRST", FIRST_PLANS as f64) as usize {
            if self.is_over() {
                return;
            }
            tour.shuffle(&mut self.random);
            let plan = split(self.tables, &self.penalties, &tour);
            self.educate(&plan, &[]);
        }
    }

    /// A child of two parents.
    fn child(&mut self) -> Option<(Individual, Vec<bool>)> {
        let (a, b) = self.population.parents(&mut self.random)?;
        if self.random.random::<f64>() < super::lab("P_OX", 0.5) {
            let tour = order::cross(&a.tour, &b.tour, &mut self.random);
            let child = split(self.tables, &self.penalties, &tour);
            let settled = if super::lab("P_CLEANOX", 1.) > 0. { child.shared_with(a) } else { vec![] };
            return Some((child, settled));
        }
        let child = routes::cross(self.tables, &self.penalties, a, b, &mut self.random);
        let settled = if super::lab("P_CLEAN", 1.) > 0. { child.shared_with(a) } else { vec![] };
        Some((child, settled))
    }

    /// Improves a plan, repairs it if chance says so, and adds what came of it.
    fn educate(&mut self, plan: &Individual, settled: &[bool]) {
        self.iterations += 1;
        let found = self.search.improve(plan, settled, self.penalties, &self.watch, &mut self.random);
        let repriced = self.adaptation.count(&found, &mut self.penalties);
        if !found.is_feasible() && self.random.random::<f64>() < super::lab("P_REPAIR", 0.5) {
            let dear = self.penalties.times(REPAIR_FACTOR);
            let repaired = self.search.improve(&found, &[], dear, &self.watch, &mut self.random);
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
