//! The columns of a trip, by one function for training and for serving.

use super::network::{legs_of, log_duration, log_length};
use super::{Conditions, NetworkLeg, NetworkTimes, TripQuery, Trips};
use crate::domain::LatLon;
use crate::features::FeatureMatrix;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use std::f64::consts::TAU;

/// Version of the columns; raised when their meaning changes.
pub const VERSION: u32 = 4;

/// Added to a distance before its logarithm, in metres: trips within one place, such as a zone's
/// centroid, have a great circle of zero but take time all the same.
const LOG_OFFSET_M: f64 = 300.0;

/// Metres per degree of latitude on the sphere of the great-circle distance.
const METRES_PER_DEGREE: f64 = 111_195.08;

/// Angles, in degrees, at which a street grid may be turned against north. Distances along a grid
/// repeat after 90 degrees.
const GRID_ANGLES: [f64; 3] = [0.0, 30.0, 60.0];

/// One column of the matrix; the discriminant is its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Column {
    /// Latitude of the origin in degrees.
    OriginLat,
    /// Longitude of the origin in degrees.
    OriginLon,
    /// Latitude of the destination in degrees.
    DestinationLat,
    /// Longitude of the destination in degrees.
    DestinationLon,
    /// Latitude half-way in degrees.
    MidLat,
    /// Longitude half-way in degrees.
    MidLon,
    /// Great-circle distance in metres.
    Distance,
    /// Natural logarithm of the great-circle distance + 300 m.
    LogDistance,
    /// Distance in metres along a grid that points north.
    Grid0,
    /// The same along a grid turned by 30 degrees.
    Grid30,
    /// The same along a grid turned by 60 degrees.
    Grid60,
    /// Natural logarithm of the distance along the north grid + 300 m.
    LogGrid,
    /// Metres eastwards.
    East,
    /// Metres northwards.
    North,
    /// Sine of the initial bearing.
    BearingSin,
    /// Cosine of the initial bearing.
    BearingCos,
    /// Minutes since local midnight.
    Minute,
    /// Sine of the time of day, period 24 h.
    DaySin,
    /// Cosine of the time of day, period 24 h.
    DayCos,
    /// Sine of the time of day, period 12 h.
    HalfDaySin,
    /// Cosine of the time of day, period 12 h.
    HalfDayCos,
    /// Day of the week, 0 = Monday.
    DayOfWeek,
    /// Hour of the week, 0 = Monday 00:00 to 01:00.
    HourOfWeek,
    /// 1 on Saturday, Sunday and holidays, else 0.
    DayOff,
    /// 1 on holidays, else 0.
    Holiday,
    /// Natural logarithm of free-flow seconds on the road network + 30 s; NaN without a network.
    LogNetwork,
    /// Natural logarithm of the metres of that way + 300 m; NaN without a network.
    LogNetworkLength,
    /// Air temperature at the departure in degrees Celsius; NaN where unknown.
    Temperature,
    /// Precipitation at the departure in millimetres per hour; NaN where unknown.
    Precipitation,
}

/// Columns that say when a trip departs and what holds then; the others say where it leads.
pub const MOMENT_COLUMNS: [Column; 11] = [
    Column::Minute,
    Column::DaySin,
    Column::DayCos,
    Column::HalfDaySin,
    Column::HalfDayCos,
    Column::DayOfWeek,
    Column::HourOfWeek,
    Column::DayOff,
    Column::Holiday,
    Column::Temperature,
    Column::Precipitation,
];

/// Names of the columns, in the order of [`Column`].
pub const COLUMNS: [&str; 29] = [
    "o_lat",
    "o_lon",
    "d_lat",
    "d_lon",
    "mid_lat",
    "mid_lon",
    "distance_m",
    "log_distance",
    "grid_0_m",
    "grid_30_m",
    "grid_60_m",
    "log_grid",
    "east_m",
    "north_m",
    "bearing_sin",
    "bearing_cos",
    "minute_of_day",
    "day_sin",
    "day_cos",
    "half_day_sin",
    "half_day_cos",
    "day_of_week",
    "hour_of_week",
    "day_off",
    "holiday",
    "log_network",
    "log_network_m",
    "temperature_c",
    "precipitation_mm_h",
];

