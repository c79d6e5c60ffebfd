//! The boosted model: bagged trees for the location, and trees for the spread of honest errors; what is
//! exported is distilled from them ([`super::distilled`]).
//!
//! The location is the mean of several fits whose draws of trips and columns differ (bagging, Breiman
//! 1996): single fits differ by chance, the more the fewer trips there are.
//! The spread is learned from errors that no tree has seen: the head is cut in two by alternating
//! days, each half is predicted by trees of the other. Errors of the fit itself would be too small
//! and the interval too narrow.

use super::boosting::{Context, Sample, Trees, boost};
use super::calibration::quantile;
use super::distilled::{distil, questions};
use super::error::TravelTimeError;
use super::linear;
use super::log_model::{Calibration, LogModel};
use super::options::TrainOptions;
use super::pool::{Pool, pick, thin};
use super::teacher::{Teacher, rest};
use crate::features::travel::Column;
use crate::onnx::graph::Linear;
use crate::regression::{BoostOptions, Loss};
use crate::runtime::{Cancel, Progress};

/// Columns the trees may split on. Logarithms and cyclic forms would only repeat others, since
/// trees see order alone.
const COLUMNS: [Column; 22] = [
    Column::OriginLat,
    Column::OriginLon,
    Column::DestinationLat,
    Column::DestinationLon,
    Column::MidLat,
    Column::MidLon,
    Column::Distance,
    Column::Grid0,
    Column::Grid30,
    Column::Grid60,
    Column::East,
    Column::North,
    Column::BearingSin,
    Column::BearingCos,
    Column::Minute,
    Column::DayOfWeek,
    Column::DayOff,
    Column::Holiday,
    Column::LogNetwork,
    Column::LogNetworkLength,
    Column::Temperature,
    Column::Precipitation,
];

/// Trips per leaf of the location's trees: few large trees serve as well as many small ones, and faster.
const TRIPS_PER_LEAF: usize = 150;
/// Age at which a trip's weight has fallen half-way to that of a very old one.
const HALF_LIFE_DAYS: f64 = 60.0;
/// Weight of a very old trip; a new one has 1.
const OLD_TRIP_WEIGHT: f64 = 0.2;

/// Trips that all fits of a bagged location have together, about, and most of those fits: with many trips
/// one fit is as good as the mean of several.
const BAGGED_TRIPS: usize = 100_000;
const MOST_BAGS: usize = 8;

/// The halves' trees may be fewer: they have half the trips.
const HALF_ROUNDS: f64 = 0.8;

/// Trees of the first fit, which tells outliers.
const FIRST_ROUNDS: usize = 50;
/// Errors of a first fit beyond so many robust standard deviations are cut there: stops on the way and
/// meters left running say nothing of the traffic, but a tenth of such trips would own half the variance.
const OUTLIER_SIGMAS: f64 = 2.5;
/// Standard deviation of a normal variable over its median absolute deviation.
const SIGMA_OF_MAD: f64 = 1.4826;

/// How many trees a location has.
enum Rounds<'a> {
    /// As many as do best on these rows.
    BestOn(&'a [usize]),
    Exactly(usize),
}

/// Fits boosted models of one pool.
pub(super) struct Boosting<'a> {
    pool: &'a Pool,
    options: &'a TrainOptions,
    /// Positions of the columns that trees may split on: those that are known of any trip.
    columns: Vec<usize>,
    cancel: &'a Cancel,
    progress: &'a Progress,
}

impl<'a> Boosting<'a> {
    /// Of a pool.
    pub fn new(
        pool: &'a Pool,
        options: &'a TrainOptions,
        (cancel, progress): (&'a Cancel, &'a Progress),
    ) -> Self {
        let known = COLUMNS.iter().filter(|column| pool.knows(**column));
        Self {
            pool,
            options,
            columns: known.map(|column| *column as usize).collect(),
            cancel,
            progress,
        }
    }

    /// Fits location and spread on the head; the tail says how many trees.
    pub fn fit(&self) -> Result<Teacher, TravelTimeError> {
        let head = thin(&self.pool.head, self.options.max_rows);
        let tail = thin(&self.pool.tail, self.options.max_rows / 4);
        let (mut teacher, labels) = self.locations(&head, Rounds::BestOn(&tail))?;
        teacher.spread = Some(self.spread((&head, &labels), &teacher, &tail)?);
        Ok(teacher)
    }

    /// Fits the location again, on head and tail; the spread stays.
    pub fn refit(&self, teacher: Teacher) -> Result<Teacher, TravelTimeError> {
        let rows = thin(&self.pool.all(), self.options.max_rows);
        let (again, _) = self.locations(&rows, Rounds::Exactly(teacher.rounds()))?;
        Ok(Teacher {
            spread: teacher.spread,
            ..again
        })
    }

