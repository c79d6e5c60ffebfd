//! What a plan job needs, and whether it makes sense: told to the caller at once, not by a failed
//! job minutes later.

use crate::domain::fleet::{Fleet, Quantities, Vehicle};
use crate::domain::plan::PlanBasis;
use crate::domain::stop::{ServiceTimes, Stop};
use crate::domain::{InputError, LatLon};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

const SOURCE: &str = "request body";
/// A tensor grows with the square of the places.
const MOST_STOPS: usize = 2_000;
const MOST_VEHICLES: usize = 500;
const LONGEST_SEARCH_S: f64 = 600.0;

/// A day to plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanJobRequest {
    /// Day to plan, in `time_zone`.
    pub date: NaiveDate,
    /// IANA name of the depots' time zone.
    pub time_zone: String,
    /// Vehicles and depots.
    pub fleet: Fleet,
    /// Stops of the day.
    pub stops: Vec<Stop>,
    /// Knowledge to plan with: `predicted` or `static`.
    #[serde(default = "predicted")]
    pub basis: PlanBasis,
    /// Service times to plan with: `stated` by the stops, or `learned` from past visits.
    #[serde(default)]
    pub service_times: ServiceTimes,
    /// Wall-time limit of the search in seconds, at most 600.
    #[serde(default = "twenty_seconds")]
    pub time_limit_s: f64,
    /// Seed of the search.
    #[serde(default)]
    pub seed: u64,
}

fn predicted() -> PlanBasis {
    PlanBasis::Predicted
}

fn twenty_seconds() -> f64 {
    20.0
}

impl PlanJobRequest {
    /// Checks everything that can be known without planning; names the first fault.
    pub fn check(&self) -> Result<Tz, InputError> {
        let zone: Tz = self.time_zone.parse().map_err(|_| {
            fault(
                "time_zone",
                "unknown time zone",
                "give an IANA name such as Europe/Berlin",
            )
            .value(&self.time_zone)
        })?;
        if self.basis == PlanBasis::Perfect {
            return Err(fault(
                "basis",
                "nobody knows the day yet",
                "give predicted or static",
            ));
        }
        if !(self.time_limit_s > 0.0 && self.time_limit_s <= LONGEST_SEARCH_S) {
            let remedy = format!("give seconds above 0 and at most {LONGEST_SEARCH_S}");
            return Err(fault("time_limit_s", "out of range", remedy).value(self.time_limit_s));
        }
        self.check_fleet()?;
        self.check_stops()?;
        Ok(zone)
    }

    fn check_fleet(&self) -> Result<(), InputError> {
        let fleet = &self.fleet;
        count("fleet.vehicles", fleet.vehicles.len(), MOST_VEHICLES)?;
        count("fleet.depots", fleet.depots.len(), MOST_VEHICLES)?;
        let mut depots = HashSet::new();
        for (i, depot) in fleet.depots.iter().enumerate() {
            let path = format!("fleet.depots[{i}]");
            place(&path, depot.place)?;
            unique(&format!("{path}.id"), &depot.id, &mut depots)?;
        }
        let mut vehicles = HashSet::new();
        for (i, vehicle) in fleet.vehicles.iter().enumerate() {
            let path = format!("fleet.vehicles[{i}]");
            unique(&format!("{path}.id"), &vehicle.id, &mut vehicles)?;
            check_vehicle(&path, vehicle, &depots)?;
        }
        Ok(())
    }

    fn check_stops(&self) -> Result<(), InputError> {
        count("stops", self.stops.len(), MOST_STOPS)?;
        let mut ids = HashSet::new();
        for (i, stop) in self.stops.iter().enumerate() {
            let path = format!("stops[{i}]");
            unique(&format!("{path}.id"), &stop.id, &mut ids)?;
            place(&path, stop.place)?;
            amounts(&format!("{path}.quantities"), &stop.quantities)?;
            if let Some(penalty) = stop.penalty {
                not_negative(&format!("{path}.penalty"), penalty)?;
            }
            if TimeDelta::seconds(i64::from(stop.service_s)) > TimeDelta::days(1) {
                let field = format!("{path}.service_s");
                return Err(fault(field, "longer than a day", "give seconds").value(stop.service_s));
            }
            if let Some(sd_s) = stop.service_sd_s {
                not_negative(&format!("{path}.service_sd_s"), sd_s)?;
            }
            let mut last_end = None;
            for (w, window) in stop.windows.iter().enumerate() {
                let field = format!("{path}.windows[{w}]");
                let value = format!("{} to {}", window.start, window.end);
                if window.end < window.start {
                    let remedy = "give an end that is not before the start";
                    return Err(fault(field, "ends before it starts", remedy).value(value));
                }
                if last_end.is_some_and(|end| window.start <= end) {
                    let remedy = "give windows in order, with a gap between them";
                    return Err(fault(field, "overlaps the window before", remedy).value(value));
                }
                last_end = Some(window.end);
            }
        }
        Ok(())
    }
}

fn check_vehicle(path: &str, vehicle: &Vehicle, depots: &HashSet<&str>) -> Result<(), InputError> {
    let ends = [
        ("start_depot", Some(&vehicle.start_depot)),
        ("end_depot", vehicle.end_depot.as_ref()),
    ];
    for (name, depot) in ends {
        if let Some(depot) = depot.filter(|d| !depots.contains(d.as_str())) {
            let field = format!("{path}.{name}");
            let remedy = "give the id of one of fleet.depots";
            return Err(fault(field, "no such depot", remedy).value(depot));
        }
    }
    amounts(&format!("{path}.capacity"), &vehicle.capacity)?;
    for (name, value) in [
        ("fixed_cost", Some(vehicle.fixed_cost)),
        ("cost_per_km", Some(vehicle.cost_per_km)),
        ("cost_per_hour", Some(vehicle.cost_per_hour)),
        ("max_distance_km", vehicle.max_distance_km),
        ("max_duration_h", vehicle.max_duration_h),
        ("service_factor", vehicle.service_factor),
    ] {
        if let Some(value) = value {
            not_negative(&format!("{path}.{name}"), value)?;
        }
    }
    Ok(())
}

fn fault(
    field: impl Into<String>,
    problem: impl Into<String>,
    remedy: impl Into<String>,
) -> InputError {
    InputError::new(SOURCE, problem, remedy).field(field)
}

fn count(field: &str, found: usize, most: usize) -> Result<(), InputError> {
    if (1..=most).contains(&found) {
        return Ok(());
    }
    let remedy = format!("give 1 to {most}");
    Err(fault(field, "wrong number of entries", remedy).value(found))
}

fn unique<'a>(field: &str, id: &'a str, known: &mut HashSet<&'a str>) -> Result<(), InputError> {
    if id.is_empty() {
        return Err(fault(field, "empty", "give an id"));
    }
    if known.insert(id) {
        return Ok(());
    }
    Err(fault(field, "given twice", "give each entry an id of its own").value(id))
}

fn place(path: &str, place: LatLon) -> Result<(), InputError> {
    LatLon::new(place.lat, place.lon).map(|_| ()).map_err(|e| {
        let field = format!("{path}.place.{}", e.field.as_deref().unwrap_or("lat"));
        InputError {
            source: SOURCE.into(),
            ..e
        }
        .field(field)
    })
}

fn amounts(path: &str, quantities: &Quantities) -> Result<(), InputError> {
    for (dimension, amount) in quantities {
        not_negative(&format!("{path}.{dimension}"), *amount)?;
    }
    Ok(())
}

fn not_negative(field: &str, value: f64) -> Result<(), InputError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(fault(field, "out of range", "give a number of at least 0").value(value))
}
