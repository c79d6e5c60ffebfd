//! Writes the operator's history and the day to plan as raw files, like exports of its systems.

use super::csv_gz::{self, degrees};
use super::faults::{Columns, Faulty};
use super::tables::{write_calendar, write_fleet, write_stops};
use super::tours::{self, Trip};
use super::truth::{DayTruth, TravelTruth};
use super::visits::write_visits;
use super::world::World;
use super::{SimulationError, calendar};
use crate::runtime::{Cancel, Progress};
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Days that are simulated at a time, in parallel; each day has its own random streams.
pub(super) const BATCH_DAYS: usize = 32;

/// What to write.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryOptions {
    /// Trips in all.
    pub trips: usize,
    /// Last driving days with positions.
    pub position_days: usize,
    /// Seconds between positions.
    pub fix_interval_s: u32,
    /// Share of rows of orders and trips with a fault.
    pub fault_share: f64,
}

impl Default for HistoryOptions {
    fn default() -> Self {
        Self {
            trips: 205_000,
            position_days: 3,
            fix_interval_s: 60,
            fault_share: 0.002,
        }
    }
}

/// The files written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryFiles {
    /// Orders, gzipped CSV.
    pub orders: PathBuf,
    /// Trips, gzipped CSV; `depart` is RFC 3339 with offset.
    pub trips: PathBuf,
    /// Visits of customers, gzipped CSV; times are RFC 3339 with offset.
    pub visits: PathBuf,
    /// Vehicles, CSV.
    pub fleet: PathBuf,
    /// Calendar of the past and the coming weeks, CSV.
    pub calendar: PathBuf,
    /// Positions of the last days, gzipped CSV, UTC.
    pub positions: PathBuf,
    /// Orders of the day to plan that are in, CSV.
    pub stops: PathBuf,
    /// The day to plan.
    pub planning_date: NaiveDate,
}

