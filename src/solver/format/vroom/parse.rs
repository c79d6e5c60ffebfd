//! An input document made into an instance.

use super::document::{Document, Vehicle};
use super::fleet::Fleet;
use super::matrices::Tables;
use super::tasks;
use super::tasks::{Task, TaskKind};
use crate::domain::{InputError, LatLon};
use crate::solver::format::instance::{Coordinates, Dialect, Instance, ReadOptions, Source};
use crate::solver::format::json;
use crate::solver::problem::{Objective, Problem, Rules};
use std::collections::HashMap;

/// Units of cost per unit of the file: a multiple of 3,600 s and of 1,000 m.
pub(super) const COST_SCALE: i64 = 18_000;

/// What is needed to write an answer.
#[derive(Debug, Clone)]
pub(in crate::solver) struct Origin {
    /// The tasks by stop.
    pub(super) tasks: Vec<Task>,
    /// The vehicles as in the file.
    pub(super) vehicles: Vec<Vehicle>,
    /// Distances by profile of the travel table, if the file has them.
    pub(super) tables: Tables,
}

impl Origin {
    /// The stop of a task.
    pub(super) fn stops(&self) -> HashMap<(TaskKind, u64), usize> {
        let tasks = self.tasks.iter().enumerate();
        tasks
            .map(|(stop, task)| ((task.kind, task.id), stop))
            .collect()
    }
}

pub(in crate::solver::format) fn parse(
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
        name: crate::solver::format::file_stem(source),
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
