//! Limits and cancellation, with room for a busy machine.

use super::random_problem::random_problem;
use routeforce::runtime::{Cancel, Progress};
use routeforce::solver::check::check;
use routeforce::solver::{SearchOptions, solve};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[test]
fn the_time_limit_ends_the_search() {
    let problem = random_problem(1, 40, true);
    let options = SearchOptions {
        time_limit: Duration::from_millis(300),
        threads: 2,
        ..SearchOptions::default()
    };
    let outcome = solve(&problem, &options, &Cancel::new(), &Progress::silent());
    assert!(outcome.elapsed >= Duration::from_millis(300));
    assert!(outcome.iterations > 0);
    assert_eq!(check(&problem, &outcome.solution).faults, []);
}

#[test]
fn cancelling_ends_the_search_with_what_it_has() {
    let problem = random_problem(2, 40, false);
    let cancel = Cancel::new();
    let switch = cancel.clone();
    // Thrown from within, so that no clock is needed.
    let reports = Arc::new(AtomicU64::new(0));
    let seen = reports.clone();
    let progress = Progress::to(move |_| {
        seen.fetch_add(1, Ordering::Relaxed);
        switch.cancel();
    });
    let options = SearchOptions {
        time_limit: Duration::from_secs(3_600),
        ..SearchOptions::default()
    };
    let outcome = solve(&problem, &options, &cancel, &progress);
    assert_eq!(reports.load(Ordering::Relaxed), 1);
    assert_eq!(check(&problem, &outcome.solution).faults, []);
}

#[test]
fn a_search_cancelled_before_it_starts_leaves_all_out() {
    let problem = random_problem(3, 10, false);
    let cancel = Cancel::new();
    cancel.cancel();
    let outcome = solve(
        &problem,
        &SearchOptions::default(),
        &cancel,
        &Progress::silent(),
    );
    assert_eq!(outcome.solution.unplanned.len(), 10);
    assert_eq!(check(&problem, &outcome.solution).faults, []);
}