/// The columns of one trip; `leg` is what a road network says of it.
pub fn row(
    origin: LatLon,
    destination: LatLon,
    depart: DateTime<Tz>,
    conditions: &Conditions,
    leg: Option<NetworkLeg>,
) -> [f32; COLUMNS.len()] {
    let middle = origin.towards(destination, 0.5);
    let distance = origin.great_circle_m(destination);
    let east = (destination.lon - origin.lon) * METRES_PER_DEGREE * middle.lat.to_radians().cos();
    let north = (destination.lat - origin.lat) * METRES_PER_DEGREE;
    let [grid_0, grid_30, grid_60] = GRID_ANGLES.map(|angle| {
        let (sin, cos) = angle.to_radians().sin_cos();
        (east * cos - north * sin).abs() + (east * sin + north * cos).abs()
    });
    // A trip that goes nowhere has no direction.
    let (bearing_sin, bearing_cos) = match distance {
        0.0 => (0.0, 0.0),
        _ => origin.bearing_deg(destination).to_radians().sin_cos(),
    };
    let date = depart.date_naive();
    let minute = f64::from(depart.num_seconds_from_midnight()) / 60.0;
    let day = TAU * minute / 1440.0;
    let day_of_week = depart.weekday().num_days_from_monday();
    let holiday = conditions.holidays.contains(date);
    let weather = conditions.weather.at(depart.with_timezone(&Utc));
    let log = |metres: f64| (metres + LOG_OFFSET_M).ln();
    [
        origin.lat,
        origin.lon,
        destination.lat,
        destination.lon,
        middle.lat,
        middle.lon,
        distance,
        log(distance),
        grid_0,
        grid_30,
        grid_60,
        log(grid_0),
        east,
        north,
        bearing_sin,
        bearing_cos,
        minute,
        day.sin(),
        day.cos(),
        (2.0 * day).sin(),
        (2.0 * day).cos(),
        f64::from(day_of_week),
        f64::from(day_of_week * 24 + depart.hour()),
        f64::from(u8::from(is_day_off(date, holiday))),
        f64::from(u8::from(holiday)),
        log_duration(leg),
        log_length(leg, LOG_OFFSET_M),
        weather.temperature_c,
        weather.precipitation_mm_h,
    ]
    .map(|value| value as f32)
}

fn is_day_off(date: NaiveDate, holiday: bool) -> bool {
    holiday || date.weekday().num_days_from_monday() >= 5
}

/// The matrix of trips that were driven.
pub fn matrix(
    trips: &Trips,
    conditions: &Conditions,
    network: Option<&dyn NetworkTimes>,
) -> FeatureMatrix {
    let pairs = trips.origin.iter().zip(&trips.destination);
    let pairs: Vec<(LatLon, LatLon)> = pairs.map(|(from, to)| (*from, *to)).collect();
    let departs = (0..trips.len()).map(|i| trips.local_depart(i));
    fill(&pairs, departs, conditions, network)
}

/// The matrix of trips asked for.
pub fn matrix_of(
    queries: &[TripQuery],
    conditions: &Conditions,
    network: Option<&dyn NetworkTimes>,
) -> FeatureMatrix {
    let pairs = queries.iter().map(|q| (q.origin, q.destination));
    let pairs: Vec<(LatLon, LatLon)> = pairs.collect();
    let departs = queries.iter().map(|q| q.depart);
    fill(&pairs, departs, conditions, network)
}

