//! A small made-up town to plan in: seeded places, a tensor with a rush hour, a fleet.

use chrono::{NaiveDate, NaiveTime, Utc};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use routeforce::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use routeforce::domain::LatLon;
use routeforce::domain::fleet::{Depot, Fleet, Vehicle};
use routeforce::domain::plan::PlanBasis;
use routeforce::domain::stop::{Stop, StopOrigin, TimeWindow};
use routeforce::planning::{PlanRequest, SearchSettings, local_instant, places};
use routeforce::runtime::random;
use std::sync::Arc;
use std::time::Duration;

pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Berlin;

pub fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

pub fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn place(rng: &mut ChaCha8Rng) -> LatLon {
    LatLon {
        lat: 52.0 + rng.random_range(0.0..0.15),
        lon: 13.0 + rng.random_range(0.0..0.25),
    }
}

pub fn vehicle(id: &str, profile: &str) -> Vehicle {
    Vehicle {
        id: id.into(),
        profile: profile.into(),
        start_depot: "north".into(),
        end_depot: Some("north".into()),
        capacity: [("kg".to_owned(), 400.0), ("m3".to_owned(), 5.0)].into(),
        shift_start: clock(6, 0),
        shift_end: clock(15, 0),
        fixed_cost: 40.0,
        cost_per_km: 0.4,
        cost_per_hour: 24.0,
        skills: vec![],
        max_distance_km: None,
        max_duration_h: None,
        max_stops: None,
        service_factor: None,
    }
}

pub fn stop(id: usize, place: LatLon) -> Stop {
    Stop {
        id: format!("s{id}"),
        site_id: format!("site-{id}"),
        place,
        quantities: [("kg".to_owned(), 35.5), ("m3".to_owned(), 0.4)].into(),
        service_s: 300,
        service_sd_s: None,
        windows: vec![],
        skills: vec![],
        penalty: Some(80.0),
        origin: StopOrigin::Ordered,
    }
}

pub fn window(from: (u32, u32), to: (u32, u32)) -> TimeWindow {
    TimeWindow {
        start: local_instant(date(), clock(from.0, from.1), ZONE),
        end: local_instant(date(), clock(to.0, to.1), ZONE),
    }
}

/// Travel at 36 km/h along great circles, up to twice as long around 8 o'clock; trucks 20 % slower.
pub fn tensor(fleet: &Fleet, stops: &[Stop]) -> CostTensor {
    let places = places(fleet, stops);
    let axis = SliceAxis {
        origin: local_instant(date(), clock(0, 0), ZONE),
        time_zone: ZONE,
        slice_s: 900,
        slices: 96,
    };
    let profile = |name: &str, factor: f64| {
        let (mut mean_s, mut p90_s, mut distance_m) = (vec![], vec![], vec![]);
        for from in &places {
            for to in &places {
                let metres = 1.3 * from.great_circle_m(*to);
                distance_m.push(metres.round() as u32);
                for slice in 0..axis.slices {
                    let hour = slice as f64 / 4.0;
                    let rush = 1.0 + (-(hour - 8.0).powi(2)).exp();
                    let seconds = metres / 10.0 * factor * rush;
                    mean_s.push(seconds.round() as u32);
                    p90_s.push((seconds * 1.4).round() as u32);
                }
            }
        }
        ProfileCosts {
            name: name.into(),
            mean_s,
            p90_s,
            distance_m,
        }
    };
    let profiles = vec![profile("van", 1.0), profile("truck", 1.2)];
    CostTensor::new(axis, places.len(), profiles, 0.3).unwrap()
}

/// A fleet and stops of every kind the planner knows, different for every seed.
pub fn fleet_and_stops(seed: u64, count: usize) -> (Fleet, Vec<Stop>) {
    let mut rng = random::generator(seed, "town");
    let depots = ["north", "south"].map(|id| Depot {
        id: id.into(),
        place: place(&mut rng),
    });
    let mut vehicles = vec![
        vehicle("van-1", "van"),
        vehicle("van-2", "van"),
        vehicle("truck-1", "truck"),
    ];
    vehicles[1].start_depot = "south".into();
    vehicles[1].end_depot = None;
    vehicles[1].max_stops = Some(6);
    vehicles[2].capacity.insert("kg".into(), 900.0);
    vehicles[2].skills = vec!["cold".into()];
    vehicles[2].max_duration_h = Some(7.5);
    vehicles[2].service_factor = Some(0.85);
    let stops = (0..count).map(|id| {
        let mut stop = stop(id, place(&mut rng));
        stop.quantities
            .insert("kg".into(), f64::from(rng.random_range(100..900)) / 10.0);
        match rng.random_range(0..5) {
            0 => stop.windows = vec![window((7, 0), (9, 30))],
            1 => stop.windows = vec![window((6, 30), (8, 0)), window((12, 0), (14, 0))],
            2 => stop.skills = vec!["cold".into()],
            3 => stop.penalty = None,
            _ => stop.penalty = Some(rng.random_range(2.0..120.0)),
        }
        stop
    });
    (
        Fleet {
            depots: depots.into(),
            vehicles,
        },
        stops.collect(),
    )
}

pub fn request(fleet: Fleet, stops: Vec<Stop>, seed: u64) -> PlanRequest {
    PlanRequest {
        date: date(),
        time_zone: ZONE,
        costs: Arc::new(tensor(&fleet, &stops)),
        fleet,
        stops,
        basis: PlanBasis::Predicted,
        models: vec![],
        created_at: date()
            .and_time(clock(4, 0))
            .and_local_timezone(Utc)
            .unwrap(),
        search: SearchSettings {
            time_limit: Duration::from_secs(20),
            seed,
            threads: 1,
            max_iterations: Some(300),
        },
        caution: None,
    }
}
