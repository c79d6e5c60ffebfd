//! Random days with every feature of the model, on top of random problems.

use super::random_problem::random_problem;
use rand::Rng;
use routeforce::runtime::random;
use routeforce::solver::{
    Backhauls, Break, Driven, DrivingRule, Due, Group, Objective, Overtime, Problem, Relation,
    Reload, Rules, Shipment, Stop, TimeWindow, UNBOUNDED_S, VehicleType,
};

/// A day of `stops` stops. Every feature is there with some chance, so that most days have several
/// and few have all.
pub fn random_day(seed: u64, stops: usize, time_dependent: bool) -> Problem {
    let random = &mut random::generator(seed, "random day");
    let plain = random_problem(seed, stops, time_dependent);
    let mut vehicles = plain.vehicle_types().to_vec();
    let mut stops = plain.stops().to_vec();
    let types = vehicles.len();
    for vehicle in &mut vehicles {
        enrich_vehicle(random, vehicle);
    }
    for stop in &mut stops {
        enrich_stop(random, stop, types);
    }
    let of_service = &mut random::generator(seed, "random day: service");
    for stop in &mut stops {
        make_service_uncertain(of_service, stop, types);
    }
    let has_driven = random.random_bool(0.15);
    let rules = rules(random, &mut stops, usize::from(has_driven));
    if has_driven {
        drive(random, &mut vehicles, &mut stops);
    }
    Problem::with_rules(plain.travel().clone(), vehicles, stops, rules).unwrap()
}

fn enrich_vehicle(random: &mut impl Rng, vehicle: &mut VehicleType) {
    let mut maybe = |chance| random.random_bool(chance);
    let (open, latest, driving, waiting) = (maybe(0.2), maybe(0.2), maybe(0.3), maybe(0.3));
    let (overtime, max_driving, reloads) = (maybe(0.2), maybe(0.2), maybe(0.4));
    let (breaks, rule, max_trips) = (maybe(0.4), maybe(0.3), maybe(0.5));
    if open {
        vehicle.start = None;
    }
    if latest {
        vehicle.latest_start_s = vehicle.earliest_start_s + random.random_range(0..6_000);
    }
    if driving {
        vehicle.cost_per_driving_second = random.random_range(0..3);
    }
    if waiting {
        vehicle.cost_per_waiting_second = random.random_range(0..3);
    }
    if overtime {
        vehicle.overtime = Some(Overtime {
            after_s: random.random_range(0..8_000),
            cost_per_second: random.random_range(0..3),
        });
    }
    if max_driving {
        vehicle.max_driving_s = Some(random.random_range(2_000..12_000));
    }
    if reloads {
        let reload = |random: &mut _| Reload {
            place: Rng::random_range(random, 0..2),
            duration_s: Rng::random_range(random, 0..900),
            windows: windows(random),
        };
        vehicle.reloads = (0..random.random_range(1..3))
            .map(|_| reload(random))
            .collect();
        vehicle.max_trips = max_trips.then(|| random.random_range(1..4));
    }
    if breaks {
        let owed = |random: &mut _| Break {
            windows: windows(random),
            duration_s: Rng::random_range(random, 60..1_800),
            always: Rng::random_bool(random, 0.5),
        };
        vehicle.breaks = (0..random.random_range(1..3))
            .map(|_| owed(random))
            .collect();
    }
    if rule {
        vehicle.driving_rule = Some(DrivingRule {
            max_driving_s: random.random_range(2_500..6_000),
            break_s: random.random_range(60..1_200),
            standstill_counts: random.random_bool(0.5),
        });
    }
}

/// None, one or two windows of the day.
fn windows(random: &mut impl Rng) -> Vec<TimeWindow> {
    let mut windows = Vec::new();
    let mut from_s = 0;
    for _ in 0..random.random_range(0..3) {
        let open_s = from_s + random.random_range(1..8_000);
        let close_s = open_s + random.random_range(0..12_000);
        windows.push(TimeWindow { open_s, close_s });
        from_s = close_s;
    }
    windows
}

fn enrich_stop(random: &mut impl Rng, stop: &mut Stop, types: usize) {
    if random.random_bool(0.3) {
        stop.pickup = vec![random.random_range(0..8), random.random_range(0..8)];
        if random.random_bool(0.5) {
            stop.demand = vec![0, 0];
        }
    }
    if random.random_bool(0.2) {
        let service = |_| random.random_range(0..900);
        stop.service_by_type_s = (0..types).map(service).collect();
    }
    if random.random_bool(0.2) {
        let cost = |_| random.random_range(0..500);
        stop.cost_by_type = (0..types).map(cost).collect();
    }
    if random.random_bool(0.3) {
        stop.due = Some(Due {
            by_s: random.random_range(0..30_000),
            cost_per_second: random.random_range(0..4),
        });
    }
    if random.random_bool(0.2) {
        stop.release_s = random.random_range(0..12_000);
    }
    if random.random_bool(0.1) {
        let named = (0..types).filter(|_| random.random_bool(0.6));
        stop.vehicle_types = Some(named.collect());
    }
    stop.priority = random.random_range(0..4);
}

