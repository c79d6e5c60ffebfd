//! A town whose speeds are known, and drives through it.

use crate::network::map::{Map, at};
use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};
use routeforce::features::traces::Position;
use routeforce::features::travel::Trips;
use routeforce::network::osm::RoadClass;
use routeforce::network::{Network, Route, SnapOptions};
use routeforce::runtime::random;
use routeforce::speeds::{LearnOptions, RoadSpeeds};
use std::collections::BTreeMap;

pub const ZONE: Tz = chrono_tz::Europe::Berlin;
const SIDE: i64 = 12;
const BLOCK_M: f64 = 180.0;

pub fn town() -> Network {
    map().car()
}

/// A grid of residential streets with an avenue every fourth row.
pub fn map() -> Map {
    let mut map = Map::new();
    let mut id = 0;
    for n in 0..SIDE * SIDE {
        map.node(
            n,
            (n % SIDE) as f64 * BLOCK_M,
            (n / SIDE) as f64 * BLOCK_M,
            &[],
        );
    }
    for n in 0..SIDE * SIDE {
        let (right, up) = (n % SIDE + 1 < SIDE, n / SIDE + 1 < SIDE);
        for next in [right.then_some(n + 1), up.then_some(n + SIDE)]
            .into_iter()
            .flatten()
        {
            id += 1;
            let avenue = (n / SIDE) % 4 == 0 && next == n + 1;
            let class = if avenue { "primary" } else { "residential" };
            map.way(id, &[n, next], &[("highway", class)]);
        }
    }
    map
}

/// Time over that at free flow: avenues are slow in rush hours, streets a little; days off are calm.
pub fn factor(class: RoadClass, local: DateTime<Tz>) -> f64 {
    let avenue = class == RoadClass::Primary;
    let off = local.weekday().num_days_from_monday() >= 5;
    match (avenue, off, local.hour()) {
        (true, false, 7..=8 | 16..=17) => 2.4,
        (true, false, 9..=15) => 1.6,
        (true, _, _) => 1.2,
        (false, false, 7..=8 | 16..=17) => 1.5,
        (false, false, _) => 1.3,
        (false, true, _) => 1.1,
    }
}

/// True milliseconds of every edge at a moment.
pub fn true_ms(network: &Network, local: DateTime<Tz>) -> Vec<u32> {
    let graph = network.graph();
    let edge = |edge: u32| {
        let free = f64::from(graph.duration_ms[edge as usize]);
        (free * factor(graph.class_of(edge), local)) as u32
    };
    (0..graph.edges() as u32).map(edge).collect()
}

/// The way that somebody drives who knows what roads take at that moment.
pub fn way(network: &Network, draw: &mut ChaCha8Rng, local: DateTime<Tz>) -> Option<Route> {
    let extent = BLOCK_M * (SIDE - 1) as f64;
    let mut place = || {
        let place = at(
            draw.random_range(0.0..extent),
            draw.random_range(0.0..extent),
        );
        network.snap(place, &SnapOptions::default())
    };
    let (from, to) = place().zip(place())?;
    let timed = network.timed(true_ms(network, local)).unwrap();
    timed
        .route(&from, &to)
        .unwrap()
        .filter(|way| way.duration_s > 90.0)
}

/// A moment of eight weeks from 4 May 2026, between six and twenty-two.
pub fn moment(draw: &mut ChaCha8Rng) -> DateTime<Tz> {
    let monday = ZONE.with_ymd_and_hms(2026, 5, 4, 6, 0, 0).unwrap();
    let (day, second) = (draw.random_range(0..56), draw.random_range(0..16 * 3_600));
    monday + TimeDelta::days(day) + TimeDelta::seconds(second)
}

/// Trips with noise: only ends, departure and duration.
pub fn trips(network: &Network, count: usize, noise: f64, seed: u64) -> Trips {
    let mut draw = random::generator(seed, "trips");
    let errors = Normal::new(0.0, noise).unwrap();
    let mut made: Vec<(DateTime<Utc>, Route, f64)> = Vec::new();
    while made.len() < count {
        let local = moment(&mut draw);
        if let Some(way) = way(network, &mut draw, local) {
            let error: f64 = errors.sample(&mut draw);
            let took_s = way.duration_s * error.exp();
            made.push((local.with_timezone(&Utc), way, took_s));
        }
    }
    made.sort_by_key(|trip| trip.0);
    let end = |way: &Route, last: bool| {
        let line = network.line(way);
        if last { line[line.len() - 1] } else { line[0] }
    };
    Trips {
        source: "made up".into(),
        time_zone: ZONE,
        trip_id: (0..count).map(|i| format!("t{i}")).collect(),
        origin: made.iter().map(|trip| end(&trip.1, false)).collect(),
        destination: made.iter().map(|trip| end(&trip.1, true)).collect(),
        depart: made.iter().map(|trip| trip.0).collect(),
        duration_s: made.iter().map(|trip| trip.2).collect(),
        distance_m: vec![f64::NAN; count],
        profile: None,
        split: None,
    }
}

/// Traces with a fix every ten seconds, 4 m off; turns are waited for where they are.
pub fn traces(network: &Network, count: usize, seed: u64) -> BTreeMap<String, Vec<Position>> {
    let mut draw = random::generator(seed, "traces");
    let noise = Normal::new(0.0, 4.0).unwrap();
    let mut traces = BTreeMap::new();
    while traces.len() < count {
        let local = moment(&mut draw);
        let Some(way) = way(network, &mut draw, local) else {
            continue;
        };
        let ms = true_ms(network, local);
        let stretches = network.stretches(&way);
        let (mut positions, mut clock_s, mut next_s) = (Vec::new(), 0.0, 0.0);
        for (at, &(edge, share)) in stretches.iter().enumerate() {
            let takes_s = share * f64::from(ms[edge as usize]) / 1e3;
            let begin = if at == 0 { way.from_share } else { 0.0 };
            let wait_s = stretches
                .get(at + 1)
                .map_or(0.0, |next| network.turning_s(&[edge, next.0]));
            while next_s <= clock_s + takes_s + wait_s {
                let part = ((next_s - clock_s) / takes_s).min(1.0);
                let mut place = network.point(edge, begin + share * part);
                place.lat += noise.sample(&mut draw) / 111_195.0;
                place.lon += noise.sample(&mut draw) / 72_363.0;
                positions.push(Position {
                    row: positions.len(),
                    at: place,
                    time_s: local.timestamp() as f64 + next_s,
                    accuracy_m: Some(4.0),
                    heading_deg: None,
                });
                next_s += 10.0;
            }
            clock_s += takes_s + wait_s;
        }
        traces.insert(format!("drive {}", traces.len()), positions);
    }
    traces
}

pub fn options() -> LearnOptions {
    LearnOptions {
        time_zone: ZONE,
        holidays: Default::default(),
        source: "made up".into(),
    }
}

/// Learned factor of a class in a slot.
pub fn learned(speeds: &RoadSpeeds, class: RoadClass, slot: usize) -> f64 {
    let kind = speeds.kinds.iter().find(|kind| kind.kind.class == class);
    kind.unwrap().slots[slot]
}