/// Writes `<dir>/raw/…`: see [`HistoryFiles`]. The same world and options give the same bytes.
pub fn write_history(
    dir: &Path,
    world: &World,
    options: &HistoryOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<HistoryFiles, SimulationError> {
    let raw = dir.join("raw");
    let planning_date = world.planning_date();
    let files = HistoryFiles {
        orders: raw.join("orders.csv.gz"),
        trips: raw.join("trips.csv.gz"),
        visits: raw.join("visits.csv.gz"),
        fleet: raw.join("fleet.csv"),
        calendar: raw.join("calendar.csv"),
        positions: raw.join("positions.csv.gz"),
        stops: raw.join(format!("stops_{planning_date}.csv")),
        planning_date,
    };
    write_orders(&files.orders, world, options, cancel, progress)?;
    write_trips(&files.trips, world, options, cancel, progress)?;
    write_visits(&files.visits, world, options, cancel)?;
    write_fleet(&files.fleet, world)?;
    write_calendar(&files.calendar, world)?;
    write_positions(&files.positions, world, options, cancel)?;
    let stops = world.day_truth(planning_date).known_stops();
    write_stops(&files.stops, &stops, world.time_zone())?;
    Ok(files)
}

fn write_orders(
    path: &Path,
    world: &World,
    options: &HistoryOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), SimulationError> {
    let header = [
        "order_id",
        "site_id",
        "lat",
        "lon",
        "due_date",
        "qty_kg",
        "qty_m3",
        "service_s",
        "ordered_at",
        "product_class",
        "price",
        "promotion",
        "window_start",
        "window_end",
    ];
    let columns = Columns {
        places: &[(2, 3)],
        amounts: &[5, 6],
        needed: &[2, 5, 4],
        durations: &[],
    };
    csv_gz::write(path, &header, |rows| {
        let mut rows = Faulty::new(rows, columns, world.seed(), "orders", options.fault_share);
        let days = tours::driving_days(world);
        let mut number = 0_u64;
        for (batch, dates) in days.chunks(BATCH_DAYS).enumerate() {
            cancel.check()?;
            progress.report(
                "simulate: orders",
                (batch * BATCH_DAYS) as u64,
                days.len() as u64,
            );
            let truths: Vec<DayTruth> = dates.par_iter().map(|d| world.day_truth(*d)).collect();
            for fields in truths.iter().flat_map(|t| orders_of_day(world, t)) {
                number += 1;
                let id = std::iter::once(format!("O{number:07}"));
                rows.row(id.chain(fields).collect())?;
            }
        }
        progress.report("simulate: orders", days.len() as u64, days.len() as u64);
        Ok(())
    })
}

/// Fields of a day's orders, their numbers left out.
fn orders_of_day(world: &World, truth: &DayTruth) -> Vec<Vec<String>> {
    let promotion = calendar::is_promotion(world.seed(), truth.date);
    let mut sites = world.sites().iter();
    let mut rows = Vec::with_capacity(truth.orders.len());
    for order in &truth.orders {
        // Orders come in the sites' order.
        let Some(site) = sites.find(|s| s.id == order.site_id) else {
            continue;
        };
        let quantity = |name: &str| order.quantities.get(name).copied().unwrap_or(0.0);
        let price = site.price * if promotion { 0.88 } else { 1.0 };
        let time = |time: Option<NaiveTime>| time.map(clock).unwrap_or_default();
        rows.push(vec![
            site.id.clone(),
            degrees(site.place.lat),
            degrees(site.place.lon),
            truth.date.to_string(),
            format!("{:.1}", quantity("kg")),
            format!("{:.3}", quantity("m3")),
            order.service_s.to_string(),
            local(order.ordered_at, world.time_zone()),
            site.product_class.to_owned(),
            format!("{price:.2}"),
            promotion.to_string(),
            time(site.windows.first().map(|w| w.0)),
            time(site.windows.last().map(|w| w.1)),
        ]);
    }
    rows
}

fn write_trips(
    path: &Path,
    world: &World,
    options: &HistoryOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), SimulationError> {
    let header = [
        "trip_id",
        "vehicle_id",
        "profile",
        "o_lat",
        "o_lon",
        "d_lat",
        "d_lon",
        "depart",
        "duration_s",
        "distance_m",
    ];
    let columns = Columns {
        places: &[(3, 4), (5, 6)],
        amounts: &[8],
        needed: &[3, 7, 8],
        durations: &[8],
    };
    csv_gz::write(path, &header, |rows| {
        let mut rows = Faulty::new(rows, columns, world.seed(), "trips", options.fault_share);
        let days = tours::driving_days(world);
        let mut number = 0_u64;
        for (batch, dates) in days.chunks(BATCH_DAYS).enumerate() {
            cancel.check()?;
            let first = batch * BATCH_DAYS;
            progress.report("simulate: trips", first as u64, days.len() as u64);
            let trips = dates.par_iter().enumerate().map(|(offset, date)| {
                let count = tours::share_of_day(options.trips, first + offset, days.len());
                tours::of_day(world, *date, count)
            });
            for trip in trips.collect::<Vec<_>>().iter().flatten() {
                number += 1;
                rows.row(trip_fields(number, trip, world.time_zone()))?;
            }
        }
        progress.report("simulate: trips", days.len() as u64, days.len() as u64);
        Ok(())
    })
}

fn trip_fields(number: u64, trip: &Trip, zone: Tz) -> Vec<String> {
    vec![
        format!("T{number:07}"),
        trip.vehicle_id.clone(),
        trip.profile.to_owned(),
        degrees(trip.from.lat),
        degrees(trip.from.lon),
        degrees(trip.to.lat),
        degrees(trip.to.lon),
        local(trip.depart, zone),
        trip.duration_s.to_string(),
        trip.distance_m.to_string(),
    ]
}

fn write_positions(
    path: &Path,
    world: &World,
    options: &HistoryOptions,
    cancel: &Cancel,
) -> Result<(), SimulationError> {
    let header = ["vehicle_id", "ts", "lat", "lon", "speed_kmh", "heading_deg"];
    let days = tours::driving_days(world);
    csv_gz::write(path, &header, |rows| {
        for (index, &date) in days.iter().enumerate() {
            if index + options.position_days < days.len() {
                continue;
            }
            cancel.check()?;
            let count = tours::share_of_day(options.trips, index, days.len());
            for trip in tours::of_day(world, date, count) {
                let course = world.course(trip.from, trip.to, trip.depart, trip.profile);
                let drive = super::fixes::Drive {
                    course: &course,
                    depart: trip.depart,
                    duration_s: i64::from(trip.duration_s),
                };
                for fix in drive.fixes(&trip.vehicle_id, options.fix_interval_s) {
                    rows.row(&[
                        fix.vehicle_id,
                        fix.ts.to_rfc3339_opts(SecondsFormat::Secs, true),
                        degrees(fix.place.lat),
                        degrees(fix.place.lon),
                        format!("{:.1}", fix.speed_kmh),
                        format!("{:.0}", fix.heading_deg),
                    ])?;
                }
            }
        }
        Ok(())
    })
}

pub(super) fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// RFC 3339 in local time with offset.
pub(super) fn local(instant: DateTime<Utc>, zone: Tz) -> String {
    instant
        .with_timezone(&zone)
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}
