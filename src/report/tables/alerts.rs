//! Alerts with owner, cause, consequence and remedy.

use super::{Column, Table, words};
use crate::report::data::ReportData;
use crate::report::zone::Zone;

pub(super) fn alerts(data: &ReportData, zone: Zone) -> Table {
    let mut table = Table::new(
        "alerts",
        vec![
            Column::text("alert_id", "Id").files_only(),
            Column::text("severity", "Severity"),
            Column::text("kind", "Kind"),
            Column::text("owner", "Owner"),
            Column::text("subject", "About"),
            Column::text("since", "Since (local time)"),
            Column::text("what", "What"),
            Column::text("cause", "Likely cause"),
            Column::text("consequence", "Consequence"),
            Column::text("remedy", "Remedy"),
            Column::number("p_value", "p-value", "", 4).files_only(),
        ],
    );
    for alert in &data.alerts {
        table.rows.push(vec![
            alert.id.to_string().into(),
            words(&alert.severity).into(),
            words(&alert.kind).into(),
            (&alert.owner).into(),
            (&alert.subject).into(),
            zone.local(alert.since).into(),
            (&alert.what).into(),
            (&alert.cause).into(),
            (&alert.consequence).into(),
            (&alert.remedy).into(),
            alert.p_value.into(),
        ]);
    }
    table
}