    /// What is exported of a teacher that was fitted on the head (`refitted`: on head and tail).
    pub fn distil(&self, teacher: &Teacher, refitted: bool) -> Result<LogModel, TravelTimeError> {
        let rows = if refitted {
            self.pool.all()
        } else {
            self.pool.head.clone()
        };
        let rows = thin(&rows, self.options.max_rows);
        let asked = questions(
            self.pool.matrix.select(&rows),
            self.options.max_questions,
            self.options.seed,
        );
        let answers = teacher.answers(&asked)?;
        let context = Context {
            matrix: &asked,
            ..self.context()
        };
        Ok(LogModel {
            base: teacher.base.clone(),
            trees: distil(&context, &answers, self.options.seed)?,
            calibration: Calibration::NONE,
        })
    }

    /// A teacher without a spread, and what its trees were fitted to.
    fn locations(
        &self,
        rows: &[usize],
        rounds: Rounds<'_>,
    ) -> Result<(Teacher, Vec<f64>), TravelTimeError> {
        let base = linear::distances(self.pool, rows)?;
        let labels = self.without_outliers(rows, &base)?;
        let sample = (rows, labels.as_slice());
        let stage = "train travel-time: location";
        let first = match rounds {
            Rounds::BestOn(tail) => {
                let most = self.options.max_rounds;
                self.location(stage, sample, most, 0, Some((tail, &base)))?
            }
            Rounds::Exactly(rounds) => self.location(stage, sample, rounds, 0, None)?,
        };
        let rounds = first.rounds();
        let mut locations = vec![first];
        let bags = (BAGGED_TRIPS / rows.len().max(1)).clamp(1, MOST_BAGS);
        for bag in 1..bags {
            let stage = format!("train travel-time: location {} of {}", bag + 1, bags);
            locations.push(self.location(&stage, sample, rounds, bag as u64, None)?);
        }
        let teacher = Teacher {
            base,
            locations,
            spread: None,
        };
        Ok((teacher, labels))
    }

    /// Root mean square error on the tail, in log seconds, of a small model fitted on `rows`.
    pub fn trial(&self, rows: &[usize]) -> Result<f64, TravelTimeError> {
        const TRIAL_ROUNDS: usize = 100;
        let base = linear::distances(self.pool, rows)?;
        let stage = "train travel-time: try with and without history";
        let labels = self.rest(rows, &base);
        let location = self.location(stage, (rows, &labels), TRIAL_ROUNDS, 0, None)?;
        let tail = thin(&self.pool.tail, self.options.max_rows / 4);
        let errors = self.errors(&tail, &base, &location)?;
        let squares: f64 = errors.iter().map(|e| e * e).sum();
        Ok((squares / errors.len().max(1) as f64).sqrt())
    }

    /// What the linear part leaves, with outliers drawn in (winsorised) about a first fit.
    fn without_outliers(&self, rows: &[usize], base: &Linear) -> Result<Vec<f64>, TravelTimeError> {
        let stage = "train travel-time: outliers";
        let mut labels = self.rest(rows, base);
        let first = self.location(stage, (rows, &labels), FIRST_ROUNDS, 0, None)?;
        let centres = first.evaluate(&self.pool.matrix, rows)?;
        let errors = labels.iter().zip(&centres).map(|(y, centre)| y - centre);
        let middle = median(errors.clone());
        let limit = OUTLIER_SIGMAS * SIGMA_OF_MAD * median(errors.map(|e| (e - middle).abs()));
        for (label, centre) in labels.iter_mut().zip(centres) {
            let centre = centre + middle;
            *label = label.clamp(centre - limit, centre + limit);
        }
        Ok(labels)
    }

    /// Trees for rows with their labels; with a tail, whose labels are what its linear part leaves, as
    /// many as do best on it.
    fn location(
        &self,
        stage: &str,
        (rows, labels): (&[usize], &[f64]),
        rounds: usize,
        bag: u64,
        tail: Option<(&[usize], &Linear)>,
    ) -> Result<Trees, TravelTimeError> {
        let recipe = BoostOptions {
            rounds,
            leaves: (rows.len() / TRIPS_PER_LEAF).clamp(31, 255),
            learning_rate: 0.1,
            min_child_weight: (rows.len() as f64 / 4_000.0).clamp(20.0, 60.0),
            row_share: 0.8,
            column_share: 0.6,
            patience: 30,
            // Far apart: the library may draw for the rounds from seeds that follow on each other.
            seed: self.options.seed.wrapping_add(bag * 1_000_003),
            ..BoostOptions::default()
        };
        let weights = self.recency(rows);
        let tail_labels = tail.map(|(rows, base)| (rows, self.rest(rows, base)));
        boost(
            &self.context(),
            stage,
            Loss::Squared,
            &recipe,
            Sample {
                rows,
                labels,
                weights: Some(&weights),
            },
            tail_labels.as_ref().map(|(rows, labels)| Sample {
                rows,
                labels,
                weights: None,
            }),
        )
    }

