//! VROOM JSON (the format of VROOM 1.14 and 1.15).
//!
//! | field | is |
//! |---|---|
//! | `jobs`: `id`, `description`, `location`, `location_index`, `service`, `service_per_type`, `delivery`, `pickup`, `amount` (as `delivery`), `skills`, `priority`, `time_windows` | honoured |
//! | `shipments`: `pickup`, `delivery`, `amount`, `skills`, `priority` | honoured |
//! | `vehicles`: `id`, `description`, `profile`, `start`, `start_index`, `end`, `end_index`, `capacity`, `skills`, `type`, `time_window`, `breaks`, `speed_factor`, `max_tasks`, `max_travel_time`, `max_distance`, `costs` | honoured |
//! | `breaks`: `id`, `description`, `service`, `time_windows` | owed by every route |
//! | `costs`: `fixed`, `per_hour`, `per_task_hour`, `per_km` | honoured |
//! | `matrices`: `durations`, `distances`, `costs`; `matrix` | needed for every profile; there is no routing engine |
//! | `setup`, `setup_per_type` other than 0 | refused: depends on the stop before |
//! | `breaks`: `max_load`; `vehicles`: `steps` | refused |
//! | `costs` matrix with `per_km` or `max_distance` | refused: one matrix is priced |
//!
//! A vehicle breaks where it stands, never on the way. Scaled durations are rounded up to seconds.
//! Tasks that do not fit are left out by priority; as in VROOM a plan is priced by driving, tasks
//! and distance, not by waiting. Costs are counted in 1/18,000 so that prices per hour and per
//! kilometre stay whole.

mod answer;
mod document;
mod fleet;
mod matrices;
mod read_answer;
mod tasks;

pub(super) use answer::write;
pub(super) use read_answer::parse_solution;

use super::instance::{Coordinates, Dialect, Instance, ReadOptions, Source};
use super::json;
use crate::domain::{InputError, LatLon};
use crate::solver::problem::{Objective, Problem, Rules};
use document::{Document, Vehicle};
use fleet::Fleet;
use matrices::Tables;
use std::collections::HashMap;
use tasks::{Task, TaskKind};

/// Units of cost per unit of the file: a multiple of 3,600 s and of 1,000 m.
const COST_SCALE: i64 = 18_000;

/// What is needed to write an answer.
#[derive(Debug, Clone)]
pub(in crate::solver) struct Origin {
    /// The tasks by stop.
    tasks: Vec<Task>,
    /// The vehicles as in the file.
    vehicles: Vec<Vehicle>,
    /// Distances by profile of the travel table, if the file has them.
    tables: Tables,
}

impl Origin {
    /// The stop of a task.
    fn stops(&self) -> HashMap<(TaskKind, u64), usize> {
        let tasks = self.tasks.iter().enumerate();
        tasks
            .map(|(stop, task)| ((task.kind, task.id), stop))
            .collect()
    }
}

pub(super) fn parse(
    source: &str,
    content: &str,
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    options.refuse_rounding(source)?;
    options.refuse_matrices(Dialect::Vroom)?;
    let mut document: Document = json::parse(source, content)?;
    let tables = Tables::build(source, &mut document)?;
    let fleet = Fleet::read(source, &document, &tables)?;
    let tasks = tasks::read(source, &document, &fleet, tables.places())?;
    let rules = Rules {
        shipments: tasks.shipments,
        objective: Objective {
            vehicles_first: options.vehicles_first.unwrap_or(false),
            ..Objective::default()
        },
        ..Rules::default()
    };
    let problem = Problem::with_rules(tables.travel(), fleet.types, tasks.stops, rules)
        .map_err(|error| InputError::new(source, error.to_string(), "correct the input"))?;
    Ok(Instance {
        name: super::file_stem(source),
        dialect: Dialect::Vroom,
        problem,
        scale: 1,
        cost_scale: COST_SCALE,
        coordinates: coordinates(source, &document, tables.places())?,
        fleet: fleet.order,
        stop_ids: tasks.tasks.iter().map(|task| task.id.to_string()).collect(),
        vehicle_ids: document.vehicles.iter().map(|v| v.id.to_string()).collect(),
        source: Source::Vroom(Box::new(Origin {
            tasks: tasks.tasks,
            vehicles: document.vehicles,
            tables,
        })),
    })
}

/// Where the places are, if the file says so for all of them that are used.
fn coordinates(
    source: &str,
    document: &Document,
    places: usize,
) -> Result<Option<Coordinates>, InputError> {
    let mut used = Vec::new();
    for (index, job) in document.jobs.iter().enumerate() {
        used.push((format!("jobs[{index}]"), job.location_index, job.location));
    }
    for (index, shipment) in document.shipments.iter().enumerate() {
        for (end, step) in [
            ("pickup", &shipment.pickup),
            ("delivery", &shipment.delivery),
        ] {
            let path = format!("shipments[{index}].{end}");
            used.push((path, step.location_index, step.location));
        }
    }
    for (index, vehicle) in document.vehicles.iter().enumerate() {
        let path = format!("vehicles[{index}]");
        for (place, point) in [
            (vehicle.start_index, vehicle.start),
            (vehicle.end_index, vehicle.end),
        ] {
            if place.is_some() {
                used.push((path.clone(), place, point));
            }
        }
    }
    let mut points: Vec<Option<LatLon>> = vec![None; places];
    for (path, place, point) in &used {
        let (Some(place), Some([lon, lat])) = (*place, *point) else {
            continue;
        };
        let point = LatLon::new(lat, lon).map_err(|error| {
            let error = InputError::new(source, error.problem, error.remedy);
            error
                .field(format!("{path}.location"))
                .value(format!("[{lon}, {lat}]"))
        })?;
        if let Some(cell) = points.get_mut(place) {
            *cell = Some(point);
        }
    }
    let known = used
        .iter()
        .all(|(_, place, _)| place.is_some_and(|p| points.get(p).is_some_and(Option::is_some)));
    // Rows of the matrix that nobody uses need no place on the map.
    let anywhere = points.iter().flatten().next().copied();
    Ok(anywhere
        .filter(|_| known)
        .map(|any| Coordinates::Geographic(points.into_iter().map(|p| p.unwrap_or(any)).collect())))
}
