//! Plan and day by vehicle: when it was to be where, and when it was.

use super::axis::Axis;
use super::frame::{Canvas, Chart, Drawn, Frame, Swatch};
use super::theme::{BLUE, GREEN, GREY, ORANGE, RED};
use crate::domain::day_record::DrivenRoute;
use crate::domain::plan::Route;
use crate::report::data::ReportData;
use crate::report::zone::Zone;
use chrono::{DateTime, TimeDelta, Utc};
use plotters::prelude::*;

const DRIVING_ALPHA: f64 = 0.35;
/// Height of a vehicle's row in canvas units.
const ROW: u32 = 76;

pub(super) struct Timeline<'a> {
    data: &'a ReportData,
    zone: Zone,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl<'a> Timeline<'a> {
    /// The chart, unless no vehicle drives.
    pub fn of(data: &'a ReportData, zone: Zone) -> Option<Self> {
        let planned = data.plan.routes.iter().map(|r| (r.departure, r.end));
        let driven = data
            .day
            .iter()
            .flat_map(|d| d.routes.iter().map(|r| (r.departure, r.end)));
        let spans = planned.chain(driven);
        let (start, end) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        let air = TimeDelta::minutes(10);
        Some(Self {
            data,
            zone,
            start: start - air,
            end: end + air,
        })
    }

    pub fn height(&self) -> u32 {
        290 + ROW * self.data.plan.routes.len() as u32
    }

    pub fn title(&self) -> String {
        if self.data.day.is_some() {
            "Plan and day, by vehicle"
        } else {
            "Plan, by vehicle"
        }
        .into()
    }

    pub fn description(&self) -> String {
        let events = self
            .data
            .day
            .iter()
            .flat_map(|d| d.routes.iter().flat_map(|r| &r.events));
        let late = events.filter(|e| e.late_s > 0).count();
        let day = if self.data.day.is_some() {
            format!("; the lower bar is the day as driven, {late} stops late")
        } else {
            String::new()
        };
        format!(
            "Timeline of {} vehicles from {} to {} local time. The upper bar of each vehicle is \
             its plan{day}.",
            self.data.plan.routes.len(),
            self.zone.clock(self.start),
            self.zone.clock(self.end),
        )
    }

    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        let mut chart = self.frame().draw(canvas)?;
        for (index, route) in self.data.plan.routes.iter().enumerate() {
            let row = self.row(index);
            let driven = self.data.day.as_ref();
            let driven =
                driven.and_then(|d| d.routes.iter().find(|r| r.vehicle_id == route.vehicle_id));
            draw_plan(&mut chart, route, row + 0.04..row + 0.36)?;
            if let Some(driven) = driven {
                draw_day(&mut chart, driven, row - 0.36..row - 0.04)?;
            }
        }
        Ok(())
    }

    /// Middle of a vehicle's row; the first vehicle is on top.
    fn row(&self, index: usize) -> f64 {
        (self.data.plan.routes.len() - index) as f64
    }

    fn frame(&self) -> Frame {
        let routes = &self.data.plan.routes;
        let ticks = routes.iter().enumerate();
        let ticks = ticks
            .map(|(i, r)| (self.row(i), r.vehicle_id.clone()))
            .collect();
        let mut legend = vec![
            (
                Swatch::Band(BLUE, DRIVING_ALPHA),
                "Planned: driving".to_owned(),
            ),
            (Swatch::Band(BLUE, 1.0), "service".to_owned()),
        ];
        if self.data.day.is_some() {
            legend.extend([
                (
                    Swatch::Band(GREEN, DRIVING_ALPHA),
                    "Driven: driving".to_owned(),
                ),
                (Swatch::Band(GREEN, 1.0), "service".to_owned()),
                (Swatch::Band(RED, 1.0), "service, late".to_owned()),
                (Swatch::Band(GREY, 1.0), "not needed".to_owned()),
            ]);
        }
        legend.push((Swatch::Band(ORANGE, 0.8), "waiting".to_owned()));
        Frame {
            title: self.title(),
            x: Axis::instants(self.start, self.end, 14, self.zone),
            y: Axis::with_ticks(0.4..routes.len() as f64 + 0.6, ticks, "Vehicle".into()),
            legend,
        }
    }
}

type Span = std::ops::Range<f64>;

fn draw_plan<DB: DrawingBackend>(chart: &mut Chart<'_, DB>, route: &Route, y: Span) -> Drawn<DB> {
    let bar = |from, to, color: ShapeStyle| bar(from, to, &y, color);
    let whole = bar(route.departure, route.end, BLUE.mix(DRIVING_ALPHA).filled());
    chart.draw_series([whole])?;
    let waits = route.visits.iter().filter(|v| v.waiting_s > 0);
    chart.draw_series(waits.map(|v| bar(v.arrival, v.service_start, ORANGE.mix(0.8).filled())))?;
    let visits = route.visits.iter();
    chart.draw_series(visits.map(|v| bar(v.service_start, v.departure, BLUE.filled())))?;
    Ok(())
}

fn draw_day<DB: DrawingBackend>(
    chart: &mut Chart<'_, DB>,
    route: &DrivenRoute,
    y: Span,
) -> Drawn<DB> {
    use crate::domain::day_record::StopOutcome;
    let bar = |from, to, color: ShapeStyle| bar(from, to, &y, color);
    let whole = bar(
        route.departure,
        route.end,
        GREEN.mix(DRIVING_ALPHA).filled(),
    );
    chart.draw_series([whole])?;
    let waits = route
        .events
        .iter()
        .filter(|e| e.service_started_at > e.arrived_at);
    chart.draw_series(
        waits.map(|e| bar(e.arrived_at, e.service_started_at, ORANGE.mix(0.8).filled())),
    )?;
    chart.draw_series(route.events.iter().map(|e| {
        let color = match e.outcome {
            StopOutcome::NotNeeded => GREY,
            _ if e.late_s > 0 => RED,
            _ => GREEN,
        };
        // A stop that took no time is still seen.
        let end = e
            .departed_at
            .max(e.service_started_at + TimeDelta::seconds(60));
        bar(e.service_started_at, end, color.filled())
    }))?;
    Ok(())
}

fn bar(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    y: &Span,
    style: ShapeStyle,
) -> Rectangle<(f64, f64)> {
    let x = |t: DateTime<Utc>| t.timestamp() as f64;
    Rectangle::new([(x(from), y.start), (x(to), y.end)], style)
}
