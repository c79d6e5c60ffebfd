//! Alerts: each rule on a hand-made case, and false alarms on clean simulated days.

use super::plans::{at, date, kg, learned, plan, plan_of, small_fleet, stop};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use rand::SeedableRng;
use routeforce::anomaly::{
    Leg, Observed, Settings, detect, observed_legs, of_day, of_day_with_legs,
};
use routeforce::domain::LatLon;
use routeforce::domain::alert::{Alert, AlertKind, Severity};
use routeforce::domain::day_record::{DayRecord, DrivenRoute, StopEvent, StopOutcome};
use routeforce::domain::forecast::{DemandForecast, Quantiles};
use routeforce::domain::plan::{CostParts, Plan};
use routeforce::simulation::{PlayOptions, World, WorldOptions, play};
use std::collections::{BTreeMap, HashSet};

fn example() -> Plan {
    let stops = vec![
        stop("a", 0.1, 20.0, None),
        stop("b", 0.2, 30.0, Some((8, 9))),
        stop("c", 0.3, 10.0, Some((8, 11))),
    ];
    let even = |_: LatLon, _: LatLon, _, _: &str| {
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
        &[vec![0, 1, 2]],
        at(8, 0),
        &even,
    )
}

/// The example driven up to its first stop, reached at a time.
fn driven(plan: &Plan, arrived_at: DateTime<Utc>) -> DayRecord {
    let departed_at = arrived_at + TimeDelta::minutes(10);
    let event = StopEvent {
        stop_id: "a".into(),
        arrived_at,
        service_started_at: arrived_at,
        departed_at,
        late_s: 0,
        delivered: kg(20.0),
        outcome: StopOutcome::Served,
    };
    let route = DrivenRoute {
        vehicle_id: "van-1".into(),
        departure: at(8, 0),
        end: departed_at,
        events: vec![event],
        distance_m: 9_000,
        driving_s: (arrived_at - at(8, 0)).num_seconds() as u64,
        waiting_s: 0,
        service_s: 600,
        overtime_s: 0,
        cost: CostParts::default(),
    };
    DayRecord {
        plan_id: plan.id,
        date: plan.date,
        routes: vec![route],
        cost: CostParts::default(),
        positions: Vec::new(),
    }
}

fn found(plan: &Plan, day: &DayRecord) -> Vec<Alert> {
    of_day(plan, day, &[], &BTreeMap::new())
}

#[test]
fn a_delay_that_spreads_is_raised_once_with_its_cause() {
    let plan = example();
    assert_eq!(found(&plan, &driven(&plan, at(8, 16))), []);
    // Leaves a at 8:50 instead of 8:25; 15 minutes to b, which closes at 9:00: 5 minutes late.
    let alerts = found(&plan, &driven(&plan, at(8, 40)));
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    let alert = &alerts[0];
    assert_eq!(
        (alert.kind, alert.owner.as_str(), alert.subject.as_str()),
        (AlertKind::LateRisk, "dispatcher", "van-1")
    );
    assert_eq!(alert.detected_at, at(8, 50));
    assert!(
        alert.cause.contains("leg to a") && alert.cause.contains("25 min"),
        "{}",
        alert.cause
    );
    assert!(
        alert.consequence.contains("b by 5 min"),
        "{}",
        alert.consequence
    );
    assert!(alert.p_value < 0.05);
    assert_eq!(alerts, found(&plan, &driven(&plan, at(8, 40))));
}

#[test]
fn what_has_not_happened_yet_is_not_known() {
    let plan = example();
    let day = driven(&plan, at(8, 40));
    let empty = BTreeMap::new();
    let observed = Observed {
        plan: &plan,
        day: Some(&day),
        now: at(8, 45),
        forecasts: &[],
        realised: &empty,
        legs: &[],
    };
    assert_eq!(detect(&observed, &Settings::default()), []);
    assert_eq!(
        detect(
            &Observed {
                now: at(8, 51),
                ..observed
            },
            &Settings::default()
        )
        .len(),
        1
    );
}

#[test]
fn a_risky_plan_is_raised_before_anything_is_driven() {
    let mut plan = example();
    plan.routes[0].visits[1].late_probability = 0.8;
    let empty = BTreeMap::new();
    let observed = Observed {
        plan: &plan,
        day: None,
        now: at(7, 0),
        forecasts: &[],
        realised: &empty,
        legs: &[],
    };
    let alerts = detect(&observed, &Settings::default());
    assert_eq!(alerts.len(), 1);
    assert_eq!(
        (alerts[0].owner.as_str(), alerts[0].severity),
        ("planner", Severity::Warning)
    );
    assert!(
        alerts[0].what.contains("b is the worst with 80 %"),
        "{}",
        alerts[0].what
    );
}

