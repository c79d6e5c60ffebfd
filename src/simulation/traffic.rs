//! How slow traffic is: rush hours by road class and direction, days and hours that are bad for
//! everybody, incidents.
//!
//! A trip's duration is the sum over its path of free-flow time × slowness at departure. It is
//! FIFO as long as no path's sum falls faster than time passes; slopes and path lengths are small
//! enough for that here (tested), and the quickest of several FIFO paths is FIFO.

use super::city::{KINDS, ZONES, ZONES_PER_SIDE};
use super::paths::PathSums;
use crate::runtime::random::generator;
use chrono::{Datelike, NaiveDate, Weekday};
use rand::Rng;
use rand_distr::{Distribution, Poisson, StandardNormal};

/// Length of a step of the slowness tables, in seconds.
const STEP_S: f64 = 300.0;
/// Steps of a day, both ends included.
const STEPS: usize = 289;
/// Share of working days with a bad accident.
const BAD_ACCIDENT_SHARE: f64 = 0.12;
/// Share of normal days on which it rains or snows.
const WET_SHARE: f64 = 0.22;

/// A bad event in a zone, on its major roads and, less, on the streets that drivers turn to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incident {
    /// Zone, row by row from the south-west.
    pub zone: usize,
    /// When it begins, in seconds of the local day.
    pub start_s: f64,
    /// How long it lasts at full strength, in seconds.
    pub full_s: f64,
    /// Additional slowness at full strength: 1 doubles the free-flow time.
    pub severity: f64,
}

impl Incident {
    /// Seconds until it is at full strength.
    const RISE_S: f64 = 1_200.0;
    /// Seconds until traffic is normal again; slow, so that leaving later never arrives earlier.
    const CLEAR_S: f64 = 5_400.0;

    /// Additional slowness at a time of the local day.
    pub fn slowness(&self, day_s: f64) -> f64 {
        let since = day_s - self.start_s;
        let rising = since / Self::RISE_S;
        let clearing = 1.0 - (since - Self::RISE_S - self.full_s) / Self::CLEAR_S;
        self.severity * rising.min(clearing).clamp(0.0, 1.0)
    }
}

/// What goes wrong on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disruption {
    /// Nothing.
    None,
    /// What chance brings.
    Usual,
    /// That, and surely a bad accident.
    Bad,
}

/// Traffic of one day.
#[derive(Debug, Clone)]
pub struct DayTraffic {
    /// Slowness minus 1 by kind of traffic and step.
    delay: Vec<[f64; KINDS]>,
    /// Factor for everybody at every full hour, 0 to 24.
    common: [f64; 25],
    /// What happens.
    pub incidents: Vec<Incident>,
}

impl DayTraffic {
    /// Traffic of a date. `quiet` days (Sundays, public holidays) have no rush hours and no
    /// incidents.
    pub fn new(seed: u64, date: NaiveDate, quiet: bool, disruption: Disruption) -> Self {
        let mut random = generator(seed, &format!("traffic/{date}"));
        let common = common_factors(&mut random);
        let incidents = match disruption {
            Disruption::Usual | Disruption::Bad if !quiet => {
                incidents(&mut random, disruption == Disruption::Bad)
            }
            _ => Vec::new(),
        };
        Self {
            delay: rush_hours(date.weekday(), quiet),
            common,
            incidents,
        }
    }

    /// Duration of a path in seconds when leaving at `day_s` seconds of the local day.
    pub fn duration_s(&self, path: &PathSums, day_s: f64) -> f64 {
        let at = (day_s / STEP_S).clamp(0.0, (STEPS - 1) as f64);
        let step = (at as usize).min(STEPS - 2);
        let share = at - step as f64;
        let (now, next) = (&self.delay[step], &self.delay[step + 1]);
        let mut seconds = path.free_s;
        for ((weight, now), next) in path.weighted_s.iter().zip(now).zip(next) {
            seconds += f64::from(*weight) * (now + (next - now) * share);
        }
        for incident in &self.incidents {
            let affected = f64::from(path.zone_s[incident.zone]);
            if affected > 0.0 {
                seconds += affected * incident.slowness(day_s);
            }
        }
        seconds * self.common_at(day_s) + path.access_s
    }

    /// The factor that all trips have in common at a time.
    pub fn common_at(&self, day_s: f64) -> f64 {
        let at = (day_s / 3_600.0).clamp(0.0, 24.0);
        let hour = (at as usize).min(23);
        self.common[hour] + (self.common[hour + 1] - self.common[hour]) * (at - hour as f64)
    }
}

