//! Random days with every feature a problem can have.

use crate::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::runtime::random;
use crate::solver::problem::{
    Backhauls, Break, Driven, DrivingRule, Due, Group, Objective, Overtime, Problem, Relation,
    Reload, Rules, Shipment, Stop, TimeWindow, UNBOUNDED_S, VehicleType,
};
use crate::solver::travel::{ArrivalFunctions, Breakpoint, StaticProfile, StaticTravel, Travel};
use proptest::prelude::*;
use proptest::sample;
use rand::Rng;

const STOPS: usize = 14;
const PLACES: usize = STOPS + 2;
const SLICES: usize = 20;
const SLICE_S: u32 = 900;

/// What a day can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Features {
    /// Windows, loads, shipments and costs of duration: offers are exact where travel is static.
    Plain,
    /// Windows, loads, reloads and releases, and time costs nothing: offers are exact.
    Trips,
    /// Everything.
    All,
}

/// Any of them.
pub(super) fn features() -> impl Strategy<Value = Features> {
    sample::select(vec![Features::Plain, Features::Trips, Features::All])
}

/// A day.
pub(super) fn day(seed: u64, features: Features) -> Problem {
    let random = &mut random::generator(seed, "search tests: day");
    let travel = travel(random);
    let types = random.random_range(1..4);
    let plain = features != Features::All;
    let mut vehicles: Vec<VehicleType> = (0..types).map(|_| vehicle(random, plain)).collect();
    let mut stops: Vec<Stop> = (0..STOPS)
        .map(|k| stop(random, k + 2, types, plain))
        .collect();
    if !plain {
        // Drawn apart, so that days are else what they were without.
        let random = &mut random::generator(seed, "search tests: service");
        for stop in &mut stops {
            stop.service_sd_ms =
                maybe(random, 0.3, |r| r.random_range(1..400_000)).unwrap_or_default();
            stop.service_sd_by_type_ms = maybe(random, 0.1, |r| {
                (0..types).map(|_| r.random_range(0..400_000)).collect()
            })
            .unwrap_or_default();
        }
    }
    let under_way = !plain && random.random_bool(0.3);
    let rules = match features {
        Features::Trips => {
            trips(random, &mut vehicles, &mut stops);
            Rules::default()
        }
        _ => rules(random, &mut stops, plain, usize::from(under_way)),
    };
    if under_way {
        drive(random, &mut vehicles, &mut stops);
    }
    Problem::with_rules(travel, vehicles, stops, rules).unwrap()
}

fn matrix(random: &mut impl Rng) -> Vec<u32> {
    let points: Vec<(f64, f64)> = (0..PLACES)
        .map(|_| {
            (
                random.random_range(0.0..900.0),
                random.random_range(0.0..900.0),
            )
        })
        .collect();
    let longer = random.random_range(0.01..0.5);
    let mut cells = Vec::new();
    for a in &points {
        for b in &points {
            let straight = (a.0 - b.0).hypot(a.1 - b.1);
            cells.push((straight * random.random_range(1.0..1.0 + longer)).ceil() as u32);
        }
    }
    if random.random_bool(0.5) {
        for (via, from, to) in triples() {
            let detour = cells[from * PLACES + via] + cells[via * PLACES + to];
            let leg = &mut cells[from * PLACES + to];
            *leg = detour.min(*leg);
        }
    }
    cells
}

/// All ordered triples of places.
fn triples() -> impl Iterator<Item = (usize, usize, usize)> {
    (0..PLACES * PLACES * PLACES).map(|k| (k / PLACES / PLACES, k / PLACES % PLACES, k % PLACES))
}

/// Whether driving via another place is quicker than a leg at some time of day.
pub(super) fn has_shortcuts(problem: &Problem) -> bool {
    let travel = problem.travel();
    let starts = (0..SLICES as i64 * 6).map(|k| k * i64::from(SLICE_S) / 4);
    starts.into_iter().any(|depart_s| {
        triples().any(|(via, from, to)| {
            let there_s = depart_s + travel.duration_s(0, from, via, depart_s);
            let detour_s = there_s + travel.duration_s(0, via, to, there_s);
            detour_s < depart_s + travel.duration_s(0, from, to, depart_s)
        })
    })
}