/// 100 series with an interval of 100 ± 20 and what came of a normal day.
fn demand(seed: u64) -> (Vec<DemandForecast>, BTreeMap<String, f64>) {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let quantiles = Quantiles {
        p10: 80.0,
        p50: 100.0,
        p90: 120.0,
        mean: 100.0,
    };
    let mut realised = BTreeMap::new();
    let forecasts = (0..100).map(|n| {
        let series_id = format!("S{n:03}");
        // Twelve uniform draws make a normal one.
        let normal = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        realised.insert(series_id.clone(), 100.0 + normal * 20.0 / 1.281_55);
        DemandForecast {
            series_id,
            ts: date().and_hms_opt(0, 0, 0).unwrap(),
            quantiles,
        }
    });
    (forecasts.collect(), realised)
}

fn demand_alerts(forecasts: &[DemandForecast], realised: &BTreeMap<String, f64>) -> Vec<Alert> {
    let plan = example();
    let day = driven(&plan, at(8, 15));
    let mut alerts = of_day(&plan, &day, forecasts, realised);
    alerts.retain(|a| a.kind == AlertKind::DemandOffPattern);
    alerts
}

#[test]
fn demand_far_off_is_raised_and_ordinary_demand_seldom() {
    let mut false_alarms = 0;
    let days = 60;
    for seed in 0..days {
        let (forecasts, mut realised) = demand(seed);
        false_alarms += demand_alerts(&forecasts, &realised).len();
        realised.insert("S017".into(), 260.0);
        let alerts = demand_alerts(&forecasts, &realised);
        assert!(
            alerts
                .iter()
                .any(|a| a.subject == "S017" && a.what.contains("260")),
            "seed {seed}"
        );
    }
    let per_day = false_alarms as f64 / days as f64;
    assert!(
        per_day <= Settings::default().false_alarms_per_day,
        "{per_day}"
    );
}

#[test]
fn a_day_on_which_everybody_orders_more_is_raised_as_one() {
    let (forecasts, mut realised) = demand(5);
    for amount in realised.values_mut() {
        *amount += 18.0;
    }
    let alerts = demand_alerts(&forecasts, &realised);
    assert!(
        alerts
            .iter()
            .any(|a| a.subject == "all series" && a.what.contains("above")),
        "{alerts:?}"
    );
}

fn played(seed: u64, incidents: bool) -> (Plan, DayRecord, Vec<Leg>) {
    let options = WorldOptions {
        sites: 120,
        vehicles: 12,
        incidents,
        ..super::small_options()
    };
    let world = World::new(seed, options).unwrap();
    let truth = world.day_truth(world.planning_date());
    let plan = plan_of(&world, truth.all_stops());
    let day = play(&plan, &truth, &world, &PlayOptions::default()).unwrap();
    let legs = observed_legs(&plan, &day, |leg| {
        Some(learned(&world, leg.from, leg.to, leg.depart, &leg.profile).0)
    });
    (plan, day, legs)
}

#[test]
fn legs_are_those_that_were_driven() {
    let (_, day, legs) = played(1, true);
    let driven: u64 = day.routes.iter().map(|r| r.driving_s).sum();
    let seconds: f64 = legs.iter().map(|l| l.duration_s).sum();
    assert_eq!(seconds.round() as u64, driven);
}

#[test]
fn days_with_incidents_raise_travel_times_and_clean_days_seldom() {
    let (mut real, mut false_alarms) = (0, 0);
    let days = 8;
    for seed in 0..days {
        for incidents in [true, false] {
            let (plan, day, legs) = played(seed, incidents);
            let alerts = of_day_with_legs(&plan, &day, &[], &BTreeMap::new(), &legs);
            assert!(alerts.len() <= Settings::default().budget);
            let ids: HashSet<_> = alerts.iter().map(|a| a.id).collect();
            assert_eq!(ids.len(), alerts.len());
            let travel = alerts
                .iter()
                .filter(|a| a.kind == AlertKind::TravelTimeOffInterval)
                .count();
            if incidents {
                real += usize::from(travel > 0);
            } else {
                false_alarms += travel;
            }
        }
    }
    let per_day = false_alarms as f64 / days as f64;
    assert!(
        per_day <= Settings::default().false_alarms_per_day + 0.3,
        "{per_day}"
    );
    assert!(real as u64 * 2 >= days, "{real}");
}
