//! The small tables of the raw history: vehicles, calendar, the stops of the day to plan.

use super::SimulationError;
use super::csv_gz::{self, degrees};
use super::history::clock;
use super::world::World;
use crate::domain::fleet::Vehicle;
use crate::domain::stop::{Stop, TimeWindow};
use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use std::path::Path;

/// Weeks of the calendar that are known ahead.
const CALENDAR_WEEKS_AHEAD: u64 = 8;

pub(super) fn write_fleet(path: &Path, world: &World) -> Result<(), SimulationError> {
    let header = [
        "vehicle_id",
        "profile",
        "depot_id",
        "depot_lat",
        "depot_lon",
        "cap_kg",
        "cap_m3",
        "shift_start",
        "shift_end",
        "fixed_cost",
        "cost_per_km",
        "cost_per_hour",
        "skills",
        "max_duration_h",
    ];
    let fleet = world.fleet();
    csv_gz::write(path, &header, |rows| {
        for vehicle in &fleet.vehicles {
            if let Some(depot) = fleet.depots.iter().find(|d| d.id == vehicle.start_depot) {
                rows.row(&vehicle_fields(vehicle, depot.place.lat, depot.place.lon))?;
            }
        }
        Ok(())
    })
}

fn vehicle_fields(vehicle: &Vehicle, lat: f64, lon: f64) -> Vec<String> {
    let capacity = |name: &str| {
        vehicle
            .capacity
            .get(name)
            .map(f64::to_string)
            .unwrap_or_default()
    };
    vec![
        vehicle.id.clone(),
        vehicle.profile.clone(),
        vehicle.start_depot.clone(),
        degrees(lat),
        degrees(lon),
        capacity("kg"),
        capacity("m3"),
        clock(vehicle.shift_start),
        clock(vehicle.shift_end),
        vehicle.fixed_cost.to_string(),
        vehicle.cost_per_km.to_string(),
        vehicle.cost_per_hour.to_string(),
        vehicle.skills.join(";"),
        vehicle
            .max_duration_h
            .map(|h| h.to_string())
            .unwrap_or_default(),
    ]
}

pub(super) fn write_calendar(path: &Path, world: &World) -> Result<(), SimulationError> {
    let last = world.options().history_end + Days::new(7 * CALENDAR_WEEKS_AHEAD);
    csv_gz::write(
        path,
        &["date", "site_id", "closed", "holiday", "promotion"],
        |rows| {
            for day in world.calendar(world.history_start(), last) {
                rows.row(&[
                    day.date.to_string(),
                    day.site_id.unwrap_or_default(),
                    day.closed.to_string(),
                    day.holiday.unwrap_or_default(),
                    day.promotion.to_string(),
                ])?;
            }
            Ok(())
        },
    )
}

/// Writes stops as a planner's table: windows as `HH:MM-HH:MM;…` local time.
pub fn write_stops(path: &Path, stops: &[Stop], zone: Tz) -> Result<(), SimulationError> {
    let header = [
        "stop_id",
        "site_id",
        "lat",
        "lon",
        "qty_kg",
        "qty_m3",
        "service_s",
        "windows",
        "skills",
        "penalty",
        "origin",
    ];
    let window = |w: &TimeWindow| {
        let time = |instant: DateTime<Utc>| clock(instant.with_timezone(&zone).time());
        format!("{}-{}", time(w.start), time(w.end))
    };
    csv_gz::write(path, &header, |rows| {
        for stop in stops {
            let quantity = |name: &str| {
                stop.quantities
                    .get(name)
                    .map(f64::to_string)
                    .unwrap_or_default()
            };
            rows.row(&[
                stop.id.clone(),
                stop.site_id.clone(),
                degrees(stop.place.lat),
                degrees(stop.place.lon),
                quantity("kg"),
                quantity("m3"),
                stop.service_s.to_string(),
                stop.windows
                    .iter()
                    .map(window)
                    .collect::<Vec<_>>()
                    .join(";"),
                stop.skills.join(";"),
                stop.penalty.map(|p| p.to_string()).unwrap_or_default(),
                "ordered".to_owned(),
            ])?;
        }
        Ok(())
    })
}
