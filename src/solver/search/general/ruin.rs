//! Takes strings of neighbouring stops out of routes near a random stop (Christiaens & Vanden
//! Berghe 2020, section 5.2), or now and then a whole route.

use super::requests::NONE;
use super::state::State;
use crate::solver::problem::Relation;
use rand::Rng;

/// Stops removed on average.
const AVERAGE_REMOVED: f64 = 10.0;

/// Longest string.
const LONGEST_STRING: f64 = 10.0;

/// Probability that a string keeps some of its inner stops.
const SPLIT: f64 = 0.5;

/// Probability that a split string stops growing by one more kept stop.
const SPLIT_STOP: f64 = 0.01;

/// One ruin in so many takes a whole route, which lets vehicles change and fall idle.
const WHOLE_ROUTE_ONE_IN: u32 = 50;

/// Absent requests offered to recreation besides those just removed.
const OLD_ABSENTEES: usize = 10;

/// Probability that the absent requests offered are those near the ruin, not any.
const NEARBY: f64 = 0.5;

/// Probability that stops which must share a vehicle are taken out together.
const TOGETHER: f64 = 0.5;

/// Ruins a state; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Ruin {
    /// Trips that lost stops, by route and first position.
    ruined: Vec<(u32, usize)>,
    taken: Vec<u32>,
    /// Requests that recreation shall try to insert.
    pub waiting: Vec<u32>,
}

impl Ruin {
    /// Removes requests and fills `waiting` with them and with some that were absent before.
    pub fn run(&mut self, state: &mut State, random: &mut impl Rng) {
        let absent_before = state.absent.len();
        let seed = random.random_range(0..state.index.stops() as u32);
        self.ruined.clear();
        let route = state.visits[seed as usize].route;
        if route != NONE && random.random_range(0..WHOLE_ROUTE_ONE_IN) == 0 {
            state.clear_route(route as usize);
        } else {
            self.strings(state, seed, random);
        }
        if state.index.any_same_vehicle {
            self.companions(state, absent_before, random);
        }
        self.wait(state, seed, absent_before, random);
    }

    /// Lists what recreation shall insert.
    fn wait(&mut self, state: &State, seed: u32, absent_before: usize, random: &mut impl Rng) {
        self.waiting.clear();
        self.waiting
            .extend_from_slice(&state.absent[absent_before..]);
        if absent_before <= OLD_ABSENTEES {
            self.waiting
                .extend_from_slice(&state.absent[..absent_before]);
        } else if random.random_bool(NEARBY) {
            let near = state.index.adjacent(seed).iter();
            for &stop in std::iter::once(&seed).chain(near) {
                let request = state.index.requests.of_stop[stop as usize];
                let served = state.visits[stop as usize].route != NONE;
                if request != NONE && !served && !self.waiting.contains(&request) {
                    let fixed = state.absent[..absent_before].contains(&request);
                    self.waiting.extend(fixed.then_some(request));
                }
                if self.waiting.len() >= state.absent.len() - absent_before + OLD_ABSENTEES {
                    break;
                }
            }
        } else {
            for _ in 0..OLD_ABSENTEES {
                let request = state.absent[random.random_range(0..absent_before)];
                if !self.waiting.contains(&request) {
                    self.waiting.push(request);
                }
            }
        }
    }