    fn spread(
        &self,
        (head, labels): (&[usize], &[f64]),
        teacher: &Teacher,
        tail: &[usize],
    ) -> Result<[Trees; 3], TravelTimeError> {
        let places: Vec<usize> = (0..head.len()).collect();
        let places = thin(&places, self.options.max_spread_rows);
        let rows: Vec<usize> = places.iter().map(|&i| head[i]).collect();
        let labels = pick(labels, &places);
        let errors = self.honest_errors((&rows, &labels), teacher)?;
        let tail_errors = teacher.errors(self.pool, tail)?;
        let fit = |level: f64| {
            let recipe = BoostOptions {
                rounds: self.options.max_spread_rounds,
                leaves: 31,
                learning_rate: 0.1,
                // The curvature of the smoothed pinball loss is no number of rows.
                min_child_weight: 1e-3,
                row_share: 1.0,
                patience: 20,
                seed: self.options.seed,
                ..BoostOptions::default()
            };
            let train = Sample {
                rows: &rows,
                labels: &errors,
                weights: None,
            };
            let held_back = Sample {
                rows: tail,
                labels: &tail_errors,
                weights: None,
            };
            let stage = format!("train travel-time: p{:.0}", 100.0 * level);
            let loss = Loss::Quantile(level);
            boost(
                &self.context(),
                &stage,
                loss,
                &recipe,
                train,
                Some(held_back),
            )
        };
        Ok([fit(0.1)?, fit(0.5)?, fit(0.9)?])
    }

    /// Errors of every row by trees that were fitted on other days.
    fn honest_errors(
        &self,
        (rows, labels): (&[usize], &[f64]),
        teacher: &Teacher,
    ) -> Result<Vec<f64>, TravelTimeError> {
        let half_of = |row: usize| self.pool.day[row].rem_euclid(2);
        let halves = [0, 1].map(|half| -> (Vec<usize>, Vec<f64>) {
            let all = rows.iter().copied().zip(labels.iter().copied());
            all.filter(|(row, _)| half_of(*row) == half).unzip()
        });
        // With trips of a single day there is nothing to cross.
        if halves.iter().any(|(rows, _)| rows.is_empty()) {
            return teacher.errors(self.pool, rows);
        }
        let rounds = ((teacher.rounds() as f64 * HALF_ROUNDS) as usize).max(1);
        let mut errors = vec![0.0; rows.len()];
        for (half, (fitted_on, labels)) in halves.iter().enumerate() {
            let stage = format!("train travel-time: half {}", half + 1);
            let trees = self.location(&stage, (fitted_on, labels), rounds, 0, None)?;
            let (places, others): (Vec<usize>, Vec<usize>) = rows
                .iter()
                .copied()
                .enumerate()
                .filter(|(_, row)| half_of(*row) != half as i64)
                .unzip();
            let found = self.errors(&others, &teacher.base, &trees)?;
            for (place, error) in places.iter().zip(found) {
                errors[*place] = error;
            }
        }
        Ok(errors)
    }

    /// Weights of trips by their age: traffic drifts, and it is the days to come that are asked for.
    fn recency(&self, rows: &[usize]) -> Vec<f32> {
        let last = rows
            .iter()
            .map(|&i| self.pool.depart_s[i])
            .fold(f64::MIN, f64::max);
        let weight = |&i: &usize| {
            let age_days = (last - self.pool.depart_s[i]) / 86_400.0;
            let freshness = (-age_days / HALF_LIFE_DAYS).exp2();
            OLD_TRIP_WEIGHT + (1.0 - OLD_TRIP_WEIGHT) * freshness
        };
        rows.iter().map(|i| weight(i) as f32).collect()
    }

    fn rest(&self, rows: &[usize], base: &Linear) -> Vec<f64> {
        rest(self.pool, rows, base)
    }

    /// What linear part and trees leave.
    fn errors(
        &self,
        rows: &[usize],
        base: &Linear,
        location: &Trees,
    ) -> Result<Vec<f64>, TravelTimeError> {
        let trees = location.evaluate(&self.pool.matrix, rows)?;
        let rest = self.rest(rows, base);
        Ok(rest
            .iter()
            .zip(trees)
            .map(|(rest, tree)| rest - tree)
            .collect())
    }

    fn context(&self) -> Context<'_> {
        Context {
            matrix: &self.pool.matrix,
            columns: &self.columns,
            cancel: self.cancel,
            progress: self.progress,
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}
