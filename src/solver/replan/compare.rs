//! The difference of two plans.

use crate::solver::check::check;
use crate::solver::problem::Problem;
use crate::solver::solution::{Route, Solution};
use std::collections::BTreeMap;

/// A vehicle of the morning's problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vehicle {
    /// Its type.
    pub vehicle_type: usize,
    /// Which of the type, from 0.
    pub number: usize,
}

impl Vehicle {
    /// The vehicle that a route names.
    pub fn of(route: &Route) -> Self {
        Self {
            vehicle_type: route.vehicle_type,
            number: route.vehicle,
        }
    }
}

/// What a new plan does differently. All lists ascend by stop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanDifference {
    /// Stops that change their vehicle.
    pub moved: Vec<Moved>,
    /// Stops that stay on their vehicle, but no longer between the same others: the fewest that
    /// have to be taken out for the rest to be in the same order.
    pub reordered: Vec<usize>,
    /// Stops planned now and not before.
    pub added: Vec<usize>,
    /// Stops planned before and not now.
    pub dropped: Vec<usize>,
    /// Stops in both plans whose service starts at another second.
    pub arrivals: Vec<Arrival>,
}

/// A stop that changes its vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The stop.
    pub stop: usize,
    /// Vehicle before.
    pub from: Vehicle,
    /// Vehicle now.
    pub to: Vehicle,
}

/// A service that starts at another second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The stop.
    pub stop: usize,
    /// Second at which service started in the plan before.
    pub before_s: i64,
    /// Second at which it starts now.
    pub now_s: i64,
}

/// Where and when a stop is served.
#[derive(Clone, Copy)]
struct Service {
    vehicle: Vehicle,
    position: usize,
    start_s: i64,
}

/// What `new` does differently from `old`. `vehicle` names the vehicle of a route of the new plan
/// as the old one does: [`Vehicle::of`] if both plan the same fleet.
///
/// ```
/// use routeforce::solver::replan::{Vehicle, compare};
/// use routeforce::solver::{PlaneTravel, Problem, Rounding, Route, Solution, Stop, Travel, VehicleType};
///
/// let points = PlaneTravel::new(vec![(0.0, 0.0), (3.0, 4.0), (6.0, 8.0)], Rounding::Nearest(1));
/// let stops = vec![Stop::at(1, vec![1]), Stop::at(2, vec![1])];
/// let vans = vec![VehicleType::at_depot(0, 2, vec![5])];
/// let problem = Problem::new(Travel::Plane(points.into()), vans, stops)?;
/// let route = |vehicle, stops: &[usize]| Route { vehicle, stops: stops.to_vec(), ..Route::default() };
/// let plan = |routes| Solution { routes, ..Solution::default() };
/// let (old, new) = (plan(vec![route(0, &[0, 1])]), plan(vec![route(0, &[0]), route(1, &[1])]));
/// let difference = compare((&problem, &old), (&problem, &new), Vehicle::of);
/// assert_eq!(difference.moved.len(), 1);
/// assert_eq!(difference.moved[0].to, Vehicle { vehicle_type: 0, number: 1 });
/// assert_eq!(difference.arrivals, []);
/// # Ok::<(), routeforce::solver::ProblemError>(())
/// ```
pub fn compare(
    old: (&Problem, &Solution),
    new: (&Problem, &Solution),
    vehicle: impl Fn(&Route) -> Vehicle,
) -> PlanDifference {
    let before = services(old.0, old.1, Vehicle::of);
    let now = services(new.0, new.1, vehicle);
    let mut difference = PlanDifference::default();
    let mut kept: BTreeMap<Vehicle, Vec<(usize, usize, usize)>> = BTreeMap::new();
    for (&stop, was) in &before {
        let Some(is) = now.get(&stop) else {
            difference.dropped.push(stop);
            continue;
        };
        if was.vehicle == is.vehicle {
            let places = (was.position, is.position, stop);
            kept.entry(was.vehicle).or_default().push(places);
        } else {
            let (from, to) = (was.vehicle, is.vehicle);
            difference.moved.push(Moved { stop, from, to });
        }
        if was.start_s != is.start_s {
            difference.arrivals.push(Arrival {
                stop,
                before_s: was.start_s,
                now_s: is.start_s,
            });
        }
    }
    let is_new = |stop: &&usize| !before.contains_key(stop);
    difference.added = now.keys().filter(is_new).copied().collect();
    difference.reordered = kept.into_values().flat_map(out_of_order).collect();
    difference.reordered.sort_unstable();
    difference
}

fn services(
    problem: &Problem,
    solution: &Solution,
    vehicle: impl Fn(&Route) -> Vehicle,
) -> BTreeMap<usize, Service> {
    let mut services = BTreeMap::new();
    for route in check(problem, solution).routes {
        let vehicle = vehicle(&solution.routes[route.route]);
        for (position, (stop, service)) in route.services().enumerate() {
            let start_s = service.start_s;
            services.insert(
                stop,
                Service {
                    vehicle,
                    position,
                    start_s,
                },
            );
        }
    }
    services
}

/// The stops outside a longest sequence that is in the same order in both plans.
fn out_of_order(mut stops: Vec<(usize, usize, usize)>) -> Vec<usize> {
    stops.sort_unstable();
    // By stop: length of the longest such sequence that ends there, and the stop before in it.
    let mut longest: Vec<(usize, Option<usize>)> = Vec::with_capacity(stops.len());
    for (index, (_, place, _)) in stops.iter().enumerate() {
        let before = (0..index).filter(|&b| stops[b].1 < *place);
        let best = before.max_by_key(|&b| longest[b].0);
        longest.push((best.map_or(1, |b| longest[b].0 + 1), best));
    }
    let mut keep = vec![false; stops.len()];
    let mut at = (0..stops.len()).max_by_key(|&index| longest[index].0);
    while let Some(index) = at {
        keep[index] = true;
        at = longest[index].1;
    }
    let gone = stops.iter().zip(keep).filter(|(_, keep)| !keep);
    gone.map(|((_, _, stop), _)| *stop).collect()
}
