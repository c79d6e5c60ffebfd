//! The simulated world: city, operator, traffic and demand of one seed.

use super::SimulationError;
use super::calendar;
use super::city::City;
use super::geojson;
use super::operator::{self, Site};
use super::orders;
use super::paths::{PathSums, PathTrees};
use super::traffic::{DayTraffic, Disruption};
use super::truth::{DayTruth, TravelTruth};
use crate::domain::calendar::CalendarDay;
use crate::domain::fleet::Fleet;
use crate::domain::{InputError, LatLon};
use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, RwLock};

/// Spread of one trip's duration around what traffic alone gives (standard deviation of its log).
pub(super) const TRIP_SIGMA: f64 = 0.09;
/// How much slower a truck is than a van.
const TRUCK_FACTOR: f64 = 1.14;

/// Sizes of the simulated operator.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldOptions {
    /// Customers' sites.
    pub sites: usize,
    /// The operator's own vehicles.
    pub vehicles: usize,
    /// Last day of the history, local.
    pub history_end: NaiveDate,
    /// Days of history.
    pub history_days: u32,
    /// Whether accidents and the like happen: by chance on every working day, and surely a bad one
    /// on the day to plan, so that there is something for alerts to find.
    pub incidents: bool,
}

impl Default for WorldOptions {
    /// The demo's operator: 18 months of history up to Wednesday 16 September 2026.
    fn default() -> Self {
        Self {
            sites: 200,
            vehicles: 12,
            history_end: NaiveDate::from_ymd_opt(2026, 9, 16).unwrap_or_default(),
            history_days: 549,
            incidents: true,
        }
    }
}

/// Places of a pair, bit for bit.
type PairKey = [u64; 4];

/// A city with an operator in it. Cheap to ask, safe to share between threads.
#[derive(Debug)]
pub struct World {
    seed: u64,
    options: WorldOptions,
    city: City,
    sites: Vec<Site>,
    fleet: Fleet,
    trees: RwLock<HashMap<u32, Arc<PathTrees>>>,
    pairs: RwLock<HashMap<PairKey, Arc<Pair>>>,
    traffic: RwLock<HashMap<NaiveDate, Arc<DayTraffic>>>,
}

