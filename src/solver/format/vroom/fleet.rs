//! The vehicles, gathered into types of those that are alike.

use super::COST_SCALE;
use super::document::{Document, Vehicle};
use super::matrices::Tables;
use crate::domain::InputError;
use crate::solver::format::skills::Skills;
use crate::solver::format::windows::disjoint;
use crate::solver::problem::{Break, TimeWindow, UNBOUNDED_S, VehicleType};

/// The fleet of a document.
pub(super) struct Fleet {
    pub types: Vec<VehicleType>,
    /// Type and number of each vehicle of the document.
    pub order: Vec<(usize, usize)>,
    /// For each type, the index of its first vehicle in the document.
    pub models: Vec<usize>,
    /// Bits of skills that tasks need.
    pub skills: Skills,
}

/// Cost per second of a price per hour, in units of cost.
pub(super) fn per_second(per_hour: u32) -> i64 {
    i64::from(per_hour) * COST_SCALE / 3_600
}

impl Fleet {
    pub fn read(source: &str, document: &Document, tables: &Tables) -> Result<Self, InputError> {
        let mut skills = Skills::default();
        let jobs = document.jobs.iter().enumerate();
        let jobs = jobs.map(|(i, job)| (format!("jobs[{i}].skills"), &job.skills));
        let shipments = document.shipments.iter().enumerate();
        let shipments = shipments.map(|(i, s)| (format!("shipments[{i}].skills"), &s.skills));
        for (path, needed) in jobs.chain(shipments) {
            for skill in needed {
                skills.learn(source, &path, &skill.to_string())?;
            }
        }
        let mut fleet = Self {
            types: Vec::new(),
            order: Vec::new(),
            models: Vec::new(),
            skills,
        };
        let mut ids = std::collections::HashSet::new();
        for (index, vehicle) in document.vehicles.iter().enumerate() {
            let path = format!("vehicles[{index}]");
            if !ids.insert(vehicle.id) {
                return Err(InputError::new(source, "given twice", "give each id once")
                    .field(format!("{path}.id"))
                    .value(vehicle.id));
            }
            let made = vehicle_type(source, &path, vehicle, tables, &fleet.skills)?;
            fleet.add(document, index, made);
        }
        Ok(fleet)
    }

    /// Adds a vehicle to the type of its like.
    fn add(&mut self, document: &Document, index: usize, mut made: VehicleType) {
        let vehicle = &document.vehicles[index];
        let known = self
            .models
            .iter()
            .zip(&self.types)
            .position(|(&model, known)| {
                let model = &document.vehicles[model];
                made.count = known.count;
                *known == made
                    && model.kind == vehicle.kind
                    && model.costs.per_task_hour == vehicle.costs.per_task_hour
            });
        let kind = known.unwrap_or_else(|| {
            made.count = 0;
            self.types.push(made);
            self.models.push(index);
            self.types.len() - 1
        });
        self.order.push((kind, self.types[kind].count));
        self.types[kind].count += 1;
    }
}

