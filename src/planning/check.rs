//! The independent judge of a plan: recomputes everything from the tensor and names every fault.
//!
//! Shares no evaluation with the solver or with the rest of planning, so that an error there is
//! found here. Times must agree exactly, costs within rounding.

use super::local_instant;
use crate::cost::file;
use crate::cost::tensor::CostTensor;
use crate::domain::InputError;
use crate::domain::fleet::{Quantities, Vehicle};
use crate::domain::plan::{Plan, Route, Visit};
use crate::domain::stop::Stop;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};

/// Largest difference of a cost, in currency units, that counts as rounding.
const COST_TOLERANCE: f64 = 0.01;
/// Largest difference of a quantity that counts as rounding.
const QUANTITY_TOLERANCE: f64 = 1e-6;

/// Every fault of a plan against the tensor it was made with; empty if it is sound. `Err` if the
/// plan cannot be judged at all: unknown time zone, or a tensor of other places.
pub fn check(plan: &Plan, costs: &CostTensor) -> Result<Vec<String>, InputError> {
    let time_zone: Tz = plan.time_zone.parse().map_err(|_| {
        InputError::new(
            "plan",
            "no such time zone",
            "give an IANA name such as Europe/Berlin",
        )
        .field("time_zone")
        .value(&plan.time_zone)
    })?;
    let places = plan.fleet.depots.len() + plan.stops.len();
    if costs.places() != places {
        return Err(InputError::new(
            "cost tensor",
            "holds other places than the plan",
            format!("give the tensor that was written with the plan ({places} places)"),
        )
        .field("places")
        .value(costs.places()));
    }
    let mut judge = Judge {
        plan,
        costs,
        time_zone,
        faults: Vec::new(),
    };
    if file::digest(costs).is_ok_and(|digest| digest != plan.costs_sha256) {
        judge.fault("costs_sha256 is not that of the tensor");
    }
    judge.coverage();
    judge.routes();
    judge.total();
    Ok(judge.faults)
}

struct Judge<'a> {
    plan: &'a Plan,
    costs: &'a CostTensor,
    time_zone: Tz,
    faults: Vec<String>,
}

