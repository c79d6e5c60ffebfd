//! One vehicle drives its route.

use super::SimulationError;
use super::assignment::Need;
use super::day::{Setting, Unserved};
use super::fixes::{self, Drive};
use super::orders::instant;
use crate::domain::LatLon;
use crate::domain::day_record::{DrivenRoute, Position, StopEvent, StopOutcome};
use crate::domain::fleet::{Quantities, Vehicle};
use crate::domain::plan::{CostParts, Route};
use crate::domain::stop::{Stop, TimeWindow};
use chrono::{DateTime, Days, TimeDelta, Utc};

/// A route as driven.
pub(super) struct Driven {
    pub(super) route: DrivenRoute,
    pub(super) positions: Vec<Position>,
    pub(super) unserved: Vec<Unserved>,
    pub(super) dropped_stops: Vec<String>,
}

/// Drives a route from its planned departure to its end.
pub(super) fn drive_route(setting: &Setting<'_>, route: &Route) -> Result<Driven, SimulationError> {
    let vehicle = setting.vehicle(&route.vehicle_id)?;
    let mut calls: Vec<(&Stop, &Need)> = Vec::new();
    let mut dropped_stops = Vec::new();
    for visit in &route.visits {
        let stop = setting.stop(&visit.stop_id)?;
        match setting.assignment.needs.get(stop.id.as_str()) {
            Some(need) => calls.push((stop, need)),
            None => dropped_stops.push(stop.id.clone()),
        }
    }
    let mut driver = Driver::new(
        setting,
        vehicle,
        route,
        setting.depot(&vehicle.start_depot)?,
    );
    if !calls.is_empty() {
        for (index, &(stop, need)) in calls.iter().enumerate() {
            driver.drive_to(stop.place);
            driver.serve(stop, need, &calls[index + 1..]);
        }
        if let Some(end) = &vehicle.end_depot {
            driver.drive_to(setting.depot(end)?);
        }
        driver.settle();
    }
    driver.driven.dropped_stops = dropped_stops;
    Ok(driver.driven)
}

struct Driver<'a> {
    setting: &'a Setting<'a>,
    vehicle: &'a Vehicle,
    now: DateTime<Utc>,
    place: LatLon,
    on_board: Quantities,
    distance_m: f64,
    driven: Driven,
}

impl<'a> Driver<'a> {
    fn new(setting: &'a Setting<'a>, vehicle: &'a Vehicle, route: &Route, depot: LatLon) -> Self {
        Self {
            setting,
            vehicle,
            now: route.departure,
            place: depot,
            on_board: route.load.clone(),
            distance_m: 0.0,
            driven: Driven {
                route: DrivenRoute {
                    vehicle_id: vehicle.id.clone(),
                    departure: route.departure,
                    end: route.departure,
                    events: Vec::with_capacity(route.visits.len()),
                    distance_m: 0,
                    driving_s: 0,
                    waiting_s: 0,
                    service_s: 0,
                    overtime_s: 0,
                    cost: CostParts::default(),
                },
                positions: Vec::new(),
                unserved: Vec::new(),
                dropped_stops: Vec::new(),
            },
        }
    }

    fn drive_to(&mut self, goal: LatLon) {
        if goal == self.place {
            return;
        }
        let (travel, profile) = (self.setting.travel, &self.vehicle.profile);
        let duration = travel.duration_s(self.place, goal, self.now, profile);
        // A truth that knows no duration (NaN) would stop the clock for good.
        let duration_s = if duration.is_finite() {
            duration.max(0.0).round() as i64
        } else {
            0
        };
        let metres = travel.distance_m(self.place, goal, self.now, profile);
        let course = travel.course(self.place, goal, self.now, profile);
        let drive = Drive {
            course: &course,
            depart: self.now,
            duration_s,
        };
        let fixes = drive.fixes(&self.vehicle.id, self.setting.fix_interval_s);
        self.driven.positions.extend(fixes);
        self.distance_m += if metres.is_finite() {
            metres.max(0.0)
        } else {
            0.0
        };
        self.driven.route.driving_s += duration_s as u64;
        self.now += TimeDelta::seconds(duration_s);
        self.place = goal;
    }

