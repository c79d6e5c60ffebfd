//! Plays a plan: vehicles drive their routes in the world as it really was.
//!
//! # Rules
//! - Late orders are in before the vehicles leave. An expected stop for which none came in is
//!   dropped from its route before departure and has no event; the vehicle still leaves when
//!   planned. A route whose stops are all dropped is not driven and costs nothing.
//! - Vehicles are loaded overnight with the route's planned load. On the road every stop gets at
//!   least its planned share of it, and what others did not need on a first-come basis; a stop that
//!   gets less than was ordered is served in part and costs that part of its penalty.
//! - A vehicle waits for a window to open. If the last one has closed it serves anyway, late.
//! - Orders without a stop on a route are not served and cost their penalty.

use super::SimulationError;
use super::assignment::{Assignment, assign};
use super::drive::drive_route;
use super::truth::{DayTruth, TravelTruth};
use crate::domain::day_record::DayRecord;
use crate::domain::fleet::Vehicle;
use crate::domain::plan::{CostParts, Plan};
use crate::domain::stop::Stop;
use crate::domain::{InputError, LatLon};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};

/// How a day is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayOptions {
    /// Seconds between positions of a vehicle.
    pub fix_interval_s: u32,
}

impl Default for PlayOptions {
    fn default() -> Self {
        Self { fix_interval_s: 60 }
    }
}

/// A day as played, with what the record has no room for.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayedDay {
    /// What happened.
    pub record: DayRecord,
    /// Orders that were not served, or only in part.
    pub unserved: Vec<Unserved>,
    /// Expected stops on routes that nobody had ordered after all; dropped before departure.
    pub dropped_stops: Vec<String>,
}

/// An order that was not fully served.
#[derive(Debug, Clone, PartialEq)]
pub struct Unserved {
    /// The site.
    pub site_id: String,
    /// Share that was missing, above 0 up to 1.
    pub missing_share: f64,
    /// What it cost, in currency units.
    pub penalty: f64,
}

/// Plays a day. Nothing in it is random but what the truths hold, so that plans of the same day
/// meet the same world.
pub fn play(
    plan: &Plan,
    orders: &DayTruth,
    travel: &dyn TravelTruth,
    options: &PlayOptions,
) -> Result<DayRecord, SimulationError> {
    Ok(play_in_detail(plan, orders, travel, options)?.record)
}

/// Plays a day and says what was not served.
pub fn play_in_detail(
    plan: &Plan,
    orders: &DayTruth,
    travel: &dyn TravelTruth,
    options: &PlayOptions,
) -> Result<PlayedDay, SimulationError> {
    let assignment = assign(&plan.stops, orders);
    let setting = Setting::new(plan, orders, &assignment, travel, options)?;
    let mut day = PlayedDay {
        record: DayRecord {
            plan_id: plan.id,
            date: plan.date,
            routes: Vec::with_capacity(plan.routes.len()),
            cost: CostParts::default(),
            positions: Vec::new(),
        },
        unserved: Vec::new(),
        dropped_stops: Vec::new(),
    };
    for route in &plan.routes {
        let driven = drive_route(&setting, route)?;
        day.record.cost += driven.route.cost;
        day.record.routes.push(driven.route);
        day.record.positions.extend(driven.positions);
        day.unserved.extend(driven.unserved);
        day.dropped_stops.extend(driven.dropped_stops);
    }
    day.record
        .positions
        .sort_by(|a, b| (&a.vehicle_id, a.ts).cmp(&(&b.vehicle_id, b.ts)));
    day.unserved.extend(left_out(plan, &assignment));
    // Shares of penalties of stops served in part are in the routes' cost already.
    let whole = day.unserved.iter().filter(|u| u.missing_share >= 1.0);
    day.record.cost.unplanned += whole.map(|u| u.penalty).sum::<f64>();
    Ok(day)
}

/// Orders that no vehicle had on its route.
fn left_out(plan: &Plan, assignment: &Assignment<'_>) -> Vec<Unserved> {
    let on_route: HashSet<&str> = plan
        .routes
        .iter()
        .flat_map(|r| &r.visits)
        .map(|v| v.stop_id.as_str())
        .collect();
    let unplanned = plan
        .stops
        .iter()
        .filter(|s| !on_route.contains(s.id.as_str()));
    let of_stops = unplanned.filter_map(|stop| {
        let need = assignment.needs.get(stop.id.as_str())?;
        Some((stop.site_id.clone(), need.penalty))
    });
    let of_orders = assignment
        .without_stop
        .iter()
        .map(|o| (o.site_id.clone(), o.penalty));
    of_stops
        .chain(of_orders)
        .map(|(site_id, penalty)| Unserved {
            site_id,
            missing_share: 1.0,
            penalty,
        })
        .collect()
}

/// Everything that the routes of a day have in common.
pub(super) struct Setting<'a> {
    pub(super) plan: &'a Plan,
    pub(super) zone: Tz,
    pub(super) vehicles: HashMap<&'a str, &'a Vehicle>,
    pub(super) depots: HashMap<&'a str, LatLon>,
    pub(super) stops: HashMap<&'a str, &'a Stop>,
    pub(super) orders: &'a DayTruth,
    pub(super) assignment: &'a Assignment<'a>,
    pub(super) travel: &'a dyn TravelTruth,
    pub(super) fix_interval_s: u32,
}

impl<'a> Setting<'a> {
    fn new(
        plan: &'a Plan,
        orders: &'a DayTruth,
        assignment: &'a Assignment<'a>,
        travel: &'a dyn TravelTruth,
        options: &PlayOptions,
    ) -> Result<Self, InputError> {
        let zone = plan.time_zone.parse().map_err(|_| {
            InputError::new(
                "plan",
                "not a time zone",
                "give an IANA name such as Europe/Berlin",
            )
            .field("time_zone")
            .value(&plan.time_zone)
        })?;
        Ok(Self {
            plan,
            zone,
            vehicles: plan
                .fleet
                .vehicles
                .iter()
                .map(|v| (v.id.as_str(), v))
                .collect(),
            depots: plan
                .fleet
                .depots
                .iter()
                .map(|d| (d.id.as_str(), d.place))
                .collect(),
            stops: plan.stops.iter().map(|s| (s.id.as_str(), s)).collect(),
            orders,
            assignment,
            travel,
            fix_interval_s: options.fix_interval_s,
        })
    }

    /// The vehicle of a route.
    pub(super) fn vehicle(&self, id: &str) -> Result<&'a Vehicle, InputError> {
        self.vehicles
            .get(id)
            .copied()
            .ok_or_else(|| unknown("vehicle_id", id))
    }

    /// Factor on the service times of a vehicle's driver as he really was.
    pub(super) fn service_factor(&self, vehicle: &Vehicle) -> f64 {
        let known = self.orders.service_factors.get(&vehicle.id).copied();
        known.or(vehicle.service_factor).unwrap_or(1.0)
    }

    /// Where a depot is.
    pub(super) fn depot(&self, id: &str) -> Result<LatLon, InputError> {
        self.depots
            .get(id)
            .copied()
            .ok_or_else(|| unknown("depot", id))
    }

    /// A stop of the plan.
    pub(super) fn stop(&self, id: &str) -> Result<&'a Stop, InputError> {
        self.stops
            .get(id)
            .copied()
            .ok_or_else(|| unknown("stop_id", id))
    }
}

fn unknown(field: &str, value: &str) -> InputError {
    let remedy = "give a plan whose routes name its own vehicles, depots and stops";
    InputError::new("plan", "not in the plan's fleet or stops", remedy)
        .field(field)
        .value(value)
}
