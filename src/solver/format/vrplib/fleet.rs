//! The vehicles, one by one in the file, gathered into types.

use super::parts::Parts;
use super::vehicle_table::{LARGEST, Table, Vehicle};
use crate::domain::InputError;
use crate::solver::format::distance_rule::DistanceRule;
use crate::solver::problem::{Reload, TimeWindow, VehicleType};

/// The fleet of a file.
pub(super) struct Fleet {
    kinds: Vec<(Vehicle, usize)>,
    /// Type and number within the type of each vehicle of the file.
    pub order: Vec<(usize, usize)>,
}

impl Fleet {
    pub fn read(
        parts: &Parts,
        dimension: usize,
        depots: usize,
        rule: DistanceRule,
    ) -> Result<Self, InputError> {
        let customers = dimension - depots;
        let count = match parts.keys.contains_key("VEHICLES") {
            true => parts.whole("VEHICLES")?,
            false => customers,
        };
        let table = Table::read(parts, count, depots, dimension, rule)?;
        let mut fleet = Self {
            kinds: Vec::new(),
            order: Vec::new(),
        };
        // Vehicles that are all alike and more than customers would never drive.
        let count = match table.is_uniform() {
            true => count.min(customers),
            false => count,
        };
        for index in 0..count {
            let vehicle = table.vehicle(index);
            let last = fleet.order.last().map(|(kind, _)| *kind);
            let known = last
                .filter(|&kind| fleet.kinds[kind].0 == vehicle)
                .or_else(|| fleet.kinds.iter().position(|(kind, _)| *kind == vehicle));
            let kind = known.unwrap_or_else(|| {
                fleet.kinds.push((vehicle, 0));
                fleet.kinds.len() - 1
            });
            fleet.order.push((kind, fleet.kinds[kind].1));
            fleet.kinds[kind].1 += 1;
        }
        Ok(fleet)
    }

    /// The vehicle types, given the windows of the depots.
    pub fn types(&self, dimensions: usize, shifts: &[Option<TimeWindow>]) -> Vec<VehicleType> {
        let of = |(vehicle, count): &(Vehicle, usize)| {
            let mut capacity = vehicle.capacity.clone();
            // No capacity at all is no limit.
            capacity.resize(dimensions, LARGEST);
            let mut made = VehicleType::at_depot(vehicle.depot, *count, capacity);
            if let Some(shift) = shifts.get(vehicle.depot).copied().flatten() {
                (made.earliest_start_s, made.latest_end_s) = (shift.open_s, shift.close_s);
            }
            made.fixed_cost = vehicle.fixed_cost;
            made.cost_per_distance = vehicle.cost_per_distance;
            made.max_distance = vehicle.max_distance;
            made.max_duration_s = vehicle.max_duration_s;
            made.max_trips = vehicle.max_trips;
            made.reloads = vehicle
                .reloads
                .iter()
                .map(|&place| Reload {
                    place,
                    duration_s: 0,
                    windows: shifts.get(place).copied().flatten().into_iter().collect(),
                })
                .collect();
            made
        };
        self.kinds.iter().map(of).collect()
    }

    /// The types that may visit a node; `None` for all.
    pub fn types_allowed(&self, node: usize) -> Option<Vec<usize>> {
        let allowed = |vehicle: &Vehicle| {
            let named = vehicle.allowed.as_ref();
            named.is_none_or(|nodes| nodes.binary_search(&node).is_ok())
        };
        let types = 0..self.kinds.len();
        let types: Vec<usize> = types.filter(|&kind| allowed(&self.kinds[kind].0)).collect();
        (types.len() < self.kinds.len()).then_some(types)
    }
}
