//! A day of a made-up operator, complete enough to look at: grid of roads, mixed vehicles, routes
//! in sweeps, a day that went a little late, demand, travel times, several days of value.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Berlin;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use routeforce::domain::LatLon;
use routeforce::domain::alert::{Alert, AlertKind, Severity};
use routeforce::domain::day_record::{DayRecord, DrivenRoute, Position, StopEvent, StopOutcome};
use routeforce::domain::fleet::{Depot, Fleet, Quantities, Vehicle};
use routeforce::domain::forecast::{DemandForecast, Quantiles};
use routeforce::domain::kpi::{Kpi, KpiReport};
use routeforce::domain::plan::{
    CostParts, Plan, PlanBasis, Route, SearchRecord, Unplanned, UnplannedReason, Visit,
};
use routeforce::domain::stop::{Stop, StopOrigin, TimeWindow};
use routeforce::domain::value_of_forecast::{BasisResult, DayValue, ValueOfForecast};
use routeforce::report::{
    DemandSeries, ModelMetric, Observation, ProfilePoint, QualitySummary, RealisedTrip, ReportData,
    TravelTimeProfile,
};
use routeforce::runtime::random::generator;
use serde_json::json;
use uuid::Uuid;

const VEHICLES: usize = 9;
const STOPS_PER_VEHICLE: usize = 14;
const LEFT_OUT: usize = 3;

/// The whole input of a report.
pub fn report_data(seed: u64) -> ReportData {
    let mut rng = generator(seed, "report fixture");
    let plan = plan(&mut rng);
    let day = day(&plan, &mut rng);
    ReportData {
        operator: "Nordbrot Bäckereien".into(),
        currency: "EUR".into(),
        kpis: kpis(&plan, &day),
        alerts: alerts(&plan),
        demand: (1..=4).map(|i| demand(i, plan.date, &mut rng)).collect(),
        travel_times: (1..=2)
            .map(|i| travel_times(i, plan.date, &mut rng))
            .collect(),
        value: Some(value(plan.date, &mut rng)),
        roads: Some(roads()),
        quality: vec![QualitySummary {
            table: "trips".into(),
            read: 214_332,
            kept: 213_998,
            rejected: [("implausible_speed", 310), ("duplicate", 24)]
                .map(|(reason, rows)| (reason.to_owned(), rows))
                .into(),
        }],
        customers: None,
        models: models(),
        day: Some(day),
        plan,
    }
}

/// The planned day: a Tuesday.
pub fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 3).unwrap()
}

fn local(date: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let local = Berlin.from_local_datetime(&date.and_time(time)).unwrap();
    local.with_timezone(&Utc)
}

fn place(center: LatLon, north_km: f64, east_km: f64) -> LatLon {
    let shrink = center.lat.to_radians().cos();
    LatLon {
        lat: center.lat + north_km / 111.195,
        lon: center.lon + east_km / (111.195 * shrink),
    }
}

const CENTER: LatLon = LatLon {
    lat: 52.52,
    lon: 13.40,
};

fn fleet() -> Fleet {
    let vehicle = |i: usize| Vehicle {
        id: format!("{}-{:02}", if i < 6 { "van" } else { "truck" }, i + 1),
        profile: if i < 6 { "van" } else { "truck" }.into(),
        start_depot: if i.is_multiple_of(2) {
            "depot-north"
        } else {
            "depot-south"
        }
        .into(),
        end_depot: Some(
            if i.is_multiple_of(2) {
                "depot-north"
            } else {
                "depot-south"
            }
            .into(),
        ),
        capacity: [("kg".to_owned(), 900.0), ("m3".to_owned(), 8.0)].into(),
        shift_start: NaiveTime::from_hms_opt(6, 0, 0).unwrap(),
        shift_end: NaiveTime::from_hms_opt(15, 0, 0).unwrap(),
        fixed_cost: 60.0,
        cost_per_km: 0.45,
        cost_per_hour: 28.0,
        skills: vec![],
        max_distance_km: None,
        max_duration_h: Some(9.0),
        max_stops: None,
        service_factor: None,
    };
    Fleet {
        depots: vec![
            Depot {
                id: "depot-north".into(),
                place: place(CENTER, 6.5, -3.0),
            },
            Depot {
                id: "depot-south".into(),
                place: place(CENTER, -6.0, 4.5),
            },
        ],
        vehicles: (0..VEHICLES + 3).map(vehicle).collect(),
    }
}

