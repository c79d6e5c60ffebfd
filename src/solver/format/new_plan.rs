//! A plan made again during the day, in the names and units of its instance.

use super::instance::Instance;
use crate::solver::replan::{Replanned, RestOfDay, Vehicle};
use crate::solver::solution::Route;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What a new plan does differently. Costs are in units of the instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes {
    /// Name of the instance.
    pub instance: String,
    /// When the new plan takes over.
    pub now: String,
    /// Cost of the plan so far, of the whole day.
    pub cost_before: f64,
    /// Cost of the new plan, of the whole day, without the price of moved stops.
    pub cost: f64,
    /// Price of a moved stop with which the plan was found.
    pub move_price: f64,
    /// Whether no more stops than allowed change their vehicle.
    pub within_budget: bool,
    /// Stops that change their vehicle.
    pub moved: Vec<MovedStop>,
    /// Stops that stay on their vehicle, but no longer between the same others.
    pub reordered: Vec<String>,
    /// Stops planned now and not before.
    pub added: Vec<String>,
    /// Stops planned before and not now.
    pub dropped: Vec<String>,
    /// Stops in both plans that are served at another time.
    pub arrivals: Vec<NewArrival>,
}

/// A stop that changes its vehicle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovedStop {
    /// The stop.
    pub stop: String,
    /// Vehicle before.
    pub from: String,
    /// Vehicle now.
    pub to: String,
}

/// A stop that is served at another time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewArrival {
    /// The stop.
    pub stop: String,
    /// Start of service in the plan so far.
    pub before: String,
    /// Start of service in the new plan.
    pub now: String,
}

impl Instance {
    /// The same instance with the problem of the rest of a day; vehicles and stops keep their names,
    /// so that its solutions are written as those of the morning.
    pub fn for_rest_of_day(&self, rest: &RestOfDay) -> Self {
        let mut now_called = BTreeMap::new();
        for (vehicle_type, vehicles) in rest.problem.vehicle_types().iter().enumerate() {
            for vehicle in 0..vehicles.count {
                let named = Route {
                    vehicle_type,
                    vehicle,
                    ..Route::default()
                };
                if let Some(morning) = rest.vehicle(&named) {
                    now_called.insert(morning, (vehicle_type, vehicle));
                }
            }
        }
        let called = |&(vehicle_type, number): &(usize, usize)| {
            let morning = Vehicle {
                vehicle_type,
                number,
            };
            now_called.get(&morning).copied()
        };
        // Every vehicle of the morning has its place in the rest of the day.
        let named = self.fleet.iter().map(called).zip(&self.vehicle_ids);
        let (fleet, vehicle_ids) = named
            .filter_map(|(now, id)| now.map(|now| (now, id.clone())))
            .unzip();
        Self {
            problem: rest.problem.clone(),
            fleet,
            vehicle_ids,
            ..self.clone()
        }
    }
}

impl Changes {
    /// Tells a plan made again at `now_s` for an instance of the morning.
    pub fn new(instance: &Instance, cost_before: i64, now_s: i64, again: &Replanned) -> Self {
        let id = |&stop: &usize| instance.stop_ids.get(stop).cloned().unwrap_or_default();
        let ids = |stops: &[usize]| stops.iter().map(id).collect();
        let vehicle = |v: Vehicle| instance.vehicle_name(v.vehicle_type, v.number);
        let cost = |cost: i64| cost as f64 / instance.cost_scale.max(1) as f64;
        let difference = &again.difference;
        Self {
            instance: instance.name.clone(),
            now: instance.show_time(now_s),
            cost_before: cost(cost_before),
            cost: cost(again.solution.cost),
            move_price: cost(again.move_price),
            within_budget: again.within_budget,
            moved: difference
                .moved
                .iter()
                .map(|moved| MovedStop {
                    stop: id(&moved.stop),
                    from: vehicle(moved.from),
                    to: vehicle(moved.to),
                })
                .collect(),
            reordered: ids(&difference.reordered),
            added: ids(&difference.added),
            dropped: ids(&difference.dropped),
            arrivals: difference
                .arrivals
                .iter()
                .map(|arrival| NewArrival {
                    stop: id(&arrival.stop),
                    before: instance.show_time(arrival.before_s),
                    now: instance.show_time(arrival.now_s),
                })
                .collect(),
        }
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} at {}: cost {} (was {}), {} stops moved, {} reordered, {} added, {} dropped",
            self.instance,
            self.now,
            self.cost,
            self.cost_before,
            self.moved.len(),
            self.reordered.len(),
            self.added.len(),
            self.dropped.len(),
        )?;
        if !self.within_budget {
            writeln!(
                f,
                "more stops move than allowed: no plan was found that moves fewer"
            )?;
        }
        for moved in &self.moved {
            let MovedStop { stop, from, to } = moved;
            writeln!(f, "stop {stop}: from vehicle {from} to vehicle {to}")?;
        }
        let lists = [
            ("reordered", &self.reordered),
            ("added", &self.added),
            ("dropped", &self.dropped),
        ];
        for (what, stops) in lists {
            for stop in stops {
                writeln!(f, "stop {stop}: {what}")?;
            }
        }
        for arrival in &self.arrivals {
            let NewArrival { stop, before, now } = arrival;
            writeln!(f, "stop {stop}: served at {now}, before at {before}")?;
        }
        Ok(())
    }
}
