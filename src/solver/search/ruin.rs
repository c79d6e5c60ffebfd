//! Takes strings of neighbouring stops out of routes near a random stop (Christiaens & Vanden
//! Berghe 2020, section 5.2), or now and then a whole route.

use super::state::{NONE, State};
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

/// Absent stops offered to recreation besides those just removed.
const OLD_ABSENTEES: usize = 10;

/// Ruins a state; keeps its buffers between calls.
#[derive(Default)]
pub(super) struct Ruin {
    ruined: Vec<u32>,
    /// Stops that recreation shall try to insert.
    pub waiting: Vec<u32>,
}

impl Ruin {
    /// Removes stops and fills `waiting` with them and with some that were absent before.
    pub fn run(&mut self, state: &mut State, random: &mut impl Rng) {
        let absent_before = state.absent.len();
        let seed = random.random_range(0..state.index.stops() as u32);
        self.ruined.clear();
        let route = state.visits[seed as usize].route;
        if route != NONE && random.random_range(0..WHOLE_ROUTE_ONE_IN) == 0 {
            let route = route as usize;
            state.remove(route, 0, state.routes[route].stops.len());
            state.refresh(route);
        } else {
            self.strings(state, seed, random);
        }
        self.waiting.clear();
        self.waiting
            .extend_from_slice(&state.absent[absent_before..]);
        if absent_before <= OLD_ABSENTEES {
            self.waiting
                .extend_from_slice(&state.absent[..absent_before]);
        } else {
            for _ in 0..OLD_ABSENTEES {
                let stop = state.absent[random.random_range(0..absent_before)];
                if !self.waiting.contains(&stop) {
                    self.waiting.push(stop);
                }
            }
        }
    }

    fn strings(&mut self, state: &mut State, seed: u32, random: &mut impl Rng) {
        let served = state.index.stops() - state.absent.len();
        let in_use: usize = state.used.iter().sum();
        if in_use == 0 {
            return;
        }
        let average = served as f64 / in_use as f64;
        let longest = LONGEST_STRING.min(average);
        let most_strings = 4.0 * AVERAGE_REMOVED / (1.0 + longest) - 1.0;
        let strings = random
            .random_range(1.0..most_strings.max(1.0) + 1.0)
            .floor() as usize;
        let index = state.index;
        let near = index.adjacent(seed).iter().copied();
        for stop in std::iter::once(seed).chain(near) {
            if self.ruined.len() >= strings {
                break;
            }
            let route = state.visits[stop as usize].route;
            if route == NONE || self.ruined.contains(&route) {
                continue;
            }
            let stops = state.routes[route as usize].stops.len();
            let most = longest.min(stops as f64);
            let length = random.random_range(1.0..most + 1.0).floor() as usize;
            let position = state.visits[stop as usize].position as usize;
            remove_string(state, route as usize, position, length.min(stops), random);
            self.ruined.push(route);
        }
    }
}

/// Removes `length` stops around `position`, in one piece or with some kept between.
fn remove_string(
    state: &mut State,
    route: usize,
    position: usize,
    length: usize,
    random: &mut impl Rng,
) {
    let stops = state.routes[route].stops.len();
    let mut kept = 0;
    if length > 1 && length < stops && random.random_bool(SPLIT) {
        kept = 1;
        while length + kept < stops && !random.random_bool(SPLIT_STOP) {
            kept += 1;
        }
    }
    let span = length + kept;
    let first =
        random.random_range((position + 1).saturating_sub(span)..=position.min(stops - span));
    if kept == 0 {
        state.remove(route, first, length);
    } else {
        let head = random.random_range(1..length);
        state.remove(route, first + head + kept, length - head);
        state.remove(route, first, head);
    }
    if !state.refresh(route) {
        // Without the triangle inequality a shorter sequence can take longer.
        state.remove(route, 0, state.routes[route].stops.len());
        state.refresh(route);
    }
}
