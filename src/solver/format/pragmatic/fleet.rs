//! Vehicles and shifts made into vehicle types: one for each shift of a type, and one of its own for
//! each vehicle that relations name.

use super::clock::{Clock, instant, span_s};
use super::document::{Document, Shift, Vehicle};
use super::goals::Price;
use super::locations::Locations;
use crate::domain::InputError;
use crate::solver::format::windows::disjoint;
use crate::solver::problem::{Break, Reload, TimeWindow, UNBOUNDED_S, VehicleType};
use serde_json::Value;
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

    fn shift(
        &self,
        path: &str,
        shift: &Shift,
        number: usize,
        made: &mut VehicleType,
    ) -> Result<(), InputError> {
        let path = format!("{path}.shifts[{number}]");
        let at = |field: &str, text: &str| instant(self.source, &format!("{path}.{field}"), text);
        made.earliest_start_s = self
            .clock
            .not_before(at("start.earliest", &shift.start.earliest)?);
        made.start = self.locations.place(&shift.start.location);
        made.latest_start_s = match &shift.start.latest {
            Some(latest) => self.clock.not_after(at("start.latest", latest)?),
            None => UNBOUNDED_S,
        };
        made.end = shift
            .end
            .as_ref()
            .and_then(|end| self.locations.place(&end.location));
        made.latest_end_s = match &shift.end {
            Some(end) => self.clock.not_after(at("end.latest", &end.latest)?),
            None => UNBOUNDED_S,
        };
        for (field, second) in [
            ("start.latest", made.latest_start_s),
            ("end.latest", made.latest_end_s),
        ] {
            if second < made.earliest_start_s {
                let remedy = "end the shift after start.earliest";
                let error = InputError::new(self.source, "before the shift starts", remedy);
                let shown = self.clock.show(second);
                return Err(error.field(format!("{path}.{field}")).value(shown));
            }
        }
        for (index, given) in shift.breaks.iter().enumerate() {
            let path = format!("{path}.breaks[{index}]");
            made.breaks.push(self.owed(&path, shift, given)?);
        }
        for (index, reload) in shift.reloads.iter().enumerate() {
            let path = format!("{path}.reloads[{index}]");
            made.reloads.push(Reload {
                place: self.locations.place(&reload.location).unwrap_or(0),
                duration_s: span_s(self.source, &format!("{path}.duration"), reload.duration)?,
                windows: self.windows(&path, &reload.times)?,
            });
        }
        if !made.reloads.is_empty() {
            made.max_trips = Some(made.reloads.len() + 1);
        }
        Ok(())
    }

    /// The `times` of a thing at a path.
    pub fn windows(
        &self,
        path: &str,
        times: &[[String; 2]],
    ) -> Result<Vec<TimeWindow>, InputError> {
        let windows = times.iter().enumerate().map(|(index, [from, to])| {
            let path = format!("{path}.times[{index}]");
            self.clock.window(self.source, &path, [from, to])
        });
        windows.collect::<Result<_, _>>().map(disjoint)
    }

    /// A break: optional with one place that moves with the vehicle, or required.
    fn owed(
        &self,
        path: &str,
        shift: &Shift,
        given: &super::document::Break,
    ) -> Result<Break, InputError> {
        let wrong = |field: &str, value: String, problem: &str, remedy: &str| {
            let error = InputError::new(self.source, problem, remedy);
            Err(error.field(format!("{path}.{field}")).value(value))
        };
        let policy = given.policy.as_deref().unwrap_or("skip-if-no-intersection");
        if !["skip-if-no-intersection", "skip-if-arrival-before-end"].contains(&policy) {
            let remedy = "use skip-if-no-intersection or skip-if-arrival-before-end";
            return wrong("policy", policy.into(), "not supported", remedy);
        }
        let (field, duration) = match (&given.places, given.duration) {
            (Some(places), None) => match places.as_slice() {
                [one] if one.location.is_none() => ("places[0].duration", one.duration),
                [_] => {
                    let remedy = "leave it out: the break is taken where the vehicle stands";
                    return wrong(
                        "places[0].location",
                        "given".into(),
                        "not supported",
                        remedy,
                    );
                }
                _ => {
                    let problem = "not one place";
                    return wrong("places", places.len().to_string(), problem, "give one");
                }
            },
            (None, Some(duration)) => ("duration", duration),
            _ => {
                let remedy = "give places of an optional break or duration of a required one";
                return wrong("places", "none".into(), "not a break", remedy);
            }
        };
        Ok(Break {
            windows: vec![self.break_window(path, shift, &given.time)?],
            duration_s: span_s(self.source, &format!("{path}.{field}"), duration)?,
            always: false,
        })
    }

    /// When a break starts: instants, or offsets where the departure is fixed.
    fn break_window(
        &self,
        path: &str,
        shift: &Shift,
        time: &Value,
    ) -> Result<TimeWindow, InputError> {
        let path = format!("{path}.time");
        let ends = match time {
            Value::Array(ends) if ends.len() == 2 => Some((&ends[0], &ends[1])),
            Value::Object(fields) if fields.len() == 2 => {
                fields.get("earliest").zip(fields.get("latest"))
            }
            _ => None,
        };
        let wrong = |problem: &str, remedy: &str| {
            let error = InputError::new(self.source, problem, remedy);
            Err(error.field(&path).value(time))
        };
        match ends {
            Some((Value::String(from), Value::String(to))) => {
                self.clock.window(self.source, &path, [from, to])
            }
            Some((Value::Number(from), Value::Number(to))) => {
                if shift.start.latest.as_ref() != Some(&shift.start.earliest) {
                    let remedy = "give instants, or start.latest equal to start.earliest";
                    return wrong("offsets need a fixed departure", remedy);
                }
                let start = instant(self.source, &path, &shift.start.earliest)?;
                let start_s = self.clock.not_before(start);
                let offset = |n: &serde_json::Number| n.as_f64().unwrap_or(f64::NAN);
                let (from, to) = (offset(from), offset(to));
                if !(0.0..=1e9).contains(&from) || !(from..=1e9).contains(&to) {
                    return wrong("not a time window", "give seconds, ascending");
                }
                Ok(TimeWindow {
                    open_s: start_s + from.ceil() as i64,
                    close_s: start_s + to.floor() as i64,
                })
            }
            _ => wrong("not a time", "give two instants or two offsets"),
        }
    }
}