fn travel(random: &mut impl Rng) -> Travel {
    let (seconds, metres) = (matrix(random), matrix(random));
    let rush: Vec<f64> = (0..SLICES).map(|_| random.random_range(0.6..2.0)).collect();
    let by_slice = |s: u32| {
        rush.iter()
            .map(move |factor| (f64::from(s) * factor) as u32)
    };
    let mean_s: Vec<u32> = seconds.iter().flat_map(|&s| by_slice(s)).collect();
    match random.random_range(0..3) {
        0 => {
            let profile = StaticProfile {
                durations: seconds.into(),
                distances: metres.into(),
            };
            Travel::Static(StaticTravel::new(PLACES, vec![profile]).unwrap().into())
        }
        1 => {
            let profile = ProfileCosts {
                name: "van".into(),
                p90_s: mean_s.iter().map(|s| s + s / 3).collect(),
                mean_s,
                distance_m: metres,
            };
            let axis = SliceAxis {
                origin: chrono::DateTime::UNIX_EPOCH,
                time_zone: chrono_tz::Europe::Berlin,
                slice_s: SLICE_S,
                slices: SLICES,
            };
            Travel::Tensor(
                CostTensor::new(axis, PLACES, vec![profile], 0.3)
                    .unwrap()
                    .into(),
            )
        }
        _ => {
            let function = |durations: &[u32]| {
                let mut arrive_s = i64::MIN;
                let points = durations.iter().enumerate().map(|(slice, &s)| {
                    let depart_s = slice as i64 * i64::from(SLICE_S);
                    arrive_s = arrive_s.max(depart_s + i64::from(s));
                    Breakpoint { depart_s, arrive_s }
                });
                points.collect::<Vec<_>>()
            };
            let functions = mean_s.chunks(SLICES).map(function).collect();
            Travel::Functions(
                ArrivalFunctions::new(PLACES, functions, metres)
                    .unwrap()
                    .into(),
            )
        }
    }
}

/// Something with a chance.
fn maybe<T>(
    random: &mut impl Rng,
    chance: f64,
    draw: impl FnOnce(&mut dyn rand::RngCore) -> T,
) -> Option<T> {
    random.random_bool(chance).then(|| draw(random))
}

/// None, one or two windows of the day.
fn windows(random: &mut (impl Rng + ?Sized), most: usize) -> Vec<TimeWindow> {
    let mut from_s = 0;
    (0..random.random_range(0..=most))
        .map(|_| {
            let open_s = from_s + random.random_range(1..6_000);
            from_s = open_s + random.random_range(300..8_000);
            TimeWindow {
                open_s,
                close_s: from_s,
            }
        })
        .collect()
}

fn vehicle(random: &mut impl Rng, plain: bool) -> VehicleType {
    let earliest_start_s = random.random_range(0..3_000);
    let vehicle = VehicleType {
        earliest_start_s,
        latest_end_s: earliest_start_s + random.random_range(8_000..20_000),
        fixed_cost: random.random_range(0..900),
        cost_per_distance: random.random_range(0..3),
        cost_per_second: random.random_range(0..3),
        max_duration_s: maybe(random, 0.3, |r| r.random_range(3_000..9_000)),
        max_distance: maybe(random, 0.3, |r| r.random_range(2_000..6_000)),
        max_stops: maybe(random, 0.2, |r| r.random_range(2..7)),
        ..VehicleType::at_depot(
            0,
            random.random_range(1..4),
            vec![random.random_range(8..30)],
        )
    };
    if plain {
        return vehicle;
    }
    VehicleType {
        start: [Some(0), Some(1), None][random.random_range(0..3)],
        end: [Some(0), Some(1), None][random.random_range(0..3)],
        skills: random.random_range(0..4),
        latest_start_s: match random.random_bool(0.3) {
            true => earliest_start_s + random.random_range(0..5_000),
            false => UNBOUNDED_S,
        },
        cost_per_driving_second: random.random_range(0..2),
        cost_per_waiting_second: random.random_range(0..2),
        overtime: maybe(random, 0.3, |r| Overtime {
            after_s: r.random_range(0..6_000),
            cost_per_second: r.random_range(0..4),
        }),
        max_driving_s: maybe(random, 0.2, |r| r.random_range(2_000..6_000)),
        reloads: reloads(random),
        max_trips: maybe(random, 0.3, |r| r.random_range(1..4)),
        breaks: (0..random.random_range(0..3))
            .map(|_| Break {
                windows: windows(random, 2),
                duration_s: random.random_range(60..900),
                always: random.random_bool(0.5),
            })
            .collect(),
        driving_rule: maybe(random, 0.3, |r| DrivingRule {
            max_driving_s: r.random_range(1_500..4_000),
            break_s: r.random_range(60..900),
            standstill_counts: r.random_bool(0.5),
        }),
        ..vehicle
    }
}