/// Service that takes longer or shorter; drawn apart, so that days are else what they were without.
fn make_service_uncertain(random: &mut impl Rng, stop: &mut Stop, types: usize) {
    if random.random_bool(0.3) {
        stop.service_sd_ms = random.random_range(1..900_000);
    }
    if random.random_bool(0.1) {
        let sd = |_| random.random_range(0..900_000);
        stop.service_sd_by_type_ms = (0..types).map(sd).collect();
    }
}

/// Shipments, groups and relations of stops from `first` on drawn at random; each is in one shipment
/// or group at most.
fn rules(random: &mut impl Rng, stops: &mut [Stop], first: usize) -> Rules {
    let mut free: Vec<usize> = (first..stops.len()).collect();
    let mut draw = |random: &mut _, count: usize| -> Vec<usize> {
        let count = count.min(free.len());
        (0..count)
            .map(|_| free.swap_remove(Rng::random_range(random, 0..free.len())))
            .collect()
    };
    let (shipments, groups) = (stops.len() / 6, stops.len() / 8);
    let mut rules = Rules {
        lifo: random.random_bool(0.3),
        backhauls: [
            Backhauls::Mixed,
            Backhauls::Mixed,
            Backhauls::Last,
            Backhauls::LastAfterDeliveries,
        ][random.random_range(0..4)],
        objective: Objective {
            vehicles_first: random.random_bool(0.2),
            p90_lateness_cost_per_second: random.random_range(0..3),
            expected_lateness_cost_per_second: random.random_range(0..3),
        },
        ..Rules::default()
    };
    for _ in 0..random.random_range(0..=shipments) {
        let ends = draw(random, 2);
        let &[pickup, delivery] = ends.as_slice() else {
            break;
        };
        for end in ends {
            stops[end].demand = vec![0, 0];
            stops[end].pickup = vec![];
        }
        rules.shipments.push(Shipment {
            pickup,
            delivery,
            amount: vec![random.random_range(0..8), random.random_range(0..8)],
        });
    }
    for _ in 0..random.random_range(0..=groups) {
        let count = random.random_range(1..4);
        let alternatives = draw(random, count);
        alternatives
            .iter()
            .for_each(|&stop| stops[stop].penalty = None);
        if !alternatives.is_empty() {
            rules.groups.push(Group {
                stops: alternatives,
                penalty: random
                    .random_bool(0.5)
                    .then(|| random.random_range(0..6_000)),
            });
        }
    }
    let relations = random.random_range(0..=groups);
    rules.relations = (0..relations)
        .map(|_| relation(random, stops.len()))
        .collect();
    rules
}

fn relation(random: &mut impl Rng, stops: usize) -> Relation {
    let tied = (0..random.random_range(2..4))
        .map(|_| random.random_range(0..stops))
        .collect();
    match random.random_bool(0.5) {
        true => Relation::SameVehicle(tied),
        false => Relation::DifferentVehicles(tied),
    }
}

/// The first vehicle is on its way to the first stop, which cannot be too late for that.
fn drive(random: &mut impl Rng, vehicles: &mut [VehicleType], stops: &mut [Stop]) {
    let (Some(first), Some(vehicle)) = (stops.first_mut(), vehicles.first_mut()) else {
        return;
    };
    let departure_s = vehicle.earliest_start_s;
    *first = Stop {
        place: first.place,
        demand: vec![0, 0],
        penalty: first.penalty,
        ..Stop::default()
    };
    *vehicle = VehicleType {
        count: 1,
        skills: vehicle.skills,
        latest_end_s: UNBOUNDED_S,
        latest_start_s: vehicle.latest_start_s,
        earliest_start_s: departure_s,
        driven: Some(Driven {
            departure_s,
            stops: vec![0],
            free_from_s: departure_s + random.random_range(0..3_000),
            ..Driven::default()
        }),
        // At any time: the vehicle may be too late for a window.
        breaks: vehicle
            .breaks
            .iter()
            .map(|owed| Break {
                windows: vec![],
                ..owed.clone()
            })
            .collect(),
        reloads: vehicle.reloads.clone(),
        ..VehicleType::at_depot(0, 1, vehicle.capacity.clone())
    };
}
