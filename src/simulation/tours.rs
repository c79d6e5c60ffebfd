//! Trips of past days, as telematics would have recorded them: chains of drives and stops of the
//! operator's vehicles and its subcontractors' vans.

use super::calendar::is_closed;
use super::orders::instant;
use super::world::{World, trip_factor};
use crate::domain::LatLon;
use crate::runtime::random::generator;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Trips that one vehicle makes on a day, at most on average.
const TRIPS_PER_TOUR: usize = 16;
/// Sites that a driver chooses the next one from; mostly the nearest of them.
const CANDIDATES: usize = 5;
/// Local hours between which trips start.
const FIRST_HOUR: f64 = 5.5;
const LAST_HOUR: f64 = 19.0;

/// One recorded trip.
#[derive(Debug, Clone, PartialEq)]
pub struct Trip {
    /// The vehicle, `SUB…` for subcontractors.
    pub vehicle_id: String,
    /// Its profile.
    pub profile: &'static str,
    /// Where it started.
    pub from: LatLon,
    /// Where it ended.
    pub to: LatLon,
    /// When it started.
    pub depart: DateTime<Utc>,
    /// How long it took in seconds.
    pub duration_s: u32,
    /// How far it was in metres.
    pub distance_m: u32,
}

/// `count` trips of one day, in order of vehicle and time.
pub fn of_day(world: &World, date: NaiveDate, count: usize) -> Vec<Trip> {
    let mut random = generator(world.seed(), &format!("tours/{date}"));
    let own = world.fleet().vehicles.len();
    let mut trips = Vec::with_capacity(count);
    let mut number = 0;
    while trips.len() < count {
        let (vehicle_id, profile) = match world.fleet().vehicles.get(number) {
            Some(v) if v.profile == "truck" => (v.id.clone(), "truck"),
            Some(v) => (v.id.clone(), "van"),
            None => (format!("SUB{:02}", number - own + 1), "van"),
        };
        let remaining = count - trips.len();
        let most = random
            .random_range(TRIPS_PER_TOUR - 5..TRIPS_PER_TOUR + 6)
            .min(remaining);
        let mut tour = Tour {
            world,
            date,
            random: &mut random,
            vehicle_id,
            profile,
        };
        tour.drive(most, number, &mut trips);
        number += 1;
    }
    trips
}

/// How many of `total` trips fall on the `index`-th of `days` days.
pub fn share_of_day(total: usize, index: usize, days: usize) -> usize {
    (index + 1) * total / days - index * total / days
}

/// Past days on which trips were driven.
pub fn driving_days(world: &World) -> Vec<NaiveDate> {
    let end = world.options().history_end;
    let days = world.history_start().iter_days().take_while(|d| *d <= end);
    days.filter(|d| !is_closed(*d)).collect()
}

struct Tour<'a> {
    world: &'a World,
    date: NaiveDate,
    random: &'a mut ChaCha8Rng,
    vehicle_id: String,
    profile: &'static str,
}

impl Tour<'_> {
    fn drive(&mut self, most: usize, number: usize, trips: &mut Vec<Trip>) {
        let depots = &self.world.fleet().depots;
        let depot = depots[number % depots.len()].place;
        // Every third vehicle works the late shift.
        let shift = if number % 3 == 2 {
            9.0..12.5
        } else {
            FIRST_HOUR..8.5
        };
        let hour = self.random.random_range(shift);
        let mut now = self.at_hour(hour);
        let last = self.at_hour(LAST_HOUR);
        let mut place = depot;
        for leg in 0..most {
            let goal = if leg + 1 == most && most > 1 {
                depot
            } else {
                self.next_site(place)
            };
            if goal == place {
                continue;
            }
            let pair = self.world.pair(place, goal);
            let (traffic_s, distance_m) = self.world.traffic_trip(&pair, now, self.profile);
            let normal: f64 = StandardNormal.sample(self.random);
            let duration_s = (traffic_s * trip_factor(normal)).round().max(20.0) as u32;
            trips.push(Trip {
                vehicle_id: self.vehicle_id.clone(),
                profile: self.profile,
                from: self.fix(place),
                to: self.fix(goal),
                depart: now,
                duration_s,
                distance_m: distance_m.round() as u32,
            });
            let pause_s = self.random.random_range(240..1_500);
            now += TimeDelta::seconds(i64::from(duration_s) + pause_s);
            if now > last {
                break;
            }
            place = goal;
        }
    }

    fn at_hour(&self, hour: f64) -> DateTime<Utc> {
        let midnight = self.date.and_time(NaiveTime::MIN);
        let local = midnight + TimeDelta::seconds((hour * 3_600.0) as i64);
        instant(self.world.time_zone(), local)
    }

    fn next_site(&mut self, place: LatLon) -> LatLon {
        let sites = self.world.sites();
        let candidates = if self.random.random_bool(0.65) {
            CANDIDATES
        } else {
            1
        };
        let drawn = (0..candidates).map(|_| sites[self.random.random_range(0..sites.len())].place);
        let nearest = drawn.min_by(|a, b| {
            place
                .great_circle_m(*a)
                .total_cmp(&place.great_circle_m(*b))
        });
        nearest.unwrap_or(place)
    }

    /// Where the telematics says it is.
    fn fix(&mut self, place: LatLon) -> LatLon {
        let mut error = || {
            let normal: f64 = StandardNormal.sample(self.random);
            normal * 6e-5
        };
        LatLon {
            lat: place.lat + error(),
            lon: place.lon + 1.6 * error(),
        }
    }
}
