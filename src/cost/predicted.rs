//! A tensor from the travel-time model, with few questions.
//!
//! How durations change over the day is learned per pair of clusters: a few real pairs between the
//! two are asked at every slice. Every pair of places is asked at a few reference times only; by
//! how much it differs there from its clusters' curve is interpolated between them. So the model is
//! asked O(places² + clusters² × slices) times, never O(places² × slices).

use super::build::{Built, ProfileSpec, distances, is_same, pairs, whole};
use super::cluster::clusters;
use super::error::CostError;
use super::forecaster::Forecaster;
use super::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::domain::LatLon;
use crate::features::FeatureMatrix;
use crate::features::travel;
use crate::runtime::{Cancel, Progress};
use chrono::DateTime;
use chrono::Timelike;
use chrono_tz::Tz;

/// Rows asked between two looks at the cancel switch.
const BATCH_ROWS: usize = 20_000;

/// How finely pairs are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clustering {
    /// Most clusters of places.
    pub clusters: usize,
    /// Real pairs asked for each pair of clusters at every slice.
    pub pairs: usize,
}

impl Default for Clustering {
    fn default() -> Self {
        Self {
            clusters: 16,
            pairs: 3,
        }
    }
}

/// Local hours at which every pair is asked.
const REFERENCE_HOURS: [u32; 4] = [7, 11, 16, 21];

/// Predicts durations (mean and p90) between all places for every profile and slice, and repairs
/// FIFO. Distances are great circles × the detour factor learned from driven distances.
pub fn predicted<'a>(
    places: &[LatLon],
    axis: SliceAxis,
    profiles: &[ProfileSpec],
    forecaster: impl Into<Forecaster<'a>>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Built, CostError> {
    let clustering = Clustering::default();
    predicted_with(
        clustering, places, axis, profiles, forecaster, cancel, progress,
    )
}

/// [`predicted`] with a chosen clustering.
pub fn predicted_with<'a>(
    clustering: Clustering,
    places: &[LatLon],
    axis: SliceAxis,
    profiles: &[ProfileSpec],
    forecaster: impl Into<Forecaster<'a>>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Built, CostError> {
    let cluster_of = clusters(places, clustering.clusters)?;
    let forecaster = forecaster.into();
    let model = forecaster.model;
    let mut questions = Questions {
        places,
        axis,
        forecaster,
        cancel,
        progress,
        rows: 0,
    };
    let shapes = Shapes::ask(&mut questions, &cluster_of, clustering.pairs)?;
    let (means, p90s) = shapes.apply(&mut questions, &cluster_of)?;
    let distance_m = distances(places, model.parameters().detour_factor);
    let scaled = |cells: &[f64], factor: f64| -> Vec<u32> {
        cells
            .iter()
            .map(|seconds| whole(seconds * factor))
            .collect()
    };
    let costs = profiles
        .iter()
        .map(|profile| ProfileCosts {
            name: profile.name.clone(),
            mean_s: scaled(&means, profile.duration_factor),
            p90_s: scaled(&p90s, profile.duration_factor),
            distance_m: distance_m.clone(),
        })
        .collect();
    let correlation = model.parameters().leg_correlation;
    Ok(Built {
        rows_asked: questions.rows,
        clusters: cluster_of.iter().max().map_or(0, |most| most + 1),
        far_outside: model.far_outside(places),
        tensor: CostTensor::new(axis, places.len(), costs, correlation)?,
    })
}

/// Asks the model and counts.
struct Questions<'a> {
    places: &'a [LatLon],
    axis: SliceAxis,
    forecaster: Forecaster<'a>,
    cancel: &'a Cancel,
    progress: &'a Progress,
    rows: usize,
}

/// Logarithms of mean and p90 in seconds.
#[derive(Debug, Clone, Copy, Default)]
struct Logs {
    mean: f64,
    p90: f64,
}

impl Logs {
    fn minus(self, other: Self) -> Self {
        Self {
            mean: self.mean - other.mean,
            p90: self.p90 - other.p90,
        }
    }

