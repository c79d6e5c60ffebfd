//! The report as one self-contained HTML page: styles and charts inside, no script, nothing
//! fetched.

mod cards;
mod escape;
mod table;

pub(super) use escape::escaped;

use super::charts::{Figure, Section};
use super::data::ReportData;
use super::tables::{Cell, Tables};
use super::zone::Zone;
use crate::domain::plan::PlanBasis;
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// The page. `figures` are the charts with their SVG text.
pub(super) fn html(
    data: &ReportData,
    zone: Zone,
    tables: &Tables,
    figures: &[(Figure<'_>, String)],
) -> String {
    let charts = |section| charts(figures, section);
    let mut page = Page::default();
    page.section("figures", "The day in figures", &cards::figures(data));
    page.section("alerts", "Alerts", &cards::alerts(data, zone));
    page.section("map", "Map of the routes", &charts(Section::Map));
    page.section(
        "plan-vs-actual",
        "Plan and day",
        &charts(Section::PlanVsActual),
    );
    page.table("routes", "Routes", &tables.routes);
    let none = "<p>Every stop is on a route.</p>";
    page.table_or("unplanned", "Stops left out", &tables.unplanned, none);
    page.table("kpis", "Key figures", &tables.kpis);
    page.section(
        "demand",
        "Demand and its forecast",
        &charts(Section::Demand),
    );
    page.section(
        "travel-time",
        "Travel times over the day",
        &charts(Section::TravelTime),
    );
    let mut value = charts(Section::Value);
    if !tables.value.rows.is_empty() {
        value.insert_str(0, VALUE_NOTE);
        value.push_str(&folded("Figures by day", &table::html(&tables.value)));
    }
    page.section("value", "Value of the forecast", &value);
    page.section("customers", "Customers", &customers(data, tables));
    page.table("models", "Models and their baselines", &tables.models);
    page.table("quality", "Data quality", &tables.quality);
    let stops = folded("All stops", &table::html(&tables.stops));
    page.section("stops", "Stops", &stops);
    page.finish(data, zone)
}

/// Segments, and the customers that somebody should look at; the others are in the files.
fn customers(data: &ReportData, tables: &Tables) -> String {
    if data.customers.is_none() {
        return String::new();
    }
    let all = &tables.customers;
    let to_look_at = all.only(|row| row.last() != Some(&Cell::Missing));
    let mut text = table::html(&tables.segments);
    text.push_str("<h3>Customers that need attention</h3>\n");
    text.push_str(&match to_look_at.rows.is_empty() {
        true => "<p>None.</p>\n".to_owned(),
        false => table::html(&to_look_at),
    });
    text
}

const VALUE_NOTE: &str = "<p>The same days, planned three times by the same search in the same \
    time and driven alike: with static travel times and average demand, with predictions, and \
    with perfect knowledge. Costs are those of the driven day.</p>\n";

/// Sections in order, with their entries of the contents.
#[derive(Default)]
struct Page {
    contents: String,
    body: String,
}

impl Page {
    /// Adds a section, unless it is empty.
    fn section(&mut self, id: &str, title: &str, content: &str) {
        if content.is_empty() {
            return;
        }
        // Writing to a string cannot fail, here and below.
        let _ = write!(self.contents, "<li><a href=\"#{id}\">{title}</a></li>");
        let _ = write!(
            self.body,
            "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{title}</h2>\n\
             {content}</section>\n"
        );
    }

    fn table(&mut self, id: &str, title: &str, content: &super::tables::Table) {
        self.table_or(id, title, content, "");
    }

    fn table_or(&mut self, id: &str, title: &str, content: &super::tables::Table, none: &str) {
        if content.rows.is_empty() {
            self.section(id, title, none);
        } else {
            self.section(id, title, &table::html(content));
        }
    }

    fn finish(self, data: &ReportData, zone: Zone) -> String {
        let plan = &data.plan;
        let operator = escaped(&data.operator);
        let day = plan.date.format("%A, %-d %B %Y");
        let basis = match plan.basis {
            PlanBasis::Static => "static travel times and average demand",
            PlanBasis::Predicted => "predicted travel times and demand",
            PlanBasis::Cautious => "predicted travel times and demand, lateness priced",
            PlanBasis::Perfect => "perfect knowledge",
        };
        let models = if plan.models.is_empty() {
            String::new()
        } else {
            format!(" Models: {}.", escaped(&plan.models.join(", ")))
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; img-src data:\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{operator}, {date}: report of the day</title>\n<style>\n{STYLE}</style>\n\
             </head>\n<body>\n<header>\n<p class=\"kicker\">RouteForce report of the day</p>\n\
             <h1>{operator}</h1>\n<p class=\"day\">{day}</p>\n\
             <p>All times are local times of {zone}; costs are in {currency}. Planned on {basis}, \
             made {made}.{models}</p>\n\
             <p class=\"files\">Data: <a href=\"report.xlsx\">report.xlsx</a> \
             <a href=\"kpis.csv\">kpis.csv</a> <a href=\"routes.csv\">routes.csv</a> \
             <a href=\"stops.csv\">stops.csv</a></p>\n\
             <nav aria-label=\"Contents\"><ul>{contents}</ul></nav>\n</header>\n<main>\n{body}\
             </main>\n<footer>\n<p>Plan {id}, RouteForce {version}.</p>\n</footer>\n</body>\n</html>\n",
            date = plan.date,
            zone = zone.name(),
            currency = escaped(&data.currency),
            made = zone.local(plan.created_at).format("%-d %b %Y, %H:%M"),
            contents = self.contents,
            body = self.body,
            id = plan.id,
            version = escaped(&plan.code_version),
        )
    }
}

/// The charts of one section, with their descriptions as captions.
fn charts(figures: &[(Figure<'_>, String)], section: Section) -> String {
    let mut html = String::new();
    for (figure, svg) in figures.iter().filter(|(f, _)| f.section == section) {
        let class = if figure.half_width {
            " class=\"half\""
        } else {
            ""
        };
        let _ = write!(
            html,
            "<figure{class}>\n<div class=\"chart\" style=\"max-width:{}px\">{svg}</div>\n\
             <figcaption>{}</figcaption>\n</figure>\n",
            figure.css_width(),
            escaped(&figure.description),
        );
    }
    if html.contains("class=\"half\"") {
        html = format!("<div class=\"halves\">\n{html}</div>\n");
    }
    html
}

/// Content that is shown on demand, and never in print: it is in the files.
fn folded(title: &str, content: &str) -> String {
    format!("<details>\n<summary>{title}</summary>\n{content}</details>\n")
}
