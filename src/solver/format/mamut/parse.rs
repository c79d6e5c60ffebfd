//! The two files made into an instance.

use super::functions;
use super::node_data::File;
use crate::domain::InputError;
use crate::solver::format::instance::{Coordinates, Dialect, Instance, ReadOptions, Source};
use crate::solver::format::json;
use crate::solver::problem::{Objective, Problem, Rules, Stop, TimeWindow, VehicleType};
use crate::solver::travel::Travel;
use std::sync::Arc;

/// Units of time per unit of the file.
pub(super) const SCALE: i64 = 1_000;

/// The name of the file of functions that an instance asks for, beside it.
pub(in crate::solver::format) fn functions_file(
    source: &str,
    content: &str,
) -> Result<String, InputError> {
    let file: File = json::parse(source, content)?;
    file.check_model(source)?;
    Ok(file.td.atf_path)
}

/// Parses an instance and its functions, which are JSON text.
pub(in crate::solver::format) fn parse(
    source: &str,
    content: &str,
    functions_source: &str,
    functions: &[u8],
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    options.refuse_rounding(source)?;
    options.refuse_matrices(Dialect::Mamut)?;
    let file: File = json::parse(source, content)?;
    file.check(source)?;
    let travel = functions::parse(functions_source, functions, &file)?;
    let wrong = |problem: String| InputError::new(source, problem, "correct the instance");
    let rules = Rules {
        objective: Objective {
            vehicles_first: options.vehicles_first.unwrap_or(false),
            ..Objective::default()
        },
        ..Rules::default()
    };
    let travel = Travel::Functions(Arc::new(travel));
    let problem = Problem::with_rules(travel, vec![vehicle(&file)], stops(&file), rules)
        .map_err(|error| wrong(error.to_string()))?;
    let fleet = Instance::fleet_by_type(&problem);
    Ok(Instance {
        name: file.instance_name,
        dialect: Dialect::Mamut,
        stop_ids: Instance::numbers(&problem),
        vehicle_ids: Instance::counted(&fleet),
        source: Source::Text,
        fleet,
        problem,
        scale: SCALE,
        cost_scale: SCALE,
        coordinates: Some(Coordinates::Plane(
            file.coordinates.iter().map(|[x, y]| (*x, *y)).collect(),
        )),
    })
}

/// A time that must not come out earlier or shorter.
pub(super) fn up(time: f64) -> i64 {
    (time * SCALE as f64).ceil() as i64
}

/// A time that must not come out later.
pub(super) fn down(time: f64) -> i64 {
    (time * SCALE as f64).floor() as i64
}

fn vehicle(file: &File) -> VehicleType {
    let customers = file.num_customers;
    let count = file.num_vehicles.unwrap_or(customers).min(customers);
    let mut vehicle = VehicleType::at_depot(file.depot, count, vec![file.vehicle_capacity]);
    let [start, end] = file.horizon;
    let windows = file.time_windows.as_ref();
    let [open, close] = windows.map_or(file.horizon, |windows| windows[file.depot]);
    vehicle.earliest_start_s = up(open.max(start));
    vehicle.latest_end_s = down(close.min(end));
    vehicle.cost_per_distance = 0;
    vehicle.cost_per_second = 1;
    vehicle.fixed_cost = up(file.fleet_fixed_cost.unwrap_or(0.0));
    vehicle
}

fn stops(file: &File) -> Vec<Stop> {
    let nodes = (0..=file.num_customers).filter(|node| *node != file.depot);
    nodes
        .map(|node| {
            let mut stop = Stop::at(node, vec![file.demands[node]]);
            stop.service_s = up(file.service_times[node]);
            let window = file.time_windows.as_ref().map(|windows| windows[node]);
            stop.windows = window
                .map(|[open, close]| TimeWindow {
                    open_s: up(open),
                    close_s: down(close),
                })
                .into_iter()
                .collect();
            stop
        })
        .collect()
}
