//! Decaying means of the errors of trips that have ended.

use super::Districts;
use crate::domain::LatLon;

/// Signals of a departure: the area's mean error over half an hour, two hours, a day, a week and a
/// month (half-lives), and that of origin and destination over two hours beyond the area's level.
pub const SIGNALS: usize = 7;

const HOUR_S: f64 = 3_600.0;
const DAY_S: f64 = 24.0 * HOUR_S;
/// Half-lives of the area's means, in seconds.
const AREA_HALF_LIFE_S: [f64; 5] = [0.5 * HOUR_S, 2.0 * HOUR_S, DAY_S, 7.0 * DAY_S, 30.0 * DAY_S];
/// Trips without error that are added to each of them.
const AREA_SHRINKAGE_TRIPS: [f64; 5] = [8.0, 8.0, 20.0, 50.0, 50.0];
/// Which of them is the level that districts are compared with.
const LEVEL: usize = 3;
/// Half-life of the districts' means, in seconds.
const DISTRICT_HALF_LIFE_S: f64 = 2.0 * HOUR_S;
const DISTRICT_SHRINKAGE_TRIPS: f64 = 8.0;
/// Errors beyond this, in log seconds, count as this: a taximeter left running says nothing.
const LARGEST_ERROR: f64 = 1.0;

/// A sum and its weight, decaying together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Decaying {
    sum: f64,
    weight: f64,
    /// When both were last brought up to date.
    at_s: f64,
}

impl Decaying {
    /// Adds a value of a moment; one from before the last is decayed as it would have been by now.
    fn add(&mut self, at_s: f64, value: f64, half_life_s: f64) {
        let factor = decay(at_s - self.at_s, half_life_s);
        if at_s >= self.at_s {
            self.sum = self.sum * factor + value;
            self.weight = self.weight * factor + 1.0;
            self.at_s = at_s;
        } else {
            self.sum += value * factor;
            self.weight += factor;
        }
    }

    fn mean(&self, at_s: f64, half_life_s: f64, shrinkage: f64) -> f64 {
        let factor = decay((at_s - self.at_s).max(0.0), half_life_s);
        self.sum * factor / (self.weight * factor + shrinkage)
    }
}

fn decay(elapsed_s: f64, half_life_s: f64) -> f64 {
    (-std::f64::consts::LN_2 * elapsed_s.abs() / half_life_s).exp()
}

/// What the trips that have ended say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signals {
    districts: Districts,
    area: [Decaying; AREA_HALF_LIFE_S.len()],
    origin: Vec<Decaying>,
    destination: Vec<Decaying>,
}

impl Signals {
    pub fn new(districts: &Districts) -> Self {
        let nothing = vec![Decaying::default(); districts.count()];
        Self {
            districts: districts.clone(),
            area: Default::default(),
            origin: nothing.clone(),
            destination: nothing,
        }
    }

    /// Takes in the log error of a trip that ended at `end_s`.
    pub fn push(&mut self, origin: LatLon, destination: LatLon, end_s: f64, log_error: f64) {
        let error = log_error.clamp(-LARGEST_ERROR, LARGEST_ERROR);
        let level = self.area_mean(LEVEL, end_s);
        for (mean, half_life_s) in self.area.iter_mut().zip(AREA_HALF_LIFE_S) {
            mean.add(end_s, error, half_life_s);
        }
        let (from, to) = (self.districts.of(origin), self.districts.of(destination));
        let places = [self.origin.get_mut(from), self.destination.get_mut(to)];
        for place in places.into_iter().flatten() {
            place.add(end_s, error - level, DISTRICT_HALF_LIFE_S);
        }
    }

    /// The signals of a departure at `depart_s`.
    pub fn at(&self, origin: LatLon, destination: LatLon, depart_s: f64) -> [f64; SIGNALS] {
        let of = |means: &[Decaying], place| {
            means.get(self.districts.of(place)).map_or(0.0, |mean| {
                mean.mean(depart_s, DISTRICT_HALF_LIFE_S, DISTRICT_SHRINKAGE_TRIPS)
            })
        };
        let mut signals = [0.0; SIGNALS];
        for (position, signal) in signals.iter_mut().enumerate() {
            *signal = match position {
                0..5 => self.area_mean(position, depart_s),
                5 => of(&self.origin, origin),
                _ => of(&self.destination, destination),
            };
        }
        signals
    }

    fn area_mean(&self, position: usize, at_s: f64) -> f64 {
        self.area[position].mean(
            at_s,
            AREA_HALF_LIFE_S[position],
            AREA_SHRINKAGE_TRIPS[position],
        )
    }
}
