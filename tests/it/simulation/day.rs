//! Played days: recomputed by hand, and their books balance on simulated days.

use super::plans::{at, date, kg, plan, plan_of, small_fleet, stop};
use super::{small_options, small_world};
use chrono::{DateTime, TimeDelta, Utc};
use routeforce::domain::LatLon;
use routeforce::domain::day_record::{DayRecord, StopOutcome};
use routeforce::domain::forecast::Quantiles;
use routeforce::domain::plan::Plan;
use routeforce::domain::stop::StopOrigin;
use routeforce::simulation::{
    DayEvent, DayTruth, PlayOptions, TravelTruth, World, in_time_order, play, play_in_detail,
};

/// Every leg takes 20 minutes and 10 km.
struct Even;

impl TravelTruth for Even {
    fn duration_s(&self, _: LatLon, _: LatLon, _: DateTime<Utc>, _: &str) -> f64 {
        1_200.0
    }

    fn distance_m(&self, _: LatLon, _: LatLon, _: DateTime<Utc>, _: &str) -> f64 {
        10_000.0
    }
}

/// Four stops of a van that leaves at 8: an early one that has to wait, one that is only expected,
/// one whose window is missed, one without a window.
fn hand_made() -> Plan {
    let mut stops = vec![
        stop("wait", 0.1, 20.0, Some((9, 10))),
        stop("expected", 0.2, 30.0, None),
        stop("late", 0.3, 10.0, Some((8, 9))),
        stop("free", 0.4, 10.0, None),
    ];
    stops[1].origin = StopOrigin::Forecast;
    let even = |_: LatLon, _: LatLon, _: DateTime<Utc>, _: &str| {
        (
            Quantiles {
                p10: 800.0,
                p50: 900.0,
                p90: 1_100.0,
                mean: 900.0,
            },
            9_000.0,
        )
    };
    plan(
        date(),
        "UTC",
        small_fleet(),
        stops,
        &[vec![0, 1, 2, 3]],
        at(8, 0),
        &even,
    )
}

fn orders(plan: &Plan, sites: &[(&str, f64, bool)]) -> DayTruth {
    let mut truth = DayTruth::of_stops(date(), at(0, 0), &plan.stops);
    truth.orders.retain_mut(|order| {
        let found = sites
            .iter()
            .find(|(site, ..)| order.site_id == format!("site-{site}"));
        found.is_some_and(|(_, amount, known)| {
            order.quantities = kg(*amount);
            order.known = *known;
            true
        })
    });
    truth
}

/// A driver who is slower than the plan says takes longer at every stop; one of whom nothing is
/// known serves as planned.
#[test]
fn drivers_serve_as_they_really_do() {
    let mut plan = hand_made();
    let mut truth = orders(&plan, &[("wait", 20.0, true), ("free", 60.0, true)]);
    let served = |plan: &Plan, truth: &DayTruth| -> Vec<i64> {
        let day = play_in_detail(plan, truth, &Even, &PlayOptions::default()).unwrap();
        let events = day.record.routes[0].events.iter();
        let took = events.map(|e| (e.departed_at - e.service_started_at).num_seconds());
        let took: Vec<i64> = took.collect();
        assert_eq!(
            day.record.routes[0].service_s,
            took.iter().sum::<i64>() as u64
        );
        took
    };
    assert_eq!(served(&plan, &truth), [600; 3]);
    plan.fleet.vehicles[0].service_factor = Some(0.9);
    assert_eq!(served(&plan, &truth), [540; 3]);
    let vehicle = plan.fleet.vehicles[0].id.clone();
    truth.service_factors.insert(vehicle, 1.25);
    assert_eq!(served(&plan, &truth), [750; 3]);
}

