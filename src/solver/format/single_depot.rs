//! Instances of one depot, one kind of vehicle and customers in the plane, as the text formats of
//! Solomon and Li & Lim give them.

use super::distance_rule::{DistanceRule, travel_between};
use super::instance::{Coordinates, Dialect, Instance, ReadOptions, Source};
use super::text::{LARGEST_COORDINATE, Line, number, whole};
use crate::domain::InputError;
use crate::solver::problem::{Objective, Problem, Rules, Shipment, Stop, TimeWindow, VehicleType};

/// A node of an instance; the first is the depot.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub point: (f64, f64),
    /// Amount as it stands in the file.
    pub demand: i64,
    pub service_s: i64,
    pub window: TimeWindow,
}

impl Node {
    /// Reads the first seven columns: number, coordinates, demand, window, service time. Numbers
    /// must ascend from 0.
    pub fn read(
        source: &str,
        line: &Line,
        expected: usize,
        least_demand: i64,
        rule: DistanceRule,
    ) -> Result<Self, InputError> {
        let field = |index: usize| line.fields.get(index).copied().unwrap_or_default();
        let id = whole(source, line.row, "CUST NO.", field(0), 0, i64::MAX)?;
        if id != expected as i64 {
            let remedy = format!("number customers in order; this one is {expected}");
            return Err(
                InputError::new(source, "customers are out of order", remedy)
                    .row(line.row)
                    .field("CUST NO.")
                    .value(id),
            );
        }
        let coordinate = |name, value| {
            let (least, most) = (-LARGEST_COORDINATE, LARGEST_COORDINATE);
            number(source, line.row, name, value, least, most)
        };
        let time = |name, value| number(source, line.row, name, value, 0.0, rule.largest());
        let window = TimeWindow {
            open_s: rule.at_least(time("READY TIME", field(4))?),
            close_s: rule.at_most(time("DUE DATE", field(5))?),
        };
        if window.open_s > window.close_s {
            let remedy = "close a window after it opens";
            return Err(
                InputError::new(source, "window closes before it opens", remedy)
                    .row(line.row)
                    .field("DUE DATE")
                    .value(field(5)),
            );
        }
        let most_demand = if expected == 0 { 0 } else { 1_000_000_000 };
        let least_demand = least_demand.max(-most_demand);
        Ok(Self {
            point: (
                coordinate("XCOORD.", field(1))?,
                coordinate("YCOORD.", field(2))?,
            ),
            demand: whole(
                source,
                line.row,
                "DEMAND",
                field(3),
                least_demand,
                most_demand,
            )?,
            service_s: rule.at_least(time("SERVICE TIME", field(6))?),
            window,
        })
    }
}

/// What the formats have in common once read.
pub(super) struct SingleDepot<'a> {
    pub source: &'a str,
    pub name: String,
    pub dialect: Dialect,
    pub rule: DistanceRule,
    pub nodes: Vec<Node>,
    pub vehicles: usize,
    pub capacity: i64,
    /// Goods between customers, whose own demand is then nothing.
    pub shipments: Vec<Shipment>,
    pub vehicles_first: bool,
}

impl SingleDepot<'_> {
    /// Builds the problem.
    pub fn into_instance(self, options: &ReadOptions) -> Result<Instance, InputError> {
        options.refuse_matrices(self.dialect)?;
        let wrong = |problem: String| InputError::new(self.source, problem, "correct the instance");
        let (Some(depot), customers) = (self.nodes.first(), self.nodes.len().saturating_sub(1))
        else {
            return Err(wrong("no depot".into()));
        };
        if customers == 0 {
            return Err(wrong("no customers".into()));
        }
        let points: Vec<(f64, f64)> = self.nodes.iter().map(|node| node.point).collect();
        let travel = travel_between(self.source, "XCOORD.", &points, self.rule)?;
        let count = self.vehicles.min(customers);
        let mut vehicle = VehicleType::at_depot(0, count, vec![self.capacity]);
        vehicle.earliest_start_s = depot.window.open_s;
        vehicle.latest_end_s = depot.window.close_s;
        let carried = !self.shipments.is_empty();
        let stops = self.nodes.iter().enumerate().skip(1).map(|(place, node)| {
            let mut stop = Stop::at(place, vec![if carried { 0 } else { node.demand }]);
            stop.service_s = node.service_s;
            stop.windows = vec![node.window];
            stop
        });
        let rules = Rules {
            objective: Objective {
                vehicles_first: options.vehicles_first.unwrap_or(self.vehicles_first),
                ..Objective::default()
            },
            shipments: self.shipments,
            ..Rules::default()
        };
        let problem = Problem::with_rules(travel, vec![vehicle], stops.collect(), rules)
            .map_err(|error| wrong(error.to_string()))?;
        let fleet = Instance::fleet_by_type(&problem);
        Ok(Instance {
            name: self.name,
            dialect: self.dialect,
            stop_ids: Instance::numbers(&problem),
            vehicle_ids: Instance::counted(&fleet),
            source: Source::Text,
            fleet,
            problem,
            scale: self.rule.scale(),
            cost_scale: self.rule.scale(),
            coordinates: Some(Coordinates::Plane(points)),
        })
    }
}