impl Judge<'_> {
    fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    /// Every stop exactly once, on a route or among the unplanned.
    fn coverage(&mut self) {
        let mut seen: HashMap<&str, u32> = HashMap::new();
        let visited = self
            .plan
            .routes
            .iter()
            .flat_map(|r| &r.visits)
            .map(|v| &v.stop_id);
        for id in visited.chain(self.plan.unplanned.iter().map(|u| &u.stop_id)) {
            *seen.entry(id).or_default() += 1;
        }
        for stop in &self.plan.stops {
            match seen.remove(stop.id.as_str()) {
                Some(1) => {}
                Some(times) => self.fault(format!("stop {} appears {times} times", stop.id)),
                None => self.fault(format!("stop {} is neither planned nor unplanned", stop.id)),
            }
        }
        for id in seen.into_keys() {
            self.fault(format!("stop {id} is not among the plan's stops"));
        }
    }

    fn routes(&mut self) {
        let mut used = HashSet::new();
        for route in &self.plan.routes {
            let name = &route.vehicle_id;
            if !used.insert(name) {
                self.fault(format!("vehicle {name} has two routes"));
            }
            let vehicle = self.plan.fleet.vehicles.iter().find(|v| v.id == *name);
            match vehicle.and_then(|v| Some((v, self.costs.profile(&v.profile)?))) {
                None => self.fault(format!("vehicle {name} or its profile is unknown")),
                Some((vehicle, profile)) => {
                    self.loads(route, vehicle);
                    self.times(route, vehicle, profile);
                }
            }
        }
    }

    fn depot(&self, id: &str) -> Option<usize> {
        self.plan.fleet.depots.iter().position(|d| d.id == id)
    }

    fn stop(&self, id: &str) -> Option<(usize, &Stop)> {
        let index = self.plan.stops.iter().position(|s| s.id == id)?;
        Some((
            self.plan.fleet.depots.len() + index,
            &self.plan.stops[index],
        ))
    }

    /// Skills, and loads from the full vehicle down to the empty one.
    fn loads(&mut self, route: &Route, vehicle: &Vehicle) {
        let mut faults = Vec::new();
        let mut left: Quantities = Quantities::new();
        for visit in &route.visits {
            let Some((_, stop)) = self.stop(&visit.stop_id) else {
                continue;
            };
            for skill in stop.skills.iter().filter(|s| !vehicle.skills.contains(s)) {
                faults.push(format!(
                    "{} lacks skill {skill} of stop {}",
                    vehicle.id, stop.id
                ));
            }
            for (dimension, amount) in &stop.quantities {
                *left.entry(dimension.clone()).or_insert(0.0) += amount;
            }
        }
        for (dimension, amount) in &left {
            if vehicle
                .capacity
                .get(dimension)
                .is_some_and(|most| amount - most > QUANTITY_TOLERANCE)
            {
                faults.push(format!(
                    "{} is overloaded: {amount} {dimension}",
                    vehicle.id
                ));
            }
        }
        if !same_quantities(&left, &route.load) {
            faults.push(format!(
                "{}: load is {:?}, stops add up to {left:?}",
                vehicle.id, route.load
            ));
        }
        for visit in &route.visits {
            let Some((_, stop)) = self.stop(&visit.stop_id) else {
                continue;
            };
            for (dimension, amount) in &stop.quantities {
                *left.entry(dimension.clone()).or_insert(0.0) -= amount;
            }
            if !same_quantities(&left, &visit.load_after) {
                faults.push(format!("{}: wrong load after stop {}", vehicle.id, stop.id));
            }
        }
        self.faults.extend(faults);
    }

    /// Times, distances, windows, shift, limits and cost of one route.
    fn times(&mut self, route: &Route, vehicle: &Vehicle, profile: usize) {
        let mut faults = Vec::new();
        let Some(start) = self.depot(&vehicle.start_depot) else {
            return self.fault(format!("{}: unknown start depot", vehicle.id));
        };
        let (mut here, mut clock) = (start, route.departure);
        let (mut metres, mut driving, mut waiting, mut service) = (0_u64, 0_i64, 0_i64, 0_i64);
        for visit in &route.visits {
            let Some((there, stop)) = self.stop(&visit.stop_id) else {
                continue;
            };
            let leg = self.drive(profile, here, there, clock);
            let leg_metres = self.costs.distance_m(profile, here, there);
            let arrival = clock + TimeDelta::seconds(leg);
            let begin = begin_of_service(stop, arrival).unwrap_or_else(|| {
                faults.push(format!(
                    "{}: stop {} is served after its windows",
                    vehicle.id, stop.id
                ));
                arrival
            });
            let wait = (begin - arrival).num_seconds();
            // Computed here anew, like everything else.
            let factor = vehicle.service_factor.unwrap_or(1.0);
            let served = (f64::from(stop.service_s) * factor).round() as i64;
            let done = begin + TimeDelta::seconds(served);
            let agrees = visit.arrival == arrival
                && visit.service_start == begin
                && visit.departure == done
                && i64::from(visit.waiting_s) == wait
                && i64::from(visit.leg_driving_s) == leg
                && visit.leg_distance_m == leg_metres;
            if !agrees {
                faults.push(format!(
                    "{}: times at stop {} do not follow from the tensor",
                    vehicle.id, stop.id
                ));
            }
            faults.extend(implausible(visit));
            metres += u64::from(leg_metres);
            driving += leg;
            waiting += wait;
            service += served;
            (here, clock) = (there, done);
        }
        if let Some(depot) = &vehicle.end_depot {
            let Some(end) = self.depot(depot) else {
                return self.fault(format!("{}: unknown end depot", vehicle.id));
            };
            let leg = self.drive(profile, here, end, clock);
            clock += TimeDelta::seconds(leg);
            driving += leg;
            metres += u64::from(self.costs.distance_m(profile, here, end));
        }
        let sums = [
            (route.distance_m, metres as i64, "distance_m"),
            (route.driving_s, driving, "driving_s"),
            (route.waiting_s, waiting, "waiting_s"),
            (route.service_s, service, "service_s"),
        ];
        for (stated, found, what) in sums {
            if stated as i64 != found {
                faults.push(format!(
                    "{}: {what} is {stated}, recomputed {found}",
                    vehicle.id
                ));
            }
        }
        if route.end != clock {
            faults.push(format!(
                "{}: end is {}, recomputed {clock}",
                vehicle.id, route.end
            ));
        }
        self.faults.extend(faults);
        self.limits(route, vehicle, metres, clock);
        self.route_cost(route, vehicle, metres, clock);
    }

    fn limits(&mut self, route: &Route, vehicle: &Vehicle, metres: u64, end: DateTime<Utc>) {
        let id = &vehicle.id;
        let first = local_instant(self.plan.date, vehicle.shift_start, self.time_zone);
        let overnight = vehicle.shift_end <= vehicle.shift_start;
        let last_date = if overnight {
            self.plan.date.succ_opt()
        } else {
            Some(self.plan.date)
        };
        let last = local_instant(
            last_date.unwrap_or(self.plan.date),
            vehicle.shift_end,
            self.time_zone,
        );
        if route.departure < first {
            self.fault(format!(
                "{id} leaves at {} before its shift starts at {first}",
                route.departure
            ));
        }
        if end > last {
            self.fault(format!(
                "{id} is back at {end} after its shift ends at {last}"
            ));
        }
        let hours = (end - route.departure).num_seconds() as f64 / 3600.0;
        if vehicle
            .max_duration_h
            .is_some_and(|most| hours > most + 1e-9)
        {
            self.fault(format!("{id} is away for {hours:.2} h"));
        }
        if vehicle
            .max_distance_km
            .is_some_and(|most| metres as f64 / 1000.0 > most + 1e-9)
        {
            self.fault(format!("{id} drives {metres} m"));
        }
        if vehicle
            .max_stops
            .is_some_and(|most| route.visits.len() > most as usize)
        {
            self.fault(format!("{id} has {} stops", route.visits.len()));
        }
    }

    fn route_cost(&mut self, route: &Route, vehicle: &Vehicle, metres: u64, end: DateTime<Utc>) {
        let hours = (end - route.departure).num_seconds() as f64 / 3600.0;
        let parts = [
            (route.cost.fixed, vehicle.fixed_cost, "fixed"),
            (
                route.cost.distance,
                vehicle.cost_per_km * metres as f64 / 1000.0,
                "distance",
            ),
            (
                route.cost.duration,
                vehicle.cost_per_hour * hours,
                "duration",
            ),
            (route.cost.unplanned, 0.0, "unplanned"),
        ];
        for (stated, found, part) in parts {
            if (stated - found).abs() > COST_TOLERANCE {
                let id = &vehicle.id;
                self.fault(format!(
                    "{id}: {part} cost is {stated:.2}, recomputed {found:.2}"
                ));
            }
        }
    }

    fn total(&mut self) {
        let routes: f64 = self.plan.routes.iter().map(|r| r.cost.total()).sum();
        let penalty = |id: &str| {
            self.stop(id)
                .and_then(|(_, stop)| stop.penalty)
                .unwrap_or(0.0)
        };
        let penalties: f64 = self
            .plan
            .unplanned
            .iter()
            .map(|u| penalty(&u.stop_id))
            .sum();
        let (stated, found) = (self.plan.cost.total(), routes + penalties);
        if (stated - found).abs() > COST_TOLERANCE * (1 + self.plan.routes.len()) as f64 {
            self.fault(format!("total cost is {stated:.2}, recomputed {found:.2}"));
        }
    }

    fn drive(&self, profile: usize, from: usize, to: usize, leaving: DateTime<Utc>) -> i64 {
        let since = (leaving - self.costs.axis().origin).num_seconds();
        self.costs.duration_s(profile, from, to, since)
    }
}

/// Earliest moment from `arrival` on at which the stop may be served; `None` once all is closed.
fn begin_of_service(stop: &Stop, arrival: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if stop.windows.is_empty() {
        return Some(arrival);
    }
    let usable = stop.windows.iter().filter(|w| arrival <= w.end);
    usable.map(|w| w.start.max(arrival)).min()
}

/// What cannot be true of a visit's uncertainty.
fn implausible(visit: &Visit) -> Option<String> {
    let fault = if visit.arrival_p90 < visit.arrival_p50 {
        "p90 of the arrival is before its p50"
    } else if !(0.0..=1.0).contains(&visit.late_probability) {
        "the probability of being late is not between 0 and 1"
    } else {
        return None;
    };
    Some(format!("stop {}: {fault}", visit.stop_id))
}

fn same_quantities(a: &Quantities, b: &Quantities) -> bool {
    let amount = |q: &Quantities, d: &str| q.get(d).copied().unwrap_or(0.0);
    let dimensions: HashSet<&String> = a.keys().chain(b.keys()).collect();
    dimensions
        .into_iter()
        .all(|d| (amount(a, d) - amount(b, d)).abs() <= QUANTITY_TOLERANCE * 10.0)
}
