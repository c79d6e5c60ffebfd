//! What really happened on a day, from its own trips.
//!
//! Where a trip was driven between two places at about that time, the leg took that trip's time.
//! Elsewhere it took what a model of the days held back expects, times the pace of that day at that
//! hour, times the noise of a real trip of that day of about that length: what the model leaves
//! unexplained of real trips stays in the truth, leg by leg and hour by hour, so that it is no
//! smoother than reality. All plans of the day meet the same draws (common random numbers).

use super::super::PipelineError;
use super::day_trips::{ALIKE, DayTrips};
use super::reading::Reading;
use crate::cost::CostError;
use crate::cost::build::{self, ProfileSpec};
use crate::cost::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::domain::LatLon;
use crate::features::travel::Trips;
use crate::runtime::{Cancel, Progress, random};
use crate::simulation::TravelTruth;
use crate::travel_time::TravelTimeModel;
use chrono::{DateTime, Utc};
use rand::Rng;

/// Seconds for which a leg keeps its noise.
const BLOCK_S: i64 = 3_600;

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
    /// With the noise of a trip on every leg, drawn several times.
    noisy: Vec<TensorTravel>,
    /// With noise where a trip was driven.
    driven_only: TensorTravel,
    expected: CostTensor,
    coverage: TruthCoverage,
}

impl MeasuredTruth {
    /// The truth of the day of `axis` from its trips. `model` knows the days held back; the noise
    /// of legs that nobody drove is drawn `draws` times, at least once.
    ///
    /// # Errors
    /// What the model cannot answer.
    pub fn new(
        places: &[LatLon],
        axis: SliceAxis,
        profile: &str,
        trips: &Trips,
        model: &TravelTimeModel,
        (draws, seed): (usize, u64),
    ) -> Result<Self, PipelineError> {
        let spec = ProfileSpec {
            name: profile.to_owned(),
            duration_factor: 1.0,
        };
        let (cancel, progress) = (Cancel::new(), Progress::silent());
        let typical = build::predicted(places, axis, &[spec], model, &cancel, &progress)?.tensor;
        let day = DayTrips::new(trips, model, &axis)?;
        let (cells, coverage) = Cells::of(&day, places, &typical, draws.max(1), seed);
        let tensor = |mean_s: Vec<u32>, p90_s: Vec<u32>| {
            let profile = ProfileCosts {
                name: profile.to_owned(),
                p90_s,
                mean_s,
                distance_m: distances(&typical),
            };
            // With the day's pace known, the noise of legs has nothing in common.
            CostTensor::new(axis, places.len(), vec![profile], 0.0).map_err(CostError::from)
        };
        let certain = |cells: Vec<u32>| {
            Ok::<_, CostError>(TensorTravel {
                places: places.to_vec(),
                costs: tensor(cells.clone(), cells)?,
            })
        };
        Ok(Self {
            noisy: cells
                .noisy
                .into_iter()
                .map(certain)
                .collect::<Result<_, _>>()?,
            driven_only: certain(cells.driven_only)?,
            expected: tensor(cells.mean, cells.p90)?,
            coverage,
        })
    }

    /// How much of it was really driven.
    pub fn coverage(&self) -> TruthCoverage {
        self.coverage
    }

    /// What plans are played against, one after the other; results are averaged.
    pub fn travel(&self, reading: Reading) -> &[TensorTravel] {
        match reading {
            Reading::NoiseUnforeseen => &self.noisy,
            Reading::NoiseForeseen => &self.noisy[..1],
            Reading::DrivenOnly => std::slice::from_ref(&self.driven_only),
        }
    }

    /// What perfect knowledge plans with.
    pub fn foreseen(&self, reading: Reading) -> &CostTensor {
        match reading {
            Reading::NoiseUnforeseen => &self.expected,
            Reading::NoiseForeseen => &self.noisy[0].costs,
            Reading::DrivenOnly => &self.driven_only.costs,
        }
    }
}

/// Travel as a tensor has it.
#[derive(Debug)]
pub struct TensorTravel {
    places: Vec<LatLon>,
    costs: CostTensor,
}

