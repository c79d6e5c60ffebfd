//! Value of the forecast, one row per day and basis.

use super::{Cell, Column, Table, words};
use crate::report::data::ReportData;

pub(super) fn value(data: &ReportData) -> Table {
    let money = data.currency.as_str();
    let mut table = Table::new(
        "value",
        vec![
            Column::text("date", "Day"),
            Column::text("basis", "Plan made with"),
            Column::number("planned_cost", "Planned cost", money, 2),
            Column::number("realised_cost", "Realised cost", money, 2),
            Column::number("realised_fixed", "Vehicles", money, 2).files_only(),
            Column::number("realised_distance", "Distance cost", money, 2).files_only(),
            Column::number("realised_duration", "Time cost", money, 2).files_only(),
            Column::number("realised_unplanned", "Penalties", money, 2).files_only(),
            Column::number("late_cost", "Lateness cost", money, 2).files_only(),
            Column::number("regret_pct", "Over perfect knowledge", "%", 1),
            Column::number("late_stops", "Late stops", "", 0),
            Column::number("late_min", "Lateness", "min", 1),
            Column::number("unserved_stops", "Unserved stops", "", 0),
            Column::number("overtime_min", "Overtime", "min", 1),
            Column::number("distance_km", "Distance", "km", 1),
        ],
    );
    let days = data.value.iter().flat_map(|value| &value.days);
    for day in days {
        for result in &day.results {
            table.rows.push(vec![
                Cell::Date(day.date),
                words(&result.basis).into(),
                result.planned_cost.into(),
                result.total().into(),
                result.realised.fixed.into(),
                result.realised.distance.into(),
                result.realised.duration.into(),
                result.realised.unplanned.into(),
                result.late_cost.into(),
                day.regret(result.basis).map(|r| 100.0 * r).into(),
                f64::from(result.late_stops).into(),
                (result.late_s as f64 / 60.0).into(),
                f64::from(result.unserved_stops).into(),
                (result.overtime_s as f64 / 60.0).into(),
                (result.distance_m as f64 / 1000.0).into(),
            ]);
        }
    }
    table
}
