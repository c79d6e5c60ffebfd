//! The problem that is left of a day under way.

use super::compare::Vehicle;
use super::freeze::{Frozen, freeze_all};
use super::request::{ReplanError, ReplanRequest};
use crate::solver::check::{CheckReport, check};
use crate::solver::problem::{Problem, Stop, TimeWindow, UNBOUNDED_S, VehicleType};
use crate::solver::solution::{Pause, PauseKind, Route, Solution};

/// The problem of the rest of a day. Stops keep their indices, those added follow. Every vehicle of
/// the plan so far has a type of its own after the types of the morning, which keep the vehicles
/// that were not in use.
#[derive(Debug, Clone)]
pub struct RestOfDay {
    /// The problem.
    pub problem: Problem,
    /// By vehicle type and number: which vehicle of the morning's problem it is.
    vehicles: Vec<Vec<Vehicle>>,
}

impl RestOfDay {
    /// Which vehicle of the morning's problem drives a route.
    pub fn vehicle(&self, route: &Route) -> Option<Vehicle> {
        self.vehicles
            .get(route.vehicle_type)?
            .get(route.vehicle)
            .copied()
    }
}

/// The rest of the day with its parts still open to prices.
pub(super) struct Draft {
    travel: crate::solver::travel::Travel,
    vehicle_types: Vec<VehicleType>,
    stops: Vec<Stop>,
    rules: crate::solver::problem::Rules,
    vehicles: Vec<Vec<Vehicle>>,
    /// By stop: the type of the vehicle that the plan so far gives it, if it is ahead of that.
    planned: Vec<Option<usize>>,
    /// The plan so far, in the types of the rest of the day.
    pub so_far: Solution,
}

impl Draft {
    /// The rest of the day without what is driven or cancelled.
    pub fn new(request: &ReplanRequest) -> Result<Self, ReplanError> {
        let report = check(request.problem, request.solution);
        let frozen = freeze_all(request, &report)?;
        let mut draft = Self {
            travel: request
                .travel
                .clone()
                .unwrap_or_else(|| request.problem.travel().clone()),
            vehicle_types: request.problem.vehicle_types().to_vec(),
            stops: request.problem.stops().to_vec(),
            rules: request.problem.rules().clone(),
            vehicles: unused(request),
            planned: vec![None; request.problem.stops().len() + request.added.len()],
            so_far: Solution::default(),
        };
        draft.stops.extend(request.added.iter().cloned());
        let morning = draft.vehicle_types.len();
        for (own, unused) in draft.vehicle_types.iter_mut().zip(&draft.vehicles) {
            own.count = unused.len();
            own.driven = None;
            not_before(own, request.now_s);
        }
        for (route, frozen) in request.solution.routes.iter().zip(&frozen) {
            draft.add_vehicle(request, route, frozen);
        }
        draft.extend_types(morning, request);
        for (index, frozen) in frozen.iter().enumerate() {
            for &stop in &frozen.aboard {
                draft.stops[stop].vehicle_types = Some(vec![morning + index]);
            }
        }
        draft.settle(&report, &frozen);
        draft.cancel(&request.cancelled);
        Ok(draft)
    }

    /// Gives a vehicle of the plan so far a type of its own.
    fn add_vehicle(&mut self, request: &ReplanRequest, route: &Route, frozen: &Frozen) {
        let own_type = self.vehicle_types.len();
        let original = &request.problem.vehicle_types()[route.vehicle_type];
        let mut own = VehicleType {
            count: 1,
            driven: frozen.driven.clone(),
            ..original.clone()
        };
        match &frozen.driven {
            Some(driven) => {
                own.earliest_start_s = own.earliest_start_s.min(driven.departure_s);
                own.latest_start_s = own.latest_start_s.max(driven.departure_s);
                if frozen.is_done {
                    own.max_stops = Some(driven.stops.len());
                }
            }
            None => not_before(&mut own, request.now_s),
        }
        let done = frozen.driven.as_ref().map_or(0, |d| d.stops.len());
        for &stop in route.stops.iter().skip(done) {
            self.planned[stop] = Some(own_type);
        }
        self.so_far.routes.push(Route {
            vehicle_type: own_type,
            vehicle: 0,
            ..route.clone()
        });
        self.vehicle_types.push(own);
        self.vehicles.push(vec![Vehicle {
            vehicle_type: route.vehicle_type,
            number: route.vehicle,
        }]);
    }

    /// Says of the new types what was said of those they come from.
    fn extend_types(&mut self, morning: usize, request: &ReplanRequest) {
        let origins: Vec<usize> = request
            .solution
            .routes
            .iter()
            .map(|r| r.vehicle_type)
            .collect();
        for stop in &mut self.stops {
            for by_type in [
                &mut stop.service_by_type_s,
                &mut stop.service_sd_by_type_ms,
                &mut stop.cost_by_type,
            ] {
                if by_type.len() == morning {
                    let same: Vec<i64> = origins.iter().map(|&origin| by_type[origin]).collect();
                    by_type.extend(same);
                }
            }
            if let Some(types) = &mut stop.vehicle_types {
                let same = origins.iter().enumerate();
                let same = same.filter(|(_, origin)| types.contains(origin));
                let same: Vec<usize> = same.map(|(index, _)| morning + index).collect();
                types.extend(same);
            }
        }
    }

