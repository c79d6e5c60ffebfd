//! A request resolved against its tensor: indices instead of names, seconds instead of instants.

use super::request::PlanRequest;
use crate::cost::tensor::CostTensor;
use crate::domain::InputError;
use crate::domain::fleet::{Quantities, Vehicle};
use crate::domain::stop::Stop;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeSet, HashSet};

/// The day as planning sees it. All times are seconds since the tensor's origin.
pub(super) struct Day<'a> {
    pub costs: &'a CostTensor,
    pub stops: Vec<DayStop<'a>>,
    pub vehicles: Vec<DayVehicle<'a>>,
    /// All dimensions that a stop or a vehicle names.
    pub dimensions: Vec<&'a str>,
}

/// A stop with its place in the tensor.
pub(super) struct DayStop<'a> {
    pub stop: &'a Stop,
    pub place: usize,
    /// Disjoint, in order; one that is always open if the stop names none.
    pub windows_s: Vec<(i64, i64)>,
}

/// A vehicle with its places and profile in the tensor.
pub(super) struct DayVehicle<'a> {
    pub vehicle: &'a Vehicle,
    pub profile: usize,
    pub start: usize,
    pub end: Option<usize>,
    pub shift_s: (i64, i64),
}

impl DayStop<'_> {
    /// When service starts for an arrival: at once, when the next window opens, or late.
    pub(super) fn service_start(&self, arrival_s: i64) -> i64 {
        let open = self.windows_s.iter().find(|(_, end)| *end >= arrival_s);
        open.map_or(arrival_s, |(start, _)| arrival_s.max(*start))
    }

    /// Latest start of service.
    pub(super) fn latest_s(&self) -> i64 {
        self.windows_s.last().map_or(i64::MAX, |(_, end)| *end)
    }
}

impl DayVehicle<'_> {
    /// Whether it has all skills of a stop.
    pub(super) fn has_skills_of(&self, stop: &Stop) -> bool {
        stop.skills.iter().all(|s| self.vehicle.skills.contains(s))
    }

    /// Seconds that its driver is expected to serve a stop for.
    pub(super) fn service_s(&self, stop: &Stop) -> i64 {
        self.vehicle.service_s(stop.service_s)
    }

    /// What it can carry of a dimension; unlimited if it names none.
    pub(super) fn capacity(&self, dimension: &str) -> f64 {
        let capacity = self.vehicle.capacity.get(dimension);
        capacity.copied().unwrap_or(f64::INFINITY)
    }
}

impl<'a> Day<'a> {
    /// Resolves a request, or says which part of it does not fit the rest.
    pub(super) fn resolve(request: &'a PlanRequest) -> Result<Self, InputError> {
        let (fleet, costs) = (&request.fleet, request.costs.as_ref());
        let expected = fleet.depots.len() + request.stops.len();
        if costs.places() != expected {
            return Err(InputError::new(
                "cost tensor",
                "does not belong to this fleet and these stops",
                format!("build it for the {expected} places of `planning::places`"),
            )
            .field("places")
            .value(costs.places()));
        }
        if fleet.vehicles.is_empty() {
            return Err(InputError::new("fleet", "no vehicle", "give at least one"));
        }
        unique("fleet", "vehicle_id", fleet.vehicles.iter().map(|v| &v.id))?;
        unique("fleet", "depot_id", fleet.depots.iter().map(|d| &d.id))?;
        unique("stops", "stop_id", request.stops.iter().map(|s| &s.id))?;
        let vehicles = fleet.vehicles.iter().map(|v| resolve_vehicle(v, request));
        let first_stop = fleet.depots.len();
        let stops = request.stops.iter().enumerate();
        let stops = stops.map(|(i, s)| resolve_stop(s, first_stop + i, costs));
        let named = |quantities: &'a Quantities| quantities.keys().map(String::as_str);
        let dimensions: BTreeSet<&str> = fleet
            .vehicles
            .iter()
            .flat_map(|v| named(&v.capacity))
            .chain(request.stops.iter().flat_map(|s| named(&s.quantities)))
            .collect();
        Ok(Self {
            costs,
            stops: stops.collect::<Result<_, _>>()?,
            vehicles: vehicles.collect::<Result<_, _>>()?,
            dimensions: dimensions.into_iter().collect(),
        })
    }

    /// Clock hour of a time, for which legs share traffic.
    pub(super) fn hour(&self, at_s: i64) -> i64 {
        self.costs.axis().instant(at_s).timestamp().div_euclid(3600)
    }
}

