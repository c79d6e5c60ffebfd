//! Places on the globe (WGS 84).

use crate::domain::InputError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Mean radius of the earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A place in degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LatLon {
    /// Latitude in degrees, -90 to 90.
    pub lat: f64,
    /// Longitude in degrees, -180 to 180.
    pub lon: f64,
}

impl LatLon {
    /// A place, or which of the two coordinates is off the map.
    pub fn new(lat: f64, lon: f64) -> Result<Self, InputError> {
        for (field, value, limit) in [("lat", lat, 90.0), ("lon", lon, 180.0)] {
            if !value.is_finite() || value.abs() > limit {
                return Err(InputError::new(
                    "coordinates",
                    "off the map",
                    format!("give degrees (WGS 84) between -{limit} and {limit}"),
                )
                .field(field)
                .value(value));
            }
        }
        Ok(Self { lat, lon })
    }

    /// Great-circle distance in metres (haversine formula).
    pub fn great_circle_m(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (lat_b - lat_a) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }

    /// Initial bearing towards `other` in degrees, 0 = north, clockwise.
    pub fn bearing_deg(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let d_lon = (other.lon - self.lon).to_radians();
        let y = d_lon.sin() * lat_b.cos();
        let x = lat_a.cos() * lat_b.sin() - lat_a.sin() * lat_b.cos() * d_lon.cos();
        y.atan2(x).to_degrees().rem_euclid(360.0)
    }

    /// The place at `share` of the straight way towards `other` (0 = here, 1 = there).
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self {
            lat: self.lat + (other.lat - self.lat) * share,
            lon: self.lon + (other.lon - self.lon) * share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_latitude_is_111_km() {
        let a = LatLon { lat: 0.0, lon: 0.0 };
        let b = LatLon { lat: 1.0, lon: 0.0 };
        assert!((a.great_circle_m(b) - 111_195.0).abs() < 1.0);
        assert_eq!(a.bearing_deg(b), 0.0);
    }

    #[test]
    fn refuses_what_is_off_the_map() {
        assert!(LatLon::new(91.0, 0.0).is_err());
        assert!(LatLon::new(0.0, f64::NAN).is_err());
    }
}