    fn towards(self, other: Self, share: f64) -> Self {
        Self {
            mean: self.mean + (other.mean - self.mean) * share,
            p90: self.p90 + (other.p90 - self.p90) * share,
        }
    }
}

impl Questions<'_> {
    /// Answers for pairs at times, pair by pair.
    fn ask(
        &mut self,
        stage: &str,
        asked: &[(usize, usize)],
        times: &[DateTime<Tz>],
    ) -> Result<Vec<Logs>, CostError> {
        let total = asked.len() * times.len();
        let mut answers = Vec::with_capacity(total);
        let model = self.forecaster.model;
        let batch = (BATCH_ROWS / times.len().max(1)).max(1);
        for some in asked.chunks(batch) {
            self.cancel.check()?;
            let names = travel::COLUMNS.map(str::to_owned).to_vec();
            let mut matrix = FeatureMatrix::with_capacity(names, some.len() * times.len());
            for &(from, to) in some {
                let (origin, destination) = (self.places[from], self.places[to]);
                for time in times {
                    matrix.push_row(&model.row(origin, destination, *time)?);
                }
            }
            let rows = some
                .iter()
                .flat_map(|pair| times.iter().map(move |t| (*pair, t)));
            for (answer, ((from, to), time)) in model.predict_matrix(&matrix)?.into_iter().zip(rows)
            {
                let (origin, destination) = (self.places[from], self.places[to]);
                let depart = time.to_utc();
                let answer = self
                    .forecaster
                    .corrected(origin, destination, depart, answer);
                answers.push(Logs {
                    mean: answer.mean.max(1.0).ln(),
                    p90: answer.p90.max(answer.mean).max(1.0).ln(),
                });
            }
            self.rows += matrix.rows;
            self.progress
                .report(stage, answers.len() as u64, total as u64);
        }
        Ok(answers)
    }

    fn slice_times(&self) -> Vec<DateTime<Tz>> {
        (0..self.axis.slices)
            .map(|s| self.axis.local_start(s))
            .collect()
    }

    /// Slices that start at a reference hour; a few spread over the axis where none does.
    fn reference_slices(&self) -> Vec<usize> {
        let times = self.slice_times();
        let at_hour = |hour: u32| times.iter().position(|t| t.hour() == hour);
        let mut slices: Vec<usize> = REFERENCE_HOURS.iter().filter_map(|h| at_hour(*h)).collect();
        if slices.is_empty() {
            slices = (1..=3).map(|i| times.len() * i / 4).collect();
        }
        slices.sort_unstable();
        slices.dedup();
        slices
    }
}

/// How long trips between two clusters take over the day, as average logarithms of a few pairs.
struct Shapes {
    clusters: usize,
    slices: usize,
    /// `[from cluster][to cluster][slice]`; `None` between clusters without two different places.
    by_pair: Vec<Option<Vec<Logs>>>,
}

impl Shapes {
    fn ask(
        questions: &mut Questions<'_>,
        cluster_of: &[usize],
        most: usize,
    ) -> Result<Self, CostError> {
        let clusters = cluster_of.iter().max().map_or(0, |c| c + 1);
        let slices = questions.axis.slices;
        let typical = typical_pairs(questions.places, cluster_of, clusters, most.max(1));
        let asked: Vec<(usize, usize)> = typical.iter().flatten().copied().collect();
        let times = questions.slice_times();
        let answers = questions.ask("costs: shape of the day", &asked, &times)?;
        let mut answers = answers.chunks_exact(slices.max(1));
        let by_pair = typical
            .iter()
            .map(|pairs| {
                let curves: Vec<&[Logs]> = answers.by_ref().take(pairs.len()).collect();
                (!curves.is_empty()).then(|| average_curve(&curves, slices))
            })
            .collect();
        Ok(Self {
            clusters,
            slices,
            by_pair,
        })
    }

