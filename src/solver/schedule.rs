//! All timing of the search: when a route leaves, arrives, waits and ends.
//!
//! With FIFO travel, arriving earlier never hurts what follows, so the earliest schedule decides
//! feasibility; and the latest arrival that still works is well-defined backwards. Both hold for
//! static and time-dependent travel and for several windows per stop.

use super::problem::{Problem, Stop, TimeWindow, VehicleType};

/// Departures tried when leaving later may shorten the route.
const DEPARTURES_TRIED: i64 = 16;

/// Earliest second from `arrival_s` on at which service may start.
#[inline]
pub(super) fn earliest_start(windows: &[TimeWindow], arrival_s: i64) -> Option<i64> {
    if windows.is_empty() {
        return Some(arrival_s);
    }
    let window = windows.iter().find(|w| w.close_s >= arrival_s)?;
    Some(arrival_s.max(window.open_s))
}

/// Latest second up to `by_s` at which service may start.
#[inline]
pub(super) fn latest_start(windows: &[TimeWindow], by_s: i64) -> Option<i64> {
    if windows.is_empty() {
        return Some(by_s);
    }
    let window = windows.iter().rev().find(|w| w.open_s <= by_s)?;
    Some(by_s.min(window.close_s))
}

/// A chain of visits with fixed leg durations and one window each, as three numbers
/// (Vidal, Crainic, Gendreau & Prins 2013, without penalised lateness).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    /// Shortest time from the start of the first to the end of the last visit.
    pub duration_s: i64,
    /// Earliest start that does not lengthen the chain.
    pub early_s: i64,
    /// Latest start.
    pub late_s: i64,
}

impl Segment {
    /// One visit.
    pub fn visit(service_s: i64, window: TimeWindow) -> Self {
        Self {
            duration_s: service_s,
            early_s: window.open_s,
            late_s: window.close_s,
        }
    }

    /// This chain, a leg, then `next`. Lateness, if any, is counted as if time could be bought, so
    /// that an estimate stays finite; feasibility is decided elsewhere.
    #[inline]
    pub fn then(self, leg_s: i64, next: Self) -> Self {
        let shift = self.duration_s + leg_s;
        let wait = (next.early_s - shift - self.late_s).max(0);
        let late = (self.early_s + shift - next.late_s).max(0);
        Self {
            duration_s: shift + next.duration_s + wait,
            early_s: (next.early_s - shift).max(self.early_s) - wait,
            late_s: (next.late_s - shift).min(self.late_s) + late,
        }
    }
}

/// When a route leaves and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub departure_s: i64,
    pub end_s: i64,
}

impl Span {
    pub fn duration_s(self) -> i64 {
        self.end_s - self.departure_s
    }
}

/// Timing of one vehicle's routes.
#[derive(Clone, Copy)]
pub(super) struct RouteClock<'a> {
    problem: &'a Problem,
    vehicle: &'a VehicleType,
}

impl<'a> RouteClock<'a> {
    pub fn new(problem: &'a Problem, vehicle: &'a VehicleType) -> Self {
        Self { problem, vehicle }
    }

