//! Random problems with every feature of the model.

use chrono::DateTime;
use rand::Rng;
use routeforce::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use routeforce::runtime::random;
use routeforce::solver::{
    Problem, StaticProfile, StaticTravel, Stop, TimeWindow, Travel, UNBOUNDED_S, VehicleType,
};
use std::sync::Arc;

const DEPOTS: usize = 2;
const DAY_S: i64 = 36_000;
const SLICE_S: u32 = 1_800;

/// A problem of `stops` stops with two depots, two profiles, mixed fleet, several windows, skills,
/// optional stops and open routes, on a tensor or on static matrices.
pub fn random_problem(seed: u64, stops: usize, time_dependent: bool) -> Problem {
    let mut random = random::generator(seed, "random problem");
    let places = DEPOTS + stops;
    let travel = if time_dependent {
        Travel::Tensor(Arc::new(random_tensor(&mut random, places)))
    } else {
        let profiles = (0..2)
            .map(|_| static_profile(&mut random, places))
            .collect();
        Travel::Static(Arc::new(StaticTravel::new(places, profiles).unwrap()))
    };
    let types = random.random_range(1..4);
    let vehicles = (0..types).map(|_| vehicle(&mut random)).collect();
    let stops = (DEPOTS..places)
        .map(|place| stop(&mut random, place))
        .collect();
    Problem::new(travel, vehicles, stops).unwrap()
}

fn points(random: &mut impl Rng, places: usize) -> Vec<(f64, f64)> {
    (0..places)
        .map(|_| {
            (
                random.random_range(0.0..2_000.0),
                random.random_range(0.0..2_000.0),
            )
        })
        .collect()
}

fn matrix(random: &mut impl Rng, points: &[(f64, f64)]) -> Vec<u32> {
    let mut cells = Vec::new();
    for a in points {
        for b in points {
            let straight = (a.0 - b.0).hypot(a.1 - b.1);
            // Neither symmetric nor bound by the triangle inequality.
            cells.push((straight * random.random_range(0.8..1.5)) as u32);
        }
    }
    cells
}

fn static_profile(random: &mut impl Rng, places: usize) -> StaticProfile {
    let points = points(random, places);
    StaticProfile {
        durations: matrix(random, &points).into(),
        distances: matrix(random, &points).into(),
    }
}

fn random_tensor(random: &mut impl Rng, places: usize) -> CostTensor {
    let slices = (DAY_S / i64::from(SLICE_S)) as usize;
    let axis = SliceAxis {
        origin: DateTime::UNIX_EPOCH,
        time_zone: chrono_tz::Europe::Berlin,
        slice_s: SLICE_S,
        slices,
    };
    let profiles = ["van", "truck"].map(|name| {
        let points = points(random, places);
        let base = matrix(random, &points);
        let rush: Vec<f64> = (0..slices).map(|_| random.random_range(0.6..2.5)).collect();
        let mean_s: Vec<u32> = base
            .iter()
            .flat_map(|&s| {
                rush.iter()
                    .map(move |factor| (f64::from(s) * factor) as u32)
            })
            .collect();
        ProfileCosts {
            name: name.into(),
            p90_s: mean_s.iter().map(|s| s * 3 / 2).collect(),
            mean_s,
            distance_m: matrix(random, &points),
        }
    });
    CostTensor::new(axis, places, profiles.into(), 0.3).unwrap()
}

fn vehicle(random: &mut impl Rng) -> VehicleType {
    let start = random.random_range(0..DEPOTS);
    let earliest_start_s = random.random_range(0..DAY_S / 3);
    let unbounded = random.random_bool(0.2);
    let maybe = |random: &mut _, chance, range: std::ops::Range<i64>| {
        let value = Rng::random_range(random, range);
        Rng::random_bool(random, chance).then_some(value)
    };
    VehicleType {
        count: random.random_range(1..4),
        start: Some(start),
        end: [Some(start), Some(0), None][random.random_range(0..3)],
        profile: random.random_range(0..2),
        capacity: vec![random.random_range(5..40), random.random_range(5..40)],
        earliest_start_s,
        latest_end_s: if unbounded {
            UNBOUNDED_S
        } else {
            earliest_start_s + DAY_S / 2
        },
        fixed_cost: random.random_range(0..2_000),
        cost_per_distance: random.random_range(0..3),
        cost_per_second: random.random_range(0..3),
        skills: random.random_range(0..8),
        max_distance: maybe(random, 0.3, 2_000..10_000),
        max_duration_s: maybe(random, 0.3, 3_000..12_000),
        max_stops: maybe(random, 0.3, 1..6).map(|most| most as usize),
        ..VehicleType::at_depot(0, 1, vec![])
    }
}

fn stop(random: &mut impl Rng, place: usize) -> Stop {
    let mut windows = Vec::new();
    let mut from = 0;
    for _ in 0..random.random_range(0..3) {
        let open_s = from + random.random_range(1..DAY_S / 3);
        let close_s = open_s + random.random_range(0..DAY_S / 4);
        windows.push(TimeWindow { open_s, close_s });
        from = close_s;
    }
    Stop {
        place,
        demand: vec![random.random_range(0..8), random.random_range(0..8)],
        service_s: random.random_range(0..600),
        windows,
        required_skills: if random.random_bool(0.2) {
            1 << random.random_range(0..3)
        } else {
            0
        },
        penalty: random
            .random_bool(0.4)
            .then(|| random.random_range(0..6_000)),
        ..Stop::default()
    }
}
