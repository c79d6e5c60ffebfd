//! Key figures, model backtests, data quality.

use super::{Cell, Column, Table};
use crate::report::data::ReportData;

pub(super) fn kpis(data: &ReportData) -> Table {
    let mut table = Table::new(
        "kpis",
        vec![
            Column::text("kpi_id", "Name for programs").files_only(),
            Column::text("name", "Key figure"),
            Column::number("realised", "Realised", "", 2),
            Column::number("planned", "Planned", "", 2),
            Column::text("unit", "Unit"),
            Column::text("definition", "Definition"),
        ],
    );
    for kpi in &data.kpis.kpis {
        table.rows.push(vec![
            (&kpi.id).into(),
            (&kpi.name).into(),
            kpi.value.into(),
            kpi.planned.into(),
            (&kpi.unit).into(),
            (&kpi.definition).into(),
        ]);
    }
    table
}

pub(super) fn models(data: &ReportData) -> Table {
    let mut table = Table::new(
        "models",
        vec![
            Column::text("model", "Model"),
            Column::text("metric", "Backtest figure"),
            Column::text("unit", "Unit"),
            Column::number("value", "Model's value", "", 4),
            Column::text("baseline", "Baseline"),
            Column::number("baseline_value", "Baseline's value", "", 4),
            Column::number("difference_pct", "Model against baseline", "%", 1),
        ],
    );
    for metric in &data.models {
        let difference = 100.0 * (metric.value - metric.baseline_value) / metric.baseline_value;
        table.rows.push(vec![
            (&metric.model).into(),
            (&metric.metric).into(),
            (&metric.unit).into(),
            metric.value.into(),
            (&metric.baseline).into(),
            metric.baseline_value.into(),
            difference.into(),
        ]);
    }
    table
}

pub(super) fn quality(data: &ReportData) -> Table {
    let mut table = Table::new(
        "quality",
        vec![
            Column::text("table", "Table"),
            Column::number("rows_read", "Read", "rows", 0),
            Column::number("rows_kept", "Kept", "rows", 0),
            Column::number("rows_rejected", "Rejected", "rows", 0),
            Column::text("reasons", "Reasons of the rejected"),
        ],
    );
    for part in &data.quality {
        let reasons: Vec<_> = part
            .rejected
            .iter()
            .map(|(reason, rows)| format!("{reason}: {rows}"))
            .collect();
        table.rows.push(vec![
            (&part.table).into(),
            Cell::Number(part.read as f64),
            Cell::Number(part.kept as f64),
            Cell::Number(part.rejected.values().sum::<u64>() as f64),
            reasons.join("; ").into(),
        ]);
    }
    table
}
