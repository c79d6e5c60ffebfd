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
use super::questions::{Logs, Questions, average, typical_pairs};
use super::tensor::{CostTensor, ProfileCosts, SliceAxis};
use crate::domain::LatLon;
use crate::runtime::{Cancel, Progress};
use chrono::DateTime;
use chrono_tz::Tz;

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

fn average_curve(curves: &[&[Logs]], slices: usize) -> Vec<Logs> {
    (0..slices)
        .map(|slice| average(curves.iter().map(|curve| &curve[slice])))
        .collect()
}
