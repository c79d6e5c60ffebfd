//! Puts absent requests back, each at its cheapest place among its neighbours, now and then looking
//! past the best (greedy insertion with blinks, Christiaens & Vanden Berghe 2020).

use super::index::Index;
use super::offers::{Offer, Offers, Place};
use super::requests::{Kind, NONE, Request};
use super::state::State;
use super::{pair, single};
use crate::solver::problem::{Backhauls, UNBOUNDED_S};
use rand::Rng;
use rand::seq::SliceRandom;

/// One in so many positions is overlooked, so that recreation does not repeat itself.
const BLINK_ONE_IN: u32 = 100;

/// Share of requests that a bold recreation inserts at any price.
const BOLD: f64 = 0.7;

/// Inserts requests; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Recreate {
    order: Vec<(i64, u32)>,
    offers: Offers,
    /// The stop whose candidates a stop was last among, so that no position is tried twice.
    near: Vec<u32>,
    /// Routes tried for a shipment.
    tried: Vec<u32>,
    tasks: Vec<u32>,
    /// Positions until the next blink.
    until_blink: u32,
}

impl Recreate {
    /// Tries to insert the requests of `waiting`; those that stay absent remain so. A bold one
    /// inserts most optional requests even where leaving them out is cheaper: several together may
    /// pay for a vehicle that none pays for alone.
    pub fn run(&mut self, state: &mut State, waiting: &[u32], bold: bool, random: &mut impl Rng) {
        self.sort(state.index, waiting, random);
        for k in 0..self.order.len() {
            let request = self.order[k].1;
            let limit = match bold && random.random_bool(BOLD) {
                true => i64::MAX / 4,
                false => state.index.prices.absence[request as usize],
            };
            self.offers.reset(state.index, limit);
            self.collect(state, request, random);
            self.settle(state, limit);
        }
    }

    /// Orders the requests: at random, or the demanding, the far, the near or the tightly bound
    /// first. Goods on board always come first, pickups that may not be alone last.
    fn sort(&mut self, index: &Index, waiting: &[u32], random: &mut impl Rng) {
        let kinds = if index.timed { 17 } else { 11 };
        let kind = random.random_range(0..kinds);
        let key = |request: &Request| {
            let face = request.face();
            let this = &index.problem.stops()[face as usize];
            let size = |stop: u32| {
                let amounts = (0..index.dimensions).map(|d| {
                    index.demand(stop)[d] + index.collected(stop, d) + index.shipped(stop, d).abs()
                });
                amounts.sum::<i64>()
            };
            match kind {
                0..4 => 0,
                4..8 => -size(face),
                8..10 => -index.remoteness[face as usize],
                10 => index.remoteness[face as usize],
                11..13 => this.windows.iter().map(|w| w.close_s - w.open_s).sum(),
                13..15 => this.windows.first().map_or(-UNBOUNDED_S, |w| w.open_s),
                _ => -this.windows.last().map_or(UNBOUNDED_S, |w| w.close_s),
            }
        };
        let requests = &index.requests.all;
        let keyed = waiting.iter().map(|&r| (key(&requests[r as usize]), r));
        self.order.clear();
        self.order.extend(keyed);
        self.order.shuffle(random);
        if kind >= 4 {
            self.order.sort_by_key(|(key, _)| *key);
        }
        if index.backhauls == Backhauls::LastAfterDeliveries {
            let is_backhaul = |r: u32| index.is_backhaul(requests[r as usize].face());
            self.order.sort_by_key(|(_, r)| is_backhaul(*r));
        }
        if index.any_bound {
            self.order
                .sort_by_key(|(_, r)| requests[*r as usize].bound.is_none());
        }
    }

    /// Collects the best places for a request.
    fn collect(&mut self, state: &State, request: u32, random: &mut impl Rng) {
        let index = state.index;
        match &index.requests.all[request as usize].kind {
            Kind::Single(stop) => self.collect_stop(state, *stop, random),
            Kind::Pair { pickup, delivery } => self.collect_pair(state, *pickup, *delivery, random),
            Kind::Group(stops) => {
                for &stop in stops {
                    self.collect_stop(state, stop, random);
                }
            }
        }
    }

