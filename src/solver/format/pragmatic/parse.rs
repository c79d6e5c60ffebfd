//! A problem and its matrices made into an instance.

use super::clock::{Clock, instant};
use super::document::{Document, Shift, Vehicle};
use super::fleet::{Driver, Fleet, Setting};
use super::jobs::Activity;
use super::locations::Locations;
use super::matrices::MatrixFile;
use super::{goals, jobs, matrices};
use crate::domain::InputError;
use crate::solver::format::instance::{Coordinates, Dialect, Instance, ReadOptions, Source};
use crate::solver::format::json;
use crate::solver::problem::{Objective, Problem, Rules, UNBOUNDED_S};

/// What is needed to write an answer.
#[derive(Debug, Clone)]
pub(in crate::solver) struct Origin {
    pub(super) vehicles: Vec<Vehicle>,
    /// In the order of the instance's fleet.
    pub(super) drivers: Vec<Driver>,
    /// By stop.
    pub(super) activities: Vec<Activity>,
    pub(super) locations: Locations,
    pub(super) clock: Clock,
    /// Units of cost per unit of the document.
    pub(super) cost_scale: i64,
}

impl Origin {
    /// A second as an instant.
    pub(in crate::solver::format) fn show_time(&self, second: i64) -> String {
        self.clock.show(second)
    }

    /// An instant as a second. `what` names the field or option in errors.
    pub(in crate::solver::format) fn parse_time(
        &self,
        what: &str,
        text: &str,
    ) -> Result<i64, InputError> {
        let instant = super::clock::instant("command line", what, text)?;
        Ok(self.clock.not_before(instant))
    }

    fn into_instance(self, name: String, problem: Problem, fleet: Vec<(usize, usize)>) -> Instance {
        let shown = |driver: &Driver| match driver.shift {
            0 => driver.vehicle_id.clone(),
            shift => format!("{} shift {shift}", driver.vehicle_id),
        };
        let points = self.locations.points();
        Instance {
            name,
            dialect: Dialect::Pragmatic,
            problem,
            scale: 1,
            cost_scale: self.cost_scale,
            coordinates: points.map(|points| Coordinates::Geographic(points.to_vec())),
            fleet,
            stop_ids: self.activities.iter().map(|a| a.job.clone()).collect(),
            vehicle_ids: self.drivers.iter().map(shown).collect(),
            source: Source::Pragmatic(Box::new(self)),
        }
    }
}

/// Parses a problem; its matrices are read from the files of the options.
pub(in crate::solver::format) fn parse(
    source: &str,
    content: &str,
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    options.refuse_rounding(source)?;
    let document: Document = json::parse(source, content)?;
    build(
        source,
        document,
        &matrices::read(&options.matrices)?,
        options,
    )
}

/// Parses a problem and matrices that are texts already.
pub(in crate::solver::format) fn parse_with_matrices(
    source: &str,
    content: &str,
    matrices: &[&str],
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    let document: Document = json::parse(source, content)?;
    let files = matrices.iter().map(|text| matrices::parse("matrix", text));
    build(
        source,
        document,
        &files.collect::<Result<Vec<_>, _>>()?,
        options,
    )
}

fn build(
    source: &str,
    document: Document,
    files: &[MatrixFile],
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    let goals = goals::read(source, &document)?;
    let locations = Locations::read(source, &document)?;
    let clock = clock_of(source, &document, files)?;
    let driven = matrices::driven(source, &document)?;
    let setting = Setting {
        source,
        locations: &locations,
        clock,
        price: goals.price,
        driven: &driven,
        dimensions: dimensions(&document),
    };
    let mut fleet = Fleet::read(&setting, &document)?;
    let jobs = jobs::read(&setting, &document, &mut fleet)?;
    let unreachable_s = unreachable_s(&fleet);
    let travel = matrices::build(
        source,
        &document,
        &locations,
        files,
        &driven,
        clock,
        unreachable_s,
    )?;
    let rules = Rules {
        shipments: jobs.shipments,
        groups: jobs.groups,
        relations: jobs.relations,
        objective: Objective {
            vehicles_first: options.vehicles_first.unwrap_or(goals.vehicles_first),
            ..Objective::default()
        },
        ..Rules::default()
    };
    let problem = Problem::with_rules(travel, fleet.types, jobs.stops, rules)
        .map_err(|error| InputError::new(source, error.to_string(), "correct the problem"))?;
    let origin = Origin {
        vehicles: document.fleet.vehicles,
        drivers: fleet.drivers,
        activities: jobs.activities,
        locations,
        clock,
        cost_scale: fleet.cost_scale,
    };
    Ok(origin.into_instance(
        crate::solver::format::file_stem(source),
        problem,
        fleet.order,
    ))
}

/// Second 0: the first timestamp of matrices, or else the first start of a shift.
fn clock_of(source: &str, document: &Document, files: &[MatrixFile]) -> Result<Clock, InputError> {
    let mut first = None;
    for (index, vehicle) in document.fleet.vehicles.iter().enumerate() {
        if vehicle.shifts.is_empty() {
            let error = InputError::new(source, "no shift", "give at least one");
            return Err(error.field(format!("fleet.vehicles[{index}].shifts")));
        }
        for (number, Shift { start, .. }) in vehicle.shifts.iter().enumerate() {
            let path = format!("fleet.vehicles[{index}].shifts[{number}].start.earliest");
            let start = instant(source, &path, &start.earliest)?;
            first = Some(first.map_or(start, |f: chrono::DateTime<_>| f.min(start)));
        }
    }
    let first = matrices::first_timestamp(files).or(first).ok_or_else(|| {
        InputError::new(source, "no vehicles", "give at least one").field("fleet.vehicles")
    })?;
    // Whole seconds, so that whole seconds of the document stay whole.
    let origin = chrono::DateTime::from_timestamp(first.timestamp(), 0).unwrap_or(first);
    Ok(Clock { origin })
}

/// As many dimensions as the longest demand or capacity has; what is shorter has zeros there.
fn dimensions(document: &Document) -> usize {
    let capacities = document.fleet.vehicles.iter().map(|v| v.capacity.len());
    let tasks = document.plan.jobs.iter().flat_map(|job| job.tasks());
    let demands = tasks.map(|(_, _, task)| task.demand.as_ref().map_or(0, Vec::len));
    capacities.chain(demands).max().unwrap_or(0)
}

/// A duration that no shift can hold, if all shifts end.
fn unreachable_s(fleet: &Fleet) -> Option<u32> {
    let shifts = fleet.types.iter();
    let last_s = shifts.clone().map(|t| t.latest_end_s).max()?;
    let first_s = shifts.map(|t| t.earliest_start_s).min()?;
    match last_s < UNBOUNDED_S {
        true => u32::try_from(last_s - first_s + 1).ok(),
        false => None,
    }
}
