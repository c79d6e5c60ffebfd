//! Tiny problems against the best of all solutions.

use super::random_problem::random_problem;
use super::search::search;
use proptest::prelude::*;
use routeforce::solver::check::check;
use routeforce::solver::{Problem, Route, Solution};

/// The best cost over all assignments of stops to vehicles and all orders, each with the best
/// departure found by trying every minute; `None` where a mandatory stop cannot be served.
///
/// Only for problems in which the duration costs nothing and is not limited, so that leaving as
/// early as possible is best.
fn best_cost(problem: &Problem) -> Option<i64> {
    let vehicles: Vec<(usize, usize)> = problem
        .vehicle_types()
        .iter()
        .enumerate()
        .flat_map(|(t, v)| (0..v.count).map(move |k| (t, k)))
        .collect();
    let mut best = None;
    let mut routes = vec![Vec::new(); vehicles.len()];
    place(problem, &vehicles, 0, &mut routes, &mut best);
    best
}

fn place(
    problem: &Problem,
    vehicles: &[(usize, usize)],
    stop: usize,
    routes: &mut Vec<Vec<usize>>,
    best: &mut Option<i64>,
) {
    if stop == problem.stops().len() {
        if let Some(cost) = cost(problem, vehicles, routes) {
            *best = Some(best.map_or(cost, |b| b.min(cost)));
        }
        return;
    }
    place(problem, vehicles, stop + 1, routes, best);
    for vehicle in 0..routes.len() {
        for position in 0..=routes[vehicle].len() {
            routes[vehicle].insert(position, stop);
            place(problem, vehicles, stop + 1, routes, best);
            routes[vehicle].remove(position);
        }
    }
}

fn cost(problem: &Problem, vehicles: &[(usize, usize)], routes: &[Vec<usize>]) -> Option<i64> {
    let route = |(&(vehicle_type, vehicle), stops): (&(usize, usize), &Vec<usize>)| Route {
        vehicle_type,
        vehicle,
        departure_s: problem.vehicle_types()[vehicle_type].earliest_start_s,
        stops: stops.clone(),
        pauses: Vec::new(),
    };
    let routes: Vec<Route> = vehicles
        .iter()
        .zip(routes)
        .filter(|(_, stops)| !stops.is_empty())
        .map(route)
        .collect();
    let planned = |stop: &usize| routes.iter().any(|r| r.stops.contains(stop));
    let unplanned = (0..problem.stops().len()).filter(|s| !planned(s)).collect();
    let mut solution = Solution {
        routes,
        unplanned,
        cost: 0,
    };
    solution.cost = i64::try_from(check(problem, &solution).cost).unwrap();
    check(problem, &solution)
        .is_feasible()
        .then_some(solution.cost)
}

/// The same problem without anything that makes a later departure worth while.
fn without_duration(problem: &Problem) -> Problem {
    let mut vehicles = problem.vehicle_types().to_vec();
    for vehicle in &mut vehicles {
        vehicle.count = 1;
        vehicle.cost_per_second = 0;
        vehicle.max_duration_s = None;
        vehicle.cost_per_distance += 1;
    }
    Problem::new(problem.travel().clone(), vehicles, problem.stops().to_vec()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn tiny_problems_are_solved_to_the_optimum(seed in any::<u64>(), dependent: bool) {
        let problem = without_duration(&random_problem(seed, 5, dependent));
        let solution = search(&problem, 1, 3_000).solution;
        let report = check(&problem, &solution);
        prop_assert_eq!(&report.faults, &vec![]);
        match best_cost(&problem) {
            Some(best) => {
                prop_assert_eq!(&report.unplanned_mandatory, &Vec::<usize>::new());
                prop_assert_eq!(solution.cost, best);
            }
            None => prop_assert!(!report.unplanned_mandatory.is_empty()),
        }
    }
}

#[test]
fn leaving_late_saves_waiting() {
    use routeforce::solver::{StaticProfile, StaticTravel, Stop, TimeWindow, Travel, VehicleType};
    let cells: std::sync::Arc<[u32]> = vec![0, 100, 100, 0].into();
    let profile = StaticProfile {
        durations: cells.clone(),
        distances: cells,
    };
    let travel = Travel::Static(StaticTravel::new(2, vec![profile]).unwrap().into());
    let mut vehicle = VehicleType::at_depot(0, 1, vec![1]);
    vehicle.cost_per_second = 1;
    let mut stop = Stop::at(1, vec![1]);
    stop.windows = vec![TimeWindow {
        open_s: 5_000,
        close_s: 6_000,
    }];
    let problem = Problem::new(travel, vec![vehicle], vec![stop]).unwrap();
    let solution = search(&problem, 1, 5).solution;
    assert_eq!(solution.routes[0].departure_s, 4_900);
    assert_eq!(solution.cost, 200 + 200);
}