    fn strings(&mut self, state: &mut State, seed: u32, random: &mut impl Rng) {
        let index = state.index;
        let reloads: usize = state.routes.iter().map(|r| r.reloads).sum();
        let trips = state.in_use() + reloads;
        let stops: usize = state.routes.iter().map(|r| r.stops()).sum();
        if trips == 0 || stops == 0 {
            return;
        }
        let average = stops as f64 / trips as f64;
        let longest = LONGEST_STRING.min(average);
        let most_strings = 4.0 * AVERAGE_REMOVED / (1.0 + longest) - 1.0;
        let strings = random
            .random_range(1.0..most_strings.max(1.0) + 1.0)
            .floor() as usize;
        let near = index.adjacent(seed).iter().copied();
        self.taken.clear();
        for stop in std::iter::once(seed).chain(near) {
            if self.ruined.len() >= strings {
                break;
            }
            let visit = state.visits[stop as usize];
            let Some(this) = state.routes.get(visit.route as usize) else {
                continue;
            };
            let position = visit.position as usize;
            if position < this.begun {
                continue;
            }
            let trip = this.trip(index, position);
            if self.ruined.contains(&(visit.route, trip.start)) {
                continue;
            }
            let most = longest.min(trip.len() as f64).max(1.0);
            let length = random.random_range(1.0..most + 1.0).floor() as usize;
            let position = position - trip.start;
            self.take_string(
                &this.tasks[trip.clone()],
                position,
                length.min(trip.len()),
                random,
            );
            self.ruined.push((visit.route, trip.start));
        }
        self.remove_taken(state);
    }

    /// Chooses `length` tasks of a trip around `position`, in one piece or with some kept between.
    fn take_string(&mut self, trip: &[u32], position: usize, length: usize, random: &mut impl Rng) {
        let mut kept = 0;
        if length > 1 && length < trip.len() && random.random_bool(SPLIT) {
            kept = 1;
            while length + kept < trip.len() && !random.random_bool(SPLIT_STOP) {
                kept += 1;
            }
        }
        let span = length + kept;
        let last = position.min(trip.len() - span);
        let first = random.random_range((position + 1).saturating_sub(span)..=last);
        let head = match kept {
            0 => length,
            _ => random.random_range(1..length),
        };
        self.taken.extend_from_slice(&trip[first..first + head]);
        self.taken
            .extend_from_slice(&trip[first + head + kept..first + span]);
    }

    /// Takes out the chosen tasks, route by route.
    fn remove_taken(&mut self, state: &mut State) {
        let mut taken = std::mem::take(&mut self.taken);
        taken.sort_by_key(|&stop| state.visits[stop as usize].route);
        let mut rest = &taken[..];
        while let Some(&stop) = rest.first() {
            let route = state.visits[stop as usize].route;
            let same = |&stop: &u32| state.visits[stop as usize].route == route;
            let (these, others) = rest.split_at(rest.partition_point(same));
            if route != NONE {
                self.taken.extend_from_slice(these);
                self.remove(state, route as usize);
            }
            rest = others;
        }
        self.taken = taken;
    }

    /// Takes the requests of the chosen tasks off a route, each with all its stops.
    fn remove(&mut self, state: &mut State, route: usize) {
        let of_stop = &state.index.requests.of_stop;
        for task in &mut self.taken {
            *task = of_stop.get(*task as usize).copied().unwrap_or(NONE);
        }
        self.taken.retain(|&request| request != NONE);
        self.taken.sort_unstable();
        self.taken.dedup();
        if !self.taken.is_empty() {
            state.remove(route, &self.taken);
            self.taken.clear();
        }
    }

    /// Takes out, now and then, the stops that must share a vehicle with one taken out.
    fn companions(&mut self, state: &mut State, absent_before: usize, random: &mut impl Rng) {
        let index = state.index;
        let mut next = absent_before;
        while let Some(&request) = state.absent.get(next) {
            next += 1;
            if !random.random_bool(TOGETHER) {
                continue;
            }
            for stop in index.requests.all[request as usize].stops() {
                for &relation in &index.requests.relations[stop as usize] {
                    let relation = &index.problem.rules().relations[relation as usize];
                    let Relation::SameVehicle(tied) = relation else {
                        continue;
                    };
                    for &other in tied {
                        let visit = state.visits[other];
                        let begun = state.routes.get(visit.route as usize).map(|r| r.begun);
                        if begun.is_some_and(|begun| visit.position as usize >= begun) {
                            self.taken.clear();
                            self.taken.push(other as u32);
                            self.remove(state, visit.route as usize);
                        }
                    }
                }
            }
        }
    }
}
