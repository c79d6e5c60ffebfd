//! What an iteration costs when travel times depend on the departure: a random day of 1,000 stops
//! with 96 slices against the same day with the mean of its travel times, in the same engine and in
//! the one that static days get. Prints the rows of `reports/bench/time_dependence.csv`:
//!
//! ```sh
//! cargo bench --bench time_dependence [STOPS] > reports/bench/time_dependence.csv
//! ```
//!
//! Time is that on the processor, so that other programs disturb little; construction is taken off
//! by the difference of a short and a long search.

use rand::Rng;
use routeforce::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use routeforce::runtime::{Cancel, Progress, random};
use routeforce::solver::{
    Problem, Relation, Rules, SearchOptions, StaticProfile, StaticTravel, Stop, TimeWindow, Travel,
    VehicleType, solve,
};
use std::time::Duration;

const SLICES: usize = 96;
const SLICE_S: u32 = 900;
const SEEDS: [u64; 3] = [1, 2, 3];
const ITERATIONS: [u64; 2] = [2_000, 12_000];

/// What routes cost.
#[derive(Clone, Copy)]
enum Price {
    Duration,
    Distance,
}

/// A day in both kinds of travel.
struct Day {
    dependent: Travel,
    mean: Travel,
    stops: Vec<Stop>,
    vehicle: VehicleType,
}

fn main() {
    // Cargo passes `--bench`.
    let stops = std::env::args()
        .find_map(|a| a.parse().ok())
        .unwrap_or(1_000);
    println!("stops,slices,price,seed,travel,engine,us_per_iteration,cost");
    for seed in SEEDS {
        let day = day(seed, stops);
        for (name, price) in [("duration", Price::Duration), ("distance", Price::Distance)] {
            let row = |travel: &str, engine: &str, problem: &Problem| {
                let (us, cost) = measured(problem, seed);
                println!("{stops},{SLICES},{name},{seed},{travel},{engine},{us:.1},{cost}");
            };
            row(
                "time-dependent",
                "general",
                &problem(&day, &day.dependent, price, true),
            );
            row("static", "general", &problem(&day, &day.mean, price, true));
            row("static", "compact", &problem(&day, &day.mean, price, false));
        }
    }
}

/// With a relation only the general engine takes the problem; this one changes little else.
fn problem(day: &Day, travel: &Travel, price: Price, related: bool) -> Problem {
    let mut vehicle = day.vehicle.clone();
    match price {
        Price::Duration => (vehicle.cost_per_second, vehicle.cost_per_distance) = (1, 0),
        Price::Distance => (vehicle.cost_per_second, vehicle.cost_per_distance) = (0, 1),
    }
    let relation = related.then(|| Relation::DifferentVehicles(vec![0, 1]));
    let rules = Rules {
        relations: relation.into_iter().collect(),
        ..Rules::default()
    };
    Problem::with_rules(travel.clone(), vec![vehicle], day.stops.clone(), rules)
        .expect("the day is drawn within all limits")
}

fn day(seed: u64, stops: usize) -> Day {
    let random = &mut random::generator(seed, "time dependence: day");
    let places = stops + 1;
    let side = 20_000.0;
    let points: Vec<(f64, f64)> = (0..places)
        .map(|_| {
            (
                random.random_range(0.0..side),
                random.random_range(0.0..side),
            )
        })
        .collect();
    // Roads of one kind have their rush hours at the same time.
    let kinds: Vec<Vec<f64>> = (0..20).map(|_| rush(random)).collect();
    let (mut by_slice, mut mean, mut metres) = (Vec::new(), Vec::new(), Vec::new());
    for from in &points {
        for to in &points {
            let far = (from.0 - to.0).hypot(from.1 - to.1) * random.random_range(1.1..1.4);
            let kind = &kinds[random.random_range(0..kinds.len())];
            let seconds = kind
                .iter()
                .map(|factor| (far / 12.0 * factor).ceil() as u32);
            let first = by_slice.len();
            by_slice.extend(seconds);
            let total: u64 = by_slice[first..].iter().map(|&s| u64::from(s)).sum();
            mean.push((total / SLICES as u64) as u32);
            metres.push(far.ceil() as u32);
        }
    }
    let service = |place: usize| {
        let open_s = random.random_range(7..16) * 3_600;
        let windowed = random.random_bool(0.6);
        let window = TimeWindow {
            open_s,
            close_s: open_s + 2 * 3_600,
        };
        Stop {
            service_s: 300,
            windows: windowed.then_some(window).into_iter().collect(),
            ..Stop::at(place, vec![random.random_range(1..10)])
        }
    };
    let stops = (1..places).map(service).collect();
    let vehicle = VehicleType {
        earliest_start_s: 6 * 3_600,
        latest_end_s: 20 * 3_600,
        ..VehicleType::at_depot(0, places, vec![100])
    };
    Day {
        dependent: tensor(places, by_slice, metres.clone()),
        mean: fixed(places, mean, metres),
        stops,
        vehicle,
    }
}

/// Factors of a day with two rush hours.
fn rush(random: &mut impl Rng) -> Vec<f64> {
    let peaks = [
        random.random_range(26.0..38.0),
        random.random_range(62.0..76.0),
    ];
    let height = random.random_range(0.2..1.0);
    let factor = |slice: usize| {
        let near = peaks.map(|peak: f64| (-((slice as f64 - peak) / 5.0).powi(2)).exp());
        1.0 + height * (near[0] + near[1])
    };
    (0..SLICES).map(factor).collect()
}

fn tensor(places: usize, mean_s: Vec<u32>, distance_m: Vec<u32>) -> Travel {
    let axis = SliceAxis {
        origin: chrono::DateTime::UNIX_EPOCH,
        time_zone: chrono_tz::UTC,
        slice_s: SLICE_S,
        slices: SLICES,
    };
    let profile = ProfileCosts {
        name: "van".into(),
        p90_s: mean_s.clone(),
        mean_s,
        distance_m,
    };
    let tensor = CostTensor::new(axis, places, vec![profile], 0.0);
    Travel::Tensor(tensor.expect("shapes are those drawn").into())
}

fn fixed(places: usize, durations: Vec<u32>, distances: Vec<u32>) -> Travel {
    let profile = StaticProfile {
        durations: durations.into(),
        distances: distances.into(),
    };
    let travel = StaticTravel::new(places, vec![profile]);
    Travel::Static(travel.expect("shapes are those drawn").into())
}

/// Microseconds on the processor for one more iteration, and the cost of the longer search.
fn measured(problem: &Problem, seed: u64) -> (f64, i64) {
    let run = |iterations: u64| {
        let options = SearchOptions {
            time_limit: Duration::from_secs(3_600),
            seed,
            max_iterations: Some(iterations),
            ..SearchOptions::default()
        };
        let before = on_processor_s();
        let found = solve(problem, &options, &Cancel::new(), &Progress::silent());
        (on_processor_s() - before, found.solution.cost)
    };
    let [(short_s, _), (long_s, cost)] = ITERATIONS.map(run);
    let more = (ITERATIONS[1] - ITERATIONS[0]) as f64;
    ((long_s - short_s) * 1e6 / more, cost)
}

/// Seconds that this thread spent on a processor (Linux), else since the first call.
fn on_processor_s() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = told.split(' ').next().and_then(|n| n.parse().ok());
    let wall = || {
        START
            .get_or_init(std::time::Instant::now)
            .elapsed()
            .as_secs_f64()
    };
    nanoseconds.map_or_else(wall, |n| n * 1e-9)
}
