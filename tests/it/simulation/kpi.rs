//! Key figures, recomputed by simple formulas on a hand-made day, and on days with nothing in them.

use super::plans::{at, date, kg, plan, small_fleet, stop};
use routeforce::domain::LatLon;
use routeforce::domain::day_record::{DayRecord, DrivenRoute, StopEvent, StopOutcome};
use routeforce::domain::forecast::{DemandForecast, Quantiles};
use routeforce::domain::kpi::{Kpi, KpiReport};
use routeforce::domain::plan::{CostParts, Plan};
use routeforce::kpi::report;
use std::collections::{BTreeMap, HashSet};

fn example() -> (Plan, DayRecord) {
    let stops = vec![
        stop("a", 0.1, 20.0, Some((8, 10))),
        stop("b", 0.2, 30.0, Some((8, 9))),
        stop("c", 0.3, 10.0, None),
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
    let plan = plan(
        date(),
        "UTC",
        small_fleet(),
        stops,
        &[vec![0, 1, 2]],
        at(8, 0),
        &even,
    );
    let event = |id: &str, arrived: (u32, u32), late_s, amount, outcome| StopEvent {
        stop_id: id.into(),
        arrived_at: at(arrived.0, arrived.1),
        service_started_at: at(arrived.0, arrived.1),
        departed_at: at(arrived.0, arrived.1 + 10),
        late_s,
        delivered: kg(amount),
        outcome,
    };
    let route = DrivenRoute {
        vehicle_id: "van-1".into(),
        departure: at(8, 0),
        end: at(12, 30),
        events: vec![
            event("a", (8, 20), 0, 20.0, StopOutcome::Served),
            event("b", (9, 12), 720, 15.0, StopOutcome::ServedInPart),
        ],
        distance_m: 42_000,
        driving_s: 5_400,
        waiting_s: 1_800,
        service_s: 1_200,
        overtime_s: 1_800,
        cost: CostParts {
            fixed: 50.0,
            distance: 21.0,
            duration: 135.0,
            unplanned: 20.0,
        },
    };
    let day = DayRecord {
        plan_id: plan.id,
        date: date(),
        cost: CostParts {
            unplanned: 60.0,
            ..route.cost
        },
        routes: vec![route],
        positions: Vec::new(),
    };
    (plan, day)
}

fn forecast(site: &str, p10: f64, p50: f64, p90: f64) -> DemandForecast {
    let quantiles = Quantiles {
        p10,
        p50,
        p90,
        mean: p50,
    };
    DemandForecast {
        series_id: format!("site-{site}"),
        ts: date().and_hms_opt(0, 0, 0).unwrap(),
        quantiles,
    }
}

fn figure<'a>(report: &'a KpiReport, id: &str) -> &'a Kpi {
    report
        .kpis
        .iter()
        .find(|k| k.id == id)
        .unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn figures_by_hand() {
    let (plan, day) = example();
    let forecasts = [
        forecast("a", 15.0, 25.0, 35.0),
        forecast("b", 10.0, 20.0, 28.0),
        forecast("c", 0.0, 5.0, 9.0),
    ];
    let realised: BTreeMap<String, f64> = [
        ("site-a".to_owned(), 20.0),
        ("site-b".to_owned(), 30.0),
        ("site-d".to_owned(), 7.0),
    ]
    .into();
    let report = report(&plan, &day, &forecasts, &realised);
    // Planned arrivals: 8:15, 8:40, 9:05; actual: 8:20, 9:12, none.
    for (id, value) in [
        ("on_time_share", 50.0),
        ("mean_lateness_min", 12.0),
        ("cost_total", 50.0 + 21.0 + 135.0 + 60.0),
        ("cost_per_stop", 266.0 / 2.0),
        ("vehicles_used", 1.0),
        ("distance_km", 42.0),
        ("driving_h", 1.5),
        ("waiting_h", 0.5),
        ("service_h", 1.0 / 3.0),
        ("overtime_h", 0.5),
        ("load_factor", 35.0),
        ("unserved_share", 100.0 * 2.0 / 3.0),
        ("arrival_error_min", (5.0 + 32.0) / 2.0),
        ("arrival_bias_min", (5.0 + 32.0) / 2.0),
        ("arrival_p90_exceedance", 100.0),
        ("driving_time_error", 100.0 * (5_400.0 - 3_600.0) / 3_600.0),
        ("service_time_error", 0.0),
        ("service_error_min", 0.0),
        ("demand_wape", 100.0 * (5.0 + 10.0 + 5.0) / 50.0),
        ("demand_bias", 100.0 * (50.0 - 50.0) / 50.0),
        ("demand_coverage", 100.0 * 2.0 / 3.0),
    ] {
        let found = figure(&report, id)
            .value
            .unwrap_or_else(|| panic!("{id} has no value"));
        assert!(
            (found - value).abs() < 1e-9,
            "{id}: {found}, expected {value}"
        );
    }
    for (id, planned) in [
        ("distance_km", 36.0),
        ("driving_h", 1.0),
        ("load_factor", 60.0),
        ("unserved_share", 0.0),
        ("cost_per_stop", plan.cost.total() / 3.0),
        ("arrival_p90_exceedance", 10.0),
    ] {
        let found = figure(&report, id).planned.unwrap();
        assert!(
            (found - planned).abs() < 1e-9,
            "{id}: {found}, expected {planned}"
        );
    }
}

#[test]
fn service_times_are_compared_stop_by_stop() {
    let (plan, mut day) = example();
    // Ten minutes are planned at each stop: one takes four more, the other one less.
    day.routes[0].events[0].departed_at += chrono::TimeDelta::minutes(4);
    day.routes[0].events[1].departed_at -= chrono::TimeDelta::minutes(1);
    let report = report(&plan, &day, &[], &BTreeMap::new());
    let value = |id: &str| figure(&report, id).value.unwrap();
    assert!((value("service_time_error") - 15.0).abs() < 1e-9);
    assert!((value("service_error_min") - 2.5).abs() < 1e-9);
}

#[test]
fn every_figure_is_named_once_with_unit_and_definition() {
    let (plan, day) = example();
    let report = report(&plan, &day, &[], &BTreeMap::new());
    let ids: HashSet<&str> = report.kpis.iter().map(|k| k.id.as_str()).collect();
    assert_eq!(ids.len(), report.kpis.len());
    assert!(
        report
            .kpis
            .iter()
            .all(|k| !k.unit.is_empty() && k.definition.ends_with('.') && !k.name.is_empty())
    );
    // Without realised demand, orders are those of the plan: a is served, b in part, c not.
    let unserved = figure(&report, "unserved_share").value.unwrap();
    assert!((unserved - 200.0 / 3.0).abs() < 1e-9);
    assert_eq!(figure(&report, "demand_wape").value, None);
}

#[test]
fn a_day_without_anything_has_figures_without_value() {
    let (mut plan, mut day) = example();
    plan.routes.clear();
    plan.stops.clear();
    plan.cost = CostParts::default();
    day.routes.clear();
    day.cost = CostParts::default();
    let report = report(&plan, &day, &[], &BTreeMap::new());
    for kpi in &report.kpis {
        for value in [kpi.value, kpi.planned].into_iter().flatten() {
            assert_eq!(value, 0.0, "{}", kpi.id);
        }
    }
    for id in [
        "on_time_share",
        "cost_per_stop",
        "load_factor",
        "unserved_share",
        "driving_time_error",
        "service_time_error",
        "service_error_min",
        "demand_coverage",
    ] {
        assert_eq!(figure(&report, id).value, None, "{id}");
    }
}
