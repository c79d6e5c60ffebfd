//! What really happened on a day, from its own trips.
//!
//! Where a trip was driven between two places at about that time, the leg took that trip's time.
//! Elsewhere it took what a model of the days held back expects, times the pace of that day at that
//! hour, times the residual of a real trip of that day of about that length: what the model leaves
//! unexplained of real trips stays in the truth, leg by leg and hour by hour, so that it is no
//! smoother than reality. All plans of the day meet the same draws.

use super::super::PipelineError;
use crate::cost::CostError;
use crate::cost::build::{self, ProfileSpec};
use crate::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::domain::LatLon;
use crate::features::travel::{TripQuery, Trips};
use crate::runtime::{Cancel, Progress, random};
use crate::simulation::TravelTruth;
use crate::travel_time::TravelTimeModel;
use chrono::{DateTime, Utc};
use rand::Rng;

/// Ends nearer than this are the same place; middles of an hour nearer to a departure than this
/// are its time.
const NEAR_M: f64 = 400.0;
const NEAR_S: i64 = 45 * 60;
/// Standard deviation in time of the kernel for the day's pace, in seconds, and trips of ratio 1
/// that are added so that few trips do not make a pace.
const PACE_S: f64 = 1_800.0;
const PACE_PRIOR: f64 = 10.0;
/// Trips of about the same length among which a residual is drawn.
const ALIKE: usize = 50;
/// Seconds for which a leg keeps its residual.
const BLOCK_S: i64 = 3_600;

/// What legs take where no trip was driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Luck {
    /// Each leg and hour has the residual of some real trip: reality with all its noise, which
    /// perfect knowledge foresees and no forecast can.
    OfEachLeg,
    /// The day's pace and no residual, anywhere: what is left is what a forecast could know.
    None,
}

/// How much of a truth is a trip that was driven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TruthCoverage {
    /// Pairs of places and hours.
    pub blocks: u64,
    /// Those with a real trip between the places at about that time.
    pub driven: u64,
}

/// Travel times of one day between the places of its plan.
#[derive(Debug)]
pub struct MeasuredTruth {
    places: Vec<LatLon>,
    costs: CostTensor,
    coverage: TruthCoverage,
}

impl MeasuredTruth {
    /// The truth of the day of `axis` from its trips. `model` knows the days held back.
    pub fn new(
        places: Vec<LatLon>,
        axis: SliceAxis,
        profile: &str,
        trips: &Trips,
        model: &TravelTimeModel,
        luck: Luck,
        seed: u64,
    ) -> Result<Self, PipelineError> {
        let spec = ProfileSpec {
            name: profile.to_owned(),
            duration_factor: 1.0,
        };
        let (cancel, progress) = (Cancel::new(), Progress::silent());
        let expected = build::predicted(&places, axis, &[spec], model, &cancel, &progress)?.tensor;
        let day = DayTrips::new(trips, model, &axis)?;
        let blocks = (axis.slices as i64 * i64::from(axis.slice_s) + BLOCK_S - 1) / BLOCK_S;
        let pace: Vec<f64> = (0..axis.slices)
            .map(|slice| day.pace(slice as i64 * i64::from(axis.slice_s)))
            .collect();
        let date = axis.local_start(0).date_naive();
        let mut random = random::generator(seed, &format!("residuals {date}"));
        let mut coverage = TruthCoverage::default();
        let mut cells = Vec::with_capacity(places.len() * places.len() * axis.slices);
        for (from, origin) in places.iter().enumerate() {
            for (to, destination) in places.iter().enumerate() {
                let means = expected.mean_by_slice(0, from, to);
                let real = day.between(*origin, *destination);
                let own: Vec<f64> = (0..blocks)
                    .map(|block| {
                        let middle_s = block * BLOCK_S + BLOCK_S / 2;
                        // Drawn in any case: the draws of other legs do not depend on this one.
                        let draw = random.random_range(0..ALIKE);
                        coverage.blocks += 1;
                        if luck == Luck::None {
                            return day.mean_residual;
                        }
                        let driven = day.nearest_in_time(&real, middle_s);
                        coverage.driven += u64::from(driven.is_some());
                        driven.unwrap_or_else(|| {
                            let slice = middle_s / i64::from(axis.slice_s);
                            let typical = means.at((slice as usize).min(means.len() - 1));
                            day.alike(f64::from(typical).max(1.0).ln(), draw)
                        })
                    })
                    .collect();
                cells.extend(
                    means
                        .iter()
                        .zip(&pace)
                        .enumerate()
                        .map(|(slice, (mean, pace))| {
                            let block = slice as i64 * i64::from(axis.slice_s) / BLOCK_S;
                            (f64::from(mean) * (pace + own[block as usize]).exp()).round() as u32
                        }),
                );
            }
        }
        let distance_m = pairs(places.len())
            .map(|(from, to)| expected.distance_m(0, from, to))
            .collect();
        let profile = ProfileCosts {
            name: profile.to_owned(),
            p90_s: cells.clone(),
            mean_s: cells,
            distance_m,
        };
        let costs =
            CostTensor::new(axis, places.len(), vec![profile], 0.0).map_err(CostError::from)?;
        Ok(Self {
            places,
            costs,
            coverage,
        })
    }

