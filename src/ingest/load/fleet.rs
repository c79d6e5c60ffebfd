//! The fleet: vehicles and their depots.

use super::super::kind::Kind;
use super::super::run::Options;
use super::super::times::parse_time_of_day;
use super::rows::Rows;
use crate::domain::InputError;
use crate::domain::fleet::{Depot, Fleet, Vehicle};
use chrono::NaiveTime;
use std::path::Path;

/// Loads a fleet, one row per vehicle. Depots come in the order in which they are named first. A
/// vehicle without `end_depot_id` ends where it starts.
///
/// # Errors
/// The first row at fault, and how many further ones there are.
pub fn load_fleet(path: &Path) -> Result<Fleet, InputError> {
    let rows = Rows::read(Kind::Fleet, path, &Options::default())?;
    let mut fleet = Fleet::default();
    for row in 0..rows.len() {
        let id = rows.required_text(row, "depot_id")?;
        let place = rows.place(row, "depot_lat", "depot_lon")?;
        add_depot(&mut fleet, Depot { id, place });
        if let Some(id) = rows.text(row, "end_depot_id").map(str::to_owned) {
            let has_place = rows.number(row, "end_depot_lat").is_some();
            if has_place {
                let place = rows.place(row, "end_depot_lat", "end_depot_lon")?;
                add_depot(&mut fleet, Depot { id, place });
            }
        }
        fleet.vehicles.push(vehicle(&rows, row)?);
    }
    // Checked at the end: an end depot may be the start depot of a later vehicle.
    for (row, vehicle) in fleet.vehicles.iter().enumerate() {
        let end = vehicle.end_depot.as_ref();
        if end.is_some_and(|id| !fleet.depots.iter().any(|d| d.id == *id)) {
            let remedy = "give end_depot_lat and end_depot_lon, or the id of a depot in the file";
            return Err(rows.fault(row, "end_depot_id", "a depot without a place", remedy));
        }
    }
    Ok(fleet)
}

fn add_depot(fleet: &mut Fleet, depot: Depot) {
    if !fleet.depots.iter().any(|d| d.id == depot.id) {
        fleet.depots.push(depot);
    }
}

fn vehicle(rows: &Rows, row: usize) -> Result<Vehicle, InputError> {
    let start_depot = rows.required_text(row, "depot_id")?;
    let end_depot = rows.text(row, "end_depot_id").map(str::to_owned);
    Ok(Vehicle {
        id: rows.required_text(row, "vehicle_id")?,
        profile: rows.required_text(row, "profile")?,
        end_depot: Some(end_depot.unwrap_or_else(|| start_depot.clone())),
        start_depot,
        capacity: rows.quantities(row, "cap_"),
        shift_start: time(rows, row, "shift_start")?,
        shift_end: time(rows, row, "shift_end")?,
        fixed_cost: rows.required_number(row, "fixed_cost")?,
        cost_per_km: rows.required_number(row, "cost_per_km")?,
        cost_per_hour: rows.required_number(row, "cost_per_hour")?,
        skills: rows.words(row, "skills"),
        max_distance_km: rows.number(row, "max_distance_km"),
        max_duration_h: rows.number(row, "max_duration_h"),
        max_stops: rows.count(row, "max_stops"),
        service_factor: rows.number(row, "service_factor"),
    })
}

fn time(rows: &Rows, row: usize, name: &str) -> Result<NaiveTime, InputError> {
    let time = rows.text(row, name).and_then(parse_time_of_day);
    time.ok_or_else(|| rows.fault(row, name, "not a time of day", "give hh:mm"))
}
