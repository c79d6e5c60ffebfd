//! Vehicles and shifts made into vehicle types: one for each shift of a type, and one of its own for
//! each vehicle that relations name.

use super::clock::Clock;
use super::document::{Document, Vehicle};
use super::goals::Price;
use super::locations::Locations;
use crate::domain::InputError;
use crate::solver::problem::VehicleType;
use std::collections::HashSet;

/// Most units of cost per unit of the document.
const MOST_SCALE: i64 = 1_000_000_000;

/// A vehicle in a shift, as the document names it.
#[derive(Debug, Clone)]
pub(super) struct Driver {
    /// Index in `fleet.vehicles`.
    pub model: usize,
    pub vehicle_id: String,
    pub shift: usize,
}

/// The fleet of a document.
pub(super) struct Fleet {
    pub types: Vec<VehicleType>,
    /// Type and number of each driver.
    pub order: Vec<(usize, usize)>,
    pub drivers: Vec<Driver>,
    /// Skills by type.
    pub skills: Vec<HashSet<String>>,
    /// Units of cost per unit of the document.
    pub cost_scale: i64,
}

/// What making types needs besides the vehicles.
pub(super) struct Setting<'a> {
    pub source: &'a str,
    pub locations: &'a Locations,
    pub clock: Clock,
    pub price: Price,
    /// Profiles of the travel table.
    pub driven: &'a [(String, f64)],
    pub dimensions: usize,
}

/// The least power of ten that makes all costs whole.
fn cost_scale(document: &Document) -> i64 {
    let costs = document.fleet.vehicles.iter();
    let costs: Vec<f64> = costs
        .flat_map(|v| [v.costs.fixed.unwrap_or(0.0), v.costs.distance, v.costs.time])
        .collect();
    let whole = |scale: i64| {
        costs.iter().all(|cost| {
            let scaled = cost * scale as f64;
            (scaled - scaled.round()).abs() < 1e-9 * scaled.abs().max(1.0)
        })
    };
    let scales = std::iter::successors(Some(1_i64), |scale| scale.checked_mul(10));
    let mut scales = scales.take_while(|scale| *scale <= MOST_SCALE);
    scales.find(|scale| whole(*scale)).unwrap_or(MOST_SCALE)
}

impl Fleet {
    pub fn read(setting: &Setting, document: &Document) -> Result<Self, InputError> {
        let named = document
            .plan
            .relations
            .iter()
            .map(|r| r.vehicle_id.as_str());
        let named: HashSet<&str> = named.collect();
        let mut fleet = Self {
            types: Vec::new(),
            order: Vec::new(),
            drivers: Vec::new(),
            skills: Vec::new(),
            cost_scale: cost_scale(document),
        };
        let (mut type_ids, mut vehicle_ids) = (HashSet::new(), HashSet::new());
        for (model, vehicle) in document.fleet.vehicles.iter().enumerate() {
            let path = format!("fleet.vehicles[{model}]");
            let once = |field: &str, id: &str, known: bool| match known {
                false => Ok(()),
                true => {
                    let error = InputError::new(setting.source, "given twice", "give it once");
                    Err(error.field(format!("{path}.{field}")).value(id))
                }
            };
            let id = vehicle.type_id.as_str();
            once("typeId", id, !type_ids.insert(id))?;
            for id in &vehicle.vehicle_ids {
                once("vehicleIds", id, !vehicle_ids.insert(id.as_str()))?;
            }
            let own = |id: &&String| named.contains(id.as_str());
            let (apart, alike): (Vec<_>, Vec<_>) = vehicle.vehicle_ids.iter().partition(own);
            for shift in 0..vehicle.shifts.len() {
                let made = setting.vehicle_type(&path, vehicle, shift, fleet.cost_scale)?;
                fleet.add(model, shift, &alike, &made, vehicle);
                for id in &apart {
                    fleet.add(model, shift, std::slice::from_ref(id), &made, vehicle);
                }
            }
        }
        Ok(fleet)
    }

    fn add(
        &mut self,
        model: usize,
        shift: usize,
        ids: &[&String],
        made: &VehicleType,
        vehicle: &Vehicle,
    ) {
        if ids.is_empty() {
            return;
        }
        for (number, id) in ids.iter().enumerate() {
            self.order.push((self.types.len(), number));
            self.drivers.push(Driver {
                model,
                vehicle_id: (*id).clone(),
                shift,
            });
        }
        let mut made = made.clone();
        made.count = ids.len();
        self.types.push(made);
        self.skills.push(vehicle.skills.iter().cloned().collect());
    }
}

impl Setting<'_> {
    fn vehicle_type(
        &self,
        path: &str,
        vehicle: &Vehicle,
        number: usize,
        cost_scale: i64,
    ) -> Result<VehicleType, InputError> {
        let mut capacity = vehicle.capacity.clone();
        capacity.resize(self.dimensions, 0);
        if let Some(wrong) = capacity.iter().find(|amount| **amount < 0) {
            let error = InputError::new(self.source, "not usable", "give 0 or more");
            return Err(error.field(format!("{path}.capacity")).value(wrong));
        }
        let scale = vehicle.profile.scale.unwrap_or(1.0);
        let name = &vehicle.profile.matrix;
        let profile = self
            .driven
            .iter()
            .position(|(n, s)| n == name && *s == scale);
        let mut made = VehicleType::at_depot(0, 1, capacity);
        made.profile = profile.unwrap_or(0);
        self.costs(path, vehicle, cost_scale, &mut made)?;
        self.shift(path, &vehicle.shifts[number], number, &mut made)?;
        if let Some(limits) = &vehicle.limits {
            let limit = |field: &str, value: Option<f64>| match value {
                None => Ok(None),
                Some(value) if (0.0..=1e15).contains(&value) => Ok(Some(value.floor() as i64)),
                Some(value) => {
                    let error = InputError::new(self.source, "not usable", "give 0 or more");
                    Err(error.field(format!("{path}.limits.{field}")).value(value))
                }
            };
            made.max_distance = limit("maxDistance", limits.max_distance)?;
            made.max_duration_s = limit("maxDuration", limits.max_duration)?;
            made.max_stops = limits.tour_size;
        }
        Ok(made)
    }

    fn costs(
        &self,
        path: &str,
        vehicle: &Vehicle,
        cost_scale: i64,
        made: &mut VehicleType,
    ) -> Result<(), InputError> {
        let costs = vehicle.costs;
        let price = |field: &str, cost: f64| match (0.0..=1e6).contains(&cost) {
            true => Ok((cost * cost_scale as f64).round() as i64),
            false => {
                let error = InputError::new(self.source, "not usable", "give 0 to 1000000");
                Err(error.field(format!("{path}.costs.{field}")).value(cost))
            }
        };
        let fixed = price("fixed", costs.fixed.unwrap_or(0.0))?;
        let (distance, time) = (
            price("distance", costs.distance)?,
            price("time", costs.time)?,
        );
        let (fixed, distance, time) = match self.price {
            Price::Costs => (fixed, distance, time),
            Price::Distance => (0, cost_scale, 0),
            Price::Duration => (0, 0, cost_scale),
        };
        (
            made.fixed_cost,
            made.cost_per_distance,
            made.cost_per_second,
        ) = (fixed, distance, time);
        Ok(())
    }
}
