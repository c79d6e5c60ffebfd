//! A town whose travel times are known: speed by time of day, noise of a known size.

use chrono::{DateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use routeforce::domain::LatLon;
use routeforce::features::travel::Trips;
use routeforce::onnx::Session;
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::travel_time::{Fitted, TrainOptions, TravelTimeModel, fit};
use std::sync::OnceLock;

pub const ZONE: Tz = chrono_tz::Europe::Berlin;
/// Standard deviation of the logarithm of a duration.
const NOISE: f64 = 0.25;
/// Trucks are slower than vans by this factor.
pub const TRUCK: f64 = 1.2;

/// Seconds without noise.
pub fn typical_s(origin: LatLon, destination: LatLon, depart: DateTime<Tz>) -> f64 {
    let hour = f64::from(depart.num_seconds_from_midnight()) / 3600.0;
    let rush = |at: f64| (-(hour - at).powi(2) / 2.0).exp();
    let slow = 1.0 + 0.8 * rush(8.0) + 0.9 * rush(17.0);
    60.0 + 1.3 * origin.great_circle_m(destination) / 8.0 * slow
}

pub fn place(generator: &mut impl Rng) -> LatLon {
    LatLon {
        lat: 48.10 + 0.12 * generator.random::<f64>(),
        lon: 11.45 + 0.20 * generator.random::<f64>(),
    }
}

/// Trips over eight weeks from 1 September 2025, in order of departure.
pub fn trips(count: usize, seed: u64) -> Trips {
    let mut generator = random::generator(seed, "test trips");
    let start = ZONE.with_ymd_and_hms(2025, 9, 1, 5, 0, 0).unwrap();
    let mut made = empty();
    for i in 0..count {
        let elapsed = 56 * 86_400 * i as i64 / count as i64;
        let depart = start.with_timezone(&Utc) + TimeDelta::seconds(elapsed);
        let (origin, destination) = (place(&mut generator), place(&mut generator));
        let noise: f64 = StandardNormal.sample(&mut generator);
        let truck = generator.random_bool(0.3);
        let factor = if truck { TRUCK } else { 1.0 };
        let typical = typical_s(origin, destination, depart.with_timezone(&ZONE));
        made.trip_id.push(format!("t{i}"));
        made.origin.push(origin);
        made.destination.push(destination);
        made.depart.push(depart);
        made.duration_s
            .push(factor * typical * (NOISE * noise).exp());
        made.distance_m
            .push(1.4 * origin.great_circle_m(destination));
        if let Some(profiles) = &mut made.profile {
            profiles.push(if truck { "truck".into() } else { "van".into() });
        }
    }
    made
}

fn empty() -> Trips {
    Trips {
        source: "made up".into(),
        time_zone: ZONE,
        trip_id: vec![],
        origin: vec![],
        destination: vec![],
        depart: vec![],
        duration_s: vec![],
        distance_m: vec![],
        profile: Some(vec![]),
        split: None,
    }
}

pub fn options() -> TrainOptions {
    TrainOptions {
        seed: 11,
        max_rounds: 120,
        max_spread_rounds: 30,
        ..TrainOptions::default()
    }
}

pub fn fit_quietly(trips: &Trips) -> Fitted {
    fit(trips, &options(), &Cancel::new(), &Progress::silent()).unwrap()
}

/// One model for all tests that only ask it.
pub fn fitted() -> &'static Fitted {
    static FITTED: OnceLock<Fitted> = OnceLock::new();
    FITTED.get_or_init(|| fit_quietly(&trips(12_000, 1)))
}

pub fn served() -> TravelTimeModel {
    let fitted = fitted();
    let bytes = fitted.model.to_onnx().unwrap();
    let session = Session::from_bytes("test model", &bytes).unwrap();
    TravelTimeModel::from_parts(session, fitted.parameters.clone(), "test".into())
}
