//! Takes strings of neighbouring stops out of routes near a random stop (Christiaens & Vanden
//! Berghe 2020, section 5.2), or now and then a whole route.

use super::metric::Metric;
use super::plan::{NONE, Plan};
use rand::Rng;

/// Stops removed on average.
const AVERAGE_REMOVED: f64 = 10.0;

/// Longest string.
const LONGEST_STRING: f64 = 10.0;

/// Probability that a string keeps some of its inner stops.
const SPLIT: f64 = 0.5;

/// Probability that a split string stops growing by one more kept stop.
const SPLIT_STOP: f64 = 0.01;

/// One ruin in so many takes a whole short route, which lets vehicles fall idle.
const WHOLE_ROUTE_ONE_IN: u32 = 100;

/// Longest route that is taken whole.
const LONGEST_WHOLE: u32 = 40;

/// Absent stops nearby offered to recreation besides those just removed.
const OLD_ABSENTEES: usize = 20;

/// Stops among which, in large plans, as many ruins in turn have their seeds.
const WINDOW: usize = 500;

/// Ruins a plan; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Ruin {
    ruined: Vec<u32>,
    span: Vec<u32>,
    /// Where among the members seeds are drawn from, and how many more.
    window: usize,
    left_in_window: usize,
    /// Stops that recreation shall try to insert.
    pub waiting: Vec<u32>,
}

impl Ruin {
    /// Removes stops and fills `waiting` with them and with some that were absent before.
    pub fn run<M: Metric>(&mut self, plan: &mut Plan<M>, random: &mut impl Rng) {
        let absent_before = plan.absent.len();
        let seed = self.seed(plan, random);
        self.ruined.clear();
        let route = plan.nodes[seed as usize].route;
        let whole = route != NONE
            && plan.routes[route as usize].size <= LONGEST_WHOLE
            && random.random_range(0..WHOLE_ROUTE_ONE_IN) == 0;
        match whole {
            true => self.whole(plan, route),
            false => self.strings(plan, seed, random),
        }
        self.waiting.clear();
        self.waiting
            .extend_from_slice(&plan.absent[absent_before..]);
        if absent_before <= OLD_ABSENTEES {
            self.waiting
                .extend_from_slice(&plan.absent[..absent_before]);
            return;
        }
        let near = plan.tables.neighbours.adjacent(seed).iter();
        let near = near.filter(|&&stop| plan.nodes[stop as usize].route == NONE);
        for &stop in near.take(OLD_ABSENTEES) {
            if !self.waiting.contains(&stop) && plan.is_member(stop) {
                self.waiting.push(stop);
            }
        }
        let anywhere = plan.absent[random.random_range(0..absent_before)];
        if !self.waiting.contains(&anywhere) {
            self.waiting.push(anywhere);
        }
    }

    /// A random stop; for a while, one of those numbered near each other, whose neighbourhood
    /// stays in the processor's cache.
    fn seed<M: Metric>(&mut self, plan: &Plan<M>, random: &mut impl Rng) -> u32 {
        let members = plan.members();
        if members.len() <= 2 * WINDOW {
            return members[random.random_range(0..members.len())];
        }
        if self.left_in_window == 0 {
            self.window = random.random_range(0..members.len());
            self.left_in_window = WINDOW;
        }
        self.left_in_window -= 1;
        members[(self.window + random.random_range(0..WINDOW)) % members.len()]
    }

    /// Empties a route.
    fn whole<M: Metric>(&mut self, plan: &mut Plan<M>, route: u32) {
        self.span.clear();
        self.span.extend(plan.stops_of(route));
        for &stop in &self.span {
            plan.remove(stop);
            plan.absent.push(stop);
        }
        plan.close(route);
    }

    fn strings<M: Metric>(&mut self, plan: &mut Plan<M>, seed: u32, random: &mut impl Rng) {
        let in_use: usize = plan.used.iter().sum();
        if in_use == 0 {
            return;
        }
        let average = plan.served as f64 / in_use as f64;
        let longest = LONGEST_STRING.min(average);
        let most_strings = 4.0 * AVERAGE_REMOVED / (1.0 + longest) - 1.0;
        let strings = random.random_range(1.0..most_strings.max(1.0) + 1.0) as usize;
        let tables = plan.tables;
        let near = tables.neighbours.adjacent(seed).iter().copied();
        for stop in std::iter::once(seed).chain(near) {
            if self.ruined.len() >= strings {
                break;
            }
            let route = plan.nodes[stop as usize].route;
            if route == NONE || self.ruined.contains(&route) {
                continue;
            }
            self.ruined.push(route);
            let most = longest.min(f64::from(plan.routes[route as usize].size));
            let length = random.random_range(1.0..most + 1.0) as usize;
            self.string(plan, stop, route, length, random);
        }
    }

    /// Removes `length` stops around `stop`, in one piece or with some kept between.
    fn string<M: Metric>(
        &mut self,
        plan: &mut Plan<M>,
        stop: u32,
        route: u32,
        length: usize,
        random: &mut impl Rng,
    ) {
        let size = plan.routes[route as usize].size as usize;
        let length = length.min(size);
        let mut kept = 0;
        if length > 1 && length < size && random.random_bool(SPLIT) {
            kept = 1;
            while length + kept < size && !random.random_bool(SPLIT_STOP) {
                kept += 1;
            }
        }
        self.lay_span(plan, stop, length + kept, random);
        let head = match kept {
            0 => length,
            _ => random.random_range(1..length),
        };
        for piece in [0..head, head + kept..length + kept] {
            let Some(&first) = self.span.get(piece.start) else {
                break;
            };
            let behind = plan.nodes[first as usize].previous;
            for k in piece {
                let stop = self.span[k];
                plan.remove(stop);
                plan.absent.push(stop);
            }
            if plan.routes[route as usize].size == 0 {
                plan.close(route);
                return;
            }
            if !plan.mend(behind) {
                self.whole(plan, route);
                return;
            }
        }
    }

    /// Fills `span` with consecutive stops around one, which is at a random place among them.
    fn lay_span<M: Metric>(
        &mut self,
        plan: &Plan<M>,
        stop: u32,
        length: usize,
        random: &mut impl Rng,
    ) {
        let mut first = stop;
        for _ in 0..random.random_range(0..length) {
            let previous = plan.nodes[first as usize].previous;
            if plan.is_end(previous) {
                break;
            }
            first = previous;
        }
        // At the end of the route the span grows backwards instead.
        self.span.clear();
        let mut node = first;
        while self.span.len() < length && !plan.is_end(node) {
            self.span.push(node);
            node = plan.nodes[node as usize].next;
        }
        let missing = length - self.span.len();
        let mut node = plan.nodes[first as usize].previous;
        for _ in 0..missing {
            if plan.is_end(node) {
                break;
            }
            self.span.insert(0, node);
            node = plan.nodes[node as usize].previous;
        }
    }
}