    fn stop(&self, stop: u32) -> &'a Stop {
        &self.problem.stops()[stop as usize]
    }

    /// Duration of a leg that departs at `depart_s`.
    #[inline]
    pub fn leg_s(&self, from: usize, to: usize, depart_s: i64) -> i64 {
        let travel = self.problem.travel();
        travel.duration_s(self.vehicle.profile, from, to, depart_s)
    }

    /// Drives the route from `departure_s`, telling `visit` the start of each service; the end of
    /// the route, or `None` if a window or the shift is missed.
    pub fn drive(
        &self,
        stops: &[u32],
        departure_s: i64,
        mut visit: impl FnMut(usize, i64),
    ) -> Option<i64> {
        let mut at_s = departure_s;
        let mut place = self.vehicle.start.unwrap_or_default();
        for (position, &stop) in stops.iter().enumerate() {
            let stop = self.stop(stop);
            at_s += self.leg_s(place, stop.place, at_s);
            at_s = earliest_start(&stop.windows, at_s)?;
            visit(position, at_s);
            at_s += stop.service_s;
            place = stop.place;
        }
        if let Some(end) = self.vehicle.end {
            at_s += self.leg_s(place, end, at_s);
        }
        (at_s <= self.vehicle.latest_end_s).then_some(at_s)
    }

    /// Latest departure that ends by `end_by_s`, telling `visit` the latest arrival at each stop;
    /// `None` if there is none within the shift.
    pub fn latest_departure(
        &self,
        stops: &[u32],
        end_by_s: i64,
        mut visit: impl FnMut(usize, i64),
    ) -> Option<i64> {
        let travel = self.problem.travel();
        let profile = self.vehicle.profile;
        let mut by_s = end_by_s;
        let mut next = self.vehicle.end;
        for (position, &stop) in stops.iter().enumerate().rev() {
            let stop = self.stop(stop);
            if let Some(next) = next {
                by_s = travel.latest_departure_s(profile, stop.place, next, by_s);
            }
            by_s = latest_start(&stop.windows, by_s - stop.service_s)?;
            visit(position, by_s);
            next = Some(stop.place);
        }
        if let Some(next) = next {
            by_s = travel.latest_departure_s(
                profile,
                self.vehicle.start.unwrap_or_default(),
                next,
                by_s,
            );
        }
        (by_s >= self.vehicle.earliest_start_s).then_some(by_s)
    }

    /// When to leave: as late as costs nothing in arrival, and later still if duration counts and
    /// the route gets shorter by it. `None` if the sequence cannot be driven.
    ///
    /// With static durations and at most one window per stop the duration found is the shortest
    /// there is; otherwise it is the best of a grid of departures.
    pub fn decide(&self, stops: &[u32], single_windows: bool) -> Option<Span> {
        let earliest_end_s = self.drive(stops, self.vehicle.earliest_start_s, |_, _| {})?;
        let first = self.leave_late(stops, earliest_end_s)?;
        let duration_counts =
            self.vehicle.cost_per_second > 0 || self.vehicle.max_duration_s.is_some();
        if !duration_counts || (single_windows && self.problem.travel().is_static()) {
            return Some(first);
        }
        let last_s = self.latest_departure(stops, self.vehicle.latest_end_s, |_, _| {})?;
        let last_s = last_s.min(first.departure_s.max(self.problem.last_change_s()));
        let best = self.shortest(stops, first, last_s);
        self.leave_late(stops, best.end_s)
    }

    /// The latest departure for a given end.
    fn leave_late(&self, stops: &[u32], end_s: i64) -> Option<Span> {
        let departure_s = self.latest_departure(stops, end_s, |_, _| {})?;
        // The end may only be reached earlier, never later.
        let end_s = self.drive(stops, departure_s, |_, _| {})?;
        Some(Span { departure_s, end_s })
    }

    /// The shortest span of a grid of departures from `first` to `last_s`, refined around the best.
    fn shortest(&self, stops: &[u32], first: Span, last_s: i64) -> Span {
        let mut best = first;
        let mut step_s = (last_s - first.departure_s) / DEPARTURES_TRIED;
        let mut try_departure = |departure_s: i64| {
            if let Some(end_s) = self.drive(stops, departure_s, |_, _| {}) {
                let span = Span { departure_s, end_s };
                if span.duration_s() < best.duration_s() {
                    best = span;
                }
            }
            best
        };
        let mut centre = first;
        for k in 1..=DEPARTURES_TRIED {
            centre = try_departure(first.departure_s + k * step_s);
        }
        while step_s > 60 {
            step_s /= 2;
            for departure_s in [centre.departure_s - step_s, centre.departure_s + step_s] {
                if (first.departure_s..=last_s).contains(&departure_s) {
                    try_departure(departure_s);
                }
            }
            centre = try_departure(centre.departure_s);
        }
        centre
    }
}
