//! Distances between points of the plane, and the nodes of an instance made into a problem.

use super::{Instance, MOST_NODES};
use crate::domain::InputError;
use crate::solver::problem::{Problem, Stop, TimeWindow, VehicleType};
use crate::solver::travel::{StaticProfile, StaticTravel, Travel};
use std::sync::Arc;

/// How Euclidean distances become integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// To the nearest integer.
    Nearest,
    /// Truncated to tenths and counted in tenths.
    Tenths,
}

impl Rounding {
    fn apply(self, distance: f64) -> u32 {
        match self {
            Self::Nearest => (distance + 0.5) as u32,
            Self::Tenths => (distance * 10.0) as u32,
        }
    }
}

/// All distances, row by row.
pub(super) fn distances(points: &[(f64, f64)], rounding: Rounding) -> Vec<u32> {
    let mut cells = Vec::with_capacity(points.len() * points.len());
    for from in points {
        let to_each = points.iter().map(|to| (from.0 - to.0).hypot(from.1 - to.1));
        cells.extend(to_each.map(|distance| rounding.apply(distance)));
    }
    cells
}

/// A node of an instance; the first is the depot.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub demand: i64,
    pub service_s: i64,
    /// Opening and closing time.
    pub window: Option<(i64, i64)>,
    /// Row in the file, for errors.
    pub row: u64,
}

/// What the formats have in common once read.
pub(super) struct Nodes<'a> {
    pub source: &'a str,
    pub name: String,
    pub nodes: Vec<Node>,
    /// Distances, which are durations too.
    pub distances: Vec<u32>,
    pub capacity: i64,
    /// `None`: as many as there are customers.
    pub vehicles: Option<usize>,
    pub scale: i64,
}

impl Nodes<'_> {
    /// Builds the problem.
    pub fn into_instance(self) -> Result<Instance, InputError> {
        let wrong = |error: &dyn ToString| {
            InputError::new(self.source, error.to_string(), "correct the instance")
        };
        let matrix: Arc<[u32]> = self.distances.into();
        let profile = StaticProfile {
            durations: matrix.clone(),
            distances: matrix,
        };
        let places = self.nodes.len();
        let travel = StaticTravel::new(places, vec![profile]).map_err(|e| wrong(&e))?;
        let customers = places.saturating_sub(1);
        let count = self.vehicles.unwrap_or(customers).min(customers).max(1);
        let mut vehicle = VehicleType::at_depot(0, count, vec![self.capacity]);
        let mut stops = Vec::with_capacity(customers);
        for (place, node) in self.nodes.iter().enumerate() {
            if let Some((open, close)) = node.window.filter(|(open, close)| open > close) {
                let remedy = "close a window after it opens";
                return Err(
                    InputError::new(self.source, "window closes before it opens", remedy)
                        .row(node.row)
                        .value(format!("{open}..{close}")),
                );
            }
            if place == 0 {
                if let Some((open, close)) = node.window {
                    (vehicle.earliest_start_s, vehicle.latest_end_s) = (open, close);
                }
                continue;
            }
            let mut stop = Stop::at(place, vec![node.demand]);
            stop.service_s = node.service_s;
            let window = node
                .window
                .map(|(open_s, close_s)| TimeWindow { open_s, close_s });
            stop.windows.extend(window);
            stops.push(stop);
        }
        let problem = Problem::new(Travel::Static(Arc::new(travel)), vec![vehicle], stops);
        Ok(Instance {
            name: self.name,
            problem: problem.map_err(|e| wrong(&e))?,
            scale: self.scale,
        })
    }
}

/// Refuses instances whose matrix would not fit into memory.
pub(super) fn check_size(source: &str, nodes: usize) -> Result<(), InputError> {
    if (2..=MOST_NODES).contains(&nodes) {
        return Ok(());
    }
    let remedy = format!("give a depot and 1 to {} customers", MOST_NODES - 1);
    Err(InputError::new(source, format!("{nodes} nodes"), remedy))
}
