//! VRPLIB: `KEY : value` lines, then sections; with the extended sections of PyVRP.
//!
//! | asked by | is |
//! |---|---|
//! | `TYPE` | CVRP, VRPTW, HFVRP, MDVRP, MDVRPTW, SDVRPTW, MTVRPTWR, PCVRP, PCVRPTW, VRPB, VRPSPD, GTSP; decides the rounding, and VRPB asks for [`Backhauls::LastAfterDeliveries`](crate::solver::Backhauls) |
//! | `EDGE_WEIGHT_TYPE` | EUC_2D, EXPLICIT (FULL_MATRIX, LOWER_ROW); others are refused |
//! | `DEPOT_SECTION` | the first nodes; without it, node 1 |
//! | `DEMAND` or `LINEHAUL`, `BACKHAUL` | delivered and picked up, one column per dimension |
//! | `TIME_WINDOW`, `SERVICE_TIME`, `RELEASE_TIME` | a depot's window is the shift of its vehicles and of reloads there |
//! | `PRIZE` | the penalty of leaving a customer out; 0 makes it mandatory |
//! | `MUTUALLY_EXCLUSIVE_GROUP` | exactly one of the customers is served |
//! | `CAPACITY`, `VEHICLES_*` | by vehicle, or one key for all; vehicles that are alike make a type |
//! | `PICKUP_AND_DELIVERY` and whatever else | refused by name |
//!
//! Rounding: CVRP, VRPB, VRPSPD, GTSP to the nearest; VRPTW, PCVRPTW, PCVRP, MTVRPTWR to tenths;
//! HFVRP, MDVRP, MDVRPTW, SDVRPTW to thousandths; explicit matrices as they are. Fixed costs and
//! prizes are scaled like distances, costs per distance are not. Costs of CVRP and VRPTW are shown
//! in units of the file, of the other types in scaled units, as their published solutions are.

mod fleet;
mod parts;
mod stops;
mod vehicle_table;

use super::distance_rule::{DistanceRule, static_travel, travel_between};
use super::instance::{Coordinates, Dialect, Instance, ReadOptions, Source};
use super::text::{LARGEST_COORDINATE, number, whole};
use crate::domain::InputError;
use crate::solver::problem::{Backhauls, Objective, Problem, Rules};
use crate::solver::travel::Travel;
use fleet::Fleet;
use parts::Parts;

/// Most nodes an instance may have.
const MOST_NODES: usize = 1_000_000;

/// Most nodes that an explicit matrix may have.
const MOST_MATRIX_NODES: usize = 25_000;

/// Types of problems, and how their distances are rounded.
const TYPES: [(&str, DistanceRule); 12] = [
    ("CVRP", DistanceRule::Nearest),
    ("VRPTW", DistanceRule::Tenths),
    ("HFVRP", DistanceRule::Exact),
    ("MDVRP", DistanceRule::Exact),
    ("MDVRPTW", DistanceRule::Exact),
    ("SDVRPTW", DistanceRule::Exact),
    ("MTVRPTWR", DistanceRule::Tenths),
    ("PCVRP", DistanceRule::Tenths),
    ("PCVRPTW", DistanceRule::Tenths),
    ("VRPB", DistanceRule::Nearest),
    ("VRPSPD", DistanceRule::Nearest),
    ("GTSP", DistanceRule::Nearest),
];

pub(super) fn parse(
    source: &str,
    content: &str,
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    let parts = Parts::split(source, content)?;
    let (kind, rule) = kind(&parts, options)?;
    let dimension = parts.whole("DIMENSION")?;
    if !(2..=MOST_NODES).contains(&dimension) {
        let remedy = format!("give a depot and customers, at most {MOST_NODES} nodes");
        return Err(InputError::new(source, "not usable", remedy)
            .field("DIMENSION")
            .value(dimension));
    }
    let coordinates = points(&parts, dimension)?;
    let travel = travel(&parts, dimension, coordinates.as_deref(), rule)?;
    let depots = depots(&parts, dimension)?;
    let mut stops = stops::read(&parts, dimension, depots, rule)?;
    let fleet = Fleet::read(&parts, dimension, depots, rule)?;
    let types = fleet.types(stops.dimensions, &stops.shifts);
    for (index, stop) in stops.stops.iter_mut().enumerate() {
        stop.vehicle_types = fleet.types_allowed(depots + index);
    }
    let rules = Rules {
        groups: stops.groups,
        backhauls: match kind {
            "VRPB" => Backhauls::LastAfterDeliveries,
            _ => Backhauls::Mixed,
        },
        objective: Objective {
            vehicles_first: options.vehicles_first.unwrap_or(false),
            ..Objective::default()
        },
        ..Rules::default()
    };
    let problem = Problem::with_rules(travel, types, stops.stops, rules)
        .map_err(|error| InputError::new(source, error.to_string(), "correct the instance"))?;
    let name = parts.keys.get("NAME").map_or("", |(_, name)| name);
    Ok(Instance {
        name: name.to_owned(),
        stop_ids: Instance::numbers(&problem),
        vehicle_ids: Instance::counted(&fleet.order),
        source: Source::Text,
        dialect: Dialect::Vrplib,
        problem,
        scale: rule.scale(),
        cost_scale: match kind {
            "CVRP" | "VRPTW" => rule.scale(),
            _ => 1,
        },
        coordinates: coordinates.map(Coordinates::Plane),
        fleet: fleet.order,
    })
}

