//! Why a planned stop is on its vehicle: what the second best would cost.

use super::insertion::{bases, broken_relation, insertions, task, timed};
use crate::solver::check::check_route;
use crate::solver::problem::Problem;
use crate::solver::solution::{Route, Solution};

/// A planned stop, its vehicle, and the second best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleChoice {
    /// The stop.
    pub stop: usize,
    /// Its route in the solution.
    pub route: usize,
    /// What its vehicle saves without the stop (or without both of its shipment).
    pub cost: i128,
    /// The cheapest other vehicle that could serve it with everything else as planned; `None` if
    /// there is none, or if the stop is driven to already.
    pub second: Option<Alternative>,
}

/// Another vehicle for a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// Index of the vehicle type.
    pub vehicle_type: usize,
    /// Which vehicle of the type.
    pub vehicle: usize,
    /// What the stop would cost there.
    pub cost: i128,
}

impl VehicleChoice {
    /// What the second best vehicle costs more. Negative where the plan could be better.
    pub fn dearer_by(&self) -> Option<i128> {
        self.second.map(|second| second.cost - self.cost)
    }
}

/// Takes a planned stop out of its route and prices it on every other vehicle, at its best place
/// there. `None` if the stop is not planned.
///
/// ```
/// use routeforce::solver::explain::explain_vehicle;
/// use routeforce::solver::{PlaneTravel, Problem, Rounding, Route, Solution, Stop, Travel, VehicleType};
///
/// let points = PlaneTravel::new(vec![(0.0, 0.0), (30.0, 40.0)], Rounding::Nearest(1));
/// let mut vans = vec![VehicleType::at_depot(0, 1, vec![5]); 2];
/// vans[1].fixed_cost = 7;
/// let problem = Problem::new(Travel::Plane(points.into()), vans, vec![Stop::at(1, vec![1])])?;
/// let route = Route { stops: vec![0], ..Route::default() };
/// let plan = Solution { routes: vec![route], cost: 100, ..Solution::default() };
/// let why = explain_vehicle(&problem, &plan, 0).expect("the stop is planned");
/// assert_eq!(why.cost, 100);
/// assert_eq!(why.dearer_by(), Some(7));
/// # Ok::<(), routeforce::solver::ProblemError>(())
/// ```
pub fn explain_vehicle(
    problem: &Problem,
    solution: &Solution,
    stop: usize,
) -> Option<VehicleChoice> {
    let route = solution
        .routes
        .iter()
        .position(|r| r.stops.contains(&stop))?;
    let own = &solution.routes[route];
    let vehicle = problem.vehicle_types().get(own.vehicle_type)?;
    let task = task(problem, stop);
    let with = check_route(problem, own)?.0.cost;
    let rest = without(own, &task);
    let is_needed = !rest.stops.is_empty() || vehicle.driven.is_some();
    let cost_of_rest = if is_needed {
        timed(problem, rest).checked.cost
    } else {
        0
    };
    let driven = vehicle.driven.as_ref();
    let is_driven = driven.is_some_and(|d| task.iter().any(|t| d.stops.contains(t)));
    Some(VehicleChoice {
        stop,
        route,
        cost: with - cost_of_rest,
        second: match is_driven {
            true => None,
            false => second_best(problem, solution, &task, route),
        },
    })
}

fn second_best(
    problem: &Problem,
    solution: &Solution,
    task: &[usize],
    own: usize,
) -> Option<Alternative> {
    let mut best: Option<Alternative> = None;
    for base in bases(problem, solution) {
        let (index, is_lacking, base) = (base.index, base.is_lacking, base.route);
        let (vehicle_type, vehicle) = (base.vehicle_type, base.vehicle);
        let is_barred = broken_relation(problem, solution, task, (vehicle_type, vehicle)).is_some();
        if index == Some(own) || is_barred || is_lacking {
            continue;
        }
        let before = match index {
            Some(_) => check_route(problem, &base).map_or(0, |(checked, _)| checked.cost),
            None => 0,
        };
        insertions(problem, &base, task, &mut |tried| {
            let cost = tried.checked.cost - before;
            if tried.faults.is_empty() && best.is_none_or(|b| cost < b.cost) {
                best = Some(Alternative {
                    vehicle_type,
                    vehicle,
                    cost,
                });
            }
        });
    }
    best
}

/// The route without some stops, its pauses where they were.
fn without(route: &Route, task: &[usize]) -> Route {
    let mut rest = route.clone();
    for stop in task {
        if let Some(position) = rest.stops.iter().position(|s| s == stop) {
            rest.stops.remove(position);
            for pause in &mut rest.pauses {
                pause.before -= usize::from(pause.before > position);
            }
        }
    }
    rest
}