/// The paths between two places.
#[derive(Debug)]
pub(super) struct Pair {
    origin: u32,
    goal: u32,
    paths: Vec<PathSums>,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: u64, options: WorldOptions) -> Result<Self, SimulationError> {
        for (field, value) in [
            ("sites", options.sites),
            ("vehicles", options.vehicles),
            ("history_days", options.history_days as usize),
        ] {
            if value == 0 || value > 100_000 {
                let remedy = "give a number from 1 to 100000";
                let error = InputError::new("simulation options", "out of range", remedy);
                return Err(error.field(field).value(value).into());
            }
        }
        let city = City::new(seed);
        let first_day = options.history_end - Days::new(u64::from(options.history_days) - 1);
        Ok(Self {
            sites: operator::sites(seed, &city, options.sites, first_day, options.history_end),
            fleet: operator::fleet(seed, &city, options.vehicles),
            seed,
            options,
            city,
            trees: RwLock::default(),
            pairs: RwLock::default(),
            traffic: RwLock::default(),
        })
    }

    /// Its seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Its sizes.
    pub fn options(&self) -> &WorldOptions {
        &self.options
    }

    /// Time zone of the city.
    pub fn time_zone(&self) -> Tz {
        chrono_tz::Europe::Berlin
    }

    /// Its road network.
    pub fn city(&self) -> &City {
        &self.city
    }

    /// Its customers.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Its vehicles and depots.
    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// First day of the history.
    pub fn history_start(&self) -> NaiveDate {
        self.options.history_end - Days::new(u64::from(self.options.history_days) - 1)
    }

    /// Day to plan: the first working day (Monday to Friday) after the history.
    pub fn planning_date(&self) -> NaiveDate {
        calendar::next_weekday(self.options.history_end)
    }

    /// Roads and river for the map.
    pub fn roads_geojson(&self) -> serde_json::Value {
        geojson::roads_geojson(&self.city)
    }

    /// Calendar entries of the days from `first` to `last`.
    pub fn calendar(&self, first: NaiveDate, last: NaiveDate) -> Vec<CalendarDay> {
        calendar::entries(self.seed, &self.sites, first, last)
    }

    /// What is really ordered for a date.
    pub fn day_truth(&self, date: NaiveDate) -> DayTruth {
        DayTruth {
            service_factors: operator::service_factors(self.seed, &self.fleet),
            ..orders::of_day(self.seed, self.time_zone(), &self.sites, date)
        }
    }

    /// Traffic of a date.
    pub fn traffic(&self, date: NaiveDate) -> Arc<DayTraffic> {
        cached(&self.traffic, date, || {
            let quiet = calendar::is_closed(date);
            let disruption = match self.options.incidents {
                false => Disruption::None,
                true if date == self.planning_date() => Disruption::Bad,
                true => Disruption::Usual,
            };
            DayTraffic::new(self.seed, date, quiet, disruption)
        })
    }

    /// Paths between two places.
    pub(super) fn pair(&self, from: LatLon, to: LatLon) -> Arc<Pair> {
        let key = [from.lat, from.lon, to.lat, to.lon].map(f64::to_bits);
        cached(&self.pairs, key, || {
            let (origin, from_m) = self.city.nearest(from);
            let (goal, to_m) = self.city.nearest(to);
            let trees = self.trees_from(origin);
            let paths = trees.sums(&self.city, goal, from_m + to_m);
            Pair {
                origin,
                goal,
                paths,
            }
        })
    }

    /// Duration that traffic gives, without a trip's own chance, and the path's length in metres.
    pub(super) fn traffic_trip(
        &self,
        pair: &Pair,
        depart: DateTime<Utc>,
        profile: &str,
    ) -> (f64, f64) {
        let (path_s, path) = self.best_path(pair, depart);
        let factor = if profile == "truck" {
            TRUCK_FACTOR
        } else {
            1.0
        };
        (path_s * factor, path.map_or(0.0, |p| p.length_m))
    }

    fn trees_from(&self, origin: u32) -> Arc<PathTrees> {
        cached(&self.trees, origin, || {
            PathTrees::from_junction(&self.city, origin)
        })
    }

    /// The quickest path at departure. The quickest of FIFO paths is FIFO.
    fn best_path<'a>(&self, pair: &'a Pair, depart: DateTime<Utc>) -> (f64, Option<&'a PathSums>) {
        let local = depart.with_timezone(&self.time_zone());
        let traffic = self.traffic(local.date_naive());
        let day_s = f64::from(local.num_seconds_from_midnight());
        let timed = pair
            .paths
            .iter()
            .map(|path| (traffic.duration_s(path, day_s), path));
        match timed.min_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((seconds, path)) => (seconds, Some(path)),
            None => (0.0, None),
        }
    }

    /// A trip's own chance on a date: the same for all its departures, so that it stays FIFO.
    fn chance(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, profile: &str) -> f64 {
        let date = depart.with_timezone(&self.time_zone()).date_naive();
        let mut state = self.seed ^ 0x9e37_79b9_7f4a_7c15;
        let number = u64::from(date.num_days_from_ce().unsigned_abs());
        let profile = profile
            .bytes()
            .fold(7_u64, |h, b| h.wrapping_mul(31) ^ u64::from(b));
        for part in [
            from.lat.to_bits(),
            from.lon.to_bits(),
            to.lat.to_bits(),
            to.lon.to_bits(),
            number,
            profile,
        ] {
            state = split_mix(state ^ part);
        }
        // Box-Muller, from two halves of the hash.
        let uniform = |bits: u64| ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        let (radius, angle) = (
            uniform(split_mix(state)),
            uniform(split_mix(state ^ 0xff51_afd7_ed55_8ccd)),
        );
        let normal = (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos();
        trip_factor(normal)
    }
}

impl TravelTruth for World {
    fn duration_s(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, profile: &str) -> f64 {
        let pair = self.pair(from, to);
        self.traffic_trip(&pair, depart, profile).0 * self.chance(from, to, depart, profile)
    }

    fn distance_m(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, profile: &str) -> f64 {
        let pair = self.pair(from, to);
        self.traffic_trip(&pair, depart, profile).1
    }

    fn course(
        &self,
        from: LatLon,
        to: LatLon,
        depart: DateTime<Utc>,
        _profile: &str,
    ) -> Vec<(LatLon, f64)> {
        let pair = self.pair(from, to);
        let mut course = vec![(from, 0.0)];
        if let (_, Some(path)) = self.best_path(&pair, depart) {
            let trees = self.trees_from(pair.origin);
            // The ways to and from the junctions take the first and last hundredth.
            let inner = trees.course(&self.city, pair.goal, path);
            course.extend(
                inner
                    .into_iter()
                    .map(|(place, share)| (place, 0.01 + 0.98 * share)),
            );
        }
        course.push((to, 1.0));
        course
    }
}

/// Factor with mean 1 on a trip's duration from a standard normal draw.
pub(super) fn trip_factor(normal: f64) -> f64 {
    (TRIP_SIGMA * normal.clamp(-3.0, 3.0) - TRIP_SIGMA * TRIP_SIGMA / 2.0).exp()
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014).
fn split_mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Looks a value up, or makes and keeps it. A poisoned lock only means that another thread
/// panicked between two insertions; the map itself is whole.
fn cached<K: Eq + Hash, V>(
    map: &RwLock<HashMap<K, Arc<V>>>,
    key: K,
    make: impl FnOnce() -> V,
) -> Arc<V> {
    let known = map
        .read()
        .unwrap_or_else(|e| e.into_inner())
        .get(&key)
        .cloned();
    known.unwrap_or_else(|| {
        let made = Arc::new(make());
        map.write()
            .unwrap_or_else(|e| e.into_inner())
            .entry(key)
            .or_insert(made)
            .clone()
    })
}
