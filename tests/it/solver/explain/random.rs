//! Changes of random days against solving again.

use crate::solver::random_day::random_day;
use crate::solver::random_problem::random_problem;
use crate::solver::search::search;
use routeforce::runtime::Cancel;
use routeforce::solver::Problem;
use routeforce::solver::check::check;
use routeforce::solver::explain::{ExplainOptions, TypeReasons, explain_left_out, explain_vehicle};

/// Explains all of a day; how many stops were left out, and for how many a change holds.
fn explained(problem: &Problem, seed: u64) -> (usize, usize) {
    let solution = search(problem, seed, 300).solution;
    let (mut explained, mut changed) = (0, 0);
    let options = ExplainOptions {
        iterations: 100,
        ..ExplainOptions::default()
    };
    for &stop in &solution.unplanned {
        let why = explain_left_out(problem, &solution, stop, &options, &Cancel::new());
        let why = why.expect("the stop is left out");
        explained += 1;
        let has_reasons = |t: &TypeReasons| {
            let count = problem.vehicle_types()[t.vehicle_type].count;
            count == 0 || !t.shortages.is_empty()
        };
        assert!(why.types.iter().all(has_reasons), "{why:?}");
        changed += usize::from(why.change.is_some_and(|change| change.verified));
    }
    let cost = check(problem, &solution).cost;
    for stop in solution.routes.iter().flat_map(|r| &r.stops) {
        let why = explain_vehicle(problem, &solution, *stop).expect("the stop is planned");
        assert!(why.cost <= cost);
    }
    (explained, changed)
}

#[test]
fn changes_of_random_days_hold() {
    for day in [random_problem, random_day] {
        let (mut all, mut held) = (0, 0);
        for seed in 0..15 {
            let (explained, changed) = explained(&day(seed, 12, seed % 2 == 0), seed);
            all += explained;
            held += changed;
        }
        assert!(all > 20, "only {all} stops were left out");
        assert!(2 * held > all, "{held} of {all} changes hold");
    }
}
