//! Puts absent stops back, each at its cheapest place among its neighbours, now and then looking
//! past the best (greedy insertion with blinks).

use super::state::{NONE, State};
use crate::solver::problem::UNBOUNDED_S;
use crate::solver::schedule::{Segment, earliest_start};
use rand::Rng;
use rand::seq::SliceRandom;

/// One in so many positions is overlooked, so that recreation does not repeat itself.
const BLINK_ONE_IN: u32 = 100;

/// Inserts stops; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Recreate {
    order: Vec<(i64, u32)>,
    /// Routes that a stop was refused by although the estimate allowed them.
    refused: Vec<u32>,
    /// The stop whose candidates a stop was last among, so that no position is tried twice.
    near: Vec<u32>,
    /// Positions until the next blink.
    until_blink: u32,
}

/// Where a stop could go, and the estimated change of cost.
#[derive(Debug, Clone, Copy)]
enum Place {
    Between { route: u32, position: u32 },
    Alone { vehicle_type: usize },
}

#[derive(Debug, Clone, Copy)]
struct Offer {
    cost: i64,
    place: Place,
}

impl Recreate {
    /// Tries to insert the stops of `waiting`; those that stay absent remain so.
    pub fn run(&mut self, state: &mut State, waiting: &[u32], random: &mut impl Rng) {
        self.sort(state, waiting, random);
        for k in 0..self.order.len() {
            let stop = self.order[k].1;
            self.refused.clear();
            while let Some(offer) = self.best(state, stop, random) {
                let done = match offer.place {
                    Place::Between { route, position } => {
                        state.insert(route as usize, position as usize, stop)
                    }
                    Place::Alone { vehicle_type } => state.open(vehicle_type, stop),
                };
                match (done, offer.place) {
                    (true, _) | (false, Place::Alone { .. }) => break,
                    (false, Place::Between { route, .. }) => self.refused.push(route),
                }
            }
        }
        let visits = &state.visits;
        state
            .absent
            .retain(|&stop| visits[stop as usize].route == NONE);
    }

    /// Orders the stops: at random, or the demanding, the far, the near or the tightly bound first.
    fn sort(&mut self, state: &State, waiting: &[u32], random: &mut impl Rng) {
        let index = state.index;
        let kinds = if index.timed { 17 } else { 11 };
        let kind = random.random_range(0..kinds);
        let key = |stop: u32| {
            let this = &index.problem.stops()[stop as usize];
            match kind {
                0..4 => 0,
                4..8 => -this.demand.iter().sum::<i64>(),
                8..10 => -index.remoteness[stop as usize],
                10 => index.remoteness[stop as usize],
                11..13 => this.windows.iter().map(|w| w.close_s - w.open_s).sum(),
                13..15 => this.windows.first().map_or(-UNBOUNDED_S, |w| w.open_s),
                _ => -this.windows.last().map_or(UNBOUNDED_S, |w| w.close_s),
            }
        };
        self.order.clear();
        self.order
            .extend(waiting.iter().map(|&stop| (key(stop), stop)));
        self.order.shuffle(random);
        if kind >= 4 {
            self.order.sort_by_key(|(key, _)| *key);
        }
    }

    /// The cheapest place for a stop, if any is cheaper than leaving it out.
    fn best(&mut self, state: &State, stop: u32, random: &mut impl Rng) -> Option<Offer> {
        let mut best: Option<Offer> = None;
        let mut least = state.index.absence[stop as usize];
        self.near.resize(state.index.stops(), NONE);
        for &near in state.index.candidates(stop) {
            self.near[near as usize] = stop;
        }
        for &near in state.index.candidates(stop) {
            let visit = state.visits[near as usize];
            let route = visit.route;
            if route == NONE || self.refused.contains(&route) {
                continue;
            }
            if !accepts(state, route as usize, stop) {
                continue;
            }
            let mut offer = |before, after, position| {
                if self.until_blink == 0 {
                    self.until_blink = random.random_range(0..2 * BLINK_ONE_IN);
                    return;
                }
                self.until_blink -= 1;
                if let Some(cost) = delta(state, route as usize, before, after, stop, least) {
                    let place = Place::Between { route, position };
                    (least, best) = (cost, Some(Offer { cost, place }));
                }
            };
            offer(near, visit.next, visit.position + 1);
            // After a stop that is near too, the position comes up there.
            if visit.previous == NONE || self.near[visit.previous as usize] != stop {
                offer(visit.previous, near, visit.position);
            }
        }
        for (vehicle_type, vehicle) in state.index.problem.vehicle_types().iter().enumerate() {
            if state.used[vehicle_type] >= vehicle.count {
                continue;
            }
            if let Some(cost) = state.index.solo(vehicle_type, stop).filter(|c| *c < least) {
                let place = Place::Alone { vehicle_type };
                (least, best) = (cost, Some(Offer { cost, place }));
            }
        }
        best.filter(|offer| offer.cost < state.index.absence[stop as usize])
    }
}