fn stop(number: usize, place: LatLon, start: DateTime<Utc>, rng: &mut ChaCha8Rng) -> Stop {
    let kg = rng.random_range(12.0..70.0_f64);
    Stop {
        id: format!("s-{number:03}"),
        site_id: format!("site-{number:03}"),
        place,
        quantities: [("kg".to_owned(), kg), ("m3".to_owned(), kg / 140.0)].into(),
        service_s: rng.random_range(240..900),
        service_sd_s: None,
        windows: vec![TimeWindow {
            start,
            end: start + TimeDelta::minutes(90),
        }],
        skills: vec![],
        penalty: Some(120.0),
        origin: if number.is_multiple_of(7) {
            StopOrigin::Forecast
        } else {
            StopOrigin::Ordered
        },
    }
}

fn plan(rng: &mut ChaCha8Rng) -> Plan {
    let (fleet, date) = (fleet(), date());
    let (mut stops, mut routes) = (Vec::new(), Vec::new());
    for v in 0..VEHICLES {
        let route = route(v, &fleet, date, &mut stops, rng);
        routes.push(route);
    }
    let mut unplanned = Vec::new();
    for i in 0..LEFT_OUT {
        let at = place(CENTER, -7.0 + 6.0 * i as f64, 8.5 - 0.6 * i as f64);
        let stop = stop(stops.len() + 1, at, local(date, 9, 0), rng);
        unplanned.push(Unplanned {
            stop_id: stop.id.clone(),
            reason: [UnplannedReason::FleetFull, UnplannedReason::NoTimeLeft][i % 2],
            explanation: "needs 64 kg; van-03 has 12 kg left, all others less".into(),
            nearest_vehicle_id: Some("van-03".into()),
        });
        stops.push(stop);
    }
    let mut cost = CostParts::default();
    routes.iter().for_each(|r: &Route| cost += r.cost);
    cost.unplanned = 120.0 * LEFT_OUT as f64;
    Plan {
        id: Uuid::from_u128(0x0192_8d6f_5cc7_7e53_92b4_3a5d_6a1c_9f10),
        date,
        time_zone: "Europe/Berlin".into(),
        created_at: local(date - Days::new(1), 18, 5),
        code_version: "0.1.0".into(),
        basis: PlanBasis::Predicted,
        models: vec![
            "demand/20260302T170000Z-1f2e3d4c".into(),
            "travel-time/20260302T170100Z-9a8b7c6d".into(),
        ],
        costs_sha256: "0".repeat(64),
        search: SearchRecord {
            seed: 1,
            time_limit_s: 20.0,
            iterations: 182_233,
            elapsed_s: 20.0,
        },
        fleet,
        stops,
        routes,
        unplanned,
        cost,
    }
}