    fn collect_stop(&mut self, state: &State, stop: u32, random: &mut impl Rng) {
        let index = state.index;
        self.near.resize(index.stops(), NONE);
        for &near in index.candidates(stop) {
            self.near[near as usize] = stop;
        }
        for &near in index.candidates(stop) {
            let visit = state.visits[near as usize];
            if visit.route == NONE {
                continue;
            }
            let (route, position) = (visit.route as usize, visit.position as usize);
            let this = &state.routes[route];
            if !state.permits(Some(route), this.vehicle_type, stop) {
                continue;
            }
            // After a stop that is near too, the position comes up there.
            let previous = position.checked_sub(1).map(|at| this.tasks[at] as usize);
            let twice = previous.and_then(|p| self.near.get(p)) == Some(&stop);
            for position in [position + 1, position] {
                let skip = position < this.begun || (position == visit.position as usize && twice);
                if !skip && !blink(&mut self.until_blink, random) {
                    single::offer(state, route, position, stop, &mut self.offers);
                }
            }
        }
        self.collect_idle(state, stop);
        pair::offer_alone(state, stop, NONE, &mut self.offers);
    }

    /// Routes that have begun offer the position where they go on, though nothing near may be on
    /// them.
    fn collect_idle(&mut self, state: &State, stop: u32) {
        for vehicle_type in state.index.under_way.iter().copied() {
            // Vehicles under way have the first routes, in order of their types.
            let route = state.index.under_way.partition_point(|&t| t < vehicle_type);
            let this = &state.routes[route];
            let position = this.begun;
            if state.permits(Some(route), vehicle_type, stop) {
                single::offer(state, route, position, stop, &mut self.offers);
            }
        }
    }

    fn collect_pair(&mut self, state: &State, from: u32, to: u32, random: &mut impl Rng) {
        let index = state.index;
        self.tried.clear();
        let near = index.candidates(from).iter().chain(index.candidates(to));
        let routes = near.map(|&near| state.visits[near as usize].route);
        let under_way = 0..index.under_way.len() as u32;
        for route in routes.chain(under_way) {
            if route == NONE || self.tried.contains(&route) {
                continue;
            }
            self.tried.push(route);
            let vehicle_type = state.routes[route as usize].vehicle_type;
            let permits = |stop| state.permits(Some(route as usize), vehicle_type, stop);
            if permits(from) && permits(to) {
                let until_blink = &mut self.until_blink;
                let mut blink = || blink(until_blink, random);
                let ends = [from, to];
                pair::offer(state, route as usize, ends, &mut blink, &mut self.offers);
            }
        }
        pair::offer_alone(state, from, to, &mut self.offers);
    }

    /// Takes the best of the offers, if any holds: the first that does where estimates are close.
    fn settle(&mut self, state: &mut State, limit: i64) {
        if state.index.close {
            for k in 0..self.offers.all().len() {
                let place = self.offers.all()[k].place;
                if self.take(state, place, limit) {
                    return;
                }
            }
            return;
        }
        let mut best: Option<(i64, Place)> = None;
        for &offer in self.offers.all() {
            if best.is_some_and(|(cost, _)| offer.exact && offer.cost >= cost) {
                continue;
            }
            let cost = match offer.exact {
                true => Some(offer.cost),
                false => exact_cost(state, &offer, &mut self.tasks),
            };
            let better = cost.filter(|cost| best.is_none_or(|(least, _)| *cost < least));
            best = better.map(|cost| (cost, offer.place)).or(best);
        }
        if let Some((cost, place)) = best
            && cost < limit
        {
            self.take(state, place, i64::MAX);
        }
    }

    /// Makes the change of an offer; `false`, and nothing changed, if it breaks a rule or costs at
    /// least `limit`.
    fn take(&mut self, state: &mut State, place: Place, limit: i64) -> bool {
        place.tasks(state, &mut self.tasks);
        match (place, place.route()) {
            (Place::Alone { vehicle_type, .. }, _) => {
                state.add_route(vehicle_type as usize, &self.tasks, None)
            }
            (_, Some(route)) => state.put_below(route, &self.tasks, limit),
            (_, None) => false,
        }
    }
}

/// Whether to overlook a position.
fn blink(until_blink: &mut u32, random: &mut impl Rng) -> bool {
    if *until_blink == 0 {
        *until_blink = random.random_range(0..2 * BLINK_ONE_IN);
        return true;
    }
    *until_blink -= 1;
    false
}

/// Change of cost of an offer; `None` if it breaks a rule.
fn exact_cost(state: &mut State, offer: &Offer, tasks: &mut Vec<u32>) -> Option<i64> {
    offer.place.tasks(state, tasks);
    let this = &state.routes[offer.place.route()?];
    let (vehicle_type, near_s) = (this.vehicle_type, this.plan.departure_s);
    let cost = state
        .assessor
        .assess(state.index, vehicle_type, tasks, Some(near_s));
    let now = this.cost - state.index.prices.vehicle;
    cost.map(|cost| cost - now)
}
