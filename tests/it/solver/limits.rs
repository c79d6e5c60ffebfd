//! Limits and cancellation, with room for a busy machine.

use super::random_problem::random_problem;
use rand::Rng;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::solver::check::check;
use routeforce::solver::{
    PlaneTravel, Problem, Rounding, SearchOptions, Stop, TimeWindow, Travel, VehicleType, solve,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

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

/// Problems that take every engine: classic and small, static and large, and with everything.
fn of_every_engine() -> [(&'static str, Problem); 3] {
    [
        ("genetic", spread(60, false)),
        ("compact", spread(6_000, false)),
        ("general", spread(900, true)),
    ]
}

/// Stops scattered over the plane, with two windows each if they are to be for the general engine.
fn spread(stops: usize, several_windows: bool) -> Problem {
    let mut random = random::generator(9, "limits tests: points");
    let mut coordinate = || random.random_range(0.0..10_000.0_f64);
    let points = (0..=stops).map(|_| (coordinate(), coordinate())).collect();
    let window = |open_s| TimeWindow {
        open_s,
        close_s: open_s + 40_000,
    };
    let stop = |place| Stop {
        windows: match several_windows {
            true => vec![window(0), window(50_000)],
            false => Vec::new(),
        },
        ..Stop::at(place, vec![1])
    };
    let travel = Travel::Plane(PlaneTravel::new(points, Rounding::Nearest(1)).into());
    let van = VehicleType {
        cost_per_second: i64::from(several_windows),
        ..VehicleType::at_depot(0, stops, vec![30])
    };
    Problem::new(travel, vec![van], (1..=stops).map(stop).collect()).unwrap()
}

#[test]
fn every_engine_ends_in_time() {
    for (engine, problem) in of_every_engine() {
        let options = SearchOptions {
            time_limit: Duration::from_secs(3),
            ..SearchOptions::default()
        };
        let outcome = solve(&problem, &options, &Cancel::new(), &Progress::silent());
        assert!(outcome.elapsed < Duration::from_secs(5), "{engine}");
        assert!(outcome.iterations > 0, "{engine}");
        assert_eq!(outcome.solution.unplanned, Vec::<usize>::new(), "{engine}");
    }
}

/// Whether tables are being built, first routes made or plans improved.
#[test]
fn every_engine_can_be_cancelled_at_any_time() {
    for (engine, problem) in of_every_engine() {
        for after_ms in [0, 20, 200, 600] {
            let cancel = Cancel::new();
            let switch = cancel.clone();
            let thrown = std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(after_ms));
                switch.cancel();
                Instant::now()
            });
            let options = SearchOptions {
                time_limit: Duration::from_secs(3_600),
                ..SearchOptions::default()
            };
            let outcome = solve(&problem, &options, &cancel, &Progress::silent());
            let waited = thrown.join().unwrap().elapsed();
            // A tenth of a second where nothing else runs.
            assert!(
                waited < Duration::from_secs(2),
                "{engine} at {after_ms} ms: {waited:?}"
            );
            let faults = check(&problem, &outcome.solution).faults;
            assert_eq!(faults, [], "{engine} at {after_ms} ms");
        }
    }
}
