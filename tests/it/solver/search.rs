//! What the search returns keeps every rule, repeats itself and uses its freedom of departure.

use super::random_day::random_day;
use super::random_problem::random_problem;
use proptest::prelude::*;
use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::check::check;
use routeforce::solver::{Problem, SearchOptions, Solution, SolveOutcome, solve};
use std::time::Duration;

pub fn search(problem: &Problem, seed: u64, iterations: u64) -> SolveOutcome {
    let options = SearchOptions {
        time_limit: Duration::from_secs(600),
        seed,
        max_iterations: Some(iterations),
        ..SearchOptions::default()
    };
    solve(problem, &options, &Cancel::new(), &Progress::silent())
}

/// The smallest duration of each route as the checker sees it, over all departures of a minute's
/// grid that keep the rules.
fn departures_are_late(problem: &Problem, solution: &Solution) {
    for route in &solution.routes {
        let only = |departure_s| {
            let mut route = route.clone();
            route.departure_s = departure_s;
            let solution = Solution {
                routes: vec![route],
                ..Solution::default()
            };
            let report = check(problem, &solution);
            let bad = |f: &routeforce::solver::check::Fault| f.route.is_some();
            (!report.faults.iter().any(bad)).then(|| report.routes[0].clone())
        };
        let planned = only(route.departure_s).expect("the route keeps the rules");
        for later_s in [1, 60, 600] {
            let Some(later) = only(route.departure_s + later_s) else {
                continue;
            };
            assert!(
                later.end_s > planned.end_s,
                "leaving later arrives no later: leave later"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn results_keep_every_rule(seed in any::<u64>(), stops in 0_usize..25, dependent: bool) {
        let problem = random_problem(seed, stops, dependent);
        let solution = search(&problem, seed, 60).solution;
        let report = check(&problem, &solution);
        prop_assert_eq!(&report.faults, &vec![]);
        departures_are_late(&problem, &solution);
    }

    #[test]
    fn days_with_everything_keep_every_rule(
        seed in any::<u64>(),
        stops in 1_usize..25,
        dependent: bool,
    ) {
        let problem = random_day(seed, stops, dependent);
        let solution = search(&problem, seed, 60).solution;
        prop_assert_eq!(&check(&problem, &solution).faults, &vec![]);
    }

    #[test]
    fn results_repeat_bit_for_bit(seed in any::<u64>(), dependent: bool) {
        let problem = random_problem(seed, 20, dependent);
        let first = search(&problem, 7, 100);
        let second = search(&problem, 7, 100);
        prop_assert_eq!(first.solution, second.solution);
        prop_assert_eq!(first.iterations, second.iterations);
    }

    #[test]
    fn a_start_is_never_made_worse(seed in any::<u64>(), dependent: bool) {
        let problem = random_problem(seed, 15, dependent);
        let start = search(&problem, 1, 100).solution;
        let options = SearchOptions {
            max_iterations: Some(20),
            initial: Some(start.clone()),
            ..SearchOptions::default()
        };
        let again = solve(&problem, &options, &Cancel::new(), &Progress::silent()).solution;
        prop_assert_eq!(&check(&problem, &again).faults, &vec![]);
        let missing = |solution: &Solution| check(&problem, solution).unplanned_mandatory.len();
        prop_assert!((missing(&again), again.cost) <= (missing(&start), start.cost)
            || missing(&again) < missing(&start));
    }
}

#[test]
fn several_threads_are_at_least_as_good_as_the_first() {
    for seed in 0..5 {
        let problem = random_problem(seed, 30, seed % 2 == 0);
        let alone = search(&problem, 3, 100).solution;
        let options = SearchOptions {
            seed: 3,
            threads: 3,
            max_iterations: Some(100),
            time_limit: Duration::from_secs(600),
            initial: None,
        };
        let together = solve(&problem, &options, &Cancel::new(), &Progress::silent());
        let rank = |solution: &Solution| {
            (
                check(&problem, solution).unplanned_mandatory.len(),
                solution.cost,
            )
        };
        assert!(rank(&together.solution) <= rank(&alone));
        assert_eq!(together.iterations, 300);
    }
}
