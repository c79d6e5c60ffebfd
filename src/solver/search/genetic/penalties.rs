//! Prices of broken rules, and how they adapt so that a share of what local search finds is
//! feasible (Vidal, Crainic, Gendreau, Lahrichi & Rei 2012).

use super::individual::Individual;
use super::neighbours;
use super::tables::Tables;

/// Local searches between two changes of the prices.
const EVERY: usize = 50;

/// Share of local optima that should keep a rule; no change within the tolerance.
const TARGET: f64 = 0.2;
const TIMED_TARGET: f64 = 0.4;
const TOLERANCE: f64 = 0.05;

/// First price of a second of time warp, in terms of a second of travel.
const WARP: f64 = 4.0;

const INCREASE: f64 = 1.2;
const DECREASE: f64 = 0.85;
const SMALLEST: f64 = 1e-4;
const LARGEST: f64 = 1e6;

/// Cost of one unit of each broken rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Penalties {
    /// Per unit of load beyond the capacity.
    pub load: f64,
    /// Per unit of cost of a route beyond its limit.
    pub limit: f64,
    /// Per second of time warp.
    pub warp: f64,
}

impl Penalties {
    /// Prices at which all that can be loaded wrong costs about as much as the longest way.
    pub fn new(tables: &Tables) -> Self {
        let nodes = 0..=tables.clients;
        let far = nodes
            .map(|node| tables.cost(0, node))
            .max()
            .unwrap_or(1)
            .max(1) as f64;
        let heaviest = tables.demand.iter().copied().max().unwrap_or(1).max(1);
        Self {
            load: (far / f64::from(heaviest)).clamp(SMALLEST, LARGEST),
            limit: 1.0,
            warp: WARP * neighbours::price_of_second(tables),
        }
    }

    /// All prices times a factor.
    pub fn times(self, factor: f64) -> Self {
        Self {
            load: self.load * factor,
            limit: self.limit * factor,
            warp: self.warp * factor,
        }
    }

    /// Price of a route with such a load, cost and time warp.
    #[inline(always)]
    pub fn of(&self, tables: &Tables, load: i64, cost: i64, warp_s: i64) -> i64 {
        let mut price = 0;
        if load > tables.capacity {
            price += ((load - tables.capacity) as f64 * self.load) as i64;
        }
        if cost > tables.limit {
            price += ((cost - tables.limit) as f64 * self.limit) as i64;
        }
        if warp_s > 0 {
            price += self.of_warp(warp_s);
        }
        price
    }

    /// Price of time warp.
    #[inline(always)]
    pub fn of_warp(&self, warp_s: i64) -> i64 {
        (warp_s as f64 * self.warp) as i64
    }
}

/// Counts which rules local optima keep and adapts the prices.
pub(super) struct Adaptation {
    searches: usize,
    /// How many of them kept each rule.
    kept: [usize; 3],
    target: f64,
}

impl Adaptation {
    pub fn new(tables: &Tables) -> Self {
        let target = if tables.timed { TIMED_TARGET } else { TARGET };
        Self {
            searches: 0,
            kept: [0; 3],
            target,
        }
    }

    /// Counts a local optimum; now and then changes the prices and says so.
    pub fn count(&mut self, found: &Individual, penalties: &mut Penalties) -> bool {
        self.searches += 1;
        self.kept[0] += usize::from(found.load_excess == 0);
        self.kept[1] += usize::from(found.limit_excess == 0);
        self.kept[2] += usize::from(found.warp_s == 0);
        if self.searches < EVERY {
            return false;
        }
        let prices = [
            &mut penalties.load,
            &mut penalties.limit,
            &mut penalties.warp,
        ];
        for (price, kept) in prices.into_iter().zip(self.kept) {
            let share = kept as f64 / self.searches as f64;
            if share < self.target - TOLERANCE {
                *price = (*price * INCREASE).min(LARGEST);
            } else if share > self.target + TOLERANCE {
                *price = (*price * DECREASE).max(SMALLEST);
            }
        }
        (self.searches, self.kept) = (0, [0; 3]);
        true
    }
}