    /// What is driven happened: later news about the road cannot make it too late.
    fn settle(&mut self, report: &CheckReport, frozen: &[Frozen]) {
        for (route, frozen) in report.routes.iter().zip(frozen) {
            let driven = frozen.driven.as_ref().map_or(0, |d| d.stops.len());
            for (stop, service) in route.services().take(driven) {
                let windows = &mut self.stops[stop].windows;
                let used = windows.iter().rfind(|w| w.open_s <= service.start_s);
                let open_s = used.map_or(service.start_s, |w| w.open_s);
                if !windows.is_empty() {
                    *windows = vec![TimeWindow {
                        open_s,
                        close_s: UNBOUNDED_S,
                    }];
                }
            }
        }
    }

    /// Nobody serves a cancelled stop, and nobody misses it; nor the other end of its shipment,
    /// unless that is driven.
    fn cancel(&mut self, cancelled: &[usize]) {
        let mut cancelled = cancelled.to_vec();
        let types = &self.vehicle_types;
        let is_driven = |stop: usize| {
            let mut driven = types.iter().filter_map(|v| v.driven.as_ref());
            driven.any(|d| d.stops.contains(&stop))
        };
        self.rules.shipments.retain(|shipment| {
            let ends = [shipment.pickup, shipment.delivery];
            let is_kept = !ends.iter().any(|end| cancelled.contains(end));
            if !is_kept {
                cancelled.extend(ends.into_iter().filter(|&end| !is_driven(end)));
            }
            is_kept
        });
        self.leave_out(&cancelled);
    }

    fn leave_out(&mut self, cancelled: &[usize]) {
        for &stop in cancelled {
            self.planned[stop] = None;
            let cancelled = &mut self.stops[stop];
            cancelled.vehicle_types = Some(Vec::new());
            cancelled.penalty = Some(0);
            for route in &mut self.so_far.routes {
                if let Some(position) = route.stops.iter().position(|s| *s == stop) {
                    remove(route, position);
                }
            }
        }
        let groups = std::mem::take(&mut self.rules.groups);
        self.rules.groups = groups
            .into_iter()
            .map(|mut group| {
                group.stops.retain(|stop| !cancelled.contains(stop));
                group
            })
            .filter(|group| !group.stops.is_empty())
            .collect();
        let is_kept = |route: &Route| {
            let own = &self.vehicle_types[route.vehicle_type];
            !route.stops.is_empty() || own.driven.is_some()
        };
        self.so_far.routes.retain(is_kept);
        let served = |stop: &usize| self.so_far.routes.iter().any(|r| r.stops.contains(stop));
        self.so_far.unplanned = (0..self.stops.len()).filter(|s| !served(s)).collect();
    }

    /// The problem with a price for every stop that changes its vehicle.
    pub fn priced(&self, move_price: i64) -> Result<RestOfDay, ReplanError> {
        let mut stops = self.stops.clone();
        for (stop, planned) in stops.iter_mut().zip(&self.planned) {
            let Some(planned) = planned.filter(|_| move_price != 0) else {
                continue;
            };
            stop.cost_by_type.resize(self.vehicle_types.len(), 0);
            for (vehicle_type, cost) in stop.cost_by_type.iter_mut().enumerate() {
                if vehicle_type != planned {
                    *cost = cost.saturating_add(move_price);
                }
            }
        }
        let problem = Problem::with_rules(
            self.travel.clone(),
            self.vehicle_types.clone(),
            stops,
            self.rules.clone(),
        )?;
        Ok(RestOfDay {
            problem,
            vehicles: self.vehicles.clone(),
        })
    }
}

/// The vehicles of each type that the plan does not use.
fn unused(request: &ReplanRequest) -> Vec<Vec<Vehicle>> {
    let types = request.problem.vehicle_types().iter().enumerate();
    let routes = &request.solution.routes;
    let unused = |(vehicle_type, vehicle): (usize, &VehicleType)| {
        let is_free = |number: &usize| {
            let is_it = |r: &Route| (r.vehicle_type, r.vehicle) == (vehicle_type, *number);
            !routes.iter().any(is_it)
        };
        let named = |number| Vehicle {
            vehicle_type,
            number,
        };
        (0..vehicle.count).filter(is_free).map(named).collect()
    };
    types.map(unused).collect()
}

/// A vehicle that has not departed departs from now on, if at all.
fn not_before(vehicle: &mut VehicleType, now_s: i64) {
    if vehicle.latest_start_s < now_s || vehicle.latest_end_s < now_s {
        vehicle.count = 0;
    } else {
        vehicle.earliest_start_s = vehicle.earliest_start_s.max(now_s);
    }
}

/// Takes a stop out of a route; a reload that no stop follows goes with it.
fn remove(route: &mut Route, position: usize) {
    route.stops.remove(position);
    for pause in &mut route.pauses {
        pause.before -= usize::from(pause.before > position);
    }
    let stops = route.stops.len();
    let is_idle = |p: &Pause| p.before == stops && matches!(p.kind, PauseKind::Reload(_));
    if position == stops {
        route.pauses.retain(|p| !is_idle(p));
    }
}
