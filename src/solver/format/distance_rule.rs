//! How distances and times of a file become integers, and the travel table between its points.

use super::text::LARGEST_NUMBER;
use crate::domain::InputError;
use crate::solver::travel::{PlaneTravel, Rounding, StaticProfile, StaticTravel, Travel};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Most places for which a matrix is built; more are computed from their coordinates when asked.
pub(super) const MOST_MATRIX_PLACES: usize = 5_000;

/// How Euclidean distances, times and costs of a file become integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DistanceRule {
    /// To the nearest integer (TSPLIB, and the CVRP track of the DIMACS challenge 2022).
    Nearest,
    /// Truncated to tenths, counted in tenths (VRPTW track of the DIMACS challenge).
    Tenths,
    /// To the nearest thousandth, counted in thousandths (PyVRP's `exact`).
    Exact,
    /// For results in real numbers: counted in ten-thousandths, distances to the nearest, durations
    /// up and limits down, so that what is feasible here is so in real numbers too.
    Doubles,
}

const RULES: [(&str, DistanceRule); 4] = [
    ("nearest", DistanceRule::Nearest),
    ("tenths", DistanceRule::Tenths),
    ("exact", DistanceRule::Exact),
    ("doubles", DistanceRule::Doubles),
];

impl fmt::Display for DistanceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = RULES.iter().find(|(_, rule)| rule == self);
        f.write_str(named.map_or("", |(name, _)| name))
    }
}

impl FromStr for DistanceRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = RULES.iter().find(|(name, _)| *name == text);
        found
            .map(|(_, rule)| *rule)
            .ok_or_else(|| "use one of nearest, tenths, exact, doubles".into())
    }
}

impl DistanceRule {
    /// Integer units per unit of the file.
    pub fn scale(self) -> i64 {
        match self {
            Self::Nearest => 1,
            Self::Tenths => 10,
            Self::Exact => 1_000,
            Self::Doubles => 10_000,
        }
    }

    fn distances(self) -> Rounding {
        match self {
            Self::Nearest => Rounding::Nearest(1),
            Self::Tenths => Rounding::Down(10),
            Self::Exact => Rounding::Nearest(1_000),
            Self::Doubles => Rounding::Nearest(10_000),
        }
    }

    fn durations(self) -> Rounding {
        match self {
            Self::Doubles => Rounding::Up(10_000),
            _ => self.distances(),
        }
    }

    /// An amount that must not come out smaller than it is: service, opening, release.
    pub(super) fn at_least(self, value: f64) -> i64 {
        match self {
            Self::Doubles => (value * 10_000.0).ceil() as i64,
            _ => self.plain(value),
        }
    }

    /// An amount that must not come out greater than it is: closing, limits.
    pub(super) fn at_most(self, value: f64) -> i64 {
        match self {
            Self::Doubles => (value * 10_000.0).floor() as i64,
            _ => self.plain(value),
        }
    }

    /// A price, or a distance that is given.
    pub(super) fn plain(self, value: f64) -> i64 {
        let scaled = value * self.scale() as f64;
        match self {
            Self::Tenths => scaled as i64,
            _ => scaled.round() as i64,
        }
    }

    /// Largest number of a file that can be scaled.
    pub(super) fn largest(self) -> f64 {
        LARGEST_NUMBER / self.scale() as f64
    }
}

/// Travel between points of the plane: distances that are durations too.
pub(super) fn travel_between(
    source: &str,
    field: &str,
    points: &[(f64, f64)],
    rule: DistanceRule,
) -> Result<Travel, InputError> {
    let span = |coordinate: fn(&(f64, f64)) -> f64| {
        let all = points.iter().map(coordinate);
        all.clone().fold(f64::NEG_INFINITY, f64::max) - all.fold(f64::INFINITY, f64::min)
    };
    let diagonal = span(|p| p.0).hypot(span(|p| p.1));
    if diagonal * rule.scale() as f64 > f64::from(u32::MAX / 2) {
        let remedy = "use smaller coordinates or a coarser rounding";
        return Err(InputError::new(source, "points too far apart", remedy)
            .field(field)
            .value(diagonal));
    }
    if points.len() > MOST_MATRIX_PLACES {
        let plane = PlaneTravel::new(points.to_vec(), rule.durations());
        return Ok(Travel::Plane(Arc::new(plane)));
    }
    let matrix = |rounding| -> Arc<[u32]> {
        let plane = PlaneTravel::new(points.to_vec(), rounding);
        let all = 0..points.len();
        all.clone()
            .flat_map(|from| all.clone().map(move |to| (from, to)))
            .map(|(from, to)| plane.distance(from, to))
            .collect()
    };
    let distances = matrix(rule.distances());
    let durations = match rule.durations() == rule.distances() {
        true => distances.clone(),
        false => matrix(rule.durations()),
    };
    static_travel(source, points.len(), durations, distances)
}

/// Travel by given matrices.
pub(super) fn static_travel(
    source: &str,
    places: usize,
    durations: Arc<[u32]>,
    distances: Arc<[u32]>,
) -> Result<Travel, InputError> {
    let profile = StaticProfile {
        durations,
        distances,
    };
    StaticTravel::new(places, vec![profile])
        .map(|travel| Travel::Static(Arc::new(travel)))
        .map_err(|error| InputError::new(source, error.to_string(), "correct the matrix"))
}
