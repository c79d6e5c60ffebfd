//! Value of the forecast: what the same days cost, planned with different knowledge.

use super::axis::{Axis, date_label};
use super::frame::{Canvas, Drawn, Frame, Swatch};
use super::theme::{BLUE, DOT, GREEN, GREY, INK, LINE, ORANGE, THIN_LINE};
use crate::domain::plan::PlanBasis;
use crate::domain::value_of_forecast::{DayValue, ValueOfForecast};
use crate::report::number::{grouped, rounded};
use plotters::prelude::*;

/// Most ticks on the day axis.
const MAX_DAY_TICKS: usize = 12;

const BASES: [(PlanBasis, &str, RGBColor); 4] = [
    (
        PlanBasis::Static,
        "Static travel times, average demand",
        GREY,
    ),
    (PlanBasis::Predicted, "Predictions", BLUE),
    (PlanBasis::Cautious, "Predictions, lateness priced", ORANGE),
    (PlanBasis::Perfect, "Perfect knowledge", GREEN),
];

/// The bases that some day was planned on.
fn bases_of(days: &[DayValue]) -> Vec<(PlanBasis, &'static str, RGBColor)> {
    let planned = |basis: PlanBasis| days.iter().any(|day| day.of(basis).is_some());
    BASES.into_iter().filter(|b| planned(b.0)).collect()
}

/// Realised cost per day and basis, as bars.
pub(super) struct DayCosts<'a> {
    days: &'a [DayValue],
    currency: &'a str,
}

impl<'a> DayCosts<'a> {
    /// The chart, unless there is no day.
    pub fn of(value: &'a ValueOfForecast, currency: &'a str) -> Option<Self> {
        let days = value.days.as_slice();
        (!days.is_empty()).then_some(Self { days, currency })
    }

    pub fn title(&self) -> String {
        "Realised cost by knowledge of the plan".into()
    }

    pub fn description(&self) -> String {
        let mean = |basis| {
            let costs = self.days.iter().filter_map(|d| d.of(basis));
            let costs: Vec<_> = costs.map(|r| r.total()).collect();
            costs.iter().sum::<f64>() / costs.len().max(1) as f64
        };
        format!(
            "Realised cost of {} days. Mean per day: {} {currency} planned with static travel \
             times and average demand, {} {currency} with predictions, {} {currency} with perfect \
             knowledge.",
            self.days.len(),
            rounded(mean(PlanBasis::Static)),
            rounded(mean(PlanBasis::Predicted)),
            rounded(mean(PlanBasis::Perfect)),
            currency = self.currency,
        )
    }

    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        let results = self.days.iter().flat_map(|d| &d.results);
        let high = results.map(|r| r.total()).fold(0.0, f64::max);
        let bases = bases_of(self.days);
        let frame = Frame {
            title: self.title(),
            x: day_axis(self.days),
            y: Axis::numbers(
                0.0,
                high * 1.02,
                6,
                format!("Realised cost ({})", self.currency),
            ),
            legend: bases
                .iter()
                .map(|(_, name, color)| (Swatch::Band(*color, 1.0), (*name).into()))
                .collect(),
        };
        let mut chart = frame.draw(canvas)?;
        let width = 0.78 / bases.len().max(1) as f64;
        for (k, (basis, _, color)) in bases.into_iter().enumerate() {
            let bars = self.days.iter().enumerate().filter_map(|(i, day)| {
                let cost = day.of(basis)?.total();
                let left = i as f64 - 0.39 + width * k as f64;
                Some(Rectangle::new(
                    [(left + 0.01, 0.0), (left + width - 0.01, cost)],
                    color.filled(),
                ))
            });
            chart.draw_series(bars)?;
        }
        Ok(())
    }
}

/// Cost above perfect knowledge, added up over the days.
pub(super) struct Regret<'a> {
    days: &'a [DayValue],
    currency: &'a str,
}

impl<'a> Regret<'a> {
    /// The chart, unless there are too few days for a series.
    pub fn of(value: &'a ValueOfForecast, currency: &'a str) -> Option<Self> {
        let days = value.days.as_slice();
        (days.len() >= 2).then_some(Self { days, currency })
    }

    pub fn title(&self) -> String {
        "Cumulated cost above perfect knowledge".into()
    }

    pub fn description(&self) -> String {
        let last = |basis| self.cumulated(basis).last().map_or(0.0, |(_, y)| *y);
        format!(
            "Cost above the plan made with perfect knowledge, added up over {} days: {} {currency} \
             for static travel times and average demand, {} {currency} for predictions.",
            self.days.len(),
            grouped(last(PlanBasis::Static), 0),
            grouped(last(PlanBasis::Predicted), 0),
            currency = self.currency,
        )
    }

    fn cumulated(&self, basis: PlanBasis) -> Vec<(f64, f64)> {
        let mut sum = 0.0;
        let days = self.days.iter().enumerate();
        days.filter_map(|(i, day)| {
            let perfect = day.of(PlanBasis::Perfect)?.total();
            sum += day.of(basis)?.total() - perfect;
            Some((i as f64, sum))
        })
        .collect()
    }

    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        let mut bases = bases_of(self.days);
        bases.retain(|b| b.0 != PlanBasis::Perfect);
        let values = bases
            .iter()
            .flat_map(|b| self.cumulated(b.0))
            .map(|(_, y)| y);
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(a, b), y| (a.min(y), b.max(y)));
        let title = format!("Cumulated cost above perfect ({})", self.currency);
        let legend = bases
            .iter()
            .map(|(_, name, color)| (Swatch::Line(*color), (*name).into()));
        let frame = Frame {
            title: self.title(),
            x: day_axis(self.days),
            y: Axis::numbers(low, high, 6, title),
            legend: legend.collect(),
        };
        let mut chart = frame.draw(canvas)?;
        let range = chart.plotting_area().get_x_range();
        let zero = vec![(range.start, 0.0), (range.end, 0.0)];
        chart.draw_series([PathElement::new(zero, INK.stroke_width(THIN_LINE))])?;
        for (basis, _, color) in bases {
            let line = self.cumulated(basis);
            chart.draw_series(
                line.iter()
                    .map(|p| Circle::new(*p, DOT - 1, color.filled())),
            )?;
            chart.draw_series([PathElement::new(line, color.stroke_width(LINE))])?;
        }
        Ok(())
    }
}

/// One place per day, in order; days without service take no room.
fn day_axis(days: &[DayValue]) -> Axis {
    let step = days.len().div_ceil(MAX_DAY_TICKS).max(1);
    let ticks = days.iter().enumerate().step_by(step);
    let ticks = ticks
        .map(|(i, day)| (i as f64, date_label(day.date)))
        .collect();
    let years = days.first().zip(days.last());
    let title = years.map_or_else(String::new, |(first, last)| {
        format!("Planned day (local date, {} to {})", first.date, last.date)
    });
    Axis::with_ticks(-0.6..days.len() as f64 - 0.4, ticks, title)
}
