//! Weather as a feature: its table, what it teaches, and forecasts without it.

use super::synthetic::trips;
use chrono::{DateTime, TimeDelta, Utc};
use routeforce::features::travel::{TripQuery, Trips, Weather, WeatherAt};
use routeforce::onnx::Session;
use routeforce::runtime::{Cancel, Progress};
use routeforce::travel_time::{Kind, TrainOptions, TravelTimeModel, fit};
use std::path::PathBuf;

const RAIN: WeatherAt = WeatherAt {
    temperature_c: 8.0,
    precipitation_mm_h: 4.0,
};
const DRY: WeatherAt = WeatherAt {
    temperature_c: 15.0,
    precipitation_mm_h: 0.0,
};

/// Rain in every third hour.
pub fn rains(at: DateTime<Utc>) -> bool {
    (at.timestamp() / 3600) % 3 == 0
}

pub fn hourly(trips: &Trips) -> Weather {
    let (first, last) = (trips.depart[0], trips.depart[trips.len() - 1]);
    let hours = (last - first).num_hours() + 2;
    let start = DateTime::from_timestamp(first.timestamp() / 3600 * 3600, 0).unwrap();
    let rows = (0..hours).map(|hour| {
        let at = start + TimeDelta::hours(hour);
        (at, if rains(at) { RAIN } else { DRY })
    });
    Weather::new(rows.collect())
}

#[test]
fn rain_that_slows_traffic_is_learned_and_forecasts_without_it_lie_between() {
    let mut some = trips(6_000, 8);
    for trip in 0..some.len() {
        if rains(some.depart[trip]) {
            some.duration_s[trip] *= 1.5;
        }
    }
    let weather = hourly(&some);
    let options = TrainOptions {
        kind: Kind::Boosted,
        weather: weather.clone(),
        ..TrainOptions::quick()
    };
    let fitted = fit(&some, &options, &Cancel::new(), &Progress::silent()).unwrap();
    let bytes = fitted.model.to_onnx().unwrap();
    let mean = |weather: Weather| -> f64 {
        let session = Session::from_bytes("test", &bytes).unwrap();
        let model = TravelTimeModel::from_parts(session, fitted.parameters.clone(), "test".into());
        let queries: Vec<TripQuery> = (some.len() - 500..some.len())
            .map(|trip| TripQuery {
                origin: some.origin[trip],
                destination: some.destination[trip],
                depart: some.local_depart(trip),
                profile: None,
            })
            .collect();
        let answers = model.with_weather(weather).predict(&queries).unwrap();
        answers.iter().map(|q| q.mean).sum()
    };
    let always = |row: WeatherAt| {
        let days = some
            .depart
            .iter()
            .map(|at| (*at - TimeDelta::minutes(1), row));
        Weather::new(days.collect())
    };
    let (wet, dry, unknown) = (
        mean(always(RAIN)),
        mean(always(DRY)),
        mean(Weather::default()),
    );
    let ratio = wet / dry;
    assert!((1.35..1.65).contains(&ratio), "{ratio}");
    assert!(dry < unknown && unknown < wet, "{dry} {unknown} {wet}");
}

fn table(name: &str, text: &str) -> PathBuf {
    let folder = tempfile::tempdir().unwrap().keep();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_table_holds_until_its_next_row_and_three_hours_at_most() {
    let path = table(
        "weather.csv",
        "ts,temperature_c,precipitation_mm_h\n2026-03-01T08:00:00Z,4.5,0.2\n2026-03-01T07:00:00Z,3.5,\n",
    );
    let weather = Weather::read(&path).unwrap();
    let at = |text: &str| weather.at(text.parse().unwrap());
    assert_eq!(at("2026-03-01T08:59:00Z").precipitation_mm_h, 0.2);
    assert_eq!(at("2026-03-01T07:30:00Z").temperature_c, 3.5);
    assert!(at("2026-03-01T07:30:00Z").precipitation_mm_h.is_nan());
    assert!(at("2026-03-01T11:00:00Z").temperature_c.is_nan());
    assert!(at("2026-03-01T06:59:59Z").temperature_c.is_nan());
    assert!(!weather.is_empty() && Weather::default().is_empty());
}

#[test]
fn tables_that_cannot_be_used_say_why() {
    for (text, expected) in [
        (
            "ts,temperature_c\n2026-03-01T08:00:00Z,400\n",
            ["row 2", "temperature_c", "400"],
        ),
        (
            "ts,precipitation_mm_h\n2026-03-01T08:00:00Z,1\n2026-03-01T09:00:00Z,-1\n",
            ["row 3", "precipitation_mm_h", "-1"],
        ),
        (
            "ts,wind\n2026-03-01T08:00:00Z,3\n",
            ["temperature_c", "missing", "ts"],
        ),
        ("temperature_c\n3\n", ["ts", "missing", "UTC"]),
        (
            "ts,temperature_c\nyesterday,3\n",
            ["ts", "not of times", "UTC"],
        ),
        (
            "ts,temperature_c\n2026-03-01T08:00:00Z,warm\n",
            ["temperature_c", "not of numbers", "ts"],
        ),
    ] {
        let error = Weather::read(&table("weather.csv", text))
            .unwrap_err()
            .to_string();
        for part in expected {
            assert!(error.contains(part), "{error} lacks {part}");
        }
    }
    assert!(Weather::read(&PathBuf::from("no/such/file.parquet")).is_err());
}