#[test]
fn a_day_by_hand() {
    let plan = hand_made();
    let truth = orders(
        &plan,
        &[
            ("wait", 20.0, true),
            ("late", 10.0, true),
            ("free", 60.0, true),
        ],
    );
    let day = play_in_detail(&plan, &truth, &Even, &PlayOptions::default()).unwrap();
    assert_eq!(day.dropped_stops, ["expected"]);
    let route = &day.record.routes[0];
    let seen: Vec<_> = route
        .events
        .iter()
        .map(|e| {
            (
                e.stop_id.as_str(),
                e.arrived_at,
                e.service_started_at,
                e.departed_at,
                e.late_s,
                e.outcome,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (
                "wait",
                at(8, 20),
                at(9, 0),
                at(9, 10),
                0,
                StopOutcome::Served
            ),
            (
                "late",
                at(9, 30),
                at(9, 30),
                at(9, 40),
                1_800,
                StopOutcome::Served
            ),
            (
                "free",
                at(10, 0),
                at(10, 0),
                at(10, 10),
                0,
                StopOutcome::ServedInPart
            ),
        ]
    );
    // 70 kg are loaded; 20 and 10 are gone, 40 of 60 are left for the last stop.
    assert_eq!(route.events[2].delivered, kg(40.0));
    assert_eq!(route.end, at(10, 30));
    assert_eq!(
        (
            route.distance_m,
            route.driving_s,
            route.waiting_s,
            route.service_s,
            route.overtime_s
        ),
        (40_000, 4_800, 2_400, 1_800, 0)
    );
    let cost = day.record.cost;
    assert!((cost.fixed - 50.0).abs() < 1e-9 && (cost.distance - 20.0).abs() < 1e-9);
    assert!((cost.duration - 75.0).abs() < 1e-9, "{cost:?}");
    assert!((cost.unplanned - 40.0 / 3.0).abs() < 1e-9, "{cost:?}");
    assert_eq!(day.unserved.len(), 1);
    assert!((day.unserved[0].missing_share - 1.0 / 3.0).abs() < 1e-9);
}

#[test]
fn a_late_order_is_served_at_its_expected_stop_and_never_at_others_expense() {
    let plan = hand_made();
    let truth = orders(
        &plan,
        &[
            ("wait", 20.0, true),
            ("expected", 90.0, false),
            ("late", 10.0, true),
            ("free", 10.0, true),
        ],
    );
    let day = play_in_detail(&plan, &truth, &Even, &PlayOptions::default()).unwrap();
    let events = &day.record.routes[0].events;
    assert_eq!(events.len(), 4);
    assert_eq!(events[1].outcome, StopOutcome::ServedInPart);
    assert_eq!(events[1].delivered, kg(30.0));
    assert!(
        events
            .iter()
            .filter(|e| e.stop_id != "expected")
            .all(|e| e.outcome == StopOutcome::Served)
    );
}

#[test]
fn orders_without_a_stop_cost_their_penalty() {
    let mut plan = hand_made();
    let truth = orders(
        &plan,
        &[
            ("wait", 20.0, true),
            ("expected", 30.0, false),
            ("late", 10.0, true),
            ("free", 10.0, true),
        ],
    );
    // A planner who expects nothing and leaves one order out.
    plan.stops.retain(|s| s.id != "expected");
    plan.routes[0]
        .visits
        .retain(|v| v.stop_id == "wait" || v.stop_id == "late");
    let day = play_in_detail(&plan, &truth, &Even, &PlayOptions::default()).unwrap();
    let sites: Vec<&str> = day.unserved.iter().map(|u| u.site_id.as_str()).collect();
    assert_eq!(sites, ["site-free", "site-expected"]);
    assert!((day.record.cost.unplanned - 80.0).abs() < 1e-9);
}

#[test]
fn a_route_of_expected_stops_that_nobody_ordered_is_not_driven() {
    let mut plan = hand_made();
    for stop in &mut plan.stops {
        stop.origin = StopOrigin::Forecast;
    }
    let day = play_in_detail(&plan, &orders(&plan, &[]), &Even, &PlayOptions::default()).unwrap();
    assert_eq!(day.dropped_stops.len(), 4);
    assert_eq!(day.record.cost.total(), 0.0);
    assert!(day.record.positions.is_empty());
    assert_eq!(in_time_order(&day.record).count(), 0);
}

#[test]
fn a_plan_that_names_unknown_things_is_refused() {
    let mut plan = hand_made();
    plan.routes[0].visits[0].stop_id = "nobody".into();
    let error = play(&plan, &orders(&plan, &[]), &Even, &PlayOptions::default()).unwrap_err();
    assert!(error.to_string().contains("`nobody`"), "{error}");
    plan = hand_made();
    plan.time_zone = "Europe/Atlantis".into();
    let error = play(&plan, &orders(&plan, &[]), &Even, &PlayOptions::default()).unwrap_err();
    assert!(error.to_string().contains("Europe/Atlantis"), "{error}");
}

fn simulated(seed: u64) -> (World, Plan, DayRecord) {
    let world = World::new(
        seed,
        routeforce::simulation::WorldOptions {
            sites: 40,
            ..small_options()
        },
    )
    .unwrap();
    let truth = world.day_truth(world.planning_date());
    let plan = plan_of(&world, truth.all_stops());
    let day = play(&plan, &truth, &world, &PlayOptions::default()).unwrap();
    (world, plan, day)
}

#[test]
fn books_balance_on_simulated_days() {
    for seed in 0..6 {
        let (_, plan, day) = simulated(seed);
        let mut total = 0.0;
        for route in &day.routes {
            let spent = route.driving_s + route.waiting_s + route.service_s;
            assert_eq!(
                (route.end - route.departure).num_seconds() as u64,
                spent,
                "seed {seed}"
            );
            let vehicle = plan
                .fleet
                .vehicles
                .iter()
                .find(|v| v.id == route.vehicle_id)
                .unwrap();
            let hours = spent as f64 / 3_600.0;
            let cost = vehicle.fixed_cost
                + vehicle.cost_per_km * route.distance_m as f64 / 1_000.0
                + vehicle.cost_per_hour * hours;
            assert!((cost + route.cost.unplanned - route.cost.total()).abs() < 0.01);
            total += route.cost.total();
            for pair in route.events.windows(2) {
                assert!(pair[0].departed_at <= pair[1].arrived_at);
            }
        }
        assert!((day.cost.total() - total).abs() < 1e-6);
        assert_eq!(day.routes.len(), plan.routes.len());
    }
}

#[test]
fn positions_are_on_the_way_and_evenly_spaced() {
    let (_, _, day) = simulated(2);
    for route in &day.routes {
        let fixes: Vec<_> = day
            .positions
            .iter()
            .filter(|p| p.vehicle_id == route.vehicle_id)
            .collect();
        assert_eq!(fixes[0].ts, route.departure);
        assert_eq!(fixes[fixes.len() - 1].ts, route.end);
        for pair in fixes.windows(2) {
            let seconds = (pair[1].ts - pair[0].ts).num_seconds();
            assert!((0..=60).contains(&seconds), "{seconds}");
            let metres = pair[0].place.great_circle_m(pair[1].place);
            assert!(
                metres <= 30.0 * seconds as f64 + 1.0,
                "{metres} m in {seconds} s"
            );
        }
        for event in &route.events {
            assert!(
                fixes
                    .iter()
                    .any(|p| p.ts == event.arrived_at && p.speed_kmh == 0.0)
            );
        }
    }
}

#[test]
fn the_stream_is_in_time_order_and_complete() {
    let (_, _, day) = simulated(3);
    let events: Vec<DayEvent<'_>> = in_time_order(&day).collect();
    assert!(events.is_sorted_by_key(DayEvent::at));
    let stops: usize = day.routes.iter().map(|r| r.events.len()).sum();
    let count = |wanted: fn(&DayEvent<'_>) -> bool| events.iter().filter(|e| wanted(e)).count();
    assert_eq!(count(|e| matches!(e, DayEvent::Arrived(..))), stops);
    assert_eq!(count(|e| matches!(e, DayEvent::Left(..))), stops);
    assert_eq!(
        count(|e| matches!(e, DayEvent::Position(_))),
        day.positions.len()
    );
    assert_eq!(
        count(|e| matches!(e, DayEvent::Finished(_))),
        day.routes.len()
    );
}

#[test]
fn the_same_day_is_played_the_same() {
    let (world, plan, day) = simulated(4);
    let truth = small_world(4).day_truth(world.planning_date());
    assert_eq!(truth.date, world.planning_date());
    let again = play(
        &plan,
        &world.day_truth(world.planning_date()),
        &world,
        &PlayOptions::default(),
    )
    .unwrap();
    assert_eq!(day, again);
}

#[test]
fn a_shift_over_midnight_has_no_overtime_before_the_next_day() {
    let mut plan = hand_made();
    plan.fleet.vehicles[0].shift_end = chrono::NaiveTime::from_hms_opt(6, 0, 0).unwrap();
    plan.routes[0].departure = at(23, 0);
    let truth = DayTruth::of_stops(date(), at(0, 0), &plan.stops[3..]);
    for stop in &mut plan.stops {
        stop.windows.clear();
    }
    let day = play(&plan, &truth, &Even, &PlayOptions::default()).unwrap();
    assert_eq!(day.routes[0].overtime_s, 0);
    plan.routes[0].departure = at(23, 0) + TimeDelta::hours(6);
    let day = play(&plan, &truth, &Even, &PlayOptions::default()).unwrap();
    // Three ordered stops: 4 legs of 20 min and 3 services of 10 min from 5 o'clock on.
    assert_eq!(day.routes[0].overtime_s, 50 * 60);
}