/// Slowness minus 1 at the height of the morning (first) and evening (second) rush, by kind; what
/// drivers base their choice of road on.
pub fn peak_delays() -> [[f64; KINDS]; 2] {
    let table = rush_hours(Weekday::Tue, false);
    [7.8, 17.0].map(|hour: f64| table[(hour * 3_600.0 / STEP_S) as usize])
}

/// Weather and chance: one effect for the day, a smaller one for each hour. Both vanish at
/// midnight, so that days join without a jump.
fn common_factors(random: &mut impl Rng) -> [f64; 25] {
    let normal: f64 = StandardNormal.sample(random);
    let wet = random.random_bool(WET_SHARE);
    let day = 0.045 * normal.clamp(-2.5, 2.5) + if wet { 0.11 } else { -0.02 };
    let mut hour_effect = 0.0;
    std::array::from_fn(|hour| {
        let normal: f64 = StandardNormal.sample(random);
        hour_effect = 0.6 * hour_effect + 0.035 * normal.clamp(-2.5, 2.5);
        let edge = (hour.min(24 - hour) as f64 / 4.0).min(1.0);
        ((day + hour_effect) * edge).exp()
    })
}

/// Small incidents anywhere at any time; now and then a bad accident near the centre in the morning.
fn incidents(random: &mut impl Rng, surely_bad: bool) -> Vec<Incident> {
    let small = Poisson::new(0.8).map_or(0.0, |p| p.sample(random)) as usize;
    let bad = random.random_bool(BAD_ACCIDENT_SHARE) || surely_bad;
    let mut incidents: Vec<Incident> = (0..small)
        .map(|_| Incident {
            zone: random.random_range(0..ZONES),
            start_s: random.random_range(6.0..14.0) * 3_600.0,
            full_s: random.random_range(0.75..2.0) * 3_600.0,
            severity: random.random_range(0.7..1.5),
        })
        .collect();
    if bad {
        let mut inner = || ZONES_PER_SIDE / 2 - 1 + random.random_range(0..2);
        incidents.push(Incident {
            zone: inner() * ZONES_PER_SIDE + inner(),
            start_s: random.random_range(6.0..8.0) * 3_600.0,
            full_s: random.random_range(2.0..4.0) * 3_600.0,
            severity: random.random_range(2.0..3.0),
        });
    }
    incidents
}

/// Slowness minus 1 through a day, by kind of traffic.
fn rush_hours(weekday: Weekday, quiet: bool) -> Vec<[f64; KINDS]> {
    // Strength of morning, midday and evening traffic.
    let (morning, midday, evening) = match weekday {
        _ if quiet => (0.0, 0.35, 0.1),
        Weekday::Mon => (1.05, 1.0, 0.95),
        Weekday::Fri => (0.85, 1.3, 1.1),
        Weekday::Sat => (0.05, 1.7, 0.3),
        Weekday::Sun => (0.0, 0.35, 0.1),
        _ => (1.0, 1.0, 1.0),
    };
    let evening_peak = if weekday == Weekday::Fri { 15.75 } else { 17.0 };
    (0..STEPS)
        .map(|step| {
            let hour = step as f64 * STEP_S / 3_600.0;
            let bell = |peak: f64, width: f64| (-((hour - peak) / width).powi(2) / 2.0).exp();
            let parts = [
                morning * bell(7.8, 0.75),
                midday * bell(12.75, 2.6),
                evening * bell(evening_peak, 1.1),
            ];
            std::array::from_fn(|kind| {
                let (class, direction) = (kind / 3, kind % 3);
                (0..3)
                    .map(|p| parts[p] * BY_CLASS[class][p] * BY_DIRECTION[direction][p])
                    .sum()
            })
        })
        .collect()
}

/// Additional slowness of street, arterial, ring, bridge in the morning, at midday, in the evening.
const BY_CLASS: [[f64; 3]; 4] = [
    [0.20, 0.10, 0.25],
    [0.80, 0.22, 0.90],
    [0.60, 0.12, 0.75],
    [1.10, 0.30, 1.20],
];
/// Its share inbound, outbound and across.
const BY_DIRECTION: [[f64; 3]; 3] = [[1.0, 1.0, 0.45], [0.35, 1.0, 1.0], [0.6, 1.0, 0.7]];
