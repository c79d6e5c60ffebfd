//! The trips of one day against the model of the days held back: pace, noise, and who drove where.

use super::super::PipelineError;
use crate::cost::tensor::SliceAxis;
use crate::domain::LatLon;
use crate::features::travel::{TripQuery, Trips};
use crate::travel_time::TravelTimeModel;

/// Ends nearer than this are the same place; middles of an hour nearer to a departure than this
/// are its time.
const NEAR_M: f64 = 400.0;
const NEAR_S: i64 = 45 * 60;
/// Standard deviation in time of the kernel for the day's pace, in seconds, and trips of ratio 1
/// that are added so that few trips do not make a pace.
const PACE_S: f64 = 1_800.0;
const PACE_PRIOR: f64 = 10.0;
/// Trips of about the same length whose noise a leg of that length may have.
pub(super) const ALIKE: usize = 50;

/// One real trip against the model of the days held back.
pub(super) struct RealTrip {
    origin: LatLon,
    destination: LatLon,
    depart_s: i64,
    log_expected: f64,
    /// Logarithm of duration over expectation, without the day's pace.
    own: f64,
}

/// What a leg of some length has to expect of noise, as logarithms of factors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noise<'a> {
    /// Of the trips of about that length, one each.
    drawn_from: &'a [f64],
    /// Of their mean.
    pub mean: f64,
    /// Not exceeded by nine in ten.
    pub p90: f64,
}

impl Noise<'_> {
    /// That of one of the trips; a draw below [`ALIKE`].
    pub fn of(&self, draw: usize) -> f64 {
        let count = self.drawn_from.len().max(1);
        self.drawn_from.get(draw % count).copied().unwrap_or(0.0)
    }
}

/// The trips of a day, shortest expectation first.
pub(super) struct DayTrips {
    trips: Vec<RealTrip>,
    /// Departure and whole log ratio of each, for the pace.
    ratios: Vec<(i64, f64)>,
    /// Noise of the trips, in their order.
    own: Vec<f64>,
    /// Mean and p90 of the [`ALIKE`] from each trip on.
    windows: Vec<(f64, f64)>,
}

impl DayTrips {
    pub fn new(
        trips: &Trips,
        model: &TravelTimeModel,
        axis: &SliceAxis,
    ) -> Result<Self, PipelineError> {
        let queries: Vec<TripQuery> = (0..trips.len())
            .map(|trip| TripQuery {
                origin: trips.origin[trip],
                destination: trips.destination[trip],
                depart: trips.local_depart(trip),
                profile: None,
            })
            .collect();
        let expected = model.predict(&queries)?;
        let log_expected = |trip: usize| expected[trip].mean.max(1.0).ln();
        let ratio = |trip: usize| {
            let ratio = trips.duration_s[trip].ln() - log_expected(trip);
            (axis.seconds(trips.depart[trip]), ratio)
        };
        let mut day = Self {
            ratios: (0..trips.len()).map(ratio).collect(),
            trips: Vec::new(),
            own: Vec::new(),
            windows: Vec::new(),
        };
        let real = |(trip, (depart_s, ratio)): (usize, &(i64, f64))| RealTrip {
            origin: trips.origin[trip],
            destination: trips.destination[trip],
            depart_s: *depart_s,
            log_expected: log_expected(trip),
            own: ratio - day.pace(*depart_s),
        };
        let mut real: Vec<RealTrip> = day.ratios.iter().enumerate().map(real).collect();
        real.sort_by(|a, b| a.log_expected.total_cmp(&b.log_expected));
        day.own = real.iter().map(|trip| trip.own).collect();
        day.trips = real;
        let most = ALIKE.min(day.own.len());
        day.windows = day.own.windows(most.max(1)).map(mean_and_p90).collect();
        Ok(day)
    }

    /// Mean log ratio of the trips about a time.
    pub fn pace(&self, at_s: i64) -> f64 {
        let (mut sum, mut weight) = (0.0, PACE_PRIOR);
        for (depart_s, ratio) in &self.ratios {
            let w = (-0.5 * ((depart_s - at_s) as f64 / PACE_S).powi(2)).exp();
            sum += w * ratio;
            weight += w;
        }
        sum / weight
    }

    /// Trips with both ends near these.
    pub fn between(&self, from: LatLon, to: LatLon) -> Vec<&RealTrip> {
        let near = |a: LatLon, b: LatLon| a == b || a.great_circle_m(b) <= NEAR_M;
        let trips = self.trips.iter();
        trips
            .filter(|t| near(t.origin, from) && near(t.destination, to))
            .collect()
    }

    /// Noise of the trip nearest to a time, if it is near.
    pub fn nearest_in_time(&self, trips: &[&RealTrip], at_s: i64) -> Option<f64> {
        let apart = |trip: &&&RealTrip| (trip.depart_s - at_s).abs();
        let nearest = trips.iter().min_by_key(apart)?;
        (apart(&nearest) <= NEAR_S).then_some(nearest.own)
    }

    /// Noise that the trips nearest in expected duration had.
    pub fn noise(&self, log_expected: f64) -> Noise<'_> {
        let after = self
            .trips
            .partition_point(|t| t.log_expected < log_expected);
        let most = ALIKE.min(self.own.len());
        let first = after.saturating_sub(most / 2).min(self.own.len() - most);
        let (mean, p90) = self.windows.get(first).copied().unwrap_or_default();
        Noise {
            drawn_from: &self.own[first..first + most],
            mean,
            p90,
        }
    }
}

/// Logarithms of the mean factor, and of the one that nine in ten do not exceed.
fn mean_and_p90(own: &[f64]) -> (f64, f64) {
    let mean = own.iter().map(|o| o.exp()).sum::<f64>() / own.len() as f64;
    let mut sorted = own.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (0.9 * sorted.len() as f64) as usize;
    (mean.ln(), sorted[at.min(sorted.len() - 1)])
}
