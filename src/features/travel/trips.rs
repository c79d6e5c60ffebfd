//! Trips as plain vectors, and questions about trips not yet driven.

use crate::domain::LatLon;
use crate::features::events::{self, pick};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A trip whose duration is asked for. Its local time is that of `depart`'s time zone.
#[derive(Debug, Clone, PartialEq)]
pub struct TripQuery {
    /// Where it starts.
    pub origin: LatLon,
    /// Where it ends.
    pub destination: LatLon,
    /// When it starts.
    pub depart: DateTime<Tz>,
    /// Vehicle profile; `None`: the average of the fleet.
    pub profile: Option<String>,
}

/// Trips that were driven, one entry per trip in every vector, ordered by departure.
#[derive(Debug, Clone, PartialEq)]
pub struct Trips {
    /// File they came from.
    pub source: String,
    /// Time zone of the departures.
    pub time_zone: Tz,
    /// Unique name of each trip.
    pub trip_id: Vec<String>,
    /// Where each started.
    pub origin: Vec<LatLon>,
    /// Where each ended.
    pub destination: Vec<LatLon>,
    /// When each started.
    pub depart: Vec<DateTime<Utc>>,
    /// How long each took, in seconds.
    pub duration_s: Vec<f64>,
    /// Distance driven in metres; NaN where unknown. Measured on the way: never a feature.
    pub distance_m: Vec<f64>,
    /// Vehicle profile, if the table has the column.
    pub profile: Option<Vec<String>>,
    /// What each is meant for (`train`, `valid`, `history`, `test`), if the table has the column.
    pub split: Option<Vec<String>>,
}

impl Trips {
    /// Number of trips.
    pub fn len(&self) -> usize {
        self.depart.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.depart.is_empty()
    }

    /// Departure of a trip in local time.
    pub fn local_depart(&self, trip: usize) -> DateTime<Tz> {
        self.depart[trip].with_timezone(&self.time_zone)
    }

    /// Indices of the trips of one of these splits, in order of departure.
    pub fn of_split(&self, names: &[&str]) -> Vec<usize> {
        events::of_split(self.split.as_deref(), names)
    }

    /// The trips at `indices`, in that order.
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            source: self.source.clone(),
            time_zone: self.time_zone,
            trip_id: pick(&self.trip_id, indices),
            origin: pick(&self.origin, indices),
            destination: pick(&self.destination, indices),
            depart: pick(&self.depart, indices),
            duration_s: pick(&self.duration_s, indices),
            distance_m: pick(&self.distance_m, indices),
            profile: self.profile.as_ref().map(|v| pick(v, indices)),
            split: self.split.as_ref().map(|v| pick(v, indices)),
        }
    }

    /// First and last departure in local time; `None` if there are no trips.
    pub fn window(&self) -> Option<(NaiveDateTime, NaiveDateTime)> {
        events::window(&self.depart, self.time_zone)
    }
}

/// A rectangle of degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoundingBox {
    /// South-west corner.
    pub south_west: LatLon,
    /// North-east corner.
    pub north_east: LatLon,
}

impl BoundingBox {
    /// The rectangle around places; `None` without any.
    pub fn around(places: impl IntoIterator<Item = LatLon>) -> Option<Self> {
        places.into_iter().fold(None, |found: Option<Self>, place| {
            let old = found.unwrap_or(Self {
                south_west: place,
                north_east: place,
            });
            Some(Self {
                south_west: LatLon {
                    lat: old.south_west.lat.min(place.lat),
                    lon: old.south_west.lon.min(place.lon),
                },
                north_east: LatLon {
                    lat: old.north_east.lat.max(place.lat),
                    lon: old.north_east.lon.max(place.lon),
                },
            })
        })
    }

    /// Whether a place lies inside, or outside by at most `margin` of the rectangle's extent.
    pub fn is_near(&self, place: LatLon, margin: f64) -> bool {
        let within = |value: f64, low: f64, high: f64| {
            let slack = margin * (high - low);
            (low - slack..=high + slack).contains(&value)
        };
        within(place.lat, self.south_west.lat, self.north_east.lat)
            && within(place.lon, self.south_west.lon, self.north_east.lon)
    }
}