fn stop(random: &mut impl Rng, place: usize, types: usize, plain: bool) -> Stop {
    let stop = Stop {
        service_s: random.random_range(0..300),
        windows: windows(random, if plain { 1 } else { 2 }),
        ..Stop::at(place, vec![random.random_range(0..6)])
    };
    if plain {
        return stop;
    }
    let pickup = maybe(random, 0.3, |r| vec![r.random_range(0..6)]);
    Stop {
        demand: match pickup.is_some() && random.random_bool(0.6) {
            true => vec![0],
            false => stop.demand,
        },
        pickup: pickup.unwrap_or_default(),
        service_by_type_s: maybe(random, 0.2, |r| {
            (0..types).map(|_| r.random_range(0..400)).collect()
        })
        .unwrap_or_default(),
        cost_by_type: maybe(random, 0.2, |r| {
            (0..types).map(|_| r.random_range(0..400)).collect()
        })
        .unwrap_or_default(),
        due: maybe(random, 0.3, |r| Due {
            by_s: r.random_range(0..12_000),
            cost_per_second: r.random_range(0..3),
        }),
        release_s: maybe(random, 0.2, |r| r.random_range(0..5_000)).unwrap_or(0),
        required_skills: maybe(random, 0.2, |r| r.random_range(0..4)).unwrap_or(0),
        penalty: maybe(random, 0.4, |r| r.random_range(0..4_000)),
        priority: random.random_range(0..3),
        ..stop
    }
}

fn rules(random: &mut impl Rng, stops: &mut [Stop], plain: bool, first: usize) -> Rules {
    let mut free: Vec<usize> = (first..stops.len()).collect();
    let mut draw =
        |random: &mut dyn rand::RngCore| free.swap_remove(random.random_range(0..free.len()));
    let mut rules = Rules {
        lifo: random.random_bool(0.3),
        ..Rules::default()
    };
    for _ in 0..random.random_range(0..4) {
        let (pickup, delivery) = (draw(random), draw(random));
        for end in [pickup, delivery] {
            stops[end].demand = vec![0];
            stops[end].pickup.clear();
        }
        let amount = vec![random.random_range(0..8)];
        rules.shipments.push(Shipment {
            pickup,
            delivery,
            amount,
        });
    }
    if plain {
        return rules;
    }
    for _ in 0..random.random_range(0..3) {
        let alternatives: Vec<usize> = (0..random.random_range(1..4))
            .map(|_| draw(random))
            .collect();
        alternatives
            .iter()
            .for_each(|&stop| stops[stop].penalty = None);
        let penalty = maybe(random, 0.5, |r| r.random_range(0..4_000));
        rules.groups.push(Group {
            stops: alternatives,
            penalty,
        });
    }
    for _ in 0..random.random_range(0..3) {
        let tied = (0..3)
            .map(|_| random.random_range(0..stops.len()))
            .collect();
        rules.relations.push(match random.random_bool(0.5) {
            true => Relation::SameVehicle(tied),
            false => Relation::DifferentVehicles(tied),
        });
    }
    rules.backhauls = [
        Backhauls::Mixed,
        Backhauls::Last,
        Backhauls::LastAfterDeliveries,
    ][random.random_range(0..3)];
    rules.objective = Objective {
        vehicles_first: random.random_bool(0.2),
        p90_lateness_cost_per_second: random.random_range(0..3),
        expected_lateness_cost_per_second: random.random_range(0..3),
    };
    rules
}

/// Vehicles reload, goods are released through the day, and time costs nothing.
fn trips(random: &mut impl Rng, vehicles: &mut [VehicleType], stops: &mut [Stop]) {
    for vehicle in vehicles {
        vehicle.cost_per_second = 0;
        vehicle.max_duration_s = None;
        vehicle.reloads = reloads(random);
        vehicle.max_trips = maybe(random, 0.3, |r| r.random_range(1..4));
        vehicle.latest_start_s =
            maybe(random, 0.3, |r| r.random_range(3_000..9_000)).unwrap_or(UNBOUNDED_S);
    }
    for stop in stops {
        stop.release_s = maybe(random, 0.7, |r| r.random_range(0..9_000)).unwrap_or(0);
    }
}

fn reloads(random: &mut impl Rng) -> Vec<Reload> {
    let most = random.random_range(0..3);
    let reload = |place| Reload {
        place,
        duration_s: random.random_range(0..600),
        windows: windows(random, 2),
    };
    (0..most).map(reload).collect()
}

/// The first vehicle is on its way to the first stop.
fn drive(random: &mut impl Rng, vehicles: &mut [VehicleType], stops: &mut [Stop]) {
    let departure_s = random.random_range(0..2_000);
    stops[0] = Stop {
        penalty: None,
        ..Stop::at(2, vec![0])
    };
    vehicles[0] = VehicleType {
        earliest_start_s: departure_s,
        driven: Some(Driven {
            departure_s,
            stops: vec![0],
            free_from_s: departure_s + random.random_range(0..3_000),
            ..Driven::default()
        }),
        reloads: vehicles[0].reloads.clone(),
        ..VehicleType::at_depot(0, 1, vehicles[0].capacity.clone())
    };
}
