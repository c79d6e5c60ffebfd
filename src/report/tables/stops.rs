//! Stops: planned, driven, left out.

use super::{Cell, Column, Table, dimensions, words};
use crate::domain::day_record::StopEvent;
use crate::domain::plan::{Unplanned, Visit};
use crate::domain::stop::Stop;
use crate::report::data::ReportData;
use crate::report::zone::Zone;
use chrono::TimeDelta;
use std::collections::HashMap;

/// Where a stop is in the plan.
struct Place<'a> {
    vehicle_id: &'a str,
    position: usize,
    visit: &'a Visit,
}

pub(super) fn stops(data: &ReportData, zone: Zone) -> Table {
    let plan = &data.plan;
    let dimensions = dimensions(plan.stops.iter().map(|stop| &stop.quantities));
    let mut table = Table::new("stops", columns(&dimensions));
    let mut places = HashMap::new();
    for route in &plan.routes {
        for (i, visit) in route.visits.iter().enumerate() {
            let place = Place {
                vehicle_id: &route.vehicle_id,
                position: i + 1,
                visit,
            };
            places.insert(visit.stop_id.as_str(), place);
        }
    }
    let left_out: HashMap<_, _> = plan
        .unplanned
        .iter()
        .map(|unplanned| (unplanned.stop_id.as_str(), unplanned))
        .collect();
    let routes = data.day.iter().flat_map(|day| &day.routes);
    let events: HashMap<_, _> = routes
        .flat_map(|route| &route.events)
        .map(|event| (event.stop_id.as_str(), event))
        .collect();
    for stop in &plan.stops {
        let mut row = wanted(stop, zone);
        for dimension in &dimensions {
            row.push(stop.quantities.get(dimension).copied().into());
        }
        row.extend(planned(places.get(stop.id.as_str()), zone));
        row.extend(realised(events.get(stop.id.as_str()).copied(), zone));
        row.push(reason(left_out.get(stop.id.as_str()).copied()));
        table.rows.push(row);
    }
    table
}

fn columns(dimensions: &[String]) -> Vec<Column> {
    let mut columns = vec![
        Column::text("stop_id", "Stop"),
        Column::text("site_id", "Site"),
        Column::text("origin", "Origin"),
        Column::number("lat", "Latitude", "° N", 6),
        Column::number("lon", "Longitude", "° E", 6),
        Column::text("windows", "Time windows (local)"),
        Column::number("service_min", "Service", "min", 1),
    ];
    for dimension in dimensions {
        let key = format!("qty_{dimension}");
        columns.push(Column::number(key, "Quantity", dimension.as_str(), 2));
    }
    columns.extend([
        Column::text("vehicle_id", "Vehicle"),
        Column::number("position", "Place on the route", "", 0),
        Column::text("arrival_p50", "Arrival, p50"),
        Column::text("arrival_p90", "Arrival, p90"),
        Column::text("planned_service_start", "Service start, planned"),
        Column::number("planned_service_min", "Service, planned", "min", 1),
        Column::text("planned_departure", "Departure, planned"),
        Column::number("planned_waiting_min", "Waiting, planned", "min", 1),
        Column::number("late_probability_pct", "Probability of being late", "%", 1),
        Column::text("realised_arrival", "Arrival, realised"),
        Column::text("realised_service_start", "Service start, realised"),
        Column::number("realised_service_min", "Service, realised", "min", 1),
        Column::text("realised_departure", "Departure, realised"),
        Column::number("realised_late_min", "Late", "min", 1),
        Column::text("outcome", "Outcome"),
        Column::text("unplanned_reason", "Why it was left out"),
    ]);
    columns
}

fn wanted(stop: &Stop, zone: Zone) -> Vec<Cell> {
    let windows: Vec<_> = stop
        .windows
        .iter()
        .map(|w| format!("{}–{}", zone.clock(w.start), zone.clock(w.end)))
        .collect();
    vec![
        (&stop.id).into(),
        (&stop.site_id).into(),
        words(&stop.origin).into(),
        stop.place.lat.into(),
        stop.place.lon.into(),
        windows.join("; ").into(),
        (f64::from(stop.service_s) / 60.0).into(),
    ]
}

fn planned(place: Option<&Place<'_>>, zone: Zone) -> Vec<Cell> {
    let Some(place) = place else {
        return vec![Cell::Missing; 9];
    };
    let visit = place.visit;
    vec![
        place.vehicle_id.into(),
        place.position.into(),
        zone.local(visit.arrival_p50).into(),
        zone.local(visit.arrival_p90).into(),
        zone.local(visit.service_start).into(),
        minutes(visit.departure - visit.service_start),
        zone.local(visit.departure).into(),
        (f64::from(visit.waiting_s) / 60.0).into(),
        (100.0 * visit.late_probability).into(),
    ]
}

fn realised(event: Option<&StopEvent>, zone: Zone) -> Vec<Cell> {
    let Some(event) = event else {
        return vec![Cell::Missing; 6];
    };
    vec![
        zone.local(event.arrived_at).into(),
        zone.local(event.service_started_at).into(),
        minutes(event.departed_at - event.service_started_at),
        zone.local(event.departed_at).into(),
        (f64::from(event.late_s) / 60.0).into(),
        words(&event.outcome).into(),
    ]
}

fn minutes(length: TimeDelta) -> Cell {
    (length.num_seconds() as f64 / 60.0).into()
}

fn reason(left_out: Option<&Unplanned>) -> Cell {
    left_out.map(|unplanned| words(&unplanned.reason)).into()
}

pub(super) fn unplanned(data: &ReportData) -> Table {
    let stops: HashMap<_, _> = data.plan.stops.iter().map(|s| (s.id.as_str(), s)).collect();
    let mut table = Table::new(
        "unplanned",
        vec![
            Column::text("stop_id", "Stop"),
            Column::text("site_id", "Site"),
            Column::text("reason", "Reason"),
            Column::text("explanation", "Explanation"),
            Column::text(
                "nearest_vehicle_id",
                "Vehicle that could take it most cheaply",
            ),
            Column::number("penalty", "Penalty", data.currency.as_str(), 2),
        ],
    );
    for unplanned in &data.plan.unplanned {
        let stop = stops.get(unplanned.stop_id.as_str());
        table.rows.push(vec![
            (&unplanned.stop_id).into(),
            stop.map(|s| &s.site_id).into(),
            words(&unplanned.reason).into(),
            (&unplanned.explanation).into(),
            unplanned.nearest_vehicle_id.as_ref().into(),
            stop.and_then(|s| s.penalty).into(),
        ]);
    }
    table
}
