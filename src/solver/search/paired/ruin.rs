//! Takes requests out of routes near each other: strings of neighbouring stops with their partners
//! (Christiaens & Vanden Berghe 2020, section 5.2), requests like one another (Shaw 1998; for pairs
//! Ropke & Pisinger 2006), or a whole route.

use super::plan::{NONE, Plan};
use rand::Rng;

/// Stops in strings on average, partners outside of them not counted.
const AVERAGE_REMOVED: f64 = 8.0;

/// Longest string.
const LONGEST_STRING: f64 = 10.0;

/// Probability that a string keeps some of its inner stops.
const SPLIT: f64 = 0.5;

/// Probability that a split string stops growing by one more kept stop.
const SPLIT_STOP: f64 = 0.1;

/// One ruin in so many takes requests that are alike.
const RELATED_ONE_IN: u32 = 4;

/// Most of them.
const MOST_RELATED: usize = 25;

/// Probability that a request which is alike is passed over.
const RELATED_SKIP: f64 = 0.3;

/// One ruin in so many takes a whole route, which lets vehicles fall idle.
const WHOLE_ROUTE_ONE_IN: u32 = 200;

/// Most stops of a route that is taken whole.
const LONGEST_WHOLE: usize = 40;

/// Absent requests offered to recreation besides those just removed.
const OLD_ABSENTEES: usize = 10;

/// Ruins a plan; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Ruin {
    ruined: Vec<u32>,
    leaving: Vec<u32>,
    /// Requests that recreation shall try to insert.
    pub waiting: Vec<u32>,
}

impl Ruin {
    /// Removes requests and fills `waiting` with them and with some that were absent before.
    pub fn run(&mut self, plan: &mut Plan, random: &mut impl Rng) {
        let absent_before = plan.absent.len();
        let seed = random.random_range(0..plan.tables.requests.len() as u32);
        let route = plan.route_of[seed as usize];
        let short = route != NONE && plan.routes[route as usize].size() <= LONGEST_WHOLE;
        if short && random.random_range(0..WHOLE_ROUTE_ONE_IN) == 0 {
            plan.close(route);
        } else if random.random_range(0..RELATED_ONE_IN) == 0 {
            self.related(plan, seed, random);
        } else {
            self.strings(plan, seed, random);
        }
        self.waiting.clear();
        self.waiting
            .extend_from_slice(&plan.absent[absent_before..]);
        if absent_before <= OLD_ABSENTEES {
            self.waiting
                .extend_from_slice(&plan.absent[..absent_before]);
            return;
        }
        for _ in 0..OLD_ABSENTEES {
            let old = plan.absent[random.random_range(0..absent_before)];
            if !self.waiting.contains(&old) {
                self.waiting.push(old);
            }
        }
    }

    /// Takes a request and some of those most like it.
    fn related(&mut self, plan: &mut Plan, seed: u32, random: &mut impl Rng) {
        let most = random.random_range(2..=MOST_RELATED);
        let alike = plan.tables.near.related(seed);
        let mut left = most;
        for &request in std::iter::once(&seed).chain(alike) {
            let route = plan.route_of[request as usize];
            if route == NONE || (request != seed && random.random_bool(RELATED_SKIP)) {
                continue;
            }
            plan.remove(route, &[request]);
            left -= 1;
            if left == 0 {
                break;
            }
        }
    }

    fn strings(&mut self, plan: &mut Plan, seed: u32, random: &mut impl Rng) {
        let vehicles = plan.vehicles();
        if vehicles == 0 {
            return;
        }
        let ends = plan.tables.requests[seed as usize];
        let seed = match random.random_bool(0.5) {
            true => ends.pickup,
            false => ends.delivery,
        };
        let tables = plan.tables;
        let served = tables.stops.len() - 2 * plan.absent.len();
        let longest = LONGEST_STRING.min(served as f64 / vehicles as f64);
        let most_strings = 4.0 * AVERAGE_REMOVED / (1.0 + longest) - 1.0;
        let strings = random.random_range(1.0..most_strings.max(1.0) + 1.0) as usize;
        self.ruined.clear();
        let near = tables.near.adjacent(seed).iter().copied();
        for stop in std::iter::once(seed).chain(near) {
            if self.ruined.len() >= strings {
                break;
            }
            let route = plan.route_of[tables.request_of[stop as usize] as usize];
            if route == NONE || self.ruined.contains(&route) {
                continue;
            }
            self.ruined.push(route);
            let most = longest.min(plan.routes[route as usize].size() as f64);
            let length = random.random_range(1.0..most + 1.0) as usize;
            self.string(plan, stop, route, length, random);
        }
    }

    /// Removes the requests of `length` stops around `stop`, in one piece or with some kept
    /// between.
    fn string(
        &mut self,
        plan: &mut Plan,
        stop: u32,
        route: u32,
        length: usize,
        random: &mut impl Rng,
    ) {
        let visits = &plan.routes[route as usize].visits[..];
        let size = plan.routes[route as usize].size();
        let length = length.min(size);
        let mut kept = 0;
        if length > 1 && length < size && random.random_bool(SPLIT) {
            kept = 1;
            while length + kept < size && !random.random_bool(SPLIT_STOP) {
                kept += 1;
            }
        }
        let span = length + kept;
        let at = visits.iter().position(|v| v.site == stop).unwrap_or(1);
        let earliest = (at + 1).saturating_sub(span).max(1);
        let latest = at.min(size + 1 - span);
        let first = random.random_range(earliest..=latest.max(earliest));
        let head = match kept {
            0 => length,
            _ => random.random_range(1..length),
        };
        self.leaving.clear();
        for piece in [0..head, head + kept..span] {
            for visit in visits.iter().skip(first + piece.start).take(piece.len()) {
                let request = plan.tables.request_of[visit.site as usize];
                if !self.leaving.contains(&request) {
                    self.leaving.push(request);
                }
            }
        }
        plan.remove(route, &self.leaving);
    }
}
