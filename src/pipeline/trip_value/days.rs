//! Days to plan, drawn from the ends of real trips.

use crate::domain::fleet::{Depot, Fleet, Vehicle};
use crate::domain::stop::{Stop, StopOrigin, TimeWindow};
use crate::domain::{InputError, LatLon};
use crate::features::travel::Trips;
use crate::planning::local_instant;
use crate::runtime::random;
use chrono::{NaiveDate, NaiveTime, TimeDelta, Timelike};
use rand::seq::SliceRandom;
use std::collections::{BTreeMap, HashSet};

/// Local hours in which windows lie, and how many hours one lasts.
const FIRST_HOUR: u32 = 8;
const LAST_HOUR: u32 = 20;
const WINDOW_HOURS: u32 = 2;
/// Service time at a stop in seconds.
const SERVICE_S: u32 = 300;
/// Cost of leaving a stop out, in currency units: dearer than any route to it alone.
const PENALTY: f64 = 300.0;
/// The one profile of all vehicles.
pub(super) const PROFILE: &str = "van";
const DEPOT: &str = "depot";

/// A place as a key.
fn key(place: LatLon) -> (u64, u64) {
    (place.lat.to_bits(), place.lon.to_bits())
}

/// The place that most trips started from.
pub(super) fn busiest_origin(trips: &Trips) -> Option<LatLon> {
    let mut counts: BTreeMap<(u64, u64), (usize, LatLon)> = BTreeMap::new();
    for place in &trips.origin {
        counts.entry(key(*place)).or_insert((0, *place)).0 += 1;
    }
    let busiest = counts.values().max_by_key(|(count, _)| *count);
    busiest.map(|(_, place)| *place)
}

/// Vehicles of one kind at one depot. Rates are those of a small van with driver in currency units:
/// 40 a day, 0.3 a kilometre, 30 an hour.
pub(super) fn fleet(depot: LatLon, vehicles: usize) -> Fleet {
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let vehicle = |number: usize| Vehicle {
        id: format!("van-{number:02}"),
        profile: PROFILE.into(),
        start_depot: DEPOT.into(),
        end_depot: Some(DEPOT.into()),
        capacity: BTreeMap::new(),
        shift_start: clock(6),
        shift_end: clock(22),
        fixed_cost: 40.0,
        cost_per_km: 0.3,
        cost_per_hour: 30.0,
        skills: Vec::new(),
        max_distance_km: None,
        max_duration_h: Some(10.0),
        max_stops: None,
        service_factor: None,
    };
    Fleet {
        depots: vec![Depot {
            id: DEPOT.into(),
            place: depot,
        }],
        vehicles: (1..=vehicles).map(vehicle).collect(),
    }
}

/// Stops of a day: ends of real trips of that day between 8 and 20 o'clock, each with the two-hour
/// window (8 to 10, 10 to 12, …) in which that trip ended. No place twice, nor the depot's.
///
/// # Errors
/// Fewer such trips than stops.
pub(super) fn stops(
    trips: &Trips,
    of_day: &[usize],
    date: NaiveDate,
    count: usize,
    depot: LatLon,
    seed: u64,
) -> Result<Vec<Stop>, InputError> {
    let mut order = of_day.to_vec();
    order.shuffle(&mut random::generator(seed, &format!("stops {date}")));
    let mut seen = HashSet::from([key(depot)]);
    let mut stops = Vec::with_capacity(count);
    for trip in order {
        if stops.len() == count {
            break;
        }
        let end = trips.local_depart(trip) + TimeDelta::seconds(trips.duration_s[trip] as i64);
        let in_hours = end.date_naive() == date && (FIRST_HOUR..LAST_HOUR).contains(&end.hour());
        let place = trips.destination[trip];
        if !in_hours || !seen.insert(key(place)) {
            continue;
        }
        let opens = end.hour() / WINDOW_HOURS * WINDOW_HOURS;
        let at = |hour| {
            let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
            local_instant(date, time, trips.time_zone)
        };
        let id = format!("{date}-{}", trips.trip_id[trip]);
        stops.push(Stop {
            site_id: id.clone(),
            id,
            place,
            quantities: BTreeMap::new(),
            service_s: SERVICE_S,
            service_sd_s: None,
            windows: vec![TimeWindow {
                start: at(opens),
                end: at(opens + WINDOW_HOURS),
            }],
            skills: Vec::new(),
            penalty: Some(PENALTY),
            origin: StopOrigin::Ordered,
        });
    }
    if stops.len() < count {
        let problem = format!("{} places where trips of {date} ended by day", stops.len());
        let remedy = format!("ask for at most as many stops, not {count}");
        return Err(InputError::new(&trips.source, problem, remedy).field("stops"));
    }
    Ok(stops)
}
