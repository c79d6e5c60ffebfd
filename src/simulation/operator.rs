//! The operator: its depots, vehicles and customers' sites.

use super::city::City;
use crate::domain::LatLon;
use crate::domain::fleet::{Depot, Fleet, Vehicle};
use crate::runtime::random::generator;
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal};
use std::collections::BTreeMap;

/// Share of sites that order only now and then.
const INTERMITTENT_SHARE: f64 = 0.2;
/// Standard deviation of the logarithm of drivers' service times.
const DRIVER_SIGMA: f64 = 0.1;
/// Junctions near which the depots lie, as shares of all junctions: one in the south-west of the
/// city, one in the north-east.
const DEPOTS: [(&str, f64); 2] = [("D1", 0.29), ("D2", 0.72)];
/// Kinds of goods: name, price per kg, share of sites, kg per m3, chance of a cold chain, and by
/// how much orders rise and fall over the year.
const CLASSES: [(&str, f64, f64, f64, f64, f64); 4] = [
    ("grocery", 2.4, 0.45, 190.0, 0.3, 0.10),
    ("beverages", 1.3, 0.25, 310.0, 0.0, 0.28),
    ("household", 3.8, 0.20, 110.0, 0.0, 0.15),
    ("pharmacy", 14.0, 0.10, 140.0, 0.5, 0.18),
];

/// A customer's site and its habits. Only the habits' results are ever written to history.
#[derive(Debug, Clone)]
pub struct Site {
    /// Name, as in all files.
    pub id: String,
    /// Where it is.
    pub place: LatLon,
    /// Kind of goods.
    pub product_class: &'static str,
    /// Usual price per kg in EUR.
    pub price: f64,
    /// Usual order in kg.
    pub usual_kg: f64,
    /// Density of its goods.
    pub kg_per_m3: f64,
    /// Chance of an order by weekday, Monday first.
    pub order_chance: [f64; 7],
    /// Relative rise and fall over the year.
    pub season: f64,
    /// Day of the year of the highest demand.
    pub season_peak: f64,
    /// Relative growth per year.
    pub growth: f64,
    /// Factor on quantities while a promotion runs.
    pub promotion_factor: f64,
    /// Share of orders that come in after the plan is made.
    pub late_order_share: f64,
    /// Times at which service may start, local; empty: at any time.
    pub windows: Vec<(NaiveTime, NaiveTime)>,
    /// Usual service time without unloading, in seconds.
    pub service_base_s: f64,
    /// Seconds of unloading per kg.
    pub service_s_per_kg: f64,
    /// What the vehicle must be able to do.
    pub skills: Vec<String>,
    /// Cost of leaving an order out in EUR.
    pub penalty: f64,
    /// First day as a customer.
    pub active_from: NaiveDate,
    /// Last day as a customer, if it leaves.
    pub active_until: Option<NaiveDate>,
    /// First day of the year and length of its works holidays.
    pub works_holidays: Option<(u32, u32)>,
}

impl Site {
    /// Whether it is a customer on that day.
    pub fn is_active(&self, date: NaiveDate) -> bool {
        date >= self.active_from && self.active_until.is_none_or(|last| date <= last)
    }

    /// Whether it is closed for works holidays.
    pub fn is_away(&self, date: NaiveDate) -> bool {
        self.is_active(date)
            && self
                .works_holidays
                .is_some_and(|(first, days)| (first..first + days).contains(&date.ordinal()))
    }
}

/// The operator's sites.
pub fn sites(
    seed: u64,
    city: &City,
    count: usize,
    first_day: NaiveDate,
    last_day: NaiveDate,
) -> Vec<Site> {
    let mut random = generator(seed, "sites");
    (1..=count)
        .map(|number| site(&mut random, city, number, (first_day, last_day)))
        .collect()
}

fn site(
    random: &mut ChaCha8Rng,
    city: &City,
    number: usize,
    (first_day, last_day): (NaiveDate, NaiveDate),
) -> Site {
    let (product_class, price, _, kg_per_m3, cold_chance, season) = class(random.random());
    let usual_kg = LogNormal::new(90.0_f64.ln(), 0.6)
        .map_or(90.0, |d| d.sample(random))
        .clamp(15.0, 420.0);
    let days = (last_day - first_day).num_days().max(1) as u64;
    let history_share = |share: f64| first_day + Days::new((share * days as f64) as u64);
    let is_new = random.random_bool(0.08);
    let leaves = !is_new && random.random_bool(0.06);
    let mut skills = Vec::new();
    if random.random_bool(cold_chance) {
        skills.push("cold".to_owned());
    }
    if random.random_bool(0.12) {
        skills.push("tail_lift".to_owned());
    }
    Site {
        id: format!("S{number:03}"),
        place: place(random, city),
        product_class,
        price: price * random.random_range(0.85..1.2),
        usual_kg,
        kg_per_m3: kg_per_m3 * random.random_range(0.8..1.25),
        order_chance: order_chance(random),
        season: season * random.random_range(0.5..1.5),
        season_peak: if product_class == "beverages" {
            190.0
        } else {
            340.0
        } + random.random_range(-20.0..20.0),
        growth: random.random_range(-0.12..0.22),
        promotion_factor: random.random_range(1.0..1.7),
        late_order_share: random.random_range(0.05..0.55),
        windows: windows(random),
        service_base_s: random.random_range(330.0..720.0),
        service_s_per_kg: random.random_range(0.7..1.8),
        skills,
        penalty: (40.0 + 0.25 * usual_kg).round(),
        active_from: if is_new {
            history_share(random.random_range(0.2..0.9))
        } else {
            first_day
        },
        active_until: leaves.then(|| history_share(random.random_range(0.4..0.95))),
        works_holidays: random
            .random_bool(0.35)
            .then(|| (random.random_range(182..225), random.random_range(6..16))),
    }
}