/// One sector of the town, swept outwards and back.
fn route(
    v: usize,
    fleet: &Fleet,
    date: NaiveDate,
    stops: &mut Vec<Stop>,
    rng: &mut ChaCha8Rng,
) -> Route {
    let departure = local(date, 6, 5 * (v as u32 % 6));
    let depot = fleet.depots[v % 2].place;
    let (mut now, mut at) = (departure, depot);
    let mut route = Route {
        vehicle_id: fleet.vehicles[v].id.clone(),
        departure,
        end: departure,
        load: Quantities::new(),
        visits: vec![],
        distance_m: 0,
        driving_s: 0,
        waiting_s: 0,
        service_s: 0,
        cost: CostParts::default(),
    };
    for i in 0..STOPS_PER_VEHICLE {
        let angle = 0.698 * v as f64 + rng.random_range(0.0..0.5);
        let reach = 1.5 + 7.0 * (1.0 - (2.0 * i as f64 / STOPS_PER_VEHICLE as f64 - 1.0).abs());
        let to = place(CENTER, reach * angle.sin(), reach * angle.cos());
        let metres = at.great_circle_m(to) * 1.3;
        let driving = (metres / 9.0) as i64 + 90;
        let arrival = now + TimeDelta::seconds(driving);
        let waiting = if i == 4 { 480 } else { 0 };
        let stop = stop(
            stops.len() + 1,
            to,
            arrival + TimeDelta::minutes(waiting / 60 - 60),
            rng,
        );
        let service_start = arrival + TimeDelta::seconds(waiting);
        let spread = 60 + 45 * i as i64;
        now = service_start + TimeDelta::seconds(i64::from(stop.service_s));
        for (name, amount) in &stop.quantities {
            *route.load.entry(name.clone()).or_default() += amount;
        }
        route.visits.push(Visit {
            stop_id: stop.id.clone(),
            arrival_p50: arrival - TimeDelta::seconds(20),
            arrival_p90: arrival + TimeDelta::seconds(spread),
            arrival,
            service_start,
            departure: now,
            waiting_s: waiting as u32,
            late_probability: (0.01 * i as f64).min(0.2),
            load_after: Quantities::new(),
            leg_distance_m: metres as u32,
            leg_driving_s: driving as u32,
        });
        route.distance_m += metres as u64;
        route.driving_s += driving as u64;
        route.waiting_s += waiting as u64;
        route.service_s += u64::from(stop.service_s);
        stops.push(stop);
        at = to;
    }
    let back = at.great_circle_m(depot) * 1.3;
    route.distance_m += back as u64;
    route.driving_s += (back / 9.0) as u64;
    route.end = now + TimeDelta::seconds((back / 9.0) as i64);
    route.cost = CostParts {
        fixed: 60.0,
        distance: 0.45 * route.distance_m as f64 / 1000.0,
        duration: 28.0 * (route.end - departure).num_seconds() as f64 / 3600.0,
        unplanned: 0.0,
    };
    route
}

fn day(plan: &Plan, rng: &mut ChaCha8Rng) -> DayRecord {
    let mut record = DayRecord {
        plan_id: plan.id,
        date: plan.date,
        routes: vec![],
        cost: CostParts {
            unplanned: plan.cost.unplanned,
            ..CostParts::default()
        },
        positions: vec![],
    };
    for route in &plan.routes {
        let mut delay = 0_i64;
        let mut events = Vec::new();
        for visit in &route.visits {
            delay += rng.random_range(-70..140);
            let stop = plan.stops.iter().find(|s| s.id == visit.stop_id).unwrap();
            let arrived_at = visit.arrival + TimeDelta::seconds(delay);
            let started = arrived_at.max(stop.windows[0].start);
            let window_end = stop.windows[0].end - TimeDelta::minutes(18);
            events.push(StopEvent {
                stop_id: visit.stop_id.clone(),
                arrived_at,
                service_started_at: started,
                departed_at: started + (visit.departure - visit.service_start),
                late_s: (started - window_end).num_seconds().max(0) as u32,
                delivered: stop.quantities.clone(),
                outcome: if stop.id.ends_with("35") {
                    StopOutcome::NotNeeded
                } else {
                    StopOutcome::Served
                },
            });
            record.positions.push(Position {
                vehicle_id: route.vehicle_id.clone(),
                ts: arrived_at,
                place: stop.place,
                speed_kmh: 0.0,
                heading_deg: 0.0,
            });
        }
        let late = TimeDelta::seconds(delay);
        let mut cost = route.cost;
        cost.duration += 28.0 * delay as f64 / 3600.0;
        record.cost += cost;
        record.routes.push(DrivenRoute {
            vehicle_id: route.vehicle_id.clone(),
            departure: route.departure,
            end: route.end + late,
            events,
            distance_m: route.distance_m,
            driving_s: route.driving_s.saturating_add_signed(delay),
            waiting_s: route.waiting_s,
            service_s: route.service_s,
            overtime_s: 0,
            cost,
        });
    }
    record
}

