//! The top of the page: the most telling figures, and the alerts.

use super::escaped;
use crate::domain::alert::Severity;
use crate::domain::kpi::Kpi;
use crate::report::data::ReportData;
use crate::report::number::{grouped, rounded};
use crate::report::zone::Zone;
use std::fmt::Write;

/// Key figures shown as cards; the table holds all.
const MAX_CARDS: usize = 6;

pub(super) fn figures(data: &ReportData) -> String {
    let plan = &data.plan;
    let mut html = String::from("<ul class=\"cards\">\n");
    let on_routes = plan.stops.len().saturating_sub(plan.unplanned.len());
    let left_out = format!("{} left out", plan.unplanned.len());
    card(
        &mut html,
        "Stops on routes",
        &grouped(on_routes as f64, 0),
        "",
        &left_out,
    );
    let vehicles = format!("of {} vehicles", plan.fleet.vehicles.len());
    card(
        &mut html,
        "Routes",
        &grouped(plan.routes.len() as f64, 0),
        "",
        &vehicles,
    );
    let planned = grouped(plan.cost.total(), 0);
    match &data.day {
        Some(day) => {
            let realised = grouped(day.cost.total(), 0);
            let note = format!("planned {planned}");
            card(&mut html, "Realised cost", &realised, &data.currency, &note);
        }
        None => card(&mut html, "Planned cost", &planned, &data.currency, ""),
    }
    for kpi in data
        .kpis
        .kpis
        .iter()
        .filter(|k| k.value.is_some())
        .take(MAX_CARDS)
    {
        kpi_card(&mut html, kpi);
    }
    html.push_str("</ul>\n");
    html
}

fn kpi_card(html: &mut String, kpi: &Kpi) {
    let value = kpi.value.map_or_else(String::new, rounded);
    let note = kpi
        .planned
        .map_or_else(String::new, |p| format!("planned {}", rounded(p)));
    card(html, &kpi.name, &value, &kpi.unit, &note);
}

fn card(html: &mut String, name: &str, value: &str, unit: &str, note: &str) {
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(
        html,
        "<li><span class=\"name\">{}</span><span class=\"value\">{}\u{202f}<small>{}</small></span>\
         <span class=\"note\">{}</span></li>",
        escaped(name),
        escaped(value),
        escaped(unit),
        escaped(note),
    );
}

pub(super) fn alerts(data: &ReportData, zone: Zone) -> String {
    if data.alerts.is_empty() {
        return "<p>No alert was raised.</p>\n".into();
    }
    let mut html = String::new();
    for alert in &data.alerts {
        let (class, severity) = match alert.severity {
            Severity::Info => ("info", "Info"),
            Severity::Warning => ("warning", "Warning"),
            Severity::Critical => ("critical", "Critical"),
        };
        let _ = writeln!(
            html,
            "<article class=\"alert {class}\">\n<h3><span class=\"badge\">{severity}</span> {}</h3>\n\
             <p class=\"about\">{} · for the {} · since {}</p>\n<dl>\
             <dt>Likely cause</dt><dd>{}</dd><dt>Consequence</dt><dd>{}</dd>\
             <dt>Remedy</dt><dd>{}</dd></dl>\n</article>",
            escaped(&alert.what),
            escaped(&alert.subject),
            escaped(&alert.owner),
            zone.clock(alert.since),
            escaped(&alert.cause),
            escaped(&alert.consequence),
            escaped(&alert.remedy),
        );
    }
    html
}
