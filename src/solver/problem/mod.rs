//! The problem the solver solves: integers and indices only.
//!
//! Every field is honoured by the search and by the checker; what is not here is not supported.
//! Reading order: [`vehicle`](VehicleType), [`stop`](Stop), [`rules`](Rules).

mod error;
mod rules;
mod stop;
mod validate;
mod vehicle;

pub use error::ProblemError;
pub use rules::{Backhauls, Group, Objective, Relation, Rules, Shipment};
pub use stop::{Due, Stop};
pub use vehicle::{Break, Driven, DrivingRule, Overtime, Reload, VehicleType};

use super::travel::Travel;

/// A second later than any schedule: the end of a shift that has none.
pub const UNBOUNDED_S: i64 = 1 << 40;

/// A span of seconds in which service may start, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWindow {
    /// First second.
    pub open_s: i64,
    /// Last second.
    pub close_s: i64,
}

/// A validated problem.
#[derive(Debug, Clone)]
pub struct Problem {
    travel: Travel,
    vehicle_types: Vec<VehicleType>,
    stops: Vec<Stop>,
    rules: Rules,
    last_change_s: i64,
    cost_bound: i64,
}

impl Problem {
    /// A problem without rules beyond its stops and vehicles.
    ///
    /// # Errors
    /// The first index, shape or amount that does not fit, by field and value.
    pub fn new(
        travel: Travel,
        vehicle_types: Vec<VehicleType>,
        stops: Vec<Stop>,
    ) -> Result<Self, ProblemError> {
        Self::with_rules(travel, vehicle_types, stops, Rules::default())
    }

    /// Checks that indices, shapes and ranges fit together.
    ///
    /// # Errors
    /// The first index, shape or amount that does not fit, by field and value.
    pub fn with_rules(
        travel: Travel,
        vehicle_types: Vec<VehicleType>,
        stops: Vec<Stop>,
        rules: Rules,
    ) -> Result<Self, ProblemError> {
        validate::parts(&travel, &vehicle_types, &stops, &rules)?;
        let windows = stops.iter().flat_map(|s| &s.windows);
        let last_window_s = windows.map(|w| w.close_s).max().unwrap_or(0);
        let mut problem = Self {
            cost_bound: 0,
            last_change_s: last_window_s.max(travel.last_change_s()),
            travel,
            vehicle_types,
            stops,
            rules,
        };
        let bound = i64::try_from(validate::cost_bound(&problem));
        problem.cost_bound = match bound {
            Ok(bound) if bound <= i64::MAX / 4 => bound,
            _ => return Err(ProblemError::CostOverflow),
        };
        Ok(problem)
    }

    /// Travel durations and distances.
    pub fn travel(&self) -> &Travel {
        &self.travel
    }

    /// The fleet.
    pub fn vehicle_types(&self) -> &[VehicleType] {
        &self.vehicle_types
    }

    /// The stops.
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// Rules beyond single stops and vehicles.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Number of capacity dimensions.
    pub fn dimensions(&self) -> usize {
        self.vehicle_types.first().map_or(0, |v| v.capacity.len())
    }

    /// Whether a vehicle type has the skills that a stop needs and is among its vehicle types.
    pub fn may_serve(&self, vehicle_type: usize, stop: usize) -> bool {
        let stop = &self.stops[stop];
        let named = |types: &Vec<usize>| types.contains(&vehicle_type);
        stop.required_skills & !self.vehicle_types[vehicle_type].skills == 0
            && stop.vehicle_types.as_ref().is_none_or(named)
    }

    /// More than any plan can cost.
    pub(super) fn cost_bound(&self) -> i64 {
        self.cost_bound
    }

    /// The last second at which anything changes: the end of the travel slices or of a window.
    /// Leaving later than that cannot shorten a route.
    pub(super) fn last_change_s(&self) -> i64 {
        self.last_change_s
    }
}
