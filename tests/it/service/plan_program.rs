//! The program itself as a service of plans: what weather and recent trips change, and when they are
//! read again.

use super::database::{Database, on_sqlite};
use super::demand_program::Service;
use super::program::routeforce;
use crate::travel_time::synthetic::{ZONE, trips};
use crate::travel_time::table::{frame, write};
use crate::travel_time::weather::{hourly, rains};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use reqwest::{Method, StatusCode};
use routeforce::features::travel::Trips;
use routeforce::runtime::{Cancel, Progress};
use routeforce::travel_time::{Kind, TrainOptions, train};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// A model of trips that rain makes half as long again.
fn train_in_rain(folder: &Path) {
    let mut some = trips(6_000, 8);
    for trip in 0..some.len() {
        if rains(some.depart[trip]) {
            some.duration_s[trip] *= 1.5;
        }
    }
    let options = TrainOptions {
        kind: Kind::Boosted,
        weather: hourly(&some),
        ..TrainOptions::quick()
    };
    let table = folder.join("trips.parquet");
    write(&table, &mut frame(&some));
    let models = folder.join("models");
    train(
        &table,
        &models,
        &options,
        &Cancel::new(),
        &Progress::silent(),
    )
    .unwrap();
}

/// Dry weather until now, and as it is forecast.
fn weather(file: &Path, rain_mm_h: f64) {
    let now = Utc::now();
    let mut text = "ts,temperature_c,precipitation_mm_h\n".to_owned();
    for hour in -24 * 20..24 * 4 {
        let ts = now + TimeDelta::hours(hour);
        let (rain, warm) = if hour >= 0 && rain_mm_h > 0.0 {
            (rain_mm_h, 8.0)
        } else {
            (0.0, 15.0)
        };
        writeln!(text, "{},{warm},{rain}", ts.format("%Y-%m-%dT%H:00:00Z")).unwrap();
    }
    std::fs::write(file, text).unwrap();
}

/// Trips of the last weeks that took so many times what they usually do; those to come, ten times.
fn recent(file: &Path, factor: f64) {
    let mut some: Trips = trips(6_000, 9);
    let last = some.depart[some.len() - 1];
    // Whole weeks keep rush hours and weekends; the last days of the table have not come yet.
    let weeks = (Utc::now() - last).num_weeks() + 1;
    let now = Utc::now();
    let later = |at: DateTime<Utc>| at + TimeDelta::weeks(weeks);
    let kept = |trip: &usize| later(some.depart[*trip]) > now - TimeDelta::days(14);
    let indices: Vec<usize> = (0..some.len()).filter(kept).collect();
    some = some.select(&indices);
    for trip in 0..some.len() {
        some.depart[trip] = later(some.depart[trip]);
        let ended = some.depart[trip] + TimeDelta::hours(3) < now;
        some.duration_s[trip] *= if ended { factor } else { 10.0 };
    }
    write(file, &mut frame(&some));
}

fn tomorrow() -> NaiveDate {
    Utc::now().with_timezone(&ZONE).date_naive() + TimeDelta::days(1)
}

fn order() -> Value {
    let place = |lat: f64, lon: f64| json!({ "lat": lat, "lon": lon });
    let stop = |id: &str, lat, lon| {
        json!({
            "id": id, "site_id": id, "place": place(lat, lon), "quantities": { "kg": 20.0 },
            "service_s": 300, "windows": [], "penalty": null, "origin": "ordered"
        })
    };
    json!({
        "date": tomorrow(), "time_zone": ZONE.name(), "basis": "predicted",
        "time_limit_s": 0.3, "seed": 1,
        "fleet": {
            "depots": [{ "id": "hub", "place": place(48.16, 11.55) }],
            "vehicles": [{
                "id": "van-1", "profile": "van", "start_depot": "hub", "end_depot": "hub",
                "capacity": { "kg": 500.0 }, "shift_start": "06:00:00", "shift_end": "20:00:00",
                "fixed_cost": 80.0, "cost_per_km": 0.3, "cost_per_hour": 25.0
            }]
        },
        "stops": [stop("a", 48.12, 11.48), stop("b", 48.20, 11.62), stop("c", 48.11, 11.63)]
    })
}

/// Seconds at the wheel that a plan made now has.
async fn driving_s(service: &Service) -> f64 {
    let (status, job) = service.send(Method::POST, "/api/v1/plans", &order()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{job}");
    let job = service.job_in(&job, "succeeded").await;
    let plan = service.get(job["result"].as_str().unwrap()).await;
    let routes = plan["routes"].as_array().unwrap();
    assert_eq!(plan["unplanned"], json!([]), "{plan}");
    routes
        .iter()
        .map(|route| route["driving_s"].as_f64().unwrap())
        .sum()
}

async fn plans_know_weather_and_recent_trips(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    train_in_rain(folder.path());
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (models, sky, driven) = (file("models"), file("sky.csv"), file("recent.parquet"));
    let plain = Service::start(&database, &["--models", &models]);
    let unknown = driving_s(&plain).await;
    plain.stop();

    weather(Path::new(&sky), 0.0);
    recent(Path::new(&driven), 1.0);
    let options = [
        "--models",
        &models,
        "--weather",
        &sky,
        "--recent-trips",
        &driven,
    ];
    let service = Service::start(&database, &options);
    let usual = driving_s(&service).await;
    // In unknown weather it may rain; trips that have not ended say nothing.
    assert!((0.7..1.0).contains(&(usual / unknown)), "{usual} {unknown}");

    recent(Path::new(&driven), 2.0);
    let slow = driving_s(&service).await;
    assert!((1.6..2.4).contains(&(slow / usual)), "{slow} {usual}");

    recent(Path::new(&driven), 1.0);
    weather(Path::new(&sky), 4.0);
    let wet = driving_s(&service).await;
    assert!((1.25..1.75).contains(&(wet / usual)), "{wet} {usual}");

    std::fs::write(&sky, "ts,temperature_c\n2026-03-01T08:00:00Z,400\n").unwrap();
    std::fs::write(&driven, "no table").unwrap();
    let kept = driving_s(&service).await;
    assert!((0.98..1.02).contains(&(kept / wet)), "{kept} {wet}");
    service.stop();

    for (option, damaged) in [
        ("--weather", &sky),
        ("--recent-trips", &driven),
        ("--calendar", &file("none.csv")),
    ] {
        let output = routeforce(&database)
            .args([
                "serve",
                "--addr",
                "127.0.0.1:0",
                "--models",
                &models,
                option,
                damaged,
            ])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(damaged.as_str()), "{text}");
    }
}

#[test]
fn weather_and_recent_trips_change_plans_and_are_read_again() {
    on_sqlite(plans_know_weather_and_recent_trips);
}