fn kpis(plan: &Plan, day: &DayRecord) -> KpiReport {
    let kpi =
        |id: &str, name: &str, value: Option<f64>, planned, unit: &str, definition: &str| Kpi {
            id: id.into(),
            name: name.into(),
            value,
            planned,
            unit: unit.into(),
            definition: definition.into(),
        };
    let km = plan.routes.iter().map(|r| r.distance_m as f64).sum::<f64>() / 1000.0;
    let served = plan.routes.iter().map(|r| r.visits.len()).sum::<usize>() as f64;
    KpiReport {
        date: plan.date,
        kpis: vec![
            kpi(
                "on_time_share",
                "On-time share",
                Some(93.65),
                Some(96.4),
                "%",
                "Stops whose service started within a window, of all stops with a window.",
            ),
            kpi(
                "cost_per_stop",
                "Cost per stop",
                Some(day.cost.total() / served),
                Some(plan.cost.total() / served),
                "EUR",
                "Realised cost divided by the stops served.",
            ),
            kpi(
                "distance",
                "Distance",
                Some(km),
                Some(km),
                "km",
                "Distance driven by all vehicles.",
            ),
            kpi(
                "load_factor",
                "Load factor",
                Some(71.2),
                Some(73.0),
                "%",
                "Load at departure over capacity, of the dimension that binds.",
            ),
            kpi(
                "forecast_wape",
                "Forecast WAPE",
                Some(18.4),
                None,
                "%",
                "Sum of absolute errors of the mean forecast over the sum of demand.",
            ),
            kpi(
                "interval_coverage",
                "Interval coverage",
                None,
                Some(80.0),
                "%",
                "Share of realised demand between p10 and p90.",
            ),
        ],
    }
}

fn alerts(plan: &Plan) -> Vec<Alert> {
    let at = local(plan.date, 9, 40);
    vec![
        Alert {
            id: Uuid::from_u128(7),
            kind: AlertKind::TravelTimeOffInterval,
            severity: Severity::Critical,
            owner: "planner".into(),
            subject: "depot-south → site-031".into(),
            detected_at: at,
            since: at - TimeDelta::minutes(75),
            what: "11 of 14 legs in the south-east took longer than their p90 since 08:25".into(),
            cause: "Travel times of the whole area moved together: an incident or a closed road"
                .into(),
            consequence: "4 stops on van-02 and truck-08 are likely to be late by 12 to 25 minutes"
                .into(),
            remedy: "Serve s-024 after s-027, tell the customers of s-025 and s-026".into(),
            p_value: 0.0004,
        },
        Alert {
            id: Uuid::from_u128(8),
            kind: AlertKind::DemandOffPattern,
            severity: Severity::Warning,
            owner: "analyst".into(),
            subject: "site-017".into(),
            detected_at: at,
            since: at,
            what: "Ordered 118 kg, p90 was 61 kg".into(),
            cause: "A promotion that the calendar does not know".into(),
            consequence: "57 kg do not fit onto van-02".into(),
            remedy: "Confirm the order and move s-017 to truck-07".into(),
            p_value: 0.01,
        },
    ]
}

fn demand(number: usize, date: NaiveDate, rng: &mut ChaCha8Rng) -> DemandSeries {
    let midnight = |back: i64| (date - TimeDelta::days(back)).and_time(NaiveTime::MIN);
    let level = |ts: NaiveDateTime| {
        use chrono::Datelike;
        let weekday = f64::from(ts.weekday().num_days_from_monday());
        40.0 * number as f64 * (1.0 + 0.35 * (weekday - 3.0) / 3.0)
    };
    let mut observe = |back: i64| {
        let ts = midnight(back);
        Observation {
            ts,
            y: level(ts) * rng.random_range(0.8..1.2),
        }
    };
    let steps = if number == 1 { 1 } else { 7 };
    DemandSeries {
        series_id: format!("site-{number:03}"),
        unit: "kg".into(),
        step: "day".into(),
        history: (1..=42).rev().map(&mut observe).collect(),
        forecasts: (0..steps)
            .map(|k| {
                let (ts, spread) = (midnight(-k), 0.16 + 0.02 * k as f64);
                let mean = level(ts);
                let quantiles = Quantiles {
                    p10: mean * (1.0 - spread),
                    p50: mean * 0.98,
                    p90: mean * (1.0 + spread),
                    mean,
                };
                DemandForecast {
                    series_id: format!("site-{number:03}"),
                    ts,
                    quantiles,
                }
            })
            .collect(),
        realised: (0..steps.min(3)).map(|k| observe(-k)).collect(),
    }
}

