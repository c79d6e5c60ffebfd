//! Names of areas for people: compass direction and distance from the first depot's region.

use crate::domain::LatLon;
use crate::domain::plan::Plan;

/// Within this distance of the middle of the stops, an area is the centre; in metres.
const CENTRE_M: f64 = 2_000.0;
const SECTORS: [&str; 8] = [
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
];

/// The areas of a plan: the centre of its stops and eight sectors around it.
pub(super) struct Areas {
    middle: Option<LatLon>,
}

impl Areas {
    /// Areas around the middle of a plan's stops.
    pub(super) fn of(plan: &Plan) -> Self {
        let count = plan.stops.len() as f64;
        let sum = |of: fn(LatLon) -> f64| plan.stops.iter().map(|s| of(s.place)).sum::<f64>();
        let middle = (count > 0.0).then(|| LatLon {
            lat: sum(|p| p.lat) / count,
            lon: sum(|p| p.lon) / count,
        });
        Self { middle }
    }

    /// The area of a place.
    pub(super) fn name(&self, place: LatLon) -> &'static str {
        match self.middle {
            Some(middle) if middle.great_circle_m(place) > CENTRE_M => {
                let sector = (middle.bearing_deg(place).rem_euclid(360.0) / 45.0).round() as usize;
                SECTORS[sector % SECTORS.len()]
            }
            _ => "centre",
        }
    }
}