/// Whether load, number of stops and skills allow one more stop.
#[inline]
fn accepts(state: &State, route: usize, stop: u32) -> bool {
    let demand = &state.index.problem.stops()[stop as usize].demand;
    if state
        .room(route)
        .iter()
        .zip(demand)
        .any(|(room, demand)| demand > room)
    {
        return false;
    }
    let this = &state.routes[route];
    let vehicle = &state.index.problem.vehicle_types()[this.vehicle_type];
    vehicle.max_stops.is_none_or(|most| this.stops.len() < most)
        && state.index.skilled(this.vehicle_type, stop)
}

/// Change of cost if `stop` comes between `before` and `after` (each [`NONE`] at an end of the
/// route); `None` if that breaks a time or distance rule or costs at least `limit`.
///
/// Exact without costs of duration, and with them for static travel and single windows; otherwise
/// the legs that stay are held at their present durations. Feasibility of windows and shift is
/// always exact.
#[inline]
pub(super) fn delta(
    state: &State,
    route: usize,
    before: u32,
    after: u32,
    stop: u32,
    limit: i64,
) -> Option<i64> {
    let problem = state.index.problem;
    let this = &state.routes[route];
    let vehicle = &problem.vehicle_types()[this.vehicle_type];
    let place = |id: u32| state.index.place(id);
    let here = place(stop);
    let from = if before == NONE {
        vehicle.start.unwrap_or_default()
    } else {
        place(before)
    };
    let to = if after == NONE {
        vehicle.end
    } else {
        Some(place(after))
    };
    let travel = problem.travel();
    let distance = |from, to| travel.distance(vehicle.profile, from, to);
    let mut detour = state.index.distance_into(vehicle.profile, from, here);
    if let Some(to) = to {
        detour += distance(here, to);
        detour -= if after == NONE {
            distance(from, to)
        } else {
            state.visits[after as usize].distance_in
        };
    }
    let mut cost = detour * vehicle.cost_per_distance;
    let counts = state.index.duration_counts[this.vehicle_type];
    if !counts && cost >= limit {
        return None;
    }
    if vehicle
        .max_distance
        .is_some_and(|most| this.distance + detour > most)
    {
        return None;
    }
    if !state.index.timed {
        return Some(cost);
    }
    let start_s = start_in_time(state, this.vehicle_type, before, after, stop)?;
    if counts {
        let chain_s = chain_with(state, route, before, after, stop, start_s);
        if vehicle.max_duration_s.is_some_and(|most| chain_s > most) && state.is_exact() {
            return None;
        }
        cost += (chain_s - this.chain_s) * vehicle.cost_per_second;
    }
    (cost < limit).then_some(cost)
}

/// The earliest start of service at `stop` between two others, if the rest of the route can still
/// be driven.
#[inline]
fn start_in_time(
    state: &State,
    vehicle_type: usize,
    before: u32,
    after: u32,
    stop: u32,
) -> Option<i64> {
    let problem = state.index.problem;
    let vehicle = &problem.vehicle_types()[vehicle_type];
    let clock = state.index.clock(vehicle_type);
    let this = &problem.stops()[stop as usize];
    let place = |id: u32| state.index.place(id);
    let (from, leave_s) = if before == NONE {
        (vehicle.start.unwrap_or_default(), vehicle.earliest_start_s)
    } else {
        (place(before), state.visits[before as usize].ready_s)
    };
    let into_s = state
        .index
        .duration_into_s(vehicle.profile, from, this.place, leave_s);
    let arrival_s = leave_s + into_s;
    let start_s = earliest_start(&this.windows, arrival_s)?;
    let ready_s = start_s + this.service_s;
    let (to, latest_s) = if after == NONE {
        (vehicle.end, vehicle.latest_end_s)
    } else {
        (Some(place(after)), state.visits[after as usize].latest_s)
    };
    let arrival_s = to.map_or(ready_s, |to| ready_s + clock.leg_s(this.place, to, ready_s));
    (arrival_s <= latest_s).then_some(start_s)
}

/// Duration of the chain with `stop` in it, new legs taken at the time they would be driven.
fn chain_with(
    state: &State,
    route: usize,
    before: u32,
    after: u32,
    stop: u32,
    earliest_start_s: i64,
) -> i64 {
    let problem = state.index.problem;
    let this = &state.routes[route];
    let vehicle = &problem.vehicle_types()[this.vehicle_type];
    let clock = state.index.clock(this.vehicle_type);
    let ends = Segment {
        duration_s: 0,
        early_s: vehicle.earliest_start_s,
        late_s: vehicle.latest_end_s,
    };
    let place = |id: u32| state.index.place(id);
    let here = &problem.stops()[stop as usize];
    let (from, head, leave_s) = if before == NONE {
        (vehicle.start.unwrap_or_default(), ends, this.departure_s)
    } else {
        let chains = &state.chains[before as usize];
        (place(before), chains.before, chains.leave_s)
    };
    let leg_s = clock.leg_s(from, here.place, leave_s);
    let arrival_s = leave_s + leg_s;
    let start_s = earliest_start(&here.windows, arrival_s).unwrap_or(earliest_start_s);
    let head = head.then(leg_s, state.index.visit(stop, start_s));
    let leave_s = start_s + here.service_s;
    let (to, tail) = if after == NONE {
        (vehicle.end, ends)
    } else {
        (Some(place(after)), state.chains[after as usize].after)
    };
    let leg_s = to.map_or(0, |to| clock.leg_s(here.place, to, leave_s));
    head.then(leg_s, tail).duration_s
}
