//! How far arrivals were off the plan, over the day.

use super::axis::Axis;
use super::frame::{Canvas, Drawn, Frame, Swatch};
use super::theme::{BLUE, DOT, GREY, INK, ORANGE, RED, THIN_LINE};
use crate::report::data::ReportData;
use crate::report::number::rounded;
use crate::report::zone::Zone;
use chrono::{DateTime, TimeDelta, Utc};
use plotters::prelude::*;
use std::collections::HashMap;

pub(super) struct ArrivalErrors {
    zone: Zone,
    visits: Vec<Arrival>,
}

struct Arrival {
    planned: DateTime<Utc>,
    /// Minutes between the planned p50 and p90 arrival.
    p90_min: f64,
    /// Minutes after the planned p50 arrival.
    error_min: f64,
    late: bool,
}

impl ArrivalErrors {
    /// The chart, unless the day was not driven.
    pub fn of(data: &ReportData, zone: Zone) -> Option<Self> {
        let day = data.day.as_ref()?;
        let events = day.routes.iter().flat_map(|r| &r.events);
        let events: HashMap<_, _> = events.map(|e| (e.stop_id.as_str(), e)).collect();
        let planned = data.plan.routes.iter().flat_map(|r| &r.visits);
        let visits: Vec<_> = planned
            .filter_map(|visit| {
                let event = events.get(visit.stop_id.as_str())?;
                Some(Arrival {
                    planned: visit.arrival_p50,
                    p90_min: minutes(visit.arrival_p90 - visit.arrival_p50),
                    error_min: minutes(event.arrived_at - visit.arrival_p50),
                    late: event.late_s > 0,
                })
            })
            .collect();
        (!visits.is_empty()).then_some(Self { zone, visits })
    }

    pub fn title(&self) -> String {
        "Arrivals against the plan".into()
    }

    pub fn description(&self) -> String {
        let mut errors: Vec<_> = self.visits.iter().map(|v| v.error_min).collect();
        errors.sort_by(f64::total_cmp);
        let within = self
            .visits
            .iter()
            .filter(|v| v.error_min <= v.p90_min)
            .count();
        format!(
            "Minutes between planned (p50) and realised arrival of {} stops; median {} min; {} of \
             them no later than their p90 arrival.",
            errors.len(),
            rounded(errors[errors.len() / 2]),
            within,
        )
    }

    fn frame(&self) -> Frame {
        let times = self.visits.iter().map(|v| v.planned);
        let (start, end) = times.fold(
            (DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC),
            |(a, b), t| (a.min(t), b.max(t)),
        );
        let air = TimeDelta::minutes(10);
        let y = self
            .visits
            .iter()
            .flat_map(|v| [v.error_min, v.p90_min, 0.0]);
        let (low, high) = y.fold((0.0_f64, 0.0_f64), |(a, b), y| (a.min(y), b.max(y)));
        let mut x = Axis::instants(start - air, end + air, 14, self.zone);
        x.title = format!("Planned arrival (p50), {}", x.title.to_lowercase_first());
        Frame {
            title: self.title(),
            x,
            y: Axis::numbers(low, high, 7, "After the planned arrival (min)".into()),
            legend: vec![
                (Swatch::Dot(BLUE), "Arrival in time for the window".into()),
                (
                    Swatch::Dot(RED),
                    "Service started after the window closed".into(),
                ),
                (Swatch::Line(GREY), "Planned p50 to p90".into()),
                (Swatch::Line(ORANGE), "Mean of the hour".into()),
            ],
        }
    }

    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        let mut chart = self.frame().draw(canvas)?;
        let x = |t: DateTime<Utc>| t.timestamp() as f64;
        let range = chart.plotting_area().get_x_range();
        let zero = vec![(range.start, 0.0), (range.end, 0.0)];
        chart.draw_series([PathElement::new(zero, INK.stroke_width(THIN_LINE))])?;
        chart.draw_series(self.visits.iter().map(|v| {
            let interval = vec![(x(v.planned), 0.0), (x(v.planned), v.p90_min)];
            PathElement::new(interval, GREY.mix(0.5).stroke_width(3))
        }))?;
        chart.draw_series(self.visits.iter().map(|v| {
            let color = if v.late { RED } else { BLUE };
            Circle::new((x(v.planned), v.error_min), DOT, color.mix(0.8).filled())
        }))?;
        let hours = self.hourly_means();
        chart.draw_series([PathElement::new(hours, ORANGE.stroke_width(4))])?;
        Ok(())
    }

    /// Mean error by hour of planned arrival, at the mean time of its arrivals.
    fn hourly_means(&self) -> Vec<(f64, f64)> {
        let mut hours = std::collections::BTreeMap::new();
        for visit in &self.visits {
            let hour = visit.planned.timestamp().div_euclid(3_600);
            let sums: &mut (f64, f64, f64) = hours.entry(hour).or_default();
            sums.0 += visit.planned.timestamp() as f64;
            sums.1 += visit.error_min;
            sums.2 += 1.0;
        }
        hours
            .into_values()
            .map(|(t, e, n)| (t / n, e / n))
            .collect()
    }
}

fn minutes(span: TimeDelta) -> f64 {
    span.num_seconds() as f64 / 60.0
}

/// For titles that continue a sentence.
trait LowercaseFirst {
    fn to_lowercase_first(&self) -> String;
}

impl LowercaseFirst for String {
    fn to_lowercase_first(&self) -> String {
        let mut chars = self.chars();
        chars
            .next()
            .map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
    }
}