fn travel_times(number: usize, date: NaiveDate, rng: &mut ChaCha8Rng) -> TravelTimeProfile {
    let predicted = |hour: f64| {
        let rush = |peak: f64| (-(hour - peak).powi(2) / 2.5).exp();
        let p50 = 60.0 * (14.0 + 3.0 * number as f64 + 8.0 * rush(8.0) + 10.0 * rush(17.0));
        Quantiles {
            p10: p50 * 0.82,
            p50,
            p90: p50 * 1.32,
            mean: p50 * 1.04,
        }
    };
    let points = (0..=72).map(|k| ProfilePoint {
        depart: local(date, 5, 0) + TimeDelta::minutes(15 * k),
        seconds: predicted(5.0 + 0.25 * k as f64),
    });
    TravelTimeProfile {
        name: format!("depot-north → site-{number:03}"),
        points: points.collect(),
        realised: (0..40)
            .map(|i| {
                let minutes = rng.random_range(0..1_020);
                RealisedTrip {
                    depart: local(date - Days::new(7 * (i % 3)), 5, 0)
                        + TimeDelta::minutes(minutes),
                    duration_s: predicted(5.0 + minutes as f64 / 60.0).p50
                        * rng.random_range(0.8..1.4),
                }
            })
            .collect(),
    }
}

fn value(date: NaiveDate, rng: &mut ChaCha8Rng) -> ValueOfForecast {
    let mut result = |basis, cost: f64, late| BasisResult {
        basis,
        planned_cost: cost * 0.96,
        realised: CostParts {
            fixed: 540.0,
            distance: cost * 0.2,
            duration: cost * rng.random_range(0.49..0.52),
            unplanned: 0.0,
        },
        late_cost: 5.0 * f64::from(late),
        late_stops: late,
        late_s: 300 * u64::from(late),
        unserved_stops: late / 4,
        overtime_s: 120 * u64::from(late),
        distance_m: 812_340,
    };
    let days = (0..14).map(|back| DayValue {
        date: date - Days::new(13 - back),
        results: vec![
            result(PlanBasis::Static, 2_120.0, 11),
            result(PlanBasis::Predicted, 1_930.0, 4),
            result(PlanBasis::Perfect, 1_850.0, 0),
        ],
    });
    ValueOfForecast {
        late_cost_per_min: 1.0,
        days: days.collect(),
    }
}

/// A slightly bent grid.
fn roads() -> serde_json::Value {
    let line = |points: Vec<LatLon>| {
        let coordinates: Vec<_> = points.iter().map(|p| [p.lon, p.lat]).collect();
        json!({"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": coordinates}})
    };
    let bend = |k: f64, t: f64| k + 0.25 * (t / 2.0 + k).sin();
    let mut features = Vec::new();
    for k in -12..=12 {
        let k = f64::from(k);
        let along = |f: &dyn Fn(f64) -> LatLon| (-24..=24).map(|t| f(f64::from(t) / 2.0)).collect();
        features.push(line(along(&|t| place(CENTER, bend(k, t), t))));
        features.push(line(along(&|t| place(CENTER, t, bend(k, t)))));
    }
    json!({"type": "FeatureCollection", "features": features})
}

fn models() -> Vec<ModelMetric> {
    let metric = |model: &str, metric: &str, unit: &str, value, baseline: &str, baseline_value| {
        ModelMetric {
            model: model.into(),
            metric: metric.into(),
            unit: unit.into(),
            value,
            baseline: baseline.into(),
            baseline_value,
        }
    };
    vec![
        metric(
            "demand/20260302T170000Z-1f2e3d4c",
            "MASE",
            "",
            0.81,
            "seasonal naive",
            1.0,
        ),
        metric(
            "travel-time/20260302T170100Z-9a8b7c6d",
            "MAE",
            "s",
            148.3,
            "great circle × speed by hour of week",
            231.9,
        ),
    ]
}
