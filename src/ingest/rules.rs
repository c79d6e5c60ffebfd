//! What holds between the columns of a row, by kind of table.

use super::faults::Faults;
use super::kind::Kind;
use super::reason::Reason;
use super::windows::Bound;
use crate::domain::LatLon;
use polars::prelude::*;
use std::collections::HashMap;

/// Service times from here on are no service, in seconds.
const LONGEST_SERVICE_S: f64 = 86_400.0;

/// Checks that need several columns, and what they remember from rows before.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Places of depots that were seen.
    depots: HashMap<String, (f64, f64)>,
}

impl Rules {
    /// Notes the faults of a converted chunk.
    pub fn check(
        &mut self,
        kind: Kind,
        frame: &DataFrame,
        limit_kmh: f64,
        faults: &mut Faults,
    ) -> PolarsResult<()> {
        match kind {
            Kind::Trips => trip_speeds(frame, limit_kmh, faults),
            Kind::Positions => above(frame, "speed_kmh", limit_kmh, faults),
            Kind::Visits => {
                windows(frame, faults)?;
                stays(frame, faults)
            }
            Kind::Orders | Kind::Stops => windows(frame, faults),
            Kind::Fleet => {
                shifts(frame, faults)?;
                self.depots(frame, faults)
            }
            Kind::Calendar | Kind::Demand => Ok(()),
        }
    }

    /// One place per depot id, for both ends of the shift.
    fn depots(&mut self, frame: &DataFrame, faults: &mut Faults) -> PolarsResult<()> {
        for (id, lat, lon) in [
            ("depot_id", "depot_lat", "depot_lon"),
            ("end_depot_id", "end_depot_lat", "end_depot_lon"),
        ] {
            let (Ok(ids), Ok(lats), Ok(lons)) =
                (frame.column(id), frame.column(lat), frame.column(lon))
            else {
                continue;
            };
            let places = lats.f64()?.iter().zip(lons.f64()?.iter());
            for (row, (id_value, place)) in ids.str()?.iter().zip(places).enumerate() {
                let (Some(depot), (Some(lat), Some(lon))) = (id_value, place) else {
                    continue;
                };
                let known = *self.depots.entry(depot.to_owned()).or_insert((lat, lon));
                if known != (lat, lon) {
                    faults.mark(row, id, Reason::DepotMoved);
                }
            }
        }
        Ok(())
    }
}

/// Great circle over duration: a bound below what was driven.
fn trip_speeds(frame: &DataFrame, limit_kmh: f64, faults: &mut Faults) -> PolarsResult<()> {
    let number = |name: &str| frame.column(name)?.f64();
    let (o_lat, o_lon) = (number("o_lat")?, number("o_lon")?);
    let (d_lat, d_lon) = (number("d_lat")?, number("d_lon")?);
    let ends = o_lat
        .iter()
        .zip(o_lon.iter())
        .zip(d_lat.iter().zip(d_lon.iter()));
    for (row, (ends, duration_s)) in ends.zip(number("duration_s")?.iter()).enumerate() {
        let (((Some(a), Some(b)), (Some(c), Some(d))), Some(duration_s)) = (ends, duration_s)
        else {
            continue;
        };
        let (from, to) = (LatLon { lat: a, lon: b }, LatLon { lat: c, lon: d });
        if 3.6 * from.great_circle_m(to) > limit_kmh * duration_s {
            faults.mark(row, "duration_s", Reason::ImplausibleSpeed);
        }
    }
    Ok(())
}

fn above(frame: &DataFrame, name: &str, limit_kmh: f64, faults: &mut Faults) -> PolarsResult<()> {
    if let Ok(speeds) = frame.column(name) {
        faults.mark_where(&speeds.f64()?.gt(limit_kmh), name, Reason::ImplausibleSpeed);
    }
    Ok(())
}

/// Nobody serves for a day: a vehicle that was parked, or a departure that was never recorded. And
/// nobody is served before the vehicle is there.
fn stays(frame: &DataFrame, faults: &mut Faults) -> PolarsResult<()> {
    let seconds = frame.column("service_s")?.f64()?;
    faults.mark_where(
        &seconds.gt_eq(LONGEST_SERVICE_S),
        "service_s",
        Reason::LongerThanADay,
    );
    let Ok(arrive) = frame.column("arrive") else {
        return Ok(());
    };
    let start = frame.column("service_start")?;
    let (arrive, start) = (arrive.to_physical_repr(), start.to_physical_repr());
    faults.mark_where(
        &start.i64()?.lt(arrive.i64()?),
        "service_start",
        Reason::BeforeArrival,
    );
    Ok(())
}

/// A window has both ends, the end after the start.
fn windows(frame: &DataFrame, faults: &mut Faults) -> PolarsResult<()> {
    let (starts, ends) = match (frame.column("window_start"), frame.column("window_end")) {
        (Ok(starts), Ok(ends)) => (starts, ends),
        (Ok(lone), _) | (_, Ok(lone)) => {
            faults.mark_where(&lone.is_not_null(), lone.name(), Reason::WindowReversed);
            return Ok(());
        }
        _ => return Ok(()),
    };
    for (row, pair) in starts.str()?.iter().zip(ends.str()?.iter()).enumerate() {
        let (start, end) = match pair {
            (None, None) => continue,
            (Some(start), Some(end)) => (start, end),
            (start, _) => {
                let field = if start.is_none() {
                    "window_start"
                } else {
                    "window_end"
                };
                faults.mark(row, field, Reason::Missing);
                continue;
            }
        };
        if let (Some(start), Some(end)) = (Bound::parse(start), Bound::parse(end))
            && start.is_reversed(end)
        {
            faults.mark(row, "window_end", Reason::WindowReversed);
        }
    }
    if let Ok(lists) = frame.column("windows") {
        let both = lists.is_not_null() & starts.is_not_null();
        faults.mark_where(&both, "windows", Reason::WindowsOverlap);
    }
    Ok(())
}

/// A shift that ends when it starts is no shift; one that ends before it starts ends next day.
fn shifts(frame: &DataFrame, faults: &mut Faults) -> PolarsResult<()> {
    let (starts, ends) = (
        frame.column("shift_start")?.str()?,
        frame.column("shift_end")?.str()?,
    );
    for (row, (start, end)) in starts.iter().zip(ends.iter()).enumerate() {
        if start.is_some() && start == end {
            faults.mark(row, "shift_end", Reason::EmptyShift);
        }
    }
    Ok(())
}