    /// How much of it was really driven.
    pub fn coverage(&self) -> TruthCoverage {
        self.coverage
    }

    fn place(&self, at: LatLon) -> usize {
        self.places.iter().position(|p| *p == at).unwrap_or(0)
    }
}

impl TravelTruth for MeasuredTruth {
    fn duration_s(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, _: &str) -> f64 {
        let at_s = self.costs.axis().seconds(depart);
        self.costs
            .duration_s(0, self.place(from), self.place(to), at_s) as f64
    }

    fn distance_m(&self, from: LatLon, to: LatLon, _: DateTime<Utc>, _: &str) -> f64 {
        f64::from(self.costs.distance_m(0, self.place(from), self.place(to)))
    }
}

fn pairs(places: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..places).flat_map(move |from| (0..places).map(move |to| (from, to)))
}

/// One real trip against the model of the days held back.
struct RealTrip {
    origin: LatLon,
    destination: LatLon,
    depart_s: i64,
    log_expected: f64,
    /// Logarithm of duration over expectation, without the day's pace.
    own: f64,
}

/// The trips of a day, shortest expectation first.
struct DayTrips {
    trips: Vec<RealTrip>,
    /// Departure and whole log ratio of each, for the pace.
    ratios: Vec<(i64, f64)>,
    /// Logarithm of the mean of what the residuals multiply by.
    mean_residual: f64,
}

impl DayTrips {
    fn new(
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
        let mut day = Self {
            ratios: (0..trips.len())
                .map(|t| {
                    let ratio = trips.duration_s[t].ln() - log_expected(t);
                    (axis.seconds(trips.depart[t]), ratio)
                })
                .collect(),
            trips: Vec::new(),
            mean_residual: 0.0,
        };
        day.trips = day
            .ratios
            .iter()
            .enumerate()
            .map(|(t, (depart_s, ratio))| RealTrip {
                origin: trips.origin[t],
                destination: trips.destination[t],
                depart_s: *depart_s,
                log_expected: log_expected(t),
                own: ratio - day.pace(*depart_s),
            })
            .collect();
        let factors: f64 = day.trips.iter().map(|t| t.own.exp()).sum();
        day.mean_residual = (factors / day.trips.len().max(1) as f64).max(1e-3).ln();
        day.trips
            .sort_by(|a, b| a.log_expected.total_cmp(&b.log_expected));
        Ok(day)
    }

    /// Mean log ratio of the trips about a time.
    fn pace(&self, at_s: i64) -> f64 {
        let (mut sum, mut weight) = (0.0, PACE_PRIOR);
        for (depart_s, ratio) in &self.ratios {
            let w = (-0.5 * ((depart_s - at_s) as f64 / PACE_S).powi(2)).exp();
            sum += w * ratio;
            weight += w;
        }
        sum / weight
    }

    /// Trips with both ends near these.
    fn between(&self, from: LatLon, to: LatLon) -> Vec<&RealTrip> {
        let near = |a: LatLon, b: LatLon| a == b || a.great_circle_m(b) <= NEAR_M;
        let trips = self.trips.iter();
        trips
            .filter(|t| near(t.origin, from) && near(t.destination, to))
            .collect()
    }

    /// Residual of the trip nearest to a time, if it is near.
    fn nearest_in_time(&self, trips: &[&RealTrip], at_s: i64) -> Option<f64> {
        let apart = |trip: &&&RealTrip| (trip.depart_s - at_s).abs();
        let nearest = trips.iter().min_by_key(apart)?;
        (apart(&nearest) <= NEAR_S).then_some(nearest.own)
    }

    /// Residual of one of the [`ALIKE`] trips nearest in expected duration, by `draw`.
    fn alike(&self, log_expected: f64, draw: usize) -> f64 {
        let at = self
            .trips
            .partition_point(|t| t.log_expected < log_expected);
        let most = ALIKE.min(self.trips.len());
        let first = at.saturating_sub(most / 2).min(self.trips.len() - most);
        let among = &self.trips[first..first + most];
        among.get(draw % most.max(1)).map_or(0.0, |trip| trip.own)
    }
}