    /// Asks every pair at the reference slices and spreads the answers over the day. Gives mean
    /// and p90 in seconds, `[from][to][slice]`.
    fn apply(
        &self,
        questions: &mut Questions<'_>,
        cluster_of: &[usize],
    ) -> Result<(Vec<f64>, Vec<f64>), CostError> {
        let places = questions.places;
        let references = questions.reference_slices();
        let times = questions.slice_times();
        let times: Vec<DateTime<Tz>> = references.iter().map(|&s| times[s]).collect();
        let differ = |(from, to): &(usize, usize)| !is_same(places[*from], places[*to]);
        let asked: Vec<(usize, usize)> = pairs(places.len()).filter(differ).collect();
        let answers = questions.ask("costs: every pair", &asked, &times)?;
        let weights = between(&references, self.slices);
        let cells = places.len() * places.len() * self.slices;
        let (mut means, mut p90s) = (vec![0.0; cells], vec![0.0; cells]);
        for (&(from, to), answers) in asked.iter().zip(answers.chunks_exact(times.len().max(1))) {
            let pair = cluster_of[from] * self.clusters + cluster_of[to];
            let Some(shape) = &self.by_pair[pair] else {
                continue;
            };
            // What is special about this pair, at the reference slices.
            let special: Vec<Logs> = answers
                .iter()
                .zip(&references)
                .map(|(answer, &slice)| answer.minus(shape[slice]))
                .collect();
            let first = (from * places.len() + to) * self.slices;
            for (slice, (before, after, share)) in weights.iter().enumerate() {
                let own = special[*before].towards(special[*after], *share);
                means[first + slice] = (own.mean + shape[slice].mean).exp();
                p90s[first + slice] = (own.p90 + shape[slice].p90).exp();
            }
        }
        Ok((means, p90s))
    }
}

/// For every slice, the references before and after it, and how far it lies between them; before
/// the first and after the last reference that one alone.
fn between(references: &[usize], slices: usize) -> Vec<(usize, usize, f64)> {
    (0..slices)
        .map(|slice| {
            let after = references.partition_point(|r| *r <= slice);
            match (after.checked_sub(1), references.get(after)) {
                (Some(before), Some(next)) => {
                    let start = references[before];
                    let share = (slice - start) as f64 / (next - start) as f64;
                    (before, after, share)
                }
                (Some(before), None) => (before, before, 0.0),
                (None, _) => (0, 0, 0.0),
            }
        })
        .collect()
}

fn average<'a>(logs: impl Iterator<Item = &'a Logs>) -> Logs {
    let (mut count, mut sum) = (0.0, Logs::default());
    for log in logs {
        count += 1.0;
        sum.mean += log.mean;
        sum.p90 += log.p90;
    }
    let count = f64::max(count, 1.0);
    Logs {
        mean: sum.mean / count,
        p90: sum.p90 / count,
    }
}

fn average_curve(curves: &[&[Logs]], slices: usize) -> Vec<Logs> {
    (0..slices)
        .map(|slice| average(curves.iter().map(|curve| &curve[slice])))
        .collect()
}

/// For every pair of clusters, up to `most` real pairs of places, evenly spaced by distance.
fn typical_pairs(
    places: &[LatLon],
    cluster_of: &[usize],
    clusters: usize,
    most: usize,
) -> Vec<Vec<(usize, usize)>> {
    let mut members = vec![Vec::new(); clusters * clusters];
    for (from, to) in pairs(places.len()) {
        let metres = places[from].great_circle_m(places[to]);
        if !is_same(places[from], places[to]) {
            let pair = cluster_of[from] * clusters + cluster_of[to];
            members[pair].push((metres, from, to));
        }
    }
    members
        .into_iter()
        .map(|mut pairs| {
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            let count = pairs.len().min(most);
            (0..count)
                .map(|i| pairs[(2 * i + 1) * pairs.len() / (2 * count)])
                .map(|(_, from, to)| (from, to))
                .collect()
        })
        .collect()
}
