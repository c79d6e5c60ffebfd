//! Reasons and changes against days worked out by hand, and changes against solving again.

mod left_out;
mod random;
mod ties;
mod vehicle;

use crate::solver::draft::Draft;
use crate::solver::search::search;
use routeforce::runtime::Cancel;
use routeforce::solver::Solution;
use routeforce::solver::explain::{ChangeKind, ExplainOptions, LeftOut, explain_left_out};

/// Explains why the search leaves a stop out.
fn why(draft: &Draft, stop: usize) -> LeftOut {
    let problem = draft.problem();
    let solution = search(&problem, 1, 500).solution;
    assert!(solution.unplanned.contains(&stop), "{solution:?}");
    explain(draft, &solution, stop)
}

fn explain(draft: &Draft, solution: &Solution, stop: usize) -> LeftOut {
    let options = ExplainOptions::default();
    let problem = draft.problem();
    let why = explain_left_out(&problem, solution, stop, &options, &Cancel::new());
    why.expect("the stop is left out")
}

/// The verified change.
fn verified(why: &LeftOut) -> ChangeKind {
    let change = why.change.as_ref().expect("some change would help");
    assert!(change.verified, "{why:?}");
    change.kind.clone()
}

/// One van, stops at 100 and 200.
fn two_stops() -> Draft {
    Draft::line(&[0, 100, 200])
}
