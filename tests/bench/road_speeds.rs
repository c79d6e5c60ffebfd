//! What learned speeds are worth: trips with both ends on a network, learned from those of `train`
//! and told for those of `test`. Prints CSV:
//!
//! ```sh
//! cargo bench --bench road_speeds -- X.rfroads TRIPS.parquet
//! ```
//!
//! Beside the network's free flow and the usual remedy, its median ratio by two hours and weekend.

use chrono::{Datelike, Timelike};
use routeforce::features::travel::{self, Holidays, Trips};
use routeforce::network::{self, Network, SnapOptions, Snapped};
use routeforce::runtime::{Cancel, Progress};
use routeforce::speeds::{LearnOptions, SpeedsOn, TripWays, from_trips};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

/// Farthest road from an end, in metres.
const WITHIN_M: f64 = 100.0;
/// Fewest trips of a period that has a ratio of its own.
const FEWEST: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let [roads, table] = &given[..] else {
        return Err("give X.rfroads TRIPS.parquet".into());
    };
    let (cancel, silent) = (Cancel::new(), Progress::silent());
    let network = network::load(Path::new(roads))?;
    let trips = travel::read(Path::new(table), &cancel)?;
    let options = LearnOptions {
        time_zone: trips.time_zone,
        holidays: Holidays::default(),
        source: trips.source.clone(),
    };
    let started = Instant::now();
    let speeds = from_trips(
        &network,
        &trips,
        TripWays::default(),
        &options,
        &cancel,
        &silent,
    )?;
    let learned_s = started.elapsed().as_secs_f64();
    let (train, train_ends) = on_roads(&network, &trips, "train");
    let (test, test_ends) = on_roads(&network, &trips, "test");
    let free = |ends: &[[Snapped; 2]]| -> Result<Vec<f64>, Box<dyn Error>> {
        let seconds = |[from, to]: &[Snapped; 2]| {
            Ok(network
                .route(from, to)?
                .map_or(f64::NAN, |route| route.duration_s.max(10.0)))
        };
        ends.iter().map(seconds).collect()
    };
    let (train_free, test_free) = (free(&train_ends)?, free(&test_ends)?);
    let ratios = by_period(&train, &train_free);
    let all = ratios.get(&None).copied().unwrap_or(1.0);
    let by_period: Vec<f64> = (0..test.len())
        .map(|i| test_free[i] * ratios.get(&Some(period(&test, i))).copied().unwrap_or(all))
        .collect();
    let on_network = SpeedsOn::new(&speeds, &network)?;
    let mut mean = Vec::with_capacity(test.len());
    for (i, [from, to]) in test_ends.iter().enumerate() {
        let timed = network.timed(on_network.durations_ms(test.depart[i]))?;
        mean.push(
            timed
                .route(from, to)?
                .map_or(f64::NAN, |route| route.duration_s),
        );
    }
    let median: Vec<f64> = mean
        .iter()
        .map(|seconds| seconds * speeds.drive.p50)
        .collect();
    println!("what,trips,mae_s,bias_s,learned_in_s");
    for (what, told) in [
        ("free flow", &test_free),
        ("free flow by period", &by_period),
        ("learned speeds median", &median),
        ("learned speeds mean", &mean),
    ] {
        let errors: Vec<f64> = told
            .iter()
            .zip(&test.duration_s)
            .map(|(t, y)| t - y)
            .collect();
        let known: Vec<f64> = errors.into_iter().filter(|e| e.is_finite()).collect();
        let count = known.len() as f64;
        let mae = known.iter().map(|e| e.abs()).sum::<f64>() / count;
        let bias = known.iter().sum::<f64>() / count;
        println!("{what},{count},{mae:.1},{bias:.1},{learned_s:.1}");
    }
    Ok(())
}

/// Trips of a split with both ends on the network.
fn on_roads(network: &Network, trips: &Trips, split: &str) -> (Trips, Vec<[Snapped; 2]>) {
    let options = SnapOptions {
        within_m: WITHIN_M,
        ..SnapOptions::default()
    };
    let (mut chosen, mut ends) = (Vec::new(), Vec::new());
    for trip in trips.of_split(&[split]) {
        let places = [trips.origin[trip], trips.destination[trip]];
        if let [Some(from), Some(to)] = places.map(|place| network.snap(place, &options)) {
            chosen.push(trip);
            ends.push([from, to]);
        }
    }
    (trips.select(&chosen), ends)
}

fn period(trips: &Trips, trip: usize) -> (u32, bool) {
    let local = trips.local_depart(trip);
    (
        local.hour() / 2,
        local.weekday().num_days_from_monday() >= 5,
    )
}

/// Median of driven over free-flow time by period, and of all under `None`.
fn by_period(trips: &Trips, free_s: &[f64]) -> BTreeMap<Option<(u32, bool)>, f64> {
    let mut ratios: BTreeMap<Option<(u32, bool)>, Vec<f64>> = BTreeMap::new();
    for (i, free_s) in free_s.iter().enumerate().filter(|(_, s)| s.is_finite()) {
        for key in [None, Some(period(trips, i))] {
            ratios
                .entry(key)
                .or_default()
                .push(trips.duration_s[i] / free_s);
        }
    }
    let enough = ratios
        .into_iter()
        .filter(|(key, list)| key.is_none() || list.len() >= FEWEST);
    enough
        .map(|(key, mut list)| {
            list.sort_by(f64::total_cmp);
            (key, list[list.len() / 2])
        })
        .collect()
}
