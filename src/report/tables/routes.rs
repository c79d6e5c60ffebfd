//! Routes as planned and as driven.

use super::{Cell, Column, Table, dimensions};
use crate::domain::day_record::DrivenRoute;
use crate::domain::fleet::Vehicle;
use crate::domain::plan::Route;
use crate::report::data::ReportData;
use crate::report::zone::Zone;

pub(super) fn routes(data: &ReportData, zone: Zone) -> Table {
    let dimensions = dimensions(data.plan.routes.iter().map(|route| &route.load));
    let mut table = Table::new("routes", columns(&data.currency, &dimensions));
    for route in &data.plan.routes {
        let vehicles = &data.plan.fleet.vehicles;
        let vehicle = vehicles.iter().find(|v| v.id == route.vehicle_id);
        let driven = data
            .day
            .as_ref()
            .and_then(|day| day.routes.iter().find(|r| r.vehicle_id == route.vehicle_id));
        let mut row = planned(route, vehicle, zone);
        for dimension in &dimensions {
            let load = route.load.get(dimension).copied();
            let room = vehicle.and_then(|v| v.capacity.get(dimension).copied());
            row.push(load.into());
            row.push(load.zip(room).map(|(l, r)| 100.0 * l / r).into());
        }
        row.extend(realised(driven, zone));
        table.rows.push(row);
    }
    table
}

fn columns(money: &str, dimensions: &[String]) -> Vec<Column> {
    let mut columns = vec![
        Column::text("vehicle_id", "Vehicle"),
        Column::text("profile", "Profile").files_only(),
        Column::number("stops", "Stops", "", 0),
        Column::text("planned_departure", "Departure, planned"),
        Column::text("planned_end", "End, planned"),
        Column::number("planned_distance_km", "Distance, planned", "km", 1),
        Column::number("planned_driving_h", "Driving, planned", "h", 2),
        Column::number("planned_waiting_h", "Waiting, planned", "h", 2),
        Column::number("planned_service_h", "Service, planned", "h", 2).files_only(),
        Column::number("planned_fixed_cost", "Vehicle cost, planned", money, 2).files_only(),
        Column::number("planned_distance_cost", "Distance cost, planned", money, 2).files_only(),
        Column::number("planned_duration_cost", "Time cost, planned", money, 2).files_only(),
        Column::number("planned_cost", "Cost, planned", money, 2),
    ];
    for dimension in dimensions {
        let key = format!("load_{dimension}");
        columns.push(Column::number(key, "Load", dimension.as_str(), 1).files_only());
        let key = format!("load_{dimension}_pct");
        let title = format!("Load factor {dimension}");
        columns.push(Column::number(key, title, "%", 0));
    }
    columns.extend([
        Column::text("realised_departure", "Departure, realised").files_only(),
        Column::text("realised_end", "End, realised"),
        Column::number("realised_distance_km", "Distance, realised", "km", 1).files_only(),
        Column::number("realised_driving_h", "Driving, realised", "h", 2),
        Column::number("realised_waiting_h", "Waiting, realised", "h", 2).files_only(),
        Column::number("realised_service_h", "Service, realised", "h", 2).files_only(),
        Column::number("realised_overtime_min", "Overtime", "min", 0),
        Column::number("realised_late_stops", "Late stops", "", 0),
        Column::number("realised_cost", "Cost, realised", money, 2),
    ]);
    columns
}

fn planned(route: &Route, vehicle: Option<&Vehicle>, zone: Zone) -> Vec<Cell> {
    vec![
        (&route.vehicle_id).into(),
        vehicle.map(|v| &v.profile).into(),
        route.visits.len().into(),
        zone.local(route.departure).into(),
        zone.local(route.end).into(),
        km(route.distance_m),
        hours(route.driving_s),
        hours(route.waiting_s),
        hours(route.service_s),
        route.cost.fixed.into(),
        route.cost.distance.into(),
        route.cost.duration.into(),
        route.cost.total().into(),
    ]
}

fn realised(driven: Option<&DrivenRoute>, zone: Zone) -> Vec<Cell> {
    let Some(driven) = driven else {
        return vec![Cell::Missing; 9];
    };
    vec![
        zone.local(driven.departure).into(),
        zone.local(driven.end).into(),
        km(driven.distance_m),
        hours(driven.driving_s),
        hours(driven.waiting_s),
        hours(driven.service_s),
        (driven.overtime_s as f64 / 60.0).into(),
        driven.events.iter().filter(|e| e.late_s > 0).count().into(),
        driven.cost.total().into(),
    ]
}

fn km(metres: u64) -> Cell {
    (metres as f64 / 1000.0).into()
}

fn hours(seconds: u64) -> Cell {
    (seconds as f64 / 3600.0).into()
}
