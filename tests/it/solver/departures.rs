//! When routes leave: never dearer than at any other second, and with slack where that is asked for.

use super::draft::{Draft, faults, plan, restate, route};
use super::random_problem::random_problem;
use proptest::prelude::*;
use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::check::check;
use routeforce::solver::{
    Problem, SearchOptions, Solution, TimeWindow, departure_with_slack_s, solve,
};

/// Seconds that a route may last longer.
const LONGER_S: i64 = 60;

/// What is looked through.
const DAY_S: i64 = 86_400;

fn solved(problem: &Problem, seed: u64) -> Solution {
    let options = SearchOptions {
        seed,
        max_iterations: Some(50),
        ..SearchOptions::default()
    };
    solve(problem, &options, &Cancel::new(), &Progress::silent()).solution
}

fn leaving(problem: &Problem, solution: &Solution, route: usize, departure_s: i64) -> Solution {
    let mut changed = solution.clone();
    changed.routes[route].departure_s = departure_s;
    restate(problem, changed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// However the day's travel times go up and down; but every leg is rounded to seconds.
    #[test]
    fn no_other_departure_is_cheaper(seed in any::<u64>(), step_s in 40_i64..90) {
        let problem = random_problem(seed, 7, true);
        let solution = solved(&problem, seed);
        for (k, route) in solution.routes.iter().enumerate() {
            let vehicle = &problem.vehicle_types()[route.vehicle_type];
            let overtime = vehicle.overtime.map_or(0, |o| o.cost_per_second);
            let rounding = (route.stops.len() as i64 + 1) * (vehicle.cost_per_second + overtime);
            let mut departure_s = vehicle.earliest_start_s;
            let last_s = vehicle.latest_start_s.min(vehicle.earliest_start_s + DAY_S);
            while departure_s <= last_s {
                let other = leaving(&problem, &solution, k, departure_s);
                if faults(&problem, &other).is_empty() {
                    prop_assert!(other.cost + rounding >= solution.cost, "{departure_s} for {route:?}");
                }
                departure_s += step_s;
            }
        }
    }

    #[test]
    fn slack_is_earlier_keeps_every_rule_and_costs_little(seed in any::<u64>(), day in any::<bool>()) {
        let problem = random_problem(seed, 7, day);
        let solution = solved(&problem, seed);
        for (k, route) in solution.routes.iter().enumerate() {
            let vehicle = &problem.vehicle_types()[route.vehicle_type];
            let departure_s = departure_with_slack_s(&problem, route, LONGER_S);
            prop_assert!(departure_s <= route.departure_s);
            let early = leaving(&problem, &solution, k, departure_s);
            prop_assert_eq!(check(&problem, &early).faults, vec![]);
            let overtime = vehicle.overtime.map_or(0, |o| o.cost_per_second);
            let most = LONGER_S * (vehicle.cost_per_second + overtime);
            prop_assert!(early.cost <= solution.cost + most, "{} {}", early.cost, solution.cost);
        }
    }
}

/// Within the window the latest departure hangs on its last second, the one with slack on none.
#[test]
fn slack_is_the_width_of_the_window_and_what_may_be_waited() {
    let draft = Draft::line(&[0, 100]).with(|d| {
        d.vehicles[0].cost_per_second = 1;
        d.stops[0].windows = vec![TimeWindow {
            open_s: 1_000,
            close_s: 2_000,
        }];
    });
    let problem = draft.problem();
    let found = plan(&problem, vec![route(0, 1_900, &[0])]);
    assert_eq!(faults(&problem, &found), vec![]);
    let slack = |longer_s| departure_with_slack_s(&problem, &found.routes[0], longer_s);
    assert_eq!(slack(0), 900);
    assert_eq!(slack(LONGER_S), 840);
    let unpriced = draft.with(|d| d.vehicles[0].cost_per_second = 0).problem();
    let kept = departure_with_slack_s(&unpriced, &found.routes[0], LONGER_S);
    assert_eq!(kept, 1_900);
}