fn vehicle_type(
    source: &str,
    path: &str,
    vehicle: &Vehicle,
    tables: &Tables,
    skills: &Skills,
) -> Result<VehicleType, InputError> {
    let profile = tables.profile(&vehicle.profile, vehicle.speed_factor);
    check_prices(source, path, vehicle, tables, profile)?;
    let place = |field: &str, point: Option<[f64; 2]>, index: Option<usize>| {
        let path = format!("{path}.{field}_index");
        let most = tables.places();
        match (point, index) {
            (_, Some(index)) if index < most => Ok(Some(index)),
            (None, None) => Ok(None),
            (_, index) => {
                let remedy = format!(
                    "give a row of the matrices, 0 to {}",
                    most.saturating_sub(1)
                );
                let error = InputError::new(source, "not a location", remedy).field(path);
                Err(error.value(index.map_or("none".into(), |i| i.to_string())))
            }
        }
    };
    let start = place("start", vehicle.start, vehicle.start_index)?;
    let end = place("end", vehicle.end, vehicle.end_index)?;
    if start.is_none() && end.is_none() {
        let error = InputError::new(source, "neither start nor end", "give one of them");
        return Err(error.field(format!("{path}.start_index")));
    }
    let priced = tables.priced(profile);
    let mut made = VehicleType::at_depot(0, 1, vehicle.capacity.clone());
    (made.start, made.end, made.profile) = (start, end, profile);
    let shift = vehicle
        .time_window
        .map(|w| window(source, format!("{path}.time_window"), w));
    if let Some(shift) = shift.transpose()? {
        (made.earliest_start_s, made.latest_end_s) = (shift.open_s, shift.close_s);
    }
    made.fixed_cost = i64::from(vehicle.costs.fixed) * COST_SCALE;
    made.cost_per_distance = match priced {
        true => COST_SCALE,
        false => i64::from(vehicle.costs.per_km) * COST_SCALE / 1_000,
    };
    made.cost_per_driving_second = match priced {
        true => 0,
        false => per_second(vehicle.costs.per_hour.unwrap_or(3_600)),
    };
    made.skills = skills.mask(vehicle.skills.iter().map(ToString::to_string));
    made.max_distance = vehicle.max_distance.map(i64::from);
    made.max_driving_s = vehicle.max_travel_time.map(i64::from);
    made.max_stops = vehicle.max_tasks;
    made.breaks = breaks(source, path, vehicle)?;
    Ok(made)
}

/// What a price or limit needs must be in the file.
fn check_prices(
    source: &str,
    path: &str,
    vehicle: &Vehicle,
    tables: &Tables,
    profile: usize,
) -> Result<(), InputError> {
    let wrong = |field: &str, value: u32, problem: &str, remedy: &str| {
        let error = InputError::new(source, problem, remedy);
        Err(error.field(format!("{path}.{field}")).value(value))
    };
    let (costs, priced) = (&vehicle.costs, tables.priced(profile));
    if let Some(per_hour) = costs.per_hour.filter(|p| priced && *p != 3_600) {
        let remedy = "give a costs matrix or a price per hour";
        return wrong("costs.per_hour", per_hour, "beside a costs matrix", remedy);
    }
    let by_distance = [
        ("costs.per_km", Some(costs.per_km).filter(|p| *p > 0)),
        ("max_distance", vehicle.max_distance),
    ];
    for (field, value) in by_distance {
        let Some(value) = value else { continue };
        if priced {
            let remedy = "give a costs matrix or what depends on distance";
            return wrong(field, value, "not supported beside a costs matrix", remedy);
        }
        if !tables.has_distances(profile) {
            let remedy = "give distances in the matrices of its profile";
            return wrong(field, value, "needs distances", remedy);
        }
    }
    Ok(())
}

fn breaks(source: &str, path: &str, vehicle: &Vehicle) -> Result<Vec<Break>, InputError> {
    let mut breaks = Vec::with_capacity(vehicle.breaks.len());
    let mut ids = std::collections::HashSet::new();
    for (index, owed) in vehicle.breaks.iter().enumerate() {
        let path = format!("{path}.breaks[{index}]");
        if !ids.insert(owed.id) {
            return Err(InputError::new(source, "given twice", "give each id once")
                .field(format!("{path}.id"))
                .value(owed.id));
        }
        breaks.push(Break {
            windows: windows(source, &path, &owed.time_windows)?,
            duration_s: i64::from(owed.service),
            always: true,
        });
    }
    Ok(breaks)
}

/// The `time_windows` of a thing at a path.
pub(super) fn windows(
    source: &str,
    path: &str,
    given: &[[i64; 2]],
) -> Result<Vec<TimeWindow>, InputError> {
    let given = given.iter().enumerate();
    let windows = given.map(|(i, w)| window(source, format!("{path}.time_windows[{i}]"), *w));
    windows.collect::<Result<_, _>>().map(disjoint)
}

fn window(
    source: &str,
    path: String,
    [open_s, close_s]: [i64; 2],
) -> Result<TimeWindow, InputError> {
    if open_s > close_s || open_s < -UNBOUNDED_S || close_s > UNBOUNDED_S {
        let remedy = "give first and last second, ascending, within 2^40";
        return Err(InputError::new(source, "not a time window", remedy)
            .field(path)
            .value(format!("[{open_s}, {close_s}]")));
    }
    Ok(TimeWindow { open_s, close_s })
}
