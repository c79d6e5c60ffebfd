//! The schedule and the cost, part by part, against figures worked out by hand.

use crate::solver::draft::{Draft, paused, plan, route};
use rand_distr::{Distribution, StandardNormal};
use routeforce::solver::check::{Activity, CostParts, check};
use routeforce::solver::{
    Break, Due, Objective, Overtime, PauseKind, Reload, TimeWindow, Travel, VehicleType,
};

/// A day with everything: out to 100, reload at the depot, wait for goods, lunch, out to 200.
fn full_day() -> Draft {
    Draft::line(&[0, 100, 200]).with(|d| {
        d.vehicles[0] = VehicleType {
            fixed_cost: 1_000_000,
            cost_per_distance: 2,
            cost_per_second: 3,
            cost_per_driving_second: 5,
            cost_per_waiting_second: 7,
            overtime: Some(Overtime {
                after_s: 700,
                cost_per_second: 11,
            }),
            reloads: vec![Reload {
                place: 0,
                duration_s: 20,
                windows: vec![],
            }],
            breaks: vec![Break {
                windows: vec![TimeWindow {
                    open_s: 300,
                    close_s: 400,
                }],
                duration_s: 40,
                always: true,
            }],
            ..d.vehicles[0].clone()
        };
        d.stops[0].service_s = 10;
        d.stops[0].pickup = vec![3];
        d.stops[1].demand = vec![4];
        d.stops[1].release_s = 250;
        d.stops[1].due = Some(Due {
            by_s: 500,
            cost_per_second: 13,
        });
        d.stops[1].cost_by_type = vec![17];
    })
}

#[test]
fn every_second_unit_and_part_of_the_cost_is_told() {
    let problem = full_day().problem();
    let pauses = [(1, PauseKind::Reload(0)), (1, PauseKind::Break(0))];
    let report = check(
        &problem,
        &plan(&problem, vec![paused(route(0, 0, &[0, 1]), &pauses)]),
    );
    assert!(report.is_feasible(), "{:?}", report.faults);
    assert_eq!(report.vehicles, 1);
    let day = &report.routes[0];
    let told: Vec<_> = day
        .activities
        .iter()
        .map(|a| {
            (
                a.arrival_s,
                a.start_s,
                a.end_s,
                a.free_s,
                a.waiting_s,
                a.load[0],
            )
        })
        .collect();
    assert_eq!(day.load, [1]);
    assert_eq!(
        told,
        [
            (100, 100, 110, 110, 0, 3),
            // Reloads from 210 to 230, then waits for the goods until 250.
            (210, 210, 230, 250, 20, 4),
            // Lunch is served from 300 on.
            (250, 300, 340, 340, 50, 4),
            (540, 540, 540, 540, 0, 0),
        ]
    );
    assert_eq!(day.activities[3].activity, Activity::Stop(1));
    assert_eq!(
        day.last_leg.map(|l| (l.departure_s, l.driving_s)),
        Some((540, 200))
    );
    assert_eq!((day.end_s, day.distance, day.driving_s), (740, 600, 600));
    assert_eq!(day.waiting_s, 70);
    let parts = CostParts {
        fixed: 1_000_000,
        distance: 2 * 600,
        duration: 3 * 740,
        driving: 5 * 600,
        waiting: 7 * 70,
        overtime: 11 * 40,
        lateness: 13 * 40,
        p90_lateness: 0,
        expected_lateness: 0,
        by_type: 17,
    };
    assert_eq!(day.costs, parts);
    assert_eq!(report.cost, parts.total());
}

#[test]
fn open_routes_start_at_their_first_and_end_after_their_last_stop() {
    let open = full_day().with(|d| {
        d.vehicles[0] = VehicleType {
            start: None,
            end: None,
            ..VehicleType::at_depot(0, 1, vec![10])
        };
        d.stops[1].release_s = 0;
    });
    let report = check(
        &open.problem(),
        &plan(&open.problem(), vec![route(0, 5, &[0, 1])]),
    );
    let day = &report.routes[0];
    assert_eq!(day.activities[0].arrival_s, 5);
    assert_eq!(day.activities[0].leg, None);
    assert_eq!((day.end_s, day.distance, day.last_leg), (115, 100, None));
}

