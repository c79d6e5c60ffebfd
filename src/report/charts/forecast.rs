//! Demand of one series: history, forecast with its interval, what really came.

use super::axis::{Axis, seconds};
use super::frame::{Canvas, Drawn, Frame, Swatch};
use super::theme::{BLUE, DOT, GREY, LINE, ORANGE, THIN_LINE};
use crate::report::data::DemandSeries;
use crate::report::number::rounded;
use chrono::NaiveDateTime;
use plotters::prelude::*;

pub(super) struct Forecast<'a> {
    pub number: usize,
    series: &'a DemandSeries,
    start: NaiveDateTime,
    end: NaiveDateTime,
}

impl<'a> Forecast<'a> {
    /// The chart, unless there is nothing to draw.
    pub fn of(series: &'a DemandSeries, number: usize) -> Option<Self> {
        if series.forecasts.is_empty() {
            return None;
        }
        let observed = series.history.iter().chain(&series.realised).map(|o| o.ts);
        let times = || {
            observed
                .clone()
                .chain(series.forecasts.iter().map(|f| f.ts))
        };
        let (first, last) = (times().min()?, times().max()?);
        // Some air on both sides, so that a single step is visible too.
        let air = ((last - first) / 40).max(chrono::TimeDelta::hours(12));
        Some(Self {
            number,
            series,
            start: first - air,
            end: last + air,
        })
    }

    pub fn title(&self) -> String {
        format!("Demand of {}", self.series.series_id)
    }

    pub fn description(&self) -> String {
        let Some(last) = self.series.forecasts.last() else {
            return String::new();
        };
        let q = last.quantiles;
        let unit = &self.series.unit;
        format!(
            "Demand of {} in {unit} per {}: {} past values, then {} forecast. Last step, {}: \
             p10 {}, p50 {}, p90 {} {unit}.",
            self.series.series_id,
            self.series.step,
            self.series.history.len(),
            self.series.forecasts.len(),
            last.ts.format("%-d %b %Y"),
            rounded(q.p10),
            rounded(q.p50),
            rounded(q.p90),
        )
    }

    fn frame(&self) -> Frame {
        let s = self.series;
        let observed = s.history.iter().chain(&s.realised).map(|o| o.y);
        let high = observed
            .chain(
                s.forecasts
                    .iter()
                    .flat_map(|f| [f.quantiles.p90, f.quantiles.mean]),
            )
            .filter(|y| y.is_finite())
            .fold(0.0, f64::max);
        let low = s
            .history
            .iter()
            .chain(&s.realised)
            .map(|o| o.y)
            .fold(0.0, f64::min);
        let mut legend = vec![
            (Swatch::Line(GREY), "History".to_owned()),
            (Swatch::Line(BLUE), "Forecast p50".to_owned()),
            (Swatch::Band(BLUE, 0.2), "p10–p90".to_owned()),
        ];
        if !s.realised.is_empty() {
            legend.push((Swatch::Dot(ORANGE), "Realised".to_owned()));
        }
        Frame {
            title: self.title(),
            x: Axis::dates(self.start, self.end, 6, "Date (local)".into()),
            y: Axis::numbers(low, high, 6, format!("Demand ({} per {})", s.unit, s.step)),
            legend,
        }
    }

    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        let mut chart = self.frame().draw(canvas)?;
        let s = self.series;
        let history: Vec<_> = s.history.iter().map(|o| (seconds(o.ts), o.y)).collect();
        chart.draw_series([PathElement::new(
            history.clone(),
            GREY.stroke_width(THIN_LINE),
        )])?;
        chart.draw_series(
            history
                .iter()
                .map(|p| Circle::new(*p, DOT - 3, GREY.filled())),
        )?;
        let at = |pick: fn(&crate::domain::forecast::Quantiles) -> f64| {
            let points = s
                .forecasts
                .iter()
                .map(move |f| (seconds(f.ts), pick(&f.quantiles)));
            points.collect::<Vec<_>>()
        };
        if s.forecasts.len() == 1 {
            // A single step has no area; a bar shows its interval.
            let (low, high) = (at(|q| q.p10)[0], at(|q| q.p90)[0]);
            let bar = vec![low, high];
            chart.draw_series([PathElement::new(bar, BLUE.mix(0.3).stroke_width(22))])?;
        }
        let band: Vec<_> = at(|q| q.p10)
            .into_iter()
            .chain(at(|q| q.p90).into_iter().rev())
            .collect();
        chart.draw_series([Polygon::new(band, BLUE.mix(0.2).filled())])?;
        chart.draw_series([PathElement::new(at(|q| q.p50), BLUE.stroke_width(LINE))])?;
        chart.draw_series(
            at(|q| q.p50)
                .into_iter()
                .map(|p| Circle::new(p, DOT - 2, BLUE.filled())),
        )?;
        let realised = s.realised.iter().map(|o| (seconds(o.ts), o.y));
        chart.draw_series(realised.map(|p| Circle::new(p, DOT, ORANGE.filled())))?;
        Ok(())
    }
}
