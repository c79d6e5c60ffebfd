//! Puts absent requests back, each at its cheapest pair of places on routes nearby, now and then
//! looking past the best (greedy insertion with blinks, Christiaens & Vanden Berghe 2020, section
//! 5.3).

use super::places::{Place, Places};
use super::plan::{NONE, Plan};
use rand::Rng;
use rand::seq::SliceRandom;

/// One pair of places in so many is overlooked, so that recreation does not repeat itself.
const BLINK_ONE_IN: u32 = 100;

/// One vehicle type in so many is overlooked where there are several: the cheapest for the first
/// request of a route need not be that for all of them.
const TYPE_BLINK_ONE_IN: u32 = 4;

/// One recreation in so many inserts optional requests at any price: a route that pays with many
/// may not with the first.
const BOLD_ONE_IN: u32 = 10;

/// Inserts requests; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Recreate {
    order: Vec<(i64, u32)>,
    places: Places,
    /// By route: the look for which it was scanned last.
    scanned: Vec<u32>,
    look: u32,
    /// Pairs of places until the next blink.
    until_blink: u32,
    /// Whether requests are inserted at any price.
    bold: bool,
}

/// Where a request could go.
#[derive(Debug, Clone, Copy)]
enum Choice {
    On { route: u32, place: Place },
    Alone { vehicle_type: u32 },
}

impl Recreate {
    /// Tries to insert the requests of `waiting`; those that stay absent remain so.
    pub fn run(&mut self, plan: &mut Plan, waiting: &[u32], random: &mut impl Rng) {
        self.sort(plan, waiting, random);
        self.bold = plan.tables.optional && random.random_range(0..BOLD_ONE_IN) == 0;
        for k in 0..self.order.len() {
            let request = self.order[k].1;
            self.insert(plan, request, false, random);
        }
        plan.settle_absent();
    }

    /// Inserts a request wherever it is cheapest, on any route; the list of the absent is for the
    /// caller.
    pub fn insert_anywhere(&mut self, plan: &mut Plan, request: u32, random: &mut impl Rng) {
        self.insert(plan, request, true, random);
    }

    fn insert(&mut self, plan: &mut Plan, request: u32, anywhere: bool, random: &mut impl Rng) {
        match self.best(plan, request, anywhere, random) {
            Some(Choice::On { route, place }) => plan.insert(request, route, place),
            Some(Choice::Alone { vehicle_type }) => {
                let route = plan.open(vehicle_type);
                let place = Place {
                    pickup: 0,
                    delivery: 0,
                    detour: 0,
                };
                plan.insert(request, route, place);
            }
            None => {}
        }
    }

    /// Orders the requests: at random, or by one of the keys.
    fn sort(&mut self, plan: &Plan, waiting: &[u32], random: &mut impl Rng) {
        let keys = &plan.tables.keys;
        let (by, sign): (&[i64], i64) = match random.random_range(0..16) {
            0..5 => (&[], 1),
            5..7 => (&keys.amount, 1),
            7..9 => (&keys.remoteness, -1),
            9 => (&keys.remoteness, 1),
            10..12 => (&keys.slack, 1),
            12..14 => (&keys.open, 1),
            _ => (&keys.close, 1),
        };
        let key = |request: u32| by.get(request as usize).map_or(0, |key| sign * key);
        self.order.clear();
        self.order
            .extend(waiting.iter().map(|&request| (key(request), request)));
        self.order.shuffle(random);
        if !by.is_empty() {
            self.order.sort_by_key(|(key, _)| *key);
        }
    }

    /// The cheapest way to serve a request, if any is cheaper than leaving it out: on the routes of
    /// its neighbours, or of all if it is to be tried anywhere.
    fn best(
        &mut self,
        plan: &Plan,
        request: u32,
        anywhere: bool,
        random: &mut impl Rng,
    ) -> Option<Choice> {
        let tables = plan.tables;
        let mut least = match self.bold {
            true => i64::MAX,
            false => tables.prices.absence[request as usize],
        };
        let mut best = None;
        let types = tables.types.len();
        for vehicle_type in 0..types {
            if types > 1 && !anywhere && random.random_range(0..TYPE_BLINK_ONE_IN) == 0 {
                continue;
            }
            let solo = tables.solo(vehicle_type, request);
            if let Some(cost) = solo.filter(|&c| c < least && plan.has_idle(vehicle_type)) {
                let vehicle_type = vehicle_type as u32;
                (least, best) = (cost, Some(Choice::Alone { vehicle_type }));
            }
        }
        self.look = self.look.wrapping_add(1);
        self.scanned
            .resize(plan.routes.len(), self.look.wrapping_sub(1));
        if anywhere {
            for route in 0..plan.routes.len() as u32 {
                self.scan(plan, request, route, &mut least, &mut best, random);
            }
            return best;
        }
        for &stop in tables.near.candidates(request) {
            let route = plan.route_of[tables.request_of[stop as usize] as usize];
            if route == NONE || self.scanned[route as usize] == self.look {
                continue;
            }
            self.scanned[route as usize] = self.look;
            self.scan(plan, request, route, &mut least, &mut best, random);
        }
        best
    }

    /// Looks for a cheaper place on a route.
    #[inline(always)]
    fn scan(
        &mut self,
        plan: &Plan,
        request: u32,
        route: u32,
        least: &mut i64,
        best: &mut Option<Choice>,
        random: &mut impl Rng,
    ) {
        let this = &plan.routes[route as usize];
        if !this.in_use() || !plan.accepts(route, request) {
            return;
        }
        let unit = this.unit;
        let below = |cost: i64| match unit {
            0 if cost > 0 => i32::MAX,
            0 => 0,
            1 => cost.clamp(-1 << 30, i64::from(i32::MAX)) as i32,
            _ => (cost as f64 / unit as f64)
                .ceil()
                .clamp(-1e9, f64::from(i32::MAX)) as i32,
        };
        let mut limit = below(*least);
        let ends = plan.tables.requests[request as usize];
        let until_blink = &mut self.until_blink;
        self.places.scan(plan.tables, this, ends, limit, |place| {
            if *until_blink == 0 {
                *until_blink = random.random_range(0..2 * BLINK_ONE_IN);
                return limit;
            }
            *until_blink -= 1;
            *least = i64::from(place.detour) * unit;
            *best = Some(Choice::On { route, place });
            limit = below(*least);
            limit
        });
    }
}
