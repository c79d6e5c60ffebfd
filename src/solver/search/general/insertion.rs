//! Whether tasks that come into a route are in time there, and what their time costs.

use super::least::LeastLegs;
use super::onward::{Ahead, Approach, Legs};
use super::route::RouteState;
use super::state::State;
use crate::solver::problem::VehicleType;
use crate::solver::schedule::RouteClock;

/// Tasks that could come before the one at a position of a route.
pub(super) struct Insertion<'s, 'i> {
    pub state: &'s State<'i>,
    pub route: &'s RouteState,
    pub clock: RouteClock<'s>,
    pub vehicle: &'s VehicleType,
    pub approach: Approach,
    pub position: usize,
    pub tasks: &'s [u32],
}

impl<'s> Insertion<'s, '_> {
    /// Legs whose durations bound what the time costs from below, where some do: with several
    /// windows, or if waiting costs more than driving, a shorter leg may cost more.
    #[inline(always)]
    pub fn bounds(&self) -> Option<LeastLegs<'s>> {
        let vehicle = self.vehicle;
        let rises = vehicle.cost_per_waiting_second <= vehicle.cost_per_driving_second;
        let least = self.state.index.least.as_ref();
        let simple = self.clock.has_single_windows() && !self.clock.has_releases();
        let bounds = least.filter(|_| rises && simple);
        bounds.map(|least| least.legs(vehicle.profile))
    }

    /// Change of the cost of time, if that is not certainly too long.
    #[inline(always)]
    pub fn time(&self, legs: &impl Legs) -> Option<i64> {
        let ahead = Ahead::of(self.route, &self.clock, self.position, self.next());
        ahead.time_with(
            self.state,
            self.route,
            self.vehicle,
            &self.approach,
            self.tasks,
            legs,
        )
    }

    /// Where the route goes on.
    #[inline(always)]
    fn next(&self) -> Option<usize> {
        let next = self.route.tasks.get(self.position);
        next.map_or(self.vehicle.end, |&task| Some(self.clock.place(task)))
    }

    /// Whether all that comes after can be done in time, leaving as early as possible.
    #[inline(always)]
    pub fn in_time(&self, legs: &impl Legs) -> bool {
        self.in_time_from(self.approach.place, self.approach.ready_s, legs)
    }

    /// The same if `tasks` are driven to from a place left at a time.
    #[inline(always)]
    fn in_time_from(&self, mut place: Option<usize>, mut at_s: i64, legs: &impl Legs) -> bool {
        for &task in self.tasks {
            let here = self.clock.place(task);
            if let Some(from) = place.replace(here) {
                at_s += legs.leg_s(from, here, at_s);
            }
            let Some(start_s) = self.clock.begin(task, at_s) else {
                return false;
            };
            at_s = start_s + self.clock.service_s(task);
        }
        self.arrives(place, at_s, legs)
    }

    /// The same if every trip waits for its goods. The trip that the tasks come into is driven anew
    /// from its start, unless it leaves when it did.
    pub fn in_time_released(&self) -> bool {
        let (index, clock, route) = (self.state.index, &self.clock, self.route);
        let (before, after) = route.tasks.split_at(self.position);
        let reload = before.iter().rposition(|&task| index.is_reload(task));
        let left_s = reload.map_or(route.set_off.1, |at| route.nodes[at].ready_s);
        let split = self.tasks.iter().any(|&task| index.is_reload(task));
        if !split && clock.release_s(self.tasks) <= left_s {
            return self.in_time(clock);
        }
        let first = reload.map_or(0, |at| at + 1);
        if self.vehicle.driven.is_some() && first <= route.begun {
            // The trip is under way: not known to be late.
            return true;
        }
        let Some((mut place, free_s)) = self.loading(first) else {
            return false;
        };
        let released_s = |tasks: [&[u32]; 3]| {
            let mut all = tasks.into_iter().flatten().copied();
            let trip = all.by_ref().take_while(|&task| !index.is_reload(task));
            trip.map(|task| clock.release_s(&[task])).max()
        };
        let head = &before[first..];
        let waits_until = released_s([head, self.tasks, after]).unwrap_or(free_s);
        let mut at_s = free_s.max(waits_until);
        if first == 0 && at_s > self.vehicle.latest_start_s {
            return false;
        }
        for &task in head {
            match self.done_s(&mut place, at_s, task) {
                Some(end_s) => at_s = end_s,
                None => return false,
            }
        }
        if !split {
            return self.in_time_from(place, at_s, clock);
        }
        for (position, &task) in self.tasks.iter().enumerate() {
            match self.done_s(&mut place, at_s, task) {
                Some(end_s) => at_s = end_s,
                None => return false,
            }
            if index.is_reload(task) {
                let waits_until = released_s([&self.tasks[position + 1..], after, &[]]);
                at_s = at_s.max(waits_until.unwrap_or(at_s));
            }
        }
        self.arrives(place, at_s, clock)
    }

    /// Where the trip whose first task is at a position is loaded, and when that is done.
    fn loading(&self, first: usize) -> Option<(Option<usize>, i64)> {
        let (route, clock) = (self.route, &self.clock);
        if first == 0 {
            return Some((self.vehicle.start, self.vehicle.earliest_start_s));
        }
        let approach = Approach::to(route, clock, first - 1);
        let mut place = approach.place;
        let end_s = self.done_s(&mut place, approach.ready_s, route.tasks[first - 1])?;
        Some((place, end_s))
    }

    /// When a task is done that is driven to from a place left at a time; `None` if it is late.
    #[inline]
    fn done_s(&self, place: &mut Option<usize>, left_s: i64, task: u32) -> Option<i64> {
        let here = self.clock.place(task);
        let from = place.replace(here);
        let arrival_s = left_s + from.map_or(0, |from| self.clock.leg_s(from, here, left_s));
        Some(self.clock.begin(task, arrival_s)? + self.clock.service_s(task))
    }

    /// Whether the rest of the route can be driven from a place left at a time.
    #[inline(always)]
    fn arrives(&self, place: Option<usize>, left_s: i64, legs: &impl Legs) -> bool {
        let node = self.route.nodes.get(self.position);
        let latest_s = node.map_or(self.vehicle.latest_end_s, |node| node.latest_s);
        let last = place.zip(self.next());
        left_s + last.map_or(0, |(from, to)| legs.leg_s(from, to, left_s)) <= latest_s
    }
}
