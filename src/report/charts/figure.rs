//! One chart, drawable as SVG and as PNG.

use super::arrival::ArrivalErrors;
use super::forecast::Forecast;
use super::frame::{Canvas, Drawn};
use super::map::RouteMap;
use super::theme::{self, PAPER};
use super::timeline::Timeline;
use super::travel_time::Profile;
use super::value::{DayCosts, Regret};
use crate::report::error::ReportError;
use crate::report::page::escaped;
use plotters::prelude::*;
use std::path::Path;

/// Which part of the page a chart belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Section {
    Map,
    PlanVsActual,
    Demand,
    TravelTime,
    Value,
}

/// A chart with everything the page needs to show it.
pub(in crate::report) struct Figure<'a> {
    /// File name without extension.
    pub file: String,
    /// What is shown, in a few words.
    pub title: String,
    /// What it says, for those who cannot see it.
    pub description: String,
    pub section: Section,
    /// Whether two of its kind fit side by side.
    pub half_width: bool,
    size: (u32, u32),
    drawing: Drawing<'a>,
}

/// What can be drawn.
pub(super) enum Drawing<'a> {
    Map(RouteMap<'a>),
    Timeline(Timeline<'a>),
    Arrival(ArrivalErrors),
    Forecast(Forecast<'a>),
    TravelTime(Profile<'a>),
    DayCosts(DayCosts<'a>),
    Regret(Regret<'a>),
}

/// Canvas sizes in half CSS pixels.
const WIDE: u32 = 2160;
const HALF: u32 = 1060;

impl<'a> Drawing<'a> {
    pub fn into_figure(self) -> Figure<'a> {
        use Section as S;
        let (file, section, size) = match &self {
            Self::Map(map) => ("map".into(), S::Map, (WIDE, map.height(WIDE))),
            Self::Timeline(t) => ("plan-vs-actual".into(), S::PlanVsActual, (WIDE, t.height())),
            Self::Arrival(_) => ("arrival-error".into(), S::PlanVsActual, (WIDE, 760)),
            Self::Forecast(f) => (format!("demand-{}", f.number), S::Demand, (HALF, 720)),
            Self::TravelTime(p) => (
                format!("travel-time-{}", p.number),
                S::TravelTime,
                (HALF, 720),
            ),
            Self::DayCosts(_) => ("value-of-forecast".into(), S::Value, (WIDE, 760)),
            Self::Regret(_) => ("value-of-forecast-cumulated".into(), S::Value, (WIDE, 700)),
        };
        let (title, description) = match &self {
            Self::Map(c) => (c.title(), c.description()),
            Self::Timeline(c) => (c.title(), c.description()),
            Self::Arrival(c) => (c.title(), c.description()),
            Self::Forecast(c) => (c.title(), c.description()),
            Self::TravelTime(c) => (c.title(), c.description()),
            Self::DayCosts(c) => (c.title(), c.description()),
            Self::Regret(c) => (c.title(), c.description()),
        };
        Figure {
            file,
            title,
            description,
            section,
            half_width: size.0 == HALF,
            size,
            drawing: self,
        }
    }
}

impl Figure<'_> {
    /// Width in CSS pixels.
    pub fn css_width(&self) -> u32 {
        self.size.0 / 2
    }

    /// The chart as SVG text, with its title and description for screen readers.
    pub fn svg(&self) -> Result<String, ReportError> {
        theme::register_font();
        let mut text = String::new();
        {
            let canvas = SVGBackend::with_string(&mut text, self.size).into_drawing_area();
            self.draw(&canvas).map_err(|e| self.failed(&e))?;
        }
        let head = format!(
            "<svg role=\"img\" aria-labelledby=\"{file}-title {file}-desc\" ",
            file = self.file
        );
        let names = format!(
            ">\n<title id=\"{file}-title\">{}</title>\n<desc id=\"{file}-desc\">{}</desc>\n",
            escaped(&self.title),
            escaped(&self.description),
            file = self.file
        );
        // The drawing library escapes markup, but lets characters through that XML forbids.
        let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        let text = text
            .replace(forbidden, "\u{fffd}")
            .replacen("<svg ", &head, 1);
        Ok(text.replacen(">\n", &names, 1))
    }

    /// Writes the chart as PNG.
    pub fn png(&self, path: &Path) -> Result<(), ReportError> {
        theme::register_font();
        let canvas = BitMapBackend::new(path, self.size).into_drawing_area();
        self.draw(&canvas).map_err(|e| self.failed(&e))
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        canvas.fill(&PAPER)?;
        match &self.drawing {
            Drawing::Map(chart) => chart.draw(canvas),
            Drawing::Timeline(chart) => chart.draw(canvas),
            Drawing::Arrival(chart) => chart.draw(canvas),
            Drawing::Forecast(chart) => chart.draw(canvas),
            Drawing::TravelTime(chart) => chart.draw(canvas),
            Drawing::DayCosts(chart) => chart.draw(canvas),
            Drawing::Regret(chart) => chart.draw(canvas),
        }?;
        canvas.present()
    }

    fn failed(&self, problem: &impl std::fmt::Display) -> ReportError {
        ReportError::Chart {
            chart: self.file.clone(),
            problem: problem.to_string(),
        }
    }
}