fn class(draw: f64) -> (&'static str, f64, f64, f64, f64, f64) {
    let mut passed = 0.0;
    for class in CLASSES {
        passed += class.2;
        if draw < passed {
            return class;
        }
    }
    CLASSES[0]
}

/// A place by the road; the nearer to the centre, the likelier.
fn place(random: &mut ChaCha8Rng, city: &City) -> LatLon {
    loop {
        let node = random.random_range(0..city.nodes().len());
        let at = city.nodes()[node];
        let radius_m = at.great_circle_m(super::city::CENTRE);
        if city.is_reachable(node as u32) && random.random_bool((-radius_m / 5_500.0).exp()) {
            return LatLon {
                lat: at.lat + random.random_range(-6e-4..6e-4),
                lon: at.lon + random.random_range(-9e-4..9e-4),
            };
        }
    }
}

fn order_chance(random: &mut ChaCha8Rng) -> [f64; 7] {
    if random.random_bool(INTERMITTENT_SHARE) {
        let chance = random.random_range(0.06..0.25);
        return [chance, chance, chance, chance, chance, chance * 0.3, 0.0];
    }
    let usual: f64 = random.random_range(0.7..0.99);
    let weekly = [1.05, 0.85, 0.92, 1.0, 1.08, 0.35];
    let mut chance = [0.0; 7];
    for (day, factor) in chance.iter_mut().zip(weekly) {
        let own = if random.random_bool(0.15) { 0.35 } else { 1.0 };
        *day = (usual * factor * own).min(0.98);
    }
    chance
}

fn windows(random: &mut ChaCha8Rng) -> Vec<(NaiveTime, NaiveTime)> {
    let quarter = |quarters: u32| {
        NaiveTime::from_num_seconds_from_midnight_opt(quarters * 900, 0).unwrap_or_default()
    };
    let mut between = |earliest: u32, latest: u32, length: std::ops::Range<u32>| {
        let start = random.random_range(earliest..latest);
        (quarter(start), quarter(start + random.random_range(length)))
    };
    let (morning, midday, two) = (
        between(26, 38, 8..17),
        between(34, 48, 10..21),
        between(28, 32, 10..15),
    );
    let afternoon = between(50, 54, 8..13);
    match random.random_range(0..100) {
        0..35 => Vec::new(),
        35..65 => vec![morning],
        65..85 => vec![midday],
        _ => vec![two, afternoon],
    }
}

/// The operator's vehicles: two thirds vans, one third trucks, spread over both depots.
pub fn fleet(seed: u64, city: &City, vehicles: usize) -> Fleet {
    let depots = DEPOTS.map(|(id, share)| {
        let from = (share * city.nodes().len() as f64) as u32;
        let near = (from..).find(|n| city.is_reachable(*n)).unwrap_or(from);
        Depot {
            id: id.to_owned(),
            place: city.nodes()[near as usize],
        }
    });
    let mut random = generator(seed, "fleet");
    let vehicles = (1..=vehicles)
        .map(|number| {
            let depot = DEPOTS[usize::from(number.is_multiple_of(3))].0;
            vehicle(&mut random, number, number % 3 == 2, depot)
        })
        .collect();
    Fleet {
        depots: depots.into(),
        vehicles,
    }
}

/// Factor on service times by vehicle: every vehicle always has the same driver.
pub fn service_factors(seed: u64, fleet: &Fleet) -> BTreeMap<String, f64> {
    let mut random = generator(seed, "drivers");
    let factor = |random: &mut ChaCha8Rng| {
        let drawn = LogNormal::new(0.0, DRIVER_SIGMA).map_or(1.0, |d| d.sample(random));
        drawn.clamp(0.7, 1.4)
    };
    let vehicles = fleet.vehicles.iter();
    vehicles
        .map(|v| (v.id.clone(), factor(&mut random)))
        .collect()
}

fn vehicle(random: &mut ChaCha8Rng, number: usize, is_truck: bool, depot: &str) -> Vehicle {
    let early = random.random_bool(0.6);
    let hour = |h: u32| NaiveTime::from_hms_opt(h, 0, 0).unwrap_or_default();
    let (start, end) = if early {
        (hour(6), hour(15))
    } else {
        (hour(7), hour(16))
    };
    let mut skills = Vec::new();
    if !number.is_multiple_of(2) || number.is_multiple_of(4) {
        skills.push("cold".to_owned());
    }
    if is_truck || number % 4 == 1 {
        skills.push("tail_lift".to_owned());
    }
    let (kg, m3) = if is_truck {
        (3_800.0, 28.0)
    } else {
        (1_250.0, 10.5)
    };
    Vehicle {
        id: format!("{}{number:02}", if is_truck { "T" } else { "V" }),
        profile: if is_truck { "truck" } else { "van" }.to_owned(),
        start_depot: depot.to_owned(),
        end_depot: Some(depot.to_owned()),
        capacity: [("kg".to_owned(), kg), ("m3".to_owned(), m3)].into(),
        shift_start: start,
        shift_end: end,
        fixed_cost: if is_truck { 95.0 } else { 55.0 },
        cost_per_km: if is_truck { 0.72 } else { 0.38 },
        cost_per_hour: if is_truck { 31.0 } else { 26.0 },
        skills,
        max_distance_km: None,
        max_duration_h: Some(if is_truck { 9.0 } else { 8.5 }),
        max_stops: None,
        service_factor: None,
    }
}
