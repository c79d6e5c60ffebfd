//! From a day to the solver's integers, and from its solution back to vehicles.
//!
//! Money becomes millionths of a currency unit, quantities thousandths, so that rounding stays
//! below what anybody pays or loads; demands are rounded up and capacities down.

use super::caution::Caution;
use super::day::{Day, DayStop, DayVehicle};
use super::request::PlanError;
use super::schedule::DecidedRoute;
use crate::cost::tensor::CostTensor;
use crate::solver::{
    Objective, Problem, Rules, Solution, Stop, TimeWindow, Travel, VehicleType,
    departure_with_slack_s,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Cost units of the solver per currency unit.
const COST_UNITS: f64 = 1e6;
/// Quantity units of the solver per unit of a dimension.
const QUANTITY_UNITS: f64 = 1e3;
/// Seconds that a route may last longer to leave earlier: a minute of pay against a window missed by
/// a second.
const LONGER_FOR_SLACK_S: i64 = 60;
/// Skills that fit the solver's bit set.
const MOST_SKILLS: usize = 64;

/// Vehicles of the fleet behind each vehicle type of the solver.
pub(super) struct VehicleIndex(Vec<Vec<usize>>);

/// The problem, and which vehicles its types stand for.
pub(super) fn build(
    day: &Day,
    costs: &Arc<CostTensor>,
    caution: Option<Caution>,
) -> Result<(Problem, VehicleIndex), PlanError> {
    let skills = Skills::of(day)?;
    let mut types: Vec<VehicleType> = Vec::new();
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (index, vehicle) in day.vehicles.iter().enumerate() {
        let described = vehicle_type(day, vehicle, &skills);
        let same = |known: &VehicleType, members: &[usize]| {
            let factor = |index: usize| day.vehicles[index].vehicle.service_factor;
            *known == described && factor(members[0]) == factor(index)
        };
        let mut known = types.iter().zip(&members);
        match known.position(|(known, members)| same(known, members)) {
            Some(known) => members[known].push(index),
            None => {
                types.push(described);
                members.push(vec![index]);
            }
        }
    }
    for (described, vehicles) in types.iter_mut().zip(&members) {
        described.count = vehicles.len();
    }
    let mut stops: Vec<Stop> = day.stops.iter().map(|s| stop(day, s, &skills)).collect();
    if day
        .vehicles
        .iter()
        .any(|v| v.vehicle.service_factor.is_some())
    {
        for (stop, resolved) in stops.iter_mut().zip(&day.stops) {
            let by_type = members
                .iter()
                .map(|m| day.vehicles[m[0]].service_s(resolved.stop));
            stop.service_by_type_s = by_type.collect();
            if let Some(sd_s) = resolved.stop.service_sd_s {
                // Relative to the mean, as the plan has it.
                let factor = |m: &Vec<usize>| day.vehicles[m[0]].vehicle.service_factor;
                let sd_ms = |m: &Vec<usize>| milliseconds(sd_s * factor(m).unwrap_or(1.0));
                stop.service_sd_by_type_ms = members.iter().map(sd_ms).collect();
            }
        }
    }
    let (costs, objective) = match caution {
        None => (Arc::clone(costs), Objective::default()),
        Some(caution) => caution.applied(costs, caution.late_cost_per_min * COST_UNITS),
    };
    let rules = Rules {
        objective,
        ..Rules::default()
    };
    let problem = Problem::with_rules(Travel::Tensor(costs), types, stops, rules)
        .map_err(|e| PlanError::Problem(e.to_string()))?;
    Ok((problem, VehicleIndex(members)))
}

/// The solution's routes with vehicles of the fleet, leaving with slack for what no forecast knows.
pub(super) fn routes(
    problem: &Problem,
    solution: &Solution,
    vehicles: &VehicleIndex,
    caution: Option<Caution>,
) -> Vec<DecidedRoute> {
    let longer_s = caution.map_or(LONGER_FOR_SLACK_S, |c| c.longer_for_slack_s());
    let decided = |route: &crate::solver::Route| DecidedRoute {
        vehicle: vehicles.0[route.vehicle_type][route.vehicle],
        departure_s: departure_with_slack_s(problem, route, longer_s),
        stops: route.stops.clone(),
    };
    solution.routes.iter().map(decided).collect()
}

fn vehicle_type(day: &Day, vehicle: &DayVehicle, skills: &Skills) -> VehicleType {
    let limits = vehicle.vehicle;
    let capacity = day.dimensions.iter().map(|d| capacity(vehicle.capacity(d)));
    VehicleType {
        end: vehicle.end,
        profile: vehicle.profile,
        earliest_start_s: vehicle.shift_s.0,
        latest_end_s: vehicle.shift_s.1,
        fixed_cost: (limits.fixed_cost * COST_UNITS).round() as i64,
        cost_per_distance: (limits.cost_per_km / 1000.0 * COST_UNITS).round() as i64,
        cost_per_second: (limits.cost_per_hour / 3600.0 * COST_UNITS).round() as i64,
        skills: skills.bits(&limits.skills),
        max_distance: limits
            .max_distance_km
            .map(|km| (km * 1000.0).floor() as i64),
        max_duration_s: limits.max_duration_h.map(|h| (h * 3600.0).floor() as i64),
        max_stops: limits.max_stops.map(|most| most as usize),
        ..VehicleType::at_depot(vehicle.start, 1, capacity.collect())
    }
}

fn stop(day: &Day, resolved: &DayStop, skills: &Skills) -> Stop {
    let source = resolved.stop;
    let demand = |dimension: &&str| {
        let amount = source.quantities.get(*dimension).copied().unwrap_or(0.0);
        // Dust of decimals shall not round up to another unit.
        (amount * QUANTITY_UNITS - 1e-6).ceil().max(0.0) as i64
    };
    let always_open = source.windows.is_empty();
    let windows = resolved.windows_s.iter().filter(|_| !always_open);
    Stop {
        place: resolved.place,
        demand: day.dimensions.iter().map(demand).collect(),
        service_s: i64::from(source.service_s),
        service_sd_ms: milliseconds(source.service_sd_s.unwrap_or(0.0)),
        windows: windows
            .map(|&(open_s, close_s)| TimeWindow { open_s, close_s })
            .collect(),
        required_skills: skills.bits(&source.skills),
        penalty: source.penalty.map(|p| (p * COST_UNITS).round() as i64),
        ..Stop::default()
    }
}

fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1e3).round() as i64
}

fn capacity(amount: f64) -> i64 {
    if amount.is_finite() {
        (amount * QUANTITY_UNITS + 1e-6).floor() as i64
    } else {
        1 << 50
    }
}

/// All skills of the day, one bit each.
struct Skills(Vec<String>);

impl Skills {
    fn of(day: &Day) -> Result<Self, PlanError> {
        let asked = day.stops.iter().flat_map(|s| &s.stop.skills);
        let names: BTreeSet<String> = asked.cloned().collect();
        if names.len() > MOST_SKILLS {
            let remedy = format!("ask for at most {MOST_SKILLS} different skills");
            let fault = crate::domain::InputError::new("stops", "too many skills", remedy);
            return Err(fault.field("skills").value(names.len()).into());
        }
        Ok(Self(names.into_iter().collect()))
    }

    /// Bits of the skills that some stop asks for; others make no difference.
    fn bits(&self, skills: &[String]) -> u64 {
        let bit = |name: &String| self.0.iter().position(|known| known == name);
        skills
            .iter()
            .filter_map(bit)
            .fold(0, |bits, index| bits | 1 << index)
    }
}