    fn serve(&mut self, stop: &Stop, need: &Need, later: &[(&Stop, &Need)]) {
        let arrived_at = self.now;
        let (started_at, late_s) = service_start(&stop.windows, arrived_at);
        let factor = self.setting.service_factor(self.vehicle);
        let service_s = (f64::from(need.service_s) * factor).round() as i64;
        let departed_at = started_at + TimeDelta::seconds(service_s);
        let share = need.covered_by(&self.available(later));
        let delivered: Quantities = need
            .quantities
            .iter()
            .map(|(name, wanted)| (name.clone(), wanted * share))
            .collect();
        for (name, amount) in &delivered {
            if let Some(left) = self.on_board.get_mut(name) {
                *left -= amount;
            }
        }
        let outcome = if share < 1.0 {
            StopOutcome::ServedInPart
        } else {
            StopOutcome::Served
        };
        if share < 1.0 {
            let penalty = need.penalty * (1.0 - share);
            self.driven.route.cost.unplanned += penalty;
            self.driven.unserved.push(Unserved {
                site_id: stop.site_id.clone(),
                missing_share: (1.0 - share).min(1.0 - f64::EPSILON),
                penalty,
            });
        }
        let interval_s = self.setting.fix_interval_s;
        let fixes = fixes::standing(
            &self.vehicle.id,
            self.place,
            arrived_at,
            departed_at,
            interval_s,
        );
        self.driven.positions.extend(fixes);
        self.driven.route.waiting_s += (started_at - arrived_at).num_seconds() as u64;
        self.driven.route.service_s += service_s as u64;
        self.driven.route.events.push(StopEvent {
            stop_id: stop.id.clone(),
            arrived_at,
            service_started_at: started_at,
            departed_at,
            late_s,
            delivered,
            outcome,
        });
        self.now = departed_at;
    }

    /// What may be delivered now without touching the planned shares of later stops.
    fn available(&self, later: &[(&Stop, &Need)]) -> Quantities {
        let mut available = self.on_board.clone();
        for (stop, need) in later {
            for (name, wanted) in &need.quantities {
                let planned = stop.quantities.get(name).copied().unwrap_or(0.0);
                if let Some(left) = available.get_mut(name) {
                    *left -= wanted.min(planned);
                }
            }
        }
        available
    }

    /// Closes the books at the end of the route.
    fn settle(&mut self) {
        let vehicle = self.vehicle;
        let date = self.setting.plan.date;
        let last_day = if vehicle.shift_end > vehicle.shift_start {
            date
        } else {
            date + Days::new(1)
        };
        let shift_end = instant(self.setting.zone, last_day.and_time(vehicle.shift_end));
        let route = &mut self.driven.route;
        route.end = self.now;
        route.distance_m = self.distance_m.round() as u64;
        route.overtime_s = (self.now - shift_end).num_seconds().max(0) as u64;
        route.cost.fixed = vehicle.fixed_cost;
        route.cost.distance = self.distance_m / 1_000.0 * vehicle.cost_per_km;
        let hours = (route.end - route.departure).num_seconds() as f64 / 3_600.0;
        route.cost.duration = hours * vehicle.cost_per_hour;
        let arrived = fixes::standing(
            &vehicle.id,
            self.place,
            self.now,
            self.now + TimeDelta::seconds(1),
            1,
        );
        self.driven.positions.extend(arrived);
    }
}

/// When service starts after an arrival, and how late that is in seconds. Between two windows the
/// vehicle waits for the next one.
fn service_start(windows: &[TimeWindow], arrived_at: DateTime<Utc>) -> (DateTime<Utc>, u32) {
    match windows.iter().find(|w| arrived_at <= w.end) {
        Some(window) => (arrived_at.max(window.start), 0),
        None => {
            let closed = windows.last().map_or(arrived_at, |w| w.end);
            let late_s = (arrived_at - closed).num_seconds();
            (arrived_at, u32::try_from(late_s).unwrap_or(u32::MAX))
        }
    }
}
