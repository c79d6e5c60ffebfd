//! Visits of past days, as a telematics box with a door sensor would have recorded them: every order
//! of the history served by one of the operator's vehicles, which always has the same driver.
//!
//! Orders are dealt out in sectors around the first depot, another vehicle per sector every day, so
//! that customers meet many drivers. Drives between them are estimated along great circles: visits
//! tell of service, trips of travel.

use super::SimulationError;
use super::calendar::is_closed;
use super::csv_gz;
use super::faults::{Columns, Faulty};
use super::history::{BATCH_DAYS, HistoryOptions, clock, local};
use super::orders::instant;
use super::tours::driving_days;
use super::truth::{DayTruth, RealisedOrder};
use super::world::World;
use crate::domain::LatLon;
use crate::domain::fleet::Quantities;
use crate::domain::stop::TimeWindow;
use crate::runtime::Cancel;
use crate::runtime::random::generator;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use std::path::Path;

/// Metres per second along a great circle, stops at lights and detours included.
const PACE_M_PER_S: f64 = 5.5;
/// Local hour at which vehicles leave the depot.
const LEAVE_HOUR: i64 = 6;

/// One recorded visit.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedVisit {
    /// The customer's site.
    pub site_id: String,
    /// The vehicle, which stands for its driver.
    pub vehicle_id: String,
    /// When it arrived.
    pub arrive: DateTime<Utc>,
    /// When service started: on arrival, or when the window opened.
    pub service_start: DateTime<Utc>,
    /// When it left.
    pub service_end: DateTime<Utc>,
    /// What was delivered.
    pub quantities: Quantities,
    /// When service may have started.
    pub windows: Vec<TimeWindow>,
}

/// The visits of a past day, in order of vehicle and time.
pub fn of_day(world: &World, truth: &DayTruth) -> Vec<RecordedVisit> {
    let Some(depot) = world.fleet().depots.first().map(|d| d.place) else {
        return Vec::new();
    };
    if is_closed(truth.date) {
        return Vec::new();
    }
    let mut random = generator(world.seed(), &format!("visits/{}", truth.date));
    let mut vehicles: Vec<&str> = world
        .fleet()
        .vehicles
        .iter()
        .map(|v| v.id.as_str())
        .collect();
    vehicles.shuffle(&mut random);
    let mut orders: Vec<&RealisedOrder> = truth.orders.iter().collect();
    orders.sort_by(|a, b| bearing(depot, a.place).total_cmp(&bearing(depot, b.place)));
    let per_vehicle = orders.len().div_ceil(vehicles.len().max(1)).max(1);
    let tours = orders.chunks(per_vehicle).zip(vehicles);
    tours
        .flat_map(|(sector, vehicle)| tour(world, truth, vehicle, depot, sector))
        .collect()
}

/// One vehicle serves its sector, windows that close first first.
fn tour(
    world: &World,
    truth: &DayTruth,
    vehicle: &str,
    depot: LatLon,
    sector: &[&RealisedOrder],
) -> Vec<RecordedVisit> {
    let leave = truth.date.and_time(NaiveTime::MIN) + TimeDelta::hours(LEAVE_HOUR);
    let (mut now, mut place) = (instant(world.time_zone(), leave), depot);
    let mut sector = sector.to_vec();
    sector.sort_by_key(|order| (order.windows.last().map(|w| w.end), order.site_id.clone()));
    let factor = truth.service_factors.get(vehicle).copied().unwrap_or(1.0);
    let visit = |order: &RealisedOrder| {
        let drive_s = (place.great_circle_m(order.place) / PACE_M_PER_S).round() as i64;
        let arrive = now + TimeDelta::seconds(drive_s);
        let open = order.windows.iter().find(|w| w.end >= arrive);
        let service_start = open.map_or(arrive, |w| arrive.max(w.start));
        let service_s = (f64::from(order.service_s) * factor).round() as i64;
        let service_end = service_start + TimeDelta::seconds(service_s);
        (now, place) = (service_end, order.place);
        RecordedVisit {
            site_id: order.site_id.clone(),
            vehicle_id: vehicle.to_owned(),
            arrive,
            service_start,
            service_end,
            quantities: order.quantities.clone(),
            windows: order.windows.clone(),
        }
    };
    sector.into_iter().map(visit).collect()
}

/// Direction as an angle; only its order matters.
fn bearing(from: LatLon, to: LatLon) -> f64 {
    (to.lat - from.lat).atan2((to.lon - from.lon) * from.lat.to_radians().cos())
}

/// Writes the history's visits: see [`HistoryFiles`](super::HistoryFiles).
pub(super) fn write_visits(
    path: &Path,
    world: &World,
    options: &HistoryOptions,
    cancel: &Cancel,
) -> Result<(), SimulationError> {
    let header = [
        "visit_id",
        "site_id",
        "vehicle_id",
        "arrive",
        "service_start",
        "service_end",
        "qty_kg",
        "qty_m3",
        "window_start",
        "window_end",
    ];
    let columns = Columns {
        places: &[],
        amounts: &[6, 7],
        needed: &[1, 4, 5, 6],
        durations: &[],
    };
    csv_gz::write(path, &header, |rows| {
        let mut rows = Faulty::new(rows, columns, world.seed(), "visits", options.fault_share);
        let mut number = 0_u64;
        for dates in driving_days(world).chunks(BATCH_DAYS) {
            cancel.check()?;
            let day = |date: &NaiveDate| of_day(world, &world.day_truth(*date));
            for visit in dates
                .par_iter()
                .map(day)
                .collect::<Vec<_>>()
                .iter()
                .flatten()
            {
                number += 1;
                rows.row(visit_fields(number, visit, world.time_zone()))?;
            }
        }
        Ok(())
    })
}

fn visit_fields(number: u64, visit: &RecordedVisit, zone: Tz) -> Vec<String> {
    let quantity = |name: &str| visit.quantities.get(name).copied().unwrap_or(0.0);
    let time = |instant: Option<DateTime<Utc>>| {
        let local = instant.map(|i| i.with_timezone(&zone).time());
        local.map(clock).unwrap_or_default()
    };
    vec![
        format!("V{number:07}"),
        visit.site_id.clone(),
        visit.vehicle_id.clone(),
        local(visit.arrive, zone),
        local(visit.service_start, zone),
        local(visit.service_end, zone),
        format!("{:.1}", quantity("kg")),
        format!("{:.3}", quantity("m3")),
        time(visit.windows.first().map(|w| w.start)),
        time(visit.windows.last().map(|w| w.end)),
    ]
}
