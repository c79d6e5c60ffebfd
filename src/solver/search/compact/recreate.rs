//! Puts absent stops back, each at its cheapest place among its neighbours, now and then looking
//! past the best (greedy insertion with blinks, Christiaens & Vanden Berghe 2020, section 5.3).

use super::metric::Metric;
use super::plan::{NONE, Plan};
use rand::Rng;
use rand::seq::SliceRandom;

/// One in so many positions is overlooked, so that recreation does not repeat itself.
const BLINK_ONE_IN: u32 = 100;

/// One recreation in so many is eager about optional stops.
const EAGER_ONE_IN: u32 = 4;

/// How much more than leaving it out a stop may cost: a route that pays with many stops may not
/// with the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Eager {
    /// Nothing more.
    No,
    /// Twice as much; and one stop may take a vehicle into use whatever that costs.
    Once,
    /// Anything.
    Always,
}

/// Inserts stops; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Recreate {
    order: Vec<(i64, u32)>,
    /// Positions until the next blink.
    until_blink: u32,
}

/// Where a stop could go.
#[derive(Debug, Clone, Copy)]
enum Place {
    Behind(u32),
    Alone { vehicle_type: u32 },
}

impl Recreate {
    /// Tries to insert the stops of `waiting`; those that stay absent remain so.
    pub fn run<M: Metric>(&mut self, plan: &mut Plan<M>, waiting: &[u32], random: &mut impl Rng) {
        self.sort(plan, waiting, random);
        let eager = plan.tables.optional && random.random_range(0..EAGER_ONE_IN) == 0;
        let eager = if eager { Eager::Once } else { Eager::No };
        self.insert_all(plan, eager, random);
        let nodes = &plan.nodes;
        plan.absent
            .retain(|&stop| nodes[stop as usize].route == NONE);
    }

    /// Inserts stops in the order given, at any cost; the list of the absent is for the caller.
    pub fn insert_in_order<M: Metric>(
        &mut self,
        plan: &mut Plan<M>,
        stops: &[u32],
        random: &mut impl Rng,
    ) {
        self.order.clear();
        self.order.extend(stops.iter().map(|&stop| (0, stop)));
        self.insert_all(plan, Eager::Always, random);
    }

    fn insert_all<M: Metric>(
        &mut self,
        plan: &mut Plan<M>,
        mut eager: Eager,
        random: &mut impl Rng,
    ) {
        for k in 0..self.order.len() {
            let stop = self.order[k].1;
            let place = match plan.tables.timed {
                true => self.best::<M, true>(plan, stop, eager, random),
                false => self.best::<M, false>(plan, stop, eager, random),
            };
            match place {
                Some(Place::Behind(node)) => plan.insert(stop, node),
                Some(Place::Alone { vehicle_type }) => {
                    if eager == Eager::Once {
                        eager = Eager::No;
                    }
                    let route = plan.open(vehicle_type);
                    plan.insert(stop, plan.ends(route));
                }
                None => {}
            }
        }
    }

    /// Orders the stops: at random, or the demanding, the far, the near or the tightly bound first.
    fn sort<M: Metric>(&mut self, plan: &Plan<M>, waiting: &[u32], random: &mut impl Rng) {
        let keys = &plan.tables.keys;
        let kinds = if plan.tables.timed { 17 } else { 11 };
        let (by, sign): (&[i64], i64) = match random.random_range(0..kinds) {
            0..4 => (&[], 1),
            4..8 => (&keys.demand, 1),
            8..10 => (&keys.remoteness, -1),
            10 => (&keys.remoteness, 1),
            11..13 => (&keys.width, 1),
            13..15 => (&keys.open, 1),
            _ => (&keys.close, 1),
        };
        let key = |stop: u32| by.get(stop as usize).map_or(0, |key| sign * key);
        self.order.clear();
        self.order
            .extend(waiting.iter().map(|&stop| (key(stop), stop)));
        self.order.shuffle(random);
        if !by.is_empty() {
            self.order.sort_by_key(|(key, _)| *key);
        }
    }

