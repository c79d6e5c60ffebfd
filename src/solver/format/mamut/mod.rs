//! MAMUT time-dependent JSON: an instance `NAME.vrp.json` and, beside it, the arrival-time function
//! of every pair of nodes in `NAME.atf.json.gz`.
//!
//! The objective is `Duration`, the sum over routes of the shortest duration with the departure
//! free, plus `fleet_fixed_cost` per vehicle if the file gives one. Times are counted in thousandths
//! and never overstate what is feasible: arrivals, openings and service are rounded up, closings
//! down. A route must be back by the end of the horizon.
//!
//! | field | is |
//! |---|---|
//! | `num_vehicles`, `vehicle_capacity`, `demands`, `service_times`, `time_windows`, `depot`, `horizon`, `fleet_fixed_cost`, `coordinates` | honoured |
//! | `td.model` | `atf-ndcpwlf`; `igp-profile` and `road-graph` are refused |
//! | `td.atf_path`, `td.atf_sha256` | the file of functions, verified |
//! | `instance_origin`, `benchmark_name`, `metadata`, `reference_lla` | say where the data are from, and are not used |

mod functions;
mod node_data;
mod routes_json;

pub(super) use functions::unpack;
pub(super) use routes_json::{parse_solution, write};

use super::instance::{Coordinates, Dialect, Instance, ReadOptions, Source};
use super::json;
use crate::domain::InputError;
use crate::solver::problem::{Objective, Problem, Rules, Stop, TimeWindow, VehicleType};
use crate::solver::travel::Travel;
use node_data::File;
use std::sync::Arc;

/// Units of time per unit of the file.
pub(super) const SCALE: i64 = 1_000;

/// The name of the file of functions that an instance asks for, beside it.
pub(super) fn functions_file(source: &str, content: &str) -> Result<String, InputError> {
    let file: File = json::parse(source, content)?;
    file.check_model(source)?;
    Ok(file.td.atf_path)
}

/// Parses an instance and its functions, which are JSON text.
pub(super) fn parse(
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
fn up(time: f64) -> i64 {
    (time * SCALE as f64).ceil() as i64
}

/// A time that must not come out later.
fn down(time: f64) -> i64 {
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
