//! Travel time of one pair over the day: p10 to p90, p50, mean, trips that were made.

use super::axis::Axis;
use super::frame::{Canvas, Drawn, Frame, Swatch};
use super::theme::{BLUE, DOT, GREEN, LINE, ORANGE};
use crate::domain::forecast::Quantiles;
use crate::report::data::TravelTimeProfile;
use crate::report::number::rounded;
use crate::report::zone::Zone;
use chrono::Timelike;
use plotters::prelude::*;

pub(super) struct Profile<'a> {
    pub number: usize,
    pair: &'a TravelTimeProfile,
    zone: Zone,
    /// Clock readings of the predictions, in seconds since local midnight of the planned day.
    times: Vec<f64>,
    /// Trips that were made: clock reading, minutes.
    trips: Vec<(f64, f64)>,
}

impl<'a> Profile<'a> {
    /// The chart, unless there is nothing to draw.
    pub fn of(pair: &'a TravelTimeProfile, zone: Zone, number: usize) -> Option<Self> {
        let times: Vec<_> = pair.points.iter().map(|p| zone.clock_s(p.depart)).collect();
        let (first, last) = (*times.first()?, *times.last()?);
        let trips = pair
            .realised
            .iter()
            .map(|trip| {
                let clock = zone.local(trip.depart).num_seconds_from_midnight();
                (f64::from(clock), trip.duration_s / 60.0)
            })
            .filter(|(clock, _)| (first..=last).contains(clock))
            .collect();
        Some(Self {
            number,
            pair,
            zone,
            times,
            trips,
        })
    }

    pub fn title(&self) -> String {
        self.pair.name.clone()
    }

    pub fn description(&self) -> String {
        let by_p50 = |a: &&_, b: &&_| -> std::cmp::Ordering {
            let p50 = |p: &crate::report::data::ProfilePoint| p.seconds.p50;
            p50(a).total_cmp(&p50(b))
        };
        let fastest = self.pair.points.iter().min_by(by_p50);
        let slowest = self.pair.points.iter().max_by(by_p50);
        let Some((fastest, slowest)) = fastest.zip(slowest) else {
            return String::new();
        };
        format!(
            "Predicted travel time, {}, by departure: median between {} min at {} and {} min at \
             {} local time; {} trips that were made.",
            self.pair.name,
            rounded(fastest.seconds.p50 / 60.0),
            self.zone.clock(fastest.depart),
            rounded(slowest.seconds.p50 / 60.0),
            self.zone.clock(slowest.depart),
            self.trips.len(),
        )
    }

    fn frame(&self) -> Frame {
        let predicted = self
            .pair
            .points
            .iter()
            .map(|p| p.seconds.p90.max(p.seconds.mean) / 60.0);
        let high = predicted.chain(self.trips.iter().map(|t| t.1));
        let high = high.filter(|y| y.is_finite()).fold(0.0, f64::max);
        let mut legend = vec![
            (Swatch::Line(BLUE), "p50".to_owned()),
            (Swatch::Band(BLUE, 0.2), "p10–p90".to_owned()),
            (Swatch::Dashed(GREEN), "Mean".to_owned()),
        ];
        if !self.trips.is_empty() {
            legend.push((Swatch::Dot(ORANGE), "Trips made".to_owned()));
        }
        let ends = (self.times.first(), self.times.last());
        let (first, last) = (
            ends.0.copied().unwrap_or(0.0),
            ends.1.copied().unwrap_or(86_400.0),
        );
        let title = format!("Departure, local time ({})", self.zone.name());
        Frame {
            title: self.title(),
            x: Axis::clock(first, last, 7, title),
            y: Axis::numbers(0.0, high, 6, "Travel time (min)".into()),
            legend,
        }
    }

    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Drawn<DB> {
        let mut chart = self.frame().draw(canvas)?;
        let at = |pick: fn(&Quantiles) -> f64| {
            let minutes = self
                .pair
                .points
                .iter()
                .map(move |p| pick(&p.seconds) / 60.0);
            self.times.iter().copied().zip(minutes).collect::<Vec<_>>()
        };
        let band: Vec<_> = at(|q| q.p10)
            .into_iter()
            .chain(at(|q| q.p90).into_iter().rev())
            .collect();
        chart.draw_series([Polygon::new(band, BLUE.mix(0.2).filled())])?;
        let trips = self.trips.iter();
        chart.draw_series(trips.map(|t| Circle::new(*t, DOT - 2, ORANGE.mix(0.6).filled())))?;
        chart.draw_series(DashedLineSeries::new(
            at(|q| q.mean),
            14,
            10,
            GREEN.stroke_width(LINE),
        ))?;
        chart.draw_series([PathElement::new(at(|q| q.p50), BLUE.stroke_width(LINE))])?;
        Ok(())
    }
}
