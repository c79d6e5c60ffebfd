//! Every move's change of cost equals full recomputation, and the bound is never above it.

use super::bound::Focus;
use super::relocate::{self, Piece};
use super::routes::Routes;
use super::search::LocalSearch;
use super::swap::{self, Pieces};
use super::swap_star::{self, StarSwap};
use super::swap_star_search::SwapStar;
use super::{two_opt, two_opt_star};
use crate::runtime::{Cancel, random};
use crate::solver::search::genetic::individual::Individual;
use crate::solver::search::genetic::penalties::Penalties;
use crate::solver::search::genetic::tables::Tables;
use crate::solver::search::genetic::tests::{Kind, problem};
use crate::solver::search::genetic::watch::Watch;
use crate::solver::search::limits::Limits;
use proptest::prelude::*;
use rand::Rng;
use rand::seq::SliceRandom;
use std::time::{Duration, Instant};

const PENALTIES: Penalties = Penalties {
    load: 7.0,
    limit: 3.0,
    warp: 2.0,
};

/// Stops in any order on as many routes as there are, some of them empty.
fn plan(tables: &Tables, seed: u64) -> Individual {
    let mut random = random::generator(seed, "genetic tests: plan");
    let mut tour: Vec<u32> = tables.nodes().collect();
    tour.shuffle(&mut random);
    let mut routes = vec![Vec::new(); tables.fleet];
    for node in tour {
        routes[random.random_range(0..tables.fleet - 1)].push(node);
    }
    Individual::new(tables, routes)
}

fn loaded<'a, const TIMED: bool>(tables: &'a Tables, plan: &Individual) -> Routes<'a, TIMED> {
    let mut routes = Routes::new(tables, PENALTIES);
    routes.load(plan);
    routes
}

/// What a move really changes, by doing it on a fresh copy.
fn real<const TIMED: bool>(
    tables: &Tables,
    plan: &Individual,
    apply: impl FnOnce(&mut Routes<TIMED>),
) -> i64 {
    let mut routes = loaded::<TIMED>(tables, plan);
    apply(&mut routes);
    let after = routes.save();
    assert_eq!(
        after.tour.len(),
        tables.clients,
        "every stop is on one route"
    );
    after.penalised(&PENALTIES) - plan.penalised(&PENALTIES)
}

/// All moves of two nodes, with what they claim and what they do.
fn check_pair<const TIMED: bool>(tables: &Tables, plan: &Individual, u: u32, v: u32) -> usize {
    let routes = loaded::<TIMED>(tables, plan);
    let (at_u, at_v) = (routes.around(u), routes.around(v));
    let is_stop = v <= tables.clients as u32;
    let bound = match is_stop {
        true => Focus::new(&routes, u).bound(&routes, v),
        false => Focus::new(&routes, u).bound_start(&routes, v),
    };
    let gain = routes.sums[at_u.route as usize].penalty + routes.sums[at_v.route as usize].penalty;
    let mut moves = 0;
    let mut compare = |claimed: Option<i64>, done: &dyn Fn(&mut Routes<TIMED>)| {
        if let Some(claimed) = claimed {
            assert_eq!(claimed, real(tables, plan, done), "{u} and {v}");
            assert!(
                bound - gain <= claimed,
                "bound {bound}, gain {gain}, change {claimed}"
            );
            moves += 1;
        }
    };
    for piece in [Piece::One, Piece::Pair, Piece::PairReversed] {
        let claimed = relocate::delta(&routes, piece, &at_u, &at_v, i64::MAX);
        compare(claimed, &|r| relocate::apply(r, piece, &at_u, &at_v));
    }
    if is_stop {
        for pieces in [Pieces::OneOne, Pieces::TwoOne, Pieces::TwoTwo] {
            let claimed = swap::delta(&routes, pieces, &at_u, &at_v, i64::MAX);
            compare(claimed, &|r| swap::apply(r, pieces, &at_u, &at_v));
        }
    }
    if at_u.route != at_v.route {
        let claimed = two_opt_star::delta(&routes, &at_u, &at_v, i64::MAX);
        compare(claimed, &|r| two_opt_star::apply(r, &at_u, &at_v));
        if !TIMED {
            let claimed = two_opt_star::delta_reversed(&routes, &at_u, &at_v, i64::MAX);
            compare(claimed, &|r| two_opt_star::apply_reversed(r, &at_u, &at_v));
        }
    } else if is_stop {
        let claimed = two_opt::delta(&routes, &at_u, &at_v, i64::MAX);
        compare(claimed, &|r| two_opt::apply(r, &at_u, &at_v));
    }
    moves
}