impl TensorTravel {
    fn place(&self, at: LatLon) -> usize {
        self.places.iter().position(|p| *p == at).unwrap_or(0)
    }
}

impl TravelTruth for TensorTravel {
    fn duration_s(&self, from: LatLon, to: LatLon, depart: DateTime<Utc>, _: &str) -> f64 {
        let at_s = self.costs.axis().seconds(depart);
        self.costs
            .duration_s(0, self.place(from), self.place(to), at_s) as f64
    }

    fn distance_m(&self, from: LatLon, to: LatLon, _: DateTime<Utc>, _: &str) -> f64 {
        f64::from(self.costs.distance_m(0, self.place(from), self.place(to)))
    }
}

/// Seconds by pair and slice.
struct Cells {
    /// By draw.
    noisy: Vec<Vec<u32>>,
    driven_only: Vec<u32>,
    mean: Vec<u32>,
    p90: Vec<u32>,
}

/// Noise of a leg during an hour, as logarithms.
struct Block {
    /// By draw.
    noisy: Vec<f64>,
    driven_only: f64,
    mean: f64,
    p90: f64,
}

impl Cells {
    fn of(
        day: &DayTrips,
        places: &[LatLon],
        typical: &CostTensor,
        draws: usize,
        seed: u64,
    ) -> (Self, TruthCoverage) {
        let axis = typical.axis();
        let slice_s = i64::from(axis.slice_s);
        let blocks = (axis.slices as i64 * slice_s + BLOCK_S - 1) / BLOCK_S;
        let pace: Vec<f64> = (0..axis.slices)
            .map(|slice| day.pace(slice as i64 * slice_s))
            .collect();
        let date = axis.local_start(0).date_naive();
        let mut random = random::generator(seed, &format!("residuals {date}"));
        let mut coverage = TruthCoverage::default();
        let mut cells = Self {
            noisy: vec![Vec::new(); draws],
            driven_only: Vec::new(),
            mean: Vec::new(),
            p90: Vec::new(),
        };
        for (from, to) in pairs(places.len()) {
            let means = typical.mean_by_slice(0, from, to);
            let real = day.between(places[from], places[to]);
            let own: Vec<Block> = (0..blocks)
                .map(|block| {
                    let middle_s = block * BLOCK_S + BLOCK_S / 2;
                    let slice = ((middle_s / slice_s) as usize).min(means.len() - 1);
                    let noise = day.noise(f64::from(means.at(slice)).max(1.0).ln());
                    let driven = day.nearest_in_time(&real, middle_s);
                    coverage.blocks += 1;
                    coverage.driven += u64::from(driven.is_some());
                    // Drawn in any case: the draws of other legs do not depend on this one.
                    let drawn = (0..draws).map(|_| noise.of(random.random_range(0..ALIKE)));
                    Block {
                        noisy: drawn.map(|drawn| driven.unwrap_or(drawn)).collect(),
                        driven_only: driven.unwrap_or(noise.mean),
                        mean: noise.mean,
                        p90: noise.p90,
                    }
                })
                .collect();
            for (slice, (mean, pace)) in means.iter().zip(&pace).enumerate() {
                let block = &own[(slice as i64 * slice_s / BLOCK_S) as usize];
                let seconds = |log: f64| (f64::from(mean) * (pace + log).exp()).round() as u32;
                for (noisy, log) in cells.noisy.iter_mut().zip(&block.noisy) {
                    noisy.push(seconds(*log));
                }
                cells.driven_only.push(seconds(block.driven_only));
                cells.mean.push(seconds(block.mean));
                cells.p90.push(seconds(block.p90));
            }
        }
        (cells, coverage)
    }
}

fn pairs(places: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..places).flat_map(move |from| (0..places).map(move |to| (from, to)))
}

fn distances(costs: &CostTensor) -> Vec<u32> {
    pairs(costs.places())
        .map(|(from, to)| costs.distance_m(0, from, to))
        .collect()
}
