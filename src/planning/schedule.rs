//! Walking a route through the tensor: when it is where, and what that costs.

use super::day::{Day, DayVehicle};
use crate::domain::plan::CostParts;

/// A route as the solver decided it.
pub(super) struct DecidedRoute {
    pub vehicle: usize,
    pub departure_s: i64,
    pub stops: Vec<usize>,
}

/// A route as it is expected to be driven. All times in seconds since the tensor's origin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Schedule {
    pub departure_s: i64,
    pub visits: Vec<ScheduledVisit>,
    pub end_s: i64,
    /// Duration of the leg to the end depot; 0 if the route is open.
    pub back_s: i64,
    pub distance_m: u64,
    /// Largest lateness at a stop or at the end of the shift, in seconds; 0 if there is none.
    pub late_s: i64,
}

/// One stop of a schedule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ScheduledVisit {
    pub stop: usize,
    pub leg_s: i64,
    pub leg_p90_s: i64,
    pub leg_m: u32,
    pub leg_departure_s: i64,
    pub arrival_s: i64,
    pub start_s: i64,
    pub departure_s: i64,
    pub service_s: i64,
}

/// Walks `stops` in order, leaving the start at `departure_s`. A stop whose windows have all
/// closed is served late rather than skipped.
pub(super) fn walk(day: &Day, vehicle: &DayVehicle, stops: &[usize], departure_s: i64) -> Schedule {
    let (mut place, mut now, mut distance_m, mut late_s) = (vehicle.start, departure_s, 0, 0);
    let mut visits = Vec::with_capacity(stops.len());
    for &index in stops {
        let stop = &day.stops[index];
        let leg_s = day
            .costs
            .duration_s(vehicle.profile, place, stop.place, now);
        let leg_m = day.costs.distance_m(vehicle.profile, place, stop.place);
        let arrival_s = now + leg_s;
        let start_s = stop.service_start(arrival_s);
        let service_s = vehicle.service_s(stop.stop);
        late_s = late_s.max(start_s - stop.latest_s());
        visits.push(ScheduledVisit {
            stop: index,
            leg_s,
            leg_p90_s: day.costs.p90_s(vehicle.profile, place, stop.place, now),
            leg_m,
            leg_departure_s: now,
            arrival_s,
            start_s,
            departure_s: start_s + service_s,
            service_s,
        });
        distance_m += u64::from(leg_m);
        now = start_s + service_s;
        place = stop.place;
    }
    let back_s = vehicle.end.map_or(0, |end| {
        distance_m += u64::from(day.costs.distance_m(vehicle.profile, place, end));
        day.costs.duration_s(vehicle.profile, place, end, now)
    });
    let end_s = now + back_s;
    Schedule {
        departure_s,
        visits,
        end_s,
        back_s,
        distance_m,
        late_s: late_s.max(end_s - vehicle.shift_s.1),
    }
}

/// Walks `stops` leaving as late as costs nothing: the latest departure that still ends when the
/// earliest one would (FIFO makes the end a non-decreasing function of the departure).
pub(super) fn walk_leaving_late(day: &Day, vehicle: &DayVehicle, stops: &[usize]) -> Schedule {
    let earliest = walk(day, vehicle, stops, vehicle.shift_s.0);
    let (mut good, mut bad) = (earliest.departure_s, earliest.end_s + 1);
    let mut best = earliest.clone();
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        let tried = walk(day, vehicle, stops, middle);
        if tried.end_s <= earliest.end_s && tried.late_s <= earliest.late_s {
            good = middle;
            best = tried;
        } else {
            bad = middle;
        }
    }
    best
}

impl Schedule {
    /// Whether it keeps windows, shift and the vehicle's limits.
    pub(super) fn keeps_limits(&self, vehicle: &DayVehicle) -> bool {
        let limits = vehicle.vehicle;
        let hours = (self.end_s - self.departure_s) as f64 / 3600.0;
        self.late_s <= 0
            && self.departure_s >= vehicle.shift_s.0
            && limits
                .max_duration_h
                .is_none_or(|most| hours <= most + 1e-9)
            && limits
                .max_distance_km
                .is_none_or(|most| self.distance_m as f64 <= most * 1000.0 + 1e-6)
            && limits
                .max_stops
                .is_none_or(|most| self.visits.len() <= most as usize)
    }

    /// What it costs, in currency units.
    pub(super) fn cost(&self, vehicle: &DayVehicle) -> CostParts {
        let rates = vehicle.vehicle;
        CostParts {
            fixed: rates.fixed_cost,
            distance: rates.cost_per_km * self.distance_m as f64 / 1000.0,
            duration: rates.cost_per_hour * (self.end_s - self.departure_s) as f64 / 3600.0,
            unplanned: 0.0,
        }
    }
}
