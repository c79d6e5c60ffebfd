//! Small valid things.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use routeforce::app::PlanJobRequest;
use routeforce::domain::LatLon;
use routeforce::domain::alert::{Alert, AlertKind, Severity};
use routeforce::domain::day_record::{DayRecord, DrivenRoute, Position, StopEvent, StopOutcome};
use routeforce::domain::plan::{CostParts, Plan, PlanBasis, Route, SearchRecord};
use serde_json::{Value, json};
use uuid::Uuid;

pub const DATE: &str = "2026-03-02";

pub fn date() -> NaiveDate {
    DATE.parse().unwrap()
}

pub fn morning() -> DateTime<Utc> {
    "2026-03-02T07:00:00Z".parse().unwrap()
}

pub fn position(vehicle: &str, minute: i64) -> Position {
    Position {
        vehicle_id: vehicle.into(),
        ts: morning() + TimeDelta::minutes(minute),
        place: LatLon {
            lat: 52.5 + minute as f64 * 1e-4,
            lon: 13.4,
        },
        speed_kmh: 31.5,
        heading_deg: 270.0,
    }
}

/// A plan request as JSON; the test planner goes by the seed.
pub fn plan_request(seed: u64) -> Value {
    json!({
        "date": DATE,
        "time_zone": "Europe/Berlin",
        "fleet": {
            "depots": [{ "id": "hub", "place": { "lat": 52.5, "lon": 13.4 } }],
            "vehicles": [{
                "id": "van-1", "profile": "van", "start_depot": "hub", "end_depot": "hub",
                "capacity": { "kg": 500.0 }, "shift_start": "06:00:00", "shift_end": "15:00:00",
                "fixed_cost": 80.0, "cost_per_km": 0.3, "cost_per_hour": 25.0
            }]
        },
        "stops": [{
            "id": "s-1", "site_id": "shop-1", "place": { "lat": 52.51, "lon": 13.41 },
            "quantities": { "kg": 20.0 }, "service_s": 300,
            "windows": [{ "start": "2026-03-02T08:00:00Z", "end": "2026-03-02T10:00:00Z" }],
            "penalty": null, "origin": "ordered"
        }],
        "basis": "predicted",
        "time_limit_s": 1.0,
        "seed": seed
    })
}

pub fn typed_plan_request(seed: u64) -> PlanJobRequest {
    serde_json::from_value(plan_request(seed)).unwrap()
}

pub fn plan(id: Uuid, created_at: DateTime<Utc>) -> Plan {
    let request = typed_plan_request(1);
    Plan {
        id,
        date: request.date,
        time_zone: request.time_zone,
        created_at,
        code_version: "test".into(),
        basis: PlanBasis::Predicted,
        models: vec!["travel-time/1".into()],
        costs_sha256: "00".into(),
        search: SearchRecord {
            seed: 1,
            time_limit_s: 1.0,
            iterations: 1,
            elapsed_s: 0.1,
        },
        fleet: request.fleet,
        stops: request.stops,
        routes: vec![Route {
            vehicle_id: "van-1".into(),
            departure: morning(),
            end: morning() + TimeDelta::hours(1),
            load: [("kg".to_owned(), 20.0)].into(),
            visits: Vec::new(),
            distance_m: 12_345,
            driving_s: 1_800,
            waiting_s: 0,
            service_s: 300,
            cost: CostParts {
                fixed: 80.0,
                distance: 3.7,
                duration: 25.0,
                unplanned: 0.0,
            },
        }],
        unplanned: Vec::new(),
        cost: CostParts {
            fixed: 80.0,
            distance: 3.7,
            duration: 25.0,
            unplanned: 0.0,
        },
    }
}

pub fn day(plan_id: Uuid) -> DayRecord {
    let at = |minute| morning() + TimeDelta::minutes(minute);
    DayRecord {
        plan_id,
        date: date(),
        routes: vec![DrivenRoute {
            vehicle_id: "van-1".into(),
            departure: at(0),
            end: at(60),
            events: vec![StopEvent {
                stop_id: "s-1".into(),
                arrived_at: at(5),
                service_started_at: at(6),
                departed_at: at(9),
                late_s: 0,
                delivered: [("kg".to_owned(), 20.0)].into(),
                outcome: StopOutcome::Served,
            }],
            distance_m: 12_345,
            driving_s: 1_800,
            waiting_s: 60,
            service_s: 180,
            overtime_s: 0,
            cost: CostParts::default(),
        }],
        cost: CostParts {
            fixed: 80.0,
            ..CostParts::default()
        },
        positions: (0..20).map(|minute| position("van-1", minute)).collect(),
    }
}

pub fn alert(number: u128) -> Alert {
    Alert {
        id: Uuid::from_u128(number),
        kind: AlertKind::LateRisk,
        severity: Severity::Warning,
        owner: "dispatcher".into(),
        subject: "s-1".into(),
        detected_at: morning() + TimeDelta::minutes(number as i64),
        since: morning(),
        what: "12 min late".into(),
        cause: "rush hour".into(),
        consequence: "the shop is closed".into(),
        remedy: "call the shop".into(),
        p_value: 0.01,
    }
}
