//! Selective route exchange (SREX): neighbouring routes of one plan replace routes of the other
//! that visit much the same stops (Nagata & Kobayashi 2010, as in Kool et al. 2022).

use crate::solver::search::genetic::individual::Individual;
use crate::solver::search::genetic::penalties::Penalties;
use crate::solver::search::genetic::tables::Tables;
use rand::Rng;
use rand::seq::SliceRandom;

/// Consecutive routes of two plans.
struct Choice {
    first: usize,
    second: usize,
    count: usize,
}

/// The better of two children: routes of `a` replaced by routes of `b`, where stops that both would
/// visit leave either the routes of `a` that stay or those that arrive.
pub(in crate::solver::search::genetic) fn cross(
    tables: &Tables,
    penalties: &Penalties,
    a: &Individual,
    b: &Individual,
    random: &mut impl Rng,
) -> Individual {
    let most = a.ends.len().min(b.ends.len());
    let mut choice = Choice {
        first: random.random_range(0..a.ends.len()),
        second: random.random_range(0..b.ends.len()),
        count: random.random_range(1..=most.saturating_sub(1).max(1)),
    };
    align(tables, a, b, &mut choice);
    let in_a = chosen(tables, a, choice.first, choice.count);
    let in_b = chosen(tables, b, choice.second, choice.count);
    let mut orphans: Vec<u32> = tables
        .nodes()
        .filter(|&node| in_a[node as usize] && !in_b[node as usize])
        .collect();
    orphans.shuffle(random);
    let stays = |node: &u32| in_a[*node as usize] || !in_b[*node as usize];
    let children = [true, false].map(|arrivals_win| {
        let mut routes: Vec<Vec<u32>> = a.routes().map(<[u32]>::to_vec).collect();
        for k in 0..choice.count {
            let mut arriving = b.route((choice.second + k) % b.ends.len()).to_vec();
            if !arrivals_win {
                arriving.retain(|&node| in_a[node as usize]);
            }
            let place = (choice.first + k) % a.ends.len();
            routes[place] = arriving;
        }
        if arrivals_win {
            for k in choice.count..a.ends.len() {
                routes[(choice.first + k) % a.ends.len()].retain(stays);
            }
        }
        insert(tables, &mut routes, &orphans);
        Individual::new(tables, routes)
    });
    let [one, other] = children;
    if one.penalised(penalties) <= other.penalised(penalties) {
        one
    } else {
        other
    }
}

/// Which nodes some consecutive routes visit.
fn chosen(tables: &Tables, plan: &Individual, first: usize, count: usize) -> Vec<bool> {
    let mut chosen = vec![false; tables.clients + 1];
    for k in 0..count {
        for &node in plan.route((first + k) % plan.ends.len()) {
            chosen[node as usize] = true;
        }
    }
    chosen
}

/// Shifts either choice by one route as long as that makes the stops chosen more alike.
fn align(tables: &Tables, a: &Individual, b: &Individual, choice: &mut Choice) {
    let overlap = |first: usize, second: usize| {
        let in_a = chosen(tables, a, first, choice.count);
        let nodes = (0..choice.count).flat_map(|k| b.route((second + k) % b.ends.len()));
        let (mut both, mut all) = (0_i64, 0_i64);
        for &node in nodes {
            both += i64::from(in_a[node as usize]);
            all += 1;
        }
        let chosen_in_a: usize = (0..choice.count)
            .map(|k| a.route((first + k) % a.ends.len()).len())
            .sum();
        2 * both - all - chosen_in_a as i64
    };
    let (mut first, mut second) = (choice.first, choice.second);
    let mut best = overlap(first, second);
    loop {
        let (of_a, of_b) = (a.ends.len(), b.ends.len());
        let shifts = [
            ((first + 1) % of_a, second),
            ((first + of_a - 1) % of_a, second),
            (first, (second + 1) % of_b),
            (first, (second + of_b - 1) % of_b),
        ];
        let better = shifts.into_iter().map(|(f, s)| (overlap(f, s), f, s)).max();
        match better {
            Some((value, f, s)) if value > best => (best, first, second) = (value, f, s),
            _ => break,
        }
    }
    (choice.first, choice.second) = (first, second);
}

/// Inserts nodes next to near ones, each where the detour is shortest.
fn insert(tables: &Tables, routes: &mut [Vec<u32>], orphans: &[u32]) {
    let nowhere = u32::MAX;
    let mut route_of = vec![nowhere; tables.clients + 1];
    for (route, stops) in routes.iter().enumerate() {
        stops
            .iter()
            .for_each(|&node| route_of[node as usize] = route as u32);
    }
    for &node in orphans {
        let mut best = (i64::MAX, 0, 0);
        for &near in tables.neighbours(node) {
            let route = route_of[near as usize];
            if route == nowhere {
                continue;
            }
            let stops = &routes[route as usize];
            let at = stops.iter().position(|&n| n == near).unwrap_or(0);
            for position in [at, at + 1] {
                best = best.min((
                    detour(tables, stops, position, node),
                    route as usize,
                    position,
                ));
            }
        }
        if best.0 == i64::MAX {
            for (route, stops) in routes.iter().enumerate() {
                for position in 0..=stops.len() {
                    best = best.min((detour(tables, stops, position, node), route, position));
                }
            }
        }
        routes[best.1].insert(best.2, node);
        route_of[node as usize] = best.1 as u32;
    }
}

/// Cost of a node at a position of a route; dearer than any where its window cannot be met.
fn detour(tables: &Tables, stops: &[u32], position: usize, node: u32) -> i64 {
    let before = if position == 0 {
        0
    } else {
        stops[position - 1] as usize
    };
    let after = stops.get(position).map_or(0, |&n| n as usize);
    let node = node as usize;
    let c = |a, b| tables.cost(a, b);
    let late = |from: usize, to: usize| {
        let (a, b) = (
            tables.visits[from],
            if to == 0 {
                tables.finish
            } else {
                tables.visits[to]
            },
        );
        a.early_s + a.duration_s + tables.leg_s(from, to) > b.late_s
    };
    if tables.timed && (late(before, node) || late(node, after)) {
        return i64::MAX - 1;
    }
    c(before, node) + c(node, after) - c(before, after)
}