fn resolve_vehicle<'a>(
    vehicle: &'a Vehicle,
    request: &'a PlanRequest,
) -> Result<DayVehicle<'a>, InputError> {
    let fault = |field: &str, value: &dyn std::fmt::Display, problem: &str, remedy: String| {
        InputError::new(format!("fleet, vehicle `{}`", vehicle.id), problem, remedy)
            .field(field)
            .value(value)
    };
    let depot = |field: &str, id: &str| {
        let depots = &request.fleet.depots;
        depots.iter().position(|d| d.id == id).ok_or_else(|| {
            let known: Vec<_> = depots.iter().map(|d| d.id.as_str()).collect();
            let remedy = format!("give one of {}", known.join(", "));
            fault(field, &id, "no such depot", remedy)
        })
    };
    let profile = request.costs.profile(&vehicle.profile).ok_or_else(|| {
        let known = request.costs.profiles().iter().map(|p| p.name.as_str());
        let remedy = format!("give one of {}", known.collect::<Vec<_>>().join(", "));
        fault(
            "profile",
            &vehicle.profile,
            "no travel times for it",
            remedy,
        )
    })?;
    let amounts = [
        ("fixed_cost", Some(vehicle.fixed_cost)),
        ("cost_per_km", Some(vehicle.cost_per_km)),
        ("cost_per_hour", Some(vehicle.cost_per_hour)),
        ("max_distance_km", vehicle.max_distance_km),
        ("max_duration_h", vehicle.max_duration_h),
        ("service_factor", vehicle.service_factor),
    ];
    let amounts = amounts.into_iter().filter_map(|(f, v)| v.map(|v| (f, v)));
    let capacities = vehicle.capacity.iter().map(|(f, v)| (f.as_str(), *v));
    for (field, value) in amounts.chain(capacities) {
        if !(0.0..=1e9).contains(&value) {
            let remedy = "give a number from 0 to 1e9".to_owned();
            return Err(fault(field, &value, "out of range", remedy));
        }
    }
    let (start, end) = (vehicle.shift_start, vehicle.shift_end);
    let last_day = if end > start {
        Some(request.date)
    } else {
        request.date.checked_add_days(Days::new(1))
    };
    let seconds = |date: NaiveDate, time| {
        request
            .costs
            .axis()
            .seconds(local_instant(date, time, request.time_zone))
    };
    Ok(DayVehicle {
        vehicle,
        profile,
        start: depot("start_depot", &vehicle.start_depot)?,
        end: vehicle
            .end_depot
            .as_deref()
            .map(|id| depot("end_depot", id))
            .transpose()?,
        shift_s: (
            seconds(request.date, start),
            seconds(last_day.unwrap_or(request.date), end),
        ),
    })
}

fn resolve_stop<'a>(
    stop: &'a Stop,
    place: usize,
    costs: &CostTensor,
) -> Result<DayStop<'a>, InputError> {
    let source = || format!("stops, stop `{}`", stop.id);
    let amounts = stop.quantities.iter().map(|(f, v)| (f.as_str(), *v));
    let sd_s = stop.service_sd_s.map(|sd| ("service_sd_s", sd));
    for (field, value) in amounts
        .chain(stop.penalty.map(|p| ("penalty", p)))
        .chain(sd_s)
    {
        if !(0.0..=1e9).contains(&value) {
            let remedy = "give a number from 0 to 1e9";
            return Err(InputError::new(source(), "out of range", remedy)
                .field(field)
                .value(value));
        }
    }
    let axis = costs.axis();
    let windows_s: Vec<(i64, i64)> = stop
        .windows
        .iter()
        .map(|w| (axis.seconds(w.start), axis.seconds(w.end)))
        .collect();
    let in_order = windows_s.iter().all(|(start, end)| start <= end)
        && windows_s.windows(2).all(|pair| pair[0].1 < pair[1].0);
    if !in_order {
        let remedy = "give windows that start before they end, disjoint and in order";
        return Err(InputError::new(source(), "overlapping or reversed", remedy).field("windows"));
    }
    let always = vec![(i64::MIN / 4, i64::MAX / 4)];
    Ok(DayStop {
        stop,
        place,
        windows_s: if windows_s.is_empty() {
            always
        } else {
            windows_s
        },
    })
}

fn unique<'a>(
    source: &str,
    field: &str,
    ids: impl Iterator<Item = &'a String>,
) -> Result<(), InputError> {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            let remedy = "give every entry an id of its own";
            return Err(InputError::new(source, "used twice", remedy)
                .field(field)
                .value(id));
        }
    }
    Ok(())
}

/// The instant of a local time. A time that the clocks skip is taken an hour later, one that they
/// repeat as its first occurrence.
pub fn local_instant(date: NaiveDate, time: NaiveTime, time_zone: Tz) -> DateTime<Utc> {
    let local = date.and_time(time);
    let resolved = time_zone
        .from_local_datetime(&local)
        .earliest()
        .or_else(|| {
            time_zone
                .from_local_datetime(&(local + TimeDelta::hours(1)))
                .earliest()
        });
    resolved.map_or_else(|| local.and_utc(), |t| t.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_and_repeated_local_times_resolve() {
        let zone = chrono_tz::Europe::Berlin;
        let at = |date: &str, time: &str| {
            local_instant(date.parse().unwrap(), time.parse().unwrap(), zone).to_rfc3339()
        };
        assert_eq!(at("2026-03-29", "02:30:00"), "2026-03-29T01:30:00+00:00");
        assert_eq!(at("2026-10-25", "02:30:00"), "2026-10-25T00:30:00+00:00");
        assert_eq!(at("2026-07-01", "08:00:00"), "2026-07-01T06:00:00+00:00");
    }
}