/// The matrix of all pairs at all times, pair by pair.
pub fn matrix_at(
    pairs: &[(LatLon, LatLon)],
    times: &[DateTime<Tz>],
    conditions: &Conditions,
    network: Option<&dyn NetworkTimes>,
) -> FeatureMatrix {
    let mut matrix = FeatureMatrix::with_capacity(names(), pairs.len() * times.len());
    for (&(from, to), leg) in pairs.iter().zip(legs_of(network, pairs)) {
        for &time in times {
            matrix.push_row(&row(from, to, time, conditions, leg));
        }
    }
    matrix
}

fn fill(
    pairs: &[(LatLon, LatLon)],
    departs: impl Iterator<Item = DateTime<Tz>>,
    conditions: &Conditions,
    network: Option<&dyn NetworkTimes>,
) -> FeatureMatrix {
    let mut matrix = FeatureMatrix::with_capacity(names(), pairs.len());
    let legs = legs_of(network, pairs);
    for ((&(from, to), leg), depart) in pairs.iter().zip(legs).zip(departs) {
        matrix.push_row(&row(from, to, depart, conditions, leg));
    }
    matrix
}

fn names() -> Vec<String> {
    COLUMNS.map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::travel::Holidays;
    use chrono::TimeZone;

    const HERE: LatLon = LatLon {
        lat: 40.75,
        lon: -73.98,
    };
    const THERE: LatLon = LatLon {
        lat: 40.80,
        lon: -73.95,
    };

    fn at(day: u32, hour: u32) -> DateTime<Tz> {
        let zone = chrono_tz::America::New_York;
        zone.with_ymd_and_hms(2023, 3, day, hour, 30, 0)
            .single()
            .expect("not in the gap")
    }

    fn value(row: &[f32], column: Column) -> f32 {
        row[column as usize]
    }

    #[test]
    fn the_clock_is_local_on_both_sides_of_a_change() {
        // Clocks went forward on 12 March 2023: the same local time is another hour of UTC.
        for day in [10, 13] {
            let row = row(HERE, THERE, at(day, 8), &Conditions::default(), None);
            assert_eq!(value(&row, Column::Minute), 510.0);
        }
        assert_eq!(
            at(13, 8).naive_utc() - at(10, 8).naive_utc(),
            chrono::TimeDelta::hours(71)
        );
    }

    #[test]
    fn names_and_positions_agree() {
        assert_eq!(COLUMNS[Column::LogDistance as usize], "log_distance");
        assert_eq!(COLUMNS[Column::HourOfWeek as usize], "hour_of_week");
        assert_eq!(COLUMNS[Column::Holiday as usize], "holiday");
        assert_eq!(COLUMNS[Column::LogNetwork as usize], "log_network");
        assert_eq!(COLUMNS[Column::Temperature as usize], "temperature_c");
        assert_eq!(Column::Precipitation as usize + 1, COLUMNS.len());
    }

    #[test]
    fn distances_along_a_grid_lie_between_the_straight_way_and_its_double() {
        let row = row(HERE, THERE, at(10, 8), &Conditions::default(), None);
        let straight = value(&row, Column::Distance);
        for column in [Column::Grid0, Column::Grid30, Column::Grid60] {
            let along = value(&row, column);
            assert!(along > 0.995 * straight && along < 1.42 * straight);
        }
        let bearing = value(&row, Column::BearingSin).atan2(value(&row, Column::BearingCos));
        assert!((f64::from(bearing) - HERE.bearing_deg(THERE).to_radians()).abs() < 1e-5);
        assert!(f64::from(bearing) < std::f64::consts::PI);
    }

    #[test]
    fn holidays_count_as_days_off() {
        let holidays = Holidays::from_iter([at(10, 8).date_naive()]);
        let of = |day| row(HERE, THERE, at(day, 8), &holidays.clone().into(), None);
        assert_eq!(value(&of(10), Column::Holiday), 1.0);
        assert_eq!(value(&of(10), Column::DayOff), 1.0);
        assert_eq!(value(&of(9), Column::DayOff), 0.0);
        assert_eq!(value(&of(11), Column::DayOff), 1.0);
    }
}
