//! Which stops are near a stop.

use super::metric::{FORBIDDEN, Metric};
use super::tables::Tables;
use rayon::prelude::*;

/// Neighbours at whose positions recreation tries a stop.
const CANDIDATES: usize = 40;

/// The same where windows rule many of them out.
const CANDIDATES_TIMED: usize = 60;

/// Neighbours along which ruin looks for routes.
const ADJACENT: usize = 100;

/// Stops nearby by distance from which each neighbour is chosen, where looking at all takes too
/// long.
const POOL_PER_NEIGHBOUR: usize = 4;

/// Weight of unavoidable waiting against driving when neighbours are ranked
/// (Vidal, Crainic, Gendreau & Prins 2013).
const WAITING_WEIGHT: f64 = 0.2;

/// A stop near another one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbour {
    pub stop: u32,
    /// Distance between the two, the shorter way.
    pub distance: i32,
    /// Duration to the neighbour.
    pub to: i32,
    /// Duration from the neighbour.
    pub from: i32,
}

/// Nearest stops, nearest first.
#[derive(Default)]
pub(super) struct Neighbours {
    candidates: Vec<Neighbour>,
    candidates_each: usize,
    adjacent: Vec<u32>,
    adjacent_each: usize,
}

impl Neighbours {
    /// The lists of all stops, or none if the search is over before they are done.
    pub fn of<M: Metric>(tables: &Tables<M>, is_over: &(dyn Fn() -> bool + Sync)) -> Self {
        let others = tables.count().saturating_sub(1);
        let candidates = if tables.timed {
            CANDIDATES_TIMED
        } else {
            CANDIDATES
        };
        let (candidates_each, adjacent_each) = (candidates.min(others), ADJACENT.min(others));
        let near = |stop: u32, most: usize, cost: &(dyn Fn(u32, u32) -> f64 + Sync)| {
            if is_over() {
                return Vec::new();
            }
            let others = pool(tables, stop, most).into_iter();
            let others = others.filter(|&other| other != stop);
            let mut all: Vec<(f64, u32)> = others.map(|other| (cost(stop, other), other)).collect();
            let by_cost = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if most < all.len() {
                all.select_nth_unstable_by(most, by_cost);
                all.truncate(most);
            }
            all.sort_unstable_by(by_cost);
            all.into_iter()
                .map(|(_, other)| other)
                .collect::<Vec<u32>>()
        };
        let lists = |most: usize, cost: &(dyn Fn(u32, u32) -> f64 + Sync)| -> Vec<u32> {
            let stops = (0..tables.count() as u32).into_par_iter();
            stops.flat_map_iter(|stop| near(stop, most, cost)).collect()
        };
        let travel = |a, b| f64::from(either_way(tables, a, b));
        let adjacent = lists(adjacent_each, &travel);
        let complete = tables.count() * adjacent_each;
        if adjacent.len() < complete {
            return Self::default();
        }
        let candidates = match tables.timed {
            true => lists(candidates_each, &|a, b| with_windows(tables, a, b)),
            false => adjacent
                .chunks(adjacent_each.max(1))
                .flat_map(|near| near[..candidates_each].to_vec())
                .collect(),
        };
        if candidates.len() < tables.count() * candidates_each {
            return Self::default();
        }
        let each = candidates_each.max(1);
        let candidates = candidates
            .chunks(each)
            .enumerate()
            .flat_map(|(stop, near)| {
                near.iter().map(move |&other| Neighbour {
                    stop: other,
                    distance: either_way(tables, stop as u32, other),
                    to: tables.metric.duration(stop as u32, other),
                    from: tables.metric.duration(other, stop as u32),
                })
            });
        Self {
            candidates: candidates.collect(),
            candidates_each,
            adjacent,
            adjacent_each,
        }
    }

    /// Neighbours at whose positions `stop` is tried, in both directions.
    #[inline(always)]
    pub fn candidates(&self, stop: u32) -> &[Neighbour] {
        &self.candidates[stop as usize * self.candidates_each..][..self.candidates_each]
    }

    /// Neighbours by travel alone.
    #[inline(always)]
    pub fn adjacent(&self, stop: u32) -> &[u32] {
        &self.adjacent[stop as usize * self.adjacent_each..][..self.adjacent_each]
    }
}

/// Stops among which the nearest ones of a stop are looked for, more than `most`.
fn pool<M: Metric>(tables: &Tables<M>, stop: u32, most: usize) -> Vec<u32> {
    let all = tables.count() as u32;
    let mut least = POOL_PER_NEIGHBOUR * most;
    while least < tables.count() {
        let Some(mut pool) = tables.metric.around(stop, least) else {
            break;
        };
        // The ends of routes are sites too.
        pool.retain(|&site| site < all);
        if pool.len() > most {
            return pool;
        }
        least *= 2;
    }
    (0..all).collect()
}

/// The shorter of the two legs between stops.
fn either_way<M: Metric>(tables: &Tables<M>, a: u32, b: u32) -> i32 {
    let metric = &tables.metric;
    metric
        .distance(a, b)
        .min(metric.distance(b, a))
        .min(FORBIDDEN)
}

/// Travel with the waiting and lateness that going from one to the other must bring.
fn with_windows<M: Metric>(tables: &Tables<M>, a: u32, b: u32) -> f64 {
    let one_way = |a: u32, b: u32| {
        let (first, second) = (&tables.stops[a as usize], &tables.stops[b as usize]);
        let leg = tables.metric.duration(a, b) + first.service;
        let waiting = (f64::from(second.open) - f64::from(leg) - f64::from(first.close)).max(0.0);
        let late = (f64::from(first.open) + f64::from(leg) - f64::from(second.close)).max(0.0);
        f64::from(tables.metric.distance(a, b)) + WAITING_WEIGHT * waiting + late
    };
    one_way(a, b).min(one_way(b, a))
}