    /// The cheapest place for a stop, if any is cheaper than leaving it out.
    ///
    /// A place between `x` and `y` costs at least `2 d(x) - d(x, y)` if `x` is the nearer of the
    /// two, so that most places far from the stop are passed over without looking at them.
    #[inline(always)]
    fn best<M: Metric, const TIMED: bool>(
        &mut self,
        plan: &Plan<M>,
        stop: u32,
        eager: Eager,
        random: &mut impl Rng,
    ) -> Option<Place> {
        let tables = plan.tables;
        let data = &tables.stops[stop as usize];
        let mut best = None;
        let mut least = match eager {
            Eager::No => data.absence,
            Eager::Once => data.absence.saturating_mul(2),
            Eager::Always => i64::MAX,
        };
        let mut alone = (i64::MAX, None);
        for vehicle_type in 0..tables.types.len() {
            let solo = tables.solo(vehicle_type, stop);
            if solo < alone.0 && plan.has_idle(vehicle_type) {
                let vehicle_type = vehicle_type as u32;
                alone = (solo, Some(Place::Alone { vehicle_type }));
            }
        }
        if alone.0 < least {
            (least, best) = alone;
        }
        let earliest_leave = data.open + data.service;
        for near in tables.neighbours.candidates(stop) {
            let node = &plan.nodes[near.stop as usize];
            if node.route == NONE {
                continue;
            }
            let unit = plan.routes[node.route as usize].unit;
            let twice = i64::from(near.distance) * 2;
            let mut behind = (twice - i64::from(node.distance_out)) * unit < least;
            let mut ahead = (twice - i64::from(node.distance_in)) * unit < least;
            if TIMED {
                behind &= node.ready + near.from <= data.close;
                ahead &= earliest_leave + near.to <= node.latest;
            }
            if !(behind || ahead) || !plan.accepts(node.route, stop) {
                continue;
            }
            for (try_it, behind) in [(behind, near.stop), (ahead, node.previous)] {
                if !try_it {
                    continue;
                }
                if self.until_blink == 0 {
                    self.until_blink = random.random_range(0..2 * BLINK_ONE_IN);
                    continue;
                }
                self.until_blink -= 1;
                if let Some(cost) = detour::<M, TIMED>(plan, stop, behind, least) {
                    (least, best) = (cost, Some(Place::Behind(behind)));
                }
            }
        }
        match eager {
            Eager::Once => best.or(alone.1),
            _ => best,
        }
    }
}

/// Change of cost if `stop` comes behind a node; `None` if that breaks a time or distance rule or
/// costs at least `limit`. Loads and skills are for the caller.
#[inline(always)]
pub(super) fn detour<M: Metric, const TIMED: bool>(
    plan: &Plan<M>,
    stop: u32,
    behind: u32,
    limit: i64,
) -> Option<i64> {
    let tables = plan.tables;
    let node = &plan.nodes[behind as usize];
    let (from, to) = (plan.site_out(behind), plan.site_in(node.next));
    let route = &plan.routes[node.route as usize];
    let detour = i64::from(tables.metric.distance_into(stop, from))
        + i64::from(tables.metric.distance(stop, to))
        - i64::from(node.distance_out);
    let cost = detour * route.unit;
    if cost >= limit || route.distance + detour > route.max_distance {
        return None;
    }
    if TIMED {
        let data = &tables.stops[stop as usize];
        let arrival = node.ready + tables.metric.duration_into(stop, from);
        let leave = arrival.max(data.open) + data.service;
        if arrival > data.close || leave + tables.metric.duration(stop, to) > node.next_latest {
            return None;
        }
        if tables.lasting {
            let t = &tables.types[route.vehicle_type as usize];
            let head = plan.spans[behind as usize].before;
            let head = head.then(tables.metric.duration_into(stop, from), data.span());
            let tail = plan.spans[node.next as usize].after;
            let whole = head.then(tables.metric.duration(stop, to), tail);
            let duration = i64::from(whole.duration);
            let cost = cost + t.time_cost(duration) - t.time_cost(route.duration);
            return (duration <= t.max_duration && cost < limit).then_some(cost);
        }
    }
    Some(cost)
}