/// Place 0 to 1 takes 100 s and 150 s at its 90 % quantile.
fn uncertain() -> Draft {
    use routeforce::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
    let axis = SliceAxis {
        origin: chrono::DateTime::UNIX_EPOCH,
        time_zone: chrono_tz::UTC,
        slice_s: 900,
        slices: 1,
    };
    let profile = ProfileCosts {
        name: "van".into(),
        mean_s: vec![0, 100, 200, 100, 0, 100, 200, 100, 0],
        p90_s: vec![0, 150, 290, 150, 0, 160, 290, 160, 0],
        distance_m: vec![0; 9],
    };
    let tensor = CostTensor::new(axis, 3, vec![profile], 0.3).unwrap();
    Draft::line(&[0, 100, 200]).with(|d| {
        d.travel = Travel::Tensor(tensor.into());
        d.rules.objective.p90_lateness_cost_per_second = 3;
    })
}

#[test]
fn p90_lateness_walks_with_every_leg_slow() {
    let draft = uncertain().with(|d| {
        d.stops[0].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 140,
        }];
        d.stops[1].due = Some(Due {
            by_s: 250,
            cost_per_second: 100,
        });
    });
    let report = check(
        &draft.problem(),
        &plan(&draft.problem(), vec![route(0, 0, &[0, 1])]),
    );
    assert!(report.is_feasible());
    // At 150 instead of 140, and at 310 instead of 250.
    assert_eq!(report.routes[0].costs.p90_lateness, 3 * (10 + 60));
    assert_eq!(report.routes[0].costs.lateness, 0);
}

/// The expected lateness against 200,000 drives with normal legs, those of the hour correlated, and
/// normal service.
#[test]
fn expected_lateness_is_that_of_random_drives() {
    for service_sd_s in [0, 25] {
        expects_what_is_drawn(service_sd_s);
    }
}

fn expects_what_is_drawn(service_sd_s: i64) {
    const RATE: i64 = 1_000;
    let draft = uncertain().with(|d| {
        d.rules.objective = Objective {
            expected_lateness_cost_per_second: RATE,
            ..Objective::default()
        };
        d.stops[0].windows = vec![TimeWindow {
            open_s: 90,
            close_s: 120,
        }];
        d.stops[0].service_s = 10;
        d.stops[0].service_sd_ms = 1_000 * service_sd_s;
        d.stops[1].windows = vec![TimeWindow {
            open_s: 0,
            close_s: 230,
        }];
    });
    let report = check(
        &draft.problem(),
        &plan(&draft.problem(), vec![route(0, 0, &[0, 1])]),
    );
    let z90 = 1.281_551_565_544_6;
    let mut random = routeforce::runtime::random::generator(4, "test drives");
    let mut late_s = 0.0;
    const DRIVES: usize = 200_000;
    for _ in 0..DRIVES {
        let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
        let shared = normal();
        let mut leg = |mean: f64, p90: f64| {
            mean + (p90 - mean) / z90 * (0.3_f64.sqrt() * shared + 0.7_f64.sqrt() * normal())
        };
        let arrival = leg(100.0, 150.0);
        late_s += (arrival - 120.0).max(0.0);
        let drive = leg(100.0, 160.0);
        let second = arrival.max(90.0) + 10.0 + service_sd_s as f64 * normal() + drive;
        late_s += (second - 230.0).max(0.0);
    }
    let (found, drawn) = (
        report.routes[0].costs.expected_lateness as f64 / RATE as f64,
        late_s / DRIVES as f64,
    );
    assert!((found - drawn).abs() < 0.05 * drawn, "{found} {drawn}");
}
