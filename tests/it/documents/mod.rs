//! Documents: published schemas are up to date, instances follow them and survive a round trip.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use routeforce::domain::day_record::{DayRecord, DrivenRoute, Position, StopEvent, StopOutcome};
use routeforce::domain::fleet::{Depot, Fleet, Quantities, Vehicle};
use routeforce::domain::kpi::{Kpi, KpiReport};
use routeforce::domain::plan::{
    CostParts, Plan, PlanBasis, Route, SearchRecord, Unplanned, UnplannedReason, Visit,
};
use routeforce::domain::stop::{Stop, StopOrigin, TimeWindow};
use routeforce::domain::value_of_forecast::{BasisResult, DayValue, ValueOfForecast};
use routeforce::domain::{Document, LatLon};
use std::path::{Path, PathBuf};
use std::process::Command;
use uuid::Uuid;

fn routeforce(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_routeforce"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn published(kind: &str, version: &str) -> PathBuf {
    let name = format!("web/dist/schema/{kind}.v{version}.json");
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// `ROUTEFORCE_BLESS=1` writes the files anew after a wanted change.
#[test]
fn published_schemas_are_those_of_the_program() {
    let kinds = routeforce(&["schema"]);
    assert!(kinds.lines().count() >= 4);
    for kind in kinds.lines() {
        let schema = routeforce(&["schema", kind]);
        let json: serde_json::Value = serde_json::from_str(&schema).unwrap();
        let id = json["properties"]["schema"]["const"].as_str().unwrap();
        let (_, version) = id.rsplit_once('/').unwrap();
        assert!(jsonschema::meta::is_valid(&json), "{kind}");
        let path = published(kind, version);
        if std::env::var_os("ROUTEFORCE_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &schema).unwrap();
        }
        let found = std::fs::read_to_string(&path)
            .unwrap_or_else(|e| panic!("{}: {e}; run with ROUTEFORCE_BLESS=1", path.display()));
        assert_eq!(found, schema, "{} is out of date", path.display());
    }
}

fn round_trips<D: Document + PartialEq + std::fmt::Debug>(document: &D) {
    let schema = jsonschema::validator_for(&D::json_schema_document()).unwrap();
    let json = document.to_json().unwrap();
    let faults: Vec<_> = schema.iter_errors(&json).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("document.json");
    document.write(&path).unwrap();
    assert_eq!(&D::read(&path).unwrap(), document);

    // Another version, no version, and a missing field are refused by name.
    let mut other = json.clone();
    other["schema"] = "routeforce.plan/99".into();
    assert_eq!(
        D::from_json("x", other).unwrap_err().field.as_deref(),
        Some("schema")
    );
    let mut none = json.clone();
    none.as_object_mut().unwrap().remove("schema");
    assert_eq!(D::from_json("x", none).unwrap_err().problem, "missing");
    let mut short = json;
    let last = short
        .as_object()
        .unwrap()
        .keys()
        .next_back()
        .unwrap()
        .clone();
    short.as_object_mut().unwrap().remove(&last);
    let error = D::from_json("x", short.clone()).unwrap_err();
    assert!(error.problem.contains(&last), "{error}");
    assert!(!schema.is_valid(&short));
}

fn at(hour: u32, minute: u32) -> DateTime<Utc> {
    date()
        .and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
        .and_utc()
}

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

fn kilograms(amount: f64) -> Quantities {
    Quantities::from([("kg".to_owned(), amount)])
}

fn plan() -> Plan {
    let place = LatLon {
        lat: 52.1,
        lon: 13.123_456_789,
    };
    let cost = CostParts {
        fixed: 30.0,
        distance: 0.1 + 0.2,
        duration: 12.5,
        unplanned: 0.0,
    };
    Plan {
        id: Uuid::from_u128(7),
        date: date(),
        time_zone: "Europe/Berlin".into(),
        created_at: at(4, 0),
        code_version: "0.1.0".into(),
        basis: PlanBasis::Predicted,
        models: vec!["travel-time/20260301T000000Z-0a1b".into()],
        costs_sha256: "00ff".into(),
        search: SearchRecord {
            seed: 1,
            time_limit_s: 5.0,
            iterations: 1_000,
            elapsed_s: 5.01,
        },
        fleet: Fleet {
            depots: vec![Depot {
                id: "north".into(),
                place,
            }],
            vehicles: vec![Vehicle {
                id: "van-1".into(),
                profile: "van".into(),
                start_depot: "north".into(),
                end_depot: None,
                capacity: kilograms(800.0),
                shift_start: NaiveTime::from_hms_opt(6, 0, 0).unwrap(),
                shift_end: NaiveTime::from_hms_opt(15, 0, 0).unwrap(),
                fixed_cost: 30.0,
                cost_per_km: 0.35,
                cost_per_hour: 22.0,
                skills: vec!["cold".into()],
                max_distance_km: Some(250.0),
                max_duration_h: None,
                max_stops: Some(40),
                service_factor: None,
            }],
        },
        stops: vec![Stop {
            id: "s1".into(),
            site_id: "site-1".into(),
            place,
            quantities: kilograms(12.5),
            service_s: 300,
            service_sd_s: None,
            windows: vec![TimeWindow {
                start: at(7, 0),
                end: at(9, 0),
            }],
            skills: vec![],
            penalty: Some(50.0),
            origin: StopOrigin::Forecast,
        }],
        routes: vec![Route {
            vehicle_id: "van-1".into(),
            departure: at(6, 30),
            end: at(7, 5),
            load: kilograms(12.5),
            visits: vec![Visit {
                stop_id: "s1".into(),
                arrival_p50: at(6, 58),
                arrival_p90: at(7, 4),
                arrival: at(6, 58),
                service_start: at(7, 0),
                departure: at(7, 5),
                waiting_s: 120,
                late_probability: 0.001,
                load_after: kilograms(0.0),
                leg_distance_m: 12_345,
                leg_driving_s: 1_680,
            }],
            distance_m: 12_345,
            driving_s: 1_680,
            waiting_s: 120,
            service_s: 300,
            cost,
        }],
        unplanned: vec![Unplanned {
            stop_id: "s2".into(),
            reason: UnplannedReason::FleetFull,
            explanation: "all able vehicles are full; the nearest lacks 3.0 kg".into(),
            nearest_vehicle_id: Some("van-1".into()),
        }],
        cost,
    }
}

#[test]
fn a_plan_round_trips() {
    round_trips(&plan());
}

#[test]
fn a_day_record_round_trips() {
    round_trips(&DayRecord {
        plan_id: Uuid::from_u128(7),
        date: date(),
        routes: vec![DrivenRoute {
            vehicle_id: "van-1".into(),
            departure: at(6, 30),
            end: at(7, 20),
            events: vec![StopEvent {
                stop_id: "s1".into(),
                arrived_at: at(7, 1),
                service_started_at: at(7, 1),
                departed_at: at(7, 7),
                late_s: 0,
                delivered: kilograms(12.5),
                outcome: StopOutcome::ServedInPart,
            }],
            distance_m: 12_345,
            driving_s: 1_860,
            waiting_s: 0,
            service_s: 360,
            overtime_s: 0,
            cost: CostParts::default(),
        }],
        positions: vec![Position {
            vehicle_id: "van-1".into(),
            ts: at(6, 31),
            place: LatLon {
                lat: 52.1,
                lon: 13.1,
            },
            speed_kmh: 31.5,
            heading_deg: 270.0,
        }],
        cost: CostParts {
            fixed: 1.0,
            distance: 2.0,
            duration: 3.0,
            unplanned: 4.0,
        },
    });
}

#[test]
fn key_figures_round_trip() {
    let kpi = Kpi {
        id: "on_time_share".into(),
        name: "On time".into(),
        value: None,
        planned: Some(98.5),
        unit: "%".into(),
        definition: "stops served within a window / stops served".into(),
    };
    round_trips(&KpiReport {
        date: date(),
        kpis: vec![kpi],
    });
}

#[test]
fn the_value_of_the_forecast_round_trips() {
    let result = |basis, total| BasisResult {
        basis,
        planned_cost: 90.0,
        realised: CostParts {
            fixed: total,
            ..CostParts::default()
        },
        late_cost: 0.0,
        late_stops: 1,
        late_s: 60,
        unserved_stops: 0,
        overtime_s: 0,
        distance_m: 1,
    };
    let results = vec![
        result(PlanBasis::Static, 120.0),
        result(PlanBasis::Perfect, 100.0),
    ];
    let day = DayValue {
        date: date(),
        results,
    };
    assert!((day.regret(PlanBasis::Static).unwrap() - 0.2).abs() < 1e-12);
    assert_eq!(day.regret(PlanBasis::Predicted), None);
    round_trips(&ValueOfForecast {
        late_cost_per_min: 1.0,
        days: vec![day],
    });
}
