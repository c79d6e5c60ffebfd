//! What ties jobs to vehicles and to each other: relations, groups, compatibility.

use super::document::Document;
use super::fleet::{Fleet, Setting};
use super::jobs::Jobs;
use crate::domain::InputError;
use crate::solver::problem::Relation;
use std::collections::{BTreeMap, HashMap};

/// Most pairs of jobs that may be incompatible.
const MOST_PAIRS: usize = 100_000;

/// Reserved names in relations that need nothing.
const ENDS_OF_TOUR: [&str; 2] = ["departure", "arrival"];

/// `any` relations: only this vehicle may serve the jobs.
pub(super) fn tie_vehicles(
    setting: &Setting,
    document: &Document,
    fleet: &Fleet,
    by_id: &HashMap<&str, Vec<usize>>,
    jobs: &mut Jobs,
) -> Result<(), InputError> {
    for (index, relation) in document.plan.relations.iter().enumerate() {
        let wrong = |field: &str, value: &str, problem: &str, remedy: &str| {
            let path = format!("plan.relations[{index}].{field}");
            let error = InputError::new(setting.source, problem, remedy);
            Err(error.field(path).value(value))
        };
        if relation.kind != "any" {
            let remedy = "use any: the order of stops is not fixed";
            return wrong("type", &relation.kind, "not supported", remedy);
        }
        let drivers = fleet.drivers.iter();
        let driver = drivers
            .zip(&fleet.order)
            .find(|(d, _)| d.vehicle_id == relation.vehicle_id && d.shift == relation.shift_index);
        let Some((_, &(vehicle_type, _))) = driver else {
            let remedy = "name a vehicle and a shift of the fleet";
            return wrong("vehicleId", &relation.vehicle_id, "no such vehicle", remedy);
        };
        for (number, id) in relation.jobs.iter().enumerate() {
            if ENDS_OF_TOUR.contains(&id.as_str()) {
                continue;
            }
            let Some(stops) = by_id.get(id.as_str()) else {
                let field = format!("jobs[{number}]");
                return wrong(&field, id, "not a job", "name jobs of the plan");
            };
            for &stop in stops {
                let allowed = &mut jobs.stops[stop].vehicle_types;
                let may = allowed.as_ref().is_none_or(|a| a.contains(&vehicle_type));
                *allowed = Some(if may { vec![vehicle_type] } else { Vec::new() });
            }
        }
    }
    Ok(())
}

/// Jobs of a `group` share a tour.
pub(super) fn tie_groups(document: &Document, by_id: &HashMap<&str, Vec<usize>>, jobs: &mut Jobs) {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for job in &document.plan.jobs {
        if let (Some(group), Some(stops)) = (&job.group, by_id.get(job.id.as_str())) {
            groups.entry(group).or_default().extend(stops);
        }
    }
    let tied = groups.into_values().filter(|stops| stops.len() > 1);
    jobs.relations.extend(tied.map(Relation::SameVehicle));
}

/// Jobs of different `compatibility` never share a tour.
pub(super) fn part_incompatible(
    setting: &Setting,
    document: &Document,
    by_id: &HashMap<&str, Vec<usize>>,
    jobs: &mut Jobs,
) -> Result<(), InputError> {
    let mut classed: Vec<(&str, usize)> = Vec::new();
    for job in &document.plan.jobs {
        if let (Some(class), Some(stops)) = (&job.compatibility, by_id.get(job.id.as_str())) {
            classed.extend(stops.iter().map(|stop| (class.as_str(), *stop)));
        }
    }
    for (index, (class, stop)) in classed.iter().enumerate() {
        for (other, after) in &classed[index + 1..] {
            if class != other {
                let pair = vec![*stop, *after];
                jobs.relations.push(Relation::DifferentVehicles(pair));
            }
        }
        if jobs.relations.len() > MOST_PAIRS {
            let remedy = "give compatibility to fewer jobs";
            let error = InputError::new(setting.source, "too many incompatible jobs", remedy);
            return Err(error.field("plan.jobs.compatibility").value(class));
        }
    }
    Ok(())
}