/// The type of the problem and the rounding.
fn kind<'a>(
    parts: &Parts<'a>,
    options: &ReadOptions,
) -> Result<(&'a str, DistanceRule), InputError> {
    let names: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
    let kind = parts.one_of("TYPE", &names)?;
    let explicit = parts.one_of("EDGE_WEIGHT_TYPE", &["EUC_2D", "EXPLICIT"])? == "EXPLICIT";
    let timed = parts.has("TIME_WINDOW_SECTION");
    let convention = match TYPES.iter().find(|(name, _)| *name == kind) {
        _ if explicit => DistanceRule::Nearest,
        // A CVRP file with windows is a VRPTW.
        Some((_, DistanceRule::Nearest)) if timed && kind == "CVRP" => DistanceRule::Tenths,
        Some((_, rule)) => *rule,
        None => DistanceRule::Nearest,
    };
    Ok((kind, options.rounding.unwrap_or(convention)))
}

/// The coordinates of all nodes, which an explicit matrix makes optional.
fn points(parts: &Parts, dimension: usize) -> Result<Option<Vec<(f64, f64)>>, InputError> {
    let section = "NODE_COORD_SECTION";
    let explicit = parts.has("EDGE_WEIGHT_SECTION");
    if explicit && !parts.has(section) {
        return Ok(None);
    }
    let coordinate = |row, value| {
        let (least, most) = (-LARGEST_COORDINATE, LARGEST_COORDINATE);
        number(parts.source, row, section, value, least, most)
    };
    let rows = parts.rows(section, Some(dimension), 2..=2)?;
    let points = rows.iter().map(|r| {
        Ok((
            coordinate(r.row, r.fields[0])?,
            coordinate(r.row, r.fields[1])?,
        ))
    });
    points.collect::<Result<_, _>>().map(Some)
}

fn travel(
    parts: &Parts,
    dimension: usize,
    points: Option<&[(f64, f64)]>,
    rule: DistanceRule,
) -> Result<Travel, InputError> {
    let (section, kind) = ("EDGE_WEIGHT_SECTION", parts.key("EDGE_WEIGHT_TYPE")?.1);
    match (kind, points) {
        ("EUC_2D", Some(points)) if !parts.has(section) => {
            travel_between(parts.source, "NODE_COORD_SECTION", points, rule)
        }
        ("EUC_2D", _) => {
            let remedy = "give EDGE_WEIGHT_TYPE EXPLICIT, or no matrix";
            let error = InputError::new(parts.source, "a matrix beside EUC_2D", remedy);
            Err(error.field(section))
        }
        _ => {
            let matrix = matrix(parts, dimension, rule)?;
            static_travel(
                parts.source,
                dimension,
                matrix.clone().into(),
                matrix.into(),
            )
        }
    }
}

/// An explicit matrix. Numbers may be spread over lines in any way.
fn matrix(parts: &Parts, dimension: usize, rule: DistanceRule) -> Result<Vec<u32>, InputError> {
    let section = "EDGE_WEIGHT_SECTION";
    if dimension > MOST_MATRIX_NODES {
        let remedy = format!("give at most {MOST_MATRIX_NODES} nodes, or coordinates");
        return Err(
            InputError::new(parts.source, format!("{dimension} nodes"), remedy).field(section),
        );
    }
    let full = parts.one_of("EDGE_WEIGHT_FORMAT", &["FULL_MATRIX", "LOWER_ROW"])? == "FULL_MATRIX";
    let expected = match full {
        true => dimension * dimension,
        false => dimension * (dimension - 1) / 2,
    };
    let most = f64::from(u32::MAX) / rule.scale() as f64;
    let mut numbers = Vec::new();
    for line in parts.lines(section) {
        for value in &line.fields {
            let value = number(parts.source, line.row, section, value, 0.0, most)?;
            numbers.push(rule.plain(value) as u32);
        }
    }
    if numbers.len() != expected {
        let problem = format!("{} numbers, expected {expected}", numbers.len());
        let remedy = "give the whole matrix";
        return Err(InputError::new(parts.source, problem, remedy).field(section));
    }
    if full {
        return Ok(numbers);
    }
    let mut cells = vec![0; dimension * dimension];
    let mut next = numbers.into_iter();
    for from in 1..dimension {
        for (to, weight) in (0..from).zip(next.by_ref()) {
            cells[from * dimension + to] = weight;
            cells[to * dimension + from] = weight;
        }
    }
    Ok(cells)
}

/// How many depots there are; they are the first nodes.
fn depots(parts: &Parts, dimension: usize) -> Result<usize, InputError> {
    let section = "DEPOT_SECTION";
    if !parts.has(section) {
        return Ok(1);
    }
    let listed = parts.list(section);
    for (index, (row, value)) in listed.iter().enumerate() {
        let expected = index as i64 + 1;
        whole(parts.source, *row, section, value, expected, expected)?;
    }
    if listed.is_empty() || listed.len() >= dimension {
        let remedy = "list the depots, which are the first nodes, and leave a customer";
        return Err(
            InputError::new(parts.source, format!("{} depots", listed.len()), remedy)
                .field(section),
        );
    }
    Ok(listed.len())
}