fn check_all_pairs<const TIMED: bool>(tables: &Tables, seed: u64) {
    let plan = plan(tables, seed);
    let mut moves = 0;
    for u in tables.nodes() {
        for v in tables.nodes().filter(|&v| v != u) {
            moves += check_pair::<TIMED>(tables, &plan, u, v);
        }
        for route in 0..tables.fleet as u32 {
            let start = Routes::<TIMED>::new(tables, PENALTIES).start(route);
            moves += check_pair::<TIMED>(tables, &plan, u, start);
        }
    }
    assert!(moves > 1_000, "only {moves} moves were possible");
}

/// Exchanges of two routes at random places, and the one that SWAP* thinks best.
fn check_stars<const TIMED: bool>(tables: &Tables, seed: u64) {
    let plan = plan(tables, seed);
    let routes = loaded::<TIMED>(tables, &plan);
    let mut random = random::generator(seed, "genetic tests: stars");
    let mut star = SwapStar::new(&routes);
    for first in 0..tables.fleet as u32 {
        for second in first + 1..tables.fleet as u32 {
            let stops = [first, second].map(|route| routes.stops(route).collect::<Vec<_>>());
            if stops[0].is_empty() || stops[1].is_empty() {
                continue;
            }
            let mut pick = |side: usize| stops[side][random.random_range(0..stops[side].len())];
            let swap = StarSwap {
                u: Some((pick(0), pick(1))),
                v: Some((pick(1), pick(0))),
            };
            let only = StarSwap { u: swap.u, v: None };
            let found = star.best(&routes, first, second);
            for swap in [Some(swap), Some(only), found].into_iter().flatten() {
                let pair = (first, second);
                let claimed = swap_star::delta(&routes, pair, swap, i64::MAX);
                let real = real(tables, &plan, |r: &mut Routes<TIMED>| {
                    swap_star::apply(r, pair, swap);
                });
                assert_eq!(claimed, Some(real), "{swap:?}");
            }
        }
    }
}

/// Without windows the sums of SWAP* are exact: no exchange by enumeration is better.
fn check_star_is_best(tables: &Tables, seed: u64) {
    let plan = plan(tables, seed);
    let routes = loaded::<false>(tables, &plan);
    let mut star = SwapStar::new(&routes);
    let found = star.best(&routes, 0, 1);
    let value = |swap| swap_star::delta(&routes, (0, 1), swap, i64::MAX).unwrap_or(i64::MAX);
    let best = found.map_or(0, value);
    for u in routes.stops(0) {
        for v in routes.stops(1) {
            let places = |route, start| routes.stops(route).chain([start]).collect::<Vec<u32>>();
            for after_u in places(1, routes.start(1)) {
                for after_v in places(0, routes.start(0)) {
                    let swap = StarSwap {
                        u: Some((u, after_u)),
                        v: Some((v, after_v)),
                    };
                    assert!(best <= value(swap), "{swap:?} is better than {found:?}");
                }
            }
        }
    }
}

fn check_improvement<const TIMED: bool>(tables: &Tables, seed: u64) {
    let plan = plan(tables, seed);
    let cancel = Cancel::new();
    let limits = Limits {
        start: Instant::now(),
        time: Duration::from_secs(3_600),
        iterations: None,
        cancel: &cancel,
    };
    let mut random = random::generator(seed, "genetic tests: improve");
    let mut search = LocalSearch::<TIMED>::new(tables, PENALTIES);
    let watch = Watch::new(&limits);
    let better = search.improve(&plan, &[], PENALTIES, &watch, &mut random);
    assert_eq!(better.tour.len(), tables.clients);
    assert!(better.penalised(&PENALTIES) < plan.penalised(&PENALTIES));
    let again = search.improve(&better, &[], PENALTIES, &watch, &mut random);
    assert!(again.penalised(&PENALTIES) <= better.penalised(&PENALTIES));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn each_move_changes_what_it_claims(seed in any::<u64>()) {
        check_all_pairs::<false>(&Tables::new(&problem(seed, Kind::Plain)), seed);
        check_all_pairs::<false>(&Tables::new(&problem(seed, Kind::Asymmetric)), seed);
        check_all_pairs::<true>(&Tables::new(&problem(seed, Kind::Windows)), seed);
    }

    #[test]
    fn each_swap_star_changes_what_it_claims(seed in any::<u64>()) {
        check_stars::<false>(&Tables::new(&problem(seed, Kind::Asymmetric)), seed);
        check_stars::<true>(&Tables::new(&problem(seed, Kind::Windows)), seed);
    }

    #[test]
    fn swap_star_finds_the_best_exchange(seed in any::<u64>()) {
        check_star_is_best(&Tables::new(&problem(seed, Kind::Plain)), seed);
    }

    #[test]
    fn local_search_keeps_every_stop_and_improves(seed in any::<u64>()) {
        check_improvement::<false>(&Tables::new(&problem(seed, Kind::Plain)), seed);
        check_improvement::<true>(&Tables::new(&problem(seed, Kind::Windows)), seed);
    }
}
