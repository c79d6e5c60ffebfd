//! Every feature of the model has a small instance where ignoring it changes the answer.

mod breaks;
mod driven;
mod fleet;
mod groups;
mod limits;
mod loads;
mod objective;
mod shipments;
mod stops;
mod trips;

use super::brute_force::{optimum, rank};
use super::draft::{Draft, plan};
use super::search::search;
use routeforce::solver::check::check;
use routeforce::solver::{Problem, Solution};

/// Iterations that are plenty for a handful of stops.
const ITERATIONS: u64 = 2_000;

/// Solves the problem, and again without the feature. Both answers must be the best there is, and
/// the feature must make a difference: the best plan without it is not as good, or not allowed, or
/// costs something else. Tells the plan with the feature.
///
/// `departures` are seconds to depart at that the best of all plans may need.
fn matters(with: &Draft, departures: &[i64], ignore: impl FnOnce(&mut Draft)) -> Solution {
    let (kept, ignored) = (with.problem(), with.with(ignore).problem());
    let best = optimum(&kept, departures).expect("there is a plan that keeps the rules");
    let blind = optimum(&ignored, departures);
    if let Some(blind) = &blind {
        let judged = plan(&kept, blind.routes.clone());
        let is_worse = rank(&kept, &judged) > rank(&kept, &best);
        let is_allowed = check(&kept, &judged).is_feasible();
        assert!(
            !is_allowed || is_worse || blind.cost != best.cost,
            "ignoring the feature changes nothing: {best:?}"
        );
        solved(&ignored, blind);
    }
    solved(&kept, &best)
}

/// What the search finds, which must be as good as the best.
fn solved(problem: &Problem, best: &Solution) -> Solution {
    let found = search(problem, 1, ITERATIONS).solution;
    let report = check(problem, &found);
    let (faults, missing) = (&report.faults, &report.unplanned_mandatory);
    assert!(
        report.is_feasible(),
        "{found:?}: {faults:?}, without {missing:?}"
    );
    assert_eq!(
        rank(problem, &found),
        rank(problem, best),
        "{found:?} is not {best:?}"
    );
    found
}

/// The stops of each route, for plans of which the order is known.
fn stops(solution: &Solution) -> Vec<Vec<usize>> {
    solution.routes.iter().map(|r| r.stops.clone()).collect()
}
