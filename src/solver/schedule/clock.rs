//! What the routes of one vehicle type have to respect, and walks along them without pauses, forwards
//! from a departure and backwards from an end.

use super::moment::Moment;
use super::segment::Segment;
use super::table::{DepartureRule, Timetable, TypeTiming};
use super::windows::{earliest_start, latest_start};
use crate::solver::problem::{TimeWindow, VehicleType};

/// Timing of one vehicle type's routes. A task is a stop by index, or, counted on from the number
/// of stops, a reload of the vehicle type.
#[derive(Clone, Copy)]
pub(in crate::solver) struct RouteClock<'a> {
    pub(super) table: &'a Timetable<'a>,
    pub(super) vehicle: &'a VehicleType,
    pub(super) vehicle_type: usize,
}

impl<'a> RouteClock<'a> {
    pub(super) fn new(table: &'a Timetable<'a>, vehicle_type: usize) -> Self {
        Self {
            table,
            vehicle: &table.problem.vehicle_types()[vehicle_type],
            vehicle_type,
        }
    }

    pub(super) fn timing(&self) -> &'a TypeTiming {
        &self.table.types[self.vehicle_type]
    }

    /// How the departure is decided.
    pub fn departure_rule(&self) -> DepartureRule {
        self.timing().departure
    }

    /// Whether time matters at all.
    #[inline]
    pub fn is_timed(&self) -> bool {
        self.timing().timed
    }

    /// Whether earliest and latest times with chains of visits say exactly whether a sequence can
    /// be driven and what its time costs.
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.timing().plain
    }

    /// Whether earliest and latest times say exactly whether a sequence can be driven if trips are
    /// held back until their goods are released, and time costs nothing.
    #[inline]
    pub fn is_prompt(&self) -> bool {
        self.timing().prompt
    }

    /// Whether they come close to that, with legs held at their present durations.
    #[inline]
    pub fn is_close(&self) -> bool {
        self.timing().close
    }

    /// Whether some goods are released after the vehicle could leave.
    #[inline]
    pub fn has_releases(&self) -> bool {
        self.timing().releases
    }

    /// Whether nothing has more than one window.
    #[inline]
    pub fn has_single_windows(&self) -> bool {
        self.timing().single
    }

    /// Tasks that the vehicle has done or is on the way to; they begin every route.
    pub fn begun_tasks(&self) -> &'a [u32] {
        self.timing().begun.as_ref().map_or(&[], |b| &b.tasks)
    }

    /// Duration of a leg that departs at `depart_s`.
    #[inline]
    pub fn leg_s(&self, from: usize, to: usize, depart_s: i64) -> i64 {
        let travel = self.table.problem.travel();
        travel.duration_s(self.vehicle.profile, from, to, depart_s)
    }

    /// The reload that a task is.
    #[inline]
    pub fn reload(&self, task: u32) -> Option<usize> {
        (task as usize).checked_sub(self.table.spots.len())
    }

    /// Place of a task.
    #[inline]
    pub fn place(&self, task: u32) -> usize {
        match self.table.spots.get(task as usize) {
            Some(spot) => spot.place as usize,
            None => self.vehicle.reloads[task as usize - self.table.spots.len()].place,
        }
    }

    pub(super) fn windows(&self, task: u32) -> &'a [TimeWindow] {
        match self.reload(task) {
            None => &self.table.problem.stops()[task as usize].windows,
            Some(reload) => &self.vehicle.reloads[reload].windows,
        }
    }

    /// Seconds that a task takes.
    #[inline]
    pub fn service_s(&self, task: u32) -> i64 {
        match self.table.spots.get(task as usize) {
            Some(spot) if !spot.by_type => spot.service_s,
            Some(_) => self.table.problem.stops()[task as usize].service_by_s(self.vehicle_type),
            None => self.vehicle.reloads[task as usize - self.table.spots.len()].duration_s,
        }
    }

    /// Standard deviation of the seconds that a task takes.
    #[inline]
    pub(super) fn service_sd_s(&self, task: u32) -> f64 {
        if !self.table.service_sd {
            return 0.0;
        }
        let stop = self.table.problem.stops().get(task as usize);
        stop.map_or(0.0, |stop| stop.service_sd_by_s(self.vehicle_type))
    }

    /// Earliest start of a task for an arrival.
    #[inline]
    pub fn begin(&self, task: u32, arrival_s: i64) -> Option<i64> {
        match self.table.spots.get(task as usize) {
            Some(spot) if arrival_s > spot.close_s => None,
            Some(spot) if !spot.several => Some(arrival_s.max(spot.open_s)),
            _ => earliest_start(self.windows(task), arrival_s),
        }
    }

    /// Latest start of a task up to `by_s`.
    #[inline]
    fn begin_by(&self, task: u32, by_s: i64) -> Option<i64> {
        match self.table.spots.get(task as usize) {
            Some(spot) if by_s < spot.open_s => None,
            Some(spot) if !spot.several => Some(by_s.min(spot.close_s)),
            _ => latest_start(self.windows(task), by_s),
        }
    }

    /// A task that starts at `start_s`, with the window that holds it, as a chain; with its last
    /// window if that is over by then, because the chain can still move to be in time.
    pub fn visit(&self, task: u32, start_s: i64) -> Segment {
        let windows = self.windows(task);
        let window = windows.iter().find(|w| start_s <= w.close_s);
        Segment::visit(self.service_s(task), window.or(windows.last()).copied())
    }

    /// The start of a chain: when the vehicle may leave, or what it has begun between a departure
    /// and a moment.
    pub fn head(&self, departure_s: i64, at_s: i64) -> Segment {
        if self.vehicle.driven.is_none() {
            return Segment::point(self.vehicle.earliest_start_s, self.vehicle.latest_start_s);
        }
        Segment {
            duration_s: at_s - departure_s,
            ..Segment::point(departure_s, departure_s)
        }
    }

    /// Where the route ends.
    pub fn end_place(&self) -> Option<usize> {
        self.vehicle.end
    }

    /// Whether driving costs or is limited.
    pub fn driving_counts(&self) -> bool {
        self.vehicle.cost_per_driving_second > 0 || self.vehicle.max_driving_s.is_some()
    }

    /// Latest departure with which the shift can be kept without pauses, telling `visit` the
    /// latest arrival at each task that had not begun; `None` if there is none.
    pub fn latest_s(&self, tasks: &[u32], visit: impl FnMut(usize, i64)) -> Option<i64> {
        self.latest_departure_s(tasks, self.vehicle.latest_end_s, visit)
    }

    /// The end of a chain: when the vehicle may be back.
    pub fn returns(&self) -> Segment {
        Segment::point(self.vehicle.earliest_start_s, self.vehicle.latest_end_s)
    }

    /// When the goods of the trip that begins with these tasks can leave.
    pub fn release_s(&self, tasks: &[u32]) -> i64 {
        if !self.timing().releases {
            return i64::MIN;
        }
        let spots = &self.table.spots;
        let trip = tasks.iter().map_while(|&task| spots.get(task as usize));
        trip.map(|spot| spot.release_s).max().unwrap_or(i64::MIN)
    }

    /// Until when the vehicle is known to have waited for goods at a reload, counted from the first.
    pub(super) fn waited_s(&self, reload: usize) -> i64 {
        let driven = self.vehicle.driven.as_ref();
        let known_s = driven.and_then(|d| d.released_s.get(reload));
        known_s.copied().unwrap_or(i64::MIN)
    }

    /// The earliest departure of a route; `None` if its goods are released too late.
    pub fn earliest_departure_s(&self, tasks: &[u32]) -> Option<i64> {
        if let Some(driven) = &self.vehicle.driven {
            return Some(driven.departure_s);
        }
        let earliest_s = self.vehicle.earliest_start_s.max(self.release_s(tasks));
        (earliest_s <= self.vehicle.latest_start_s).then_some(earliest_s)
    }

    /// Drives a route without pauses from its earliest or another departure, telling `visit` start
    /// and end of each task that had not begun; the end of the route, or `None` if a window or the
    /// shift is missed. Breaks only make it later.
    pub fn drive(
        &self,
        tasks: &[u32],
        departure_s: i64,
        mut visit: impl FnMut(usize, i64, i64),
    ) -> Option<i64> {
        let Moment {
            mut at_s,
            mut place,
            ..
        } = self.set_off(tasks, departure_s)?;
        let releases = self.timing().releases;
        for (position, &task) in tasks.iter().enumerate().skip(self.begun_tasks().len()) {
            let here = self.place(task);
            if let Some(from) = place.replace(here) {
                at_s += self.leg_s(from, here, at_s);
            }
            let start_s = self.begin(task, at_s)?;
            at_s = start_s + self.service_s(task);
            if releases && self.reload(task).is_some() {
                at_s = at_s.max(self.release_s(&tasks[position + 1..]));
            }
            visit(position, start_s, at_s);
        }
        if let (Some(from), Some(end)) = (place, self.vehicle.end) {
            at_s += self.leg_s(from, end, at_s);
        }
        (at_s <= self.vehicle.latest_end_s).then_some(at_s)
    }

    /// Latest departure that ends by `end_by_s` without pauses, telling `visit` the latest arrival
    /// at each task that had not begun; `None` if there is none.
    pub fn latest_departure_s(
        &self,
        tasks: &[u32],
        end_by_s: i64,
        mut visit: impl FnMut(usize, i64),
    ) -> Option<i64> {
        let travel = self.table.problem.travel();
        let profile = self.vehicle.profile;
        let mut by_s = end_by_s;
        let mut next = self.vehicle.end;
        let begun = self.begun_tasks().len();
        for (position, &task) in tasks.iter().enumerate().skip(begun).rev() {
            let here = self.place(task);
            if let Some(next) = next {
                by_s = travel.latest_departure_s(profile, here, next, by_s);
            }
            by_s = self.begin_by(task, by_s - self.service_s(task))?;
            visit(position, by_s);
            next = Some(here);
        }
        if begun == 0
            && let (Some(start), Some(next)) = (self.vehicle.start, next)
        {
            by_s = travel.latest_departure_s(profile, start, next, by_s);
        }
        Some(by_s)
    }
}
