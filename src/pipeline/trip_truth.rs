//! Real trips as the truth of a day: what a leg really took where a trip was driven nearby, and the
//! day's own pace of traffic where none was.
//!
//! A trip's ratio is its duration over what the model expected of it. A leg with trips whose both
//! ends are near its own and that left about then takes the expected time times the geometric mean
//! of their ratios; any other leg takes the expected time times that of the trips that left about
//! then, near ones in time counting most. Expected times are the plan's tensor, so legs stay FIFO
//! up to changes of the ratio.

use super::PipelineError;
use crate::cost::tensor::CostTensor;
use crate::domain::{InputError, LatLon};
use crate::features::travel::{TripQuery, Trips};
use crate::simulation::TravelTruth;
use crate::travel_time::TravelTimeModel;
use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Ends nearer than this are the same place, departures nearer than this the same time.
const NEAR_M: f64 = 400.0;
const NEAR_S: i64 = 45 * 60;
/// Standard deviation of the kernel in time for legs without a trip nearby, in seconds.
const PACE_S: f64 = 1_800.0;

/// One real trip.
#[derive(Debug, Clone, PartialEq)]
struct KnownTrip {
    origin: LatLon,
    destination: LatLon,
    depart: DateTime<Utc>,
    /// Logarithm of duration over expectation.
    log_ratio: f64,
}

/// Travel of one day as its trips tell it.
#[derive(Debug)]
pub struct TripTruth<'a> {
    places: Vec<LatLon>,
    costs: &'a CostTensor,
    trips: Vec<KnownTrip>,
    known: AtomicUsize,
    asked: AtomicUsize,
}

impl<'a> TripTruth<'a> {
    /// A truth for legs between the places of a plan's tensor from the trips of its day. `model` is
    /// the one behind the tensor.
    pub fn new(
        places: Vec<LatLon>,
        costs: &'a CostTensor,
        trips: &Trips,
        model: &TravelTimeModel,
    ) -> Result<Self, PipelineError> {
        let axis = costs.axis();
        let end = axis.instant(i64::from(axis.slice_s) * axis.slices as i64);
        let on_day = |trip: &usize| {
            let depart = trips.local_depart(*trip).with_timezone(&Utc);
            depart >= axis.origin && depart < end
        };
        let chosen: Vec<usize> = (0..trips.len()).filter(on_day).collect();
        if chosen.is_empty() {
            let remedy = "give a table with trips of the day of the plan";
            let fault = InputError::new(&trips.source, "no trip on the planned day", remedy);
            return Err(fault
                .field("depart")
                .value(axis.local_start(0).date_naive())
                .into());
        }
        let queries: Vec<TripQuery> = chosen.iter().map(|trip| query(trips, *trip)).collect();
        let expected = model.predict(&queries)?;
        let known = chosen
            .iter()
            .zip(&queries)
            .zip(expected)
            .map(|((trip, query), expected)| KnownTrip {
                origin: query.origin,
                destination: query.destination,
                depart: query.depart.with_timezone(&Utc),
                log_ratio: (trips.duration_s[*trip] / expected.mean.max(1.0)).ln(),
            });
        Ok(Self {
            places,
            costs,
            trips: known.collect(),
            known: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
        })
    }

    /// Legs asked so far, and how many of them had a real trip nearby.
    pub fn legs_asked_and_known(&self) -> (usize, usize) {
        (
            self.asked.load(Ordering::Relaxed),
            self.known.load(Ordering::Relaxed),
        )
    }

    /// Trips of the day.
    pub fn trips(&self) -> usize {
        self.trips.len()
    }

    fn place(&self, at: LatLon) -> usize {
        let distance = |place: &LatLon| place.great_circle_m(at);
        let nearest = self
            .places
            .iter()
            .enumerate()
            .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
        nearest.map_or(0, |(index, _)| index)
    }

    /// Geometric mean of the ratios that tell of this leg.
    fn ratio(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>) -> f64 {
        let apart_s = |trip: &KnownTrip| (trip.depart - depart).num_seconds().abs();
        let near = self.trips.iter().filter(|trip| {
            apart_s(trip) <= NEAR_S
                && trip.origin.great_circle_m(from) <= NEAR_M
                && trip.destination.great_circle_m(to) <= NEAR_M
        });
        let (mut sum, mut weight) = near.fold((0.0, 0.0), |(s, w), t| (s + t.log_ratio, w + 1.0));
        self.asked.fetch_add(1, Ordering::Relaxed);
        if weight > 0.0 {
            self.known.fetch_add(1, Ordering::Relaxed);
        } else {
            for trip in &self.trips {
                let w = (-0.5 * (apart_s(trip) as f64 / PACE_S).powi(2)).exp();
                sum += w * trip.log_ratio;
                weight += w;
            }
        }
        // Hours away from every trip the day says nothing.
        if weight > 1e-3 {
            (sum / weight).exp()
        } else {
            1.0
        }
    }
}

impl TravelTruth for TripTruth<'_> {
    fn duration_s(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, profile: &str) -> f64 {
        let profile = self.costs.profile(profile).unwrap_or(0);
        let seconds = self.costs.axis().seconds(depart);
        let (origin, destination) = (self.place(from), self.place(to));
        let expected = self.costs.duration_s(profile, origin, destination, seconds) as f64;
        expected * self.ratio(from, to, depart)
    }

    fn distance_m(&self, from: LatLon, to: LatLon, _: DateTime<Utc>, profile: &str) -> f64 {
        let profile = self.costs.profile(profile).unwrap_or(0);
        f64::from(
            self.costs
                .distance_m(profile, self.place(from), self.place(to)),
        )
    }
}

fn query(trips: &Trips, trip: usize) -> TripQuery {
    TripQuery {
        origin: trips.origin[trip],
        destination: trips.destination[trip],
        depart: trips.local_depart(trip),
        profile: None,
    }
}
