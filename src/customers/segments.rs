//! Customers that behave alike: k-means by linfa on standardised traits, as few clusters as have
//! nearly the largest mean silhouette (Rousseeuw 1987).

use super::error::CustomerError;
use crate::runtime::random::generator;
use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;
use rand::Rng;

/// Numbers of clusters that are tried.
const CLUSTERS: std::ops::RangeInclusive<usize> = 2..=6;
/// Starts of each, the tightest wins.
const STARTS: usize = 5;
/// Customers that a cluster needs on average.
const LEAST_PER_CLUSTER: usize = 4;
/// Customers that a silhouette is computed of, at most about; it compares all pairs.
const SILHOUETTE_CUSTOMERS: usize = 600;
/// Standard deviations at which traits are cut, so that one odd customer is no cluster.
const LARGEST_TRAIT: f64 = 2.5;

/// How far below the largest silhouette fewer clusters are taken: repeated behaviour makes ever
/// smaller clusters a little tighter, which nobody can use.
const NEARLY: f64 = 0.05;

/// What customers are compared by.
pub(super) const TRAITS: usize = 4;

/// The cluster of each customer, counted from 0; one cluster for all if there are too few.
pub(super) fn segments(traits: &[[f64; TRAITS]], seed: u64) -> Result<Vec<usize>, CustomerError> {
    let points = standardised(traits);
    let mut found = Vec::new();
    for count in CLUSTERS {
        if points.len() < count * LEAST_PER_CLUSTER {
            break;
        }
        let clusters = cluster(&points, count, seed)?;
        found.push((silhouette(&points, &clusters, count), clusters));
    }
    let scores = found.iter().map(|(score, _)| *score);
    let enough = scores.fold(f64::NEG_INFINITY, f64::max) - NEARLY;
    let fewest = found.into_iter().find(|(score, _)| *score >= enough);
    Ok(fewest.map_or_else(|| vec![0; points.len()], |(_, clusters)| clusters))
}

fn standardised(traits: &[[f64; TRAITS]]) -> Vec<[f64; TRAITS]> {
    let count = traits.len().max(1) as f64;
    let mut points = traits.to_vec();
    for axis in 0..TRAITS {
        let mean = traits.iter().map(|t| t[axis]).sum::<f64>() / count;
        let variance = traits.iter().map(|t| (t[axis] - mean).powi(2)).sum::<f64>() / count;
        for point in &mut points {
            let scaled = (point[axis] - mean) / variance.sqrt().max(1e-9);
            point[axis] = scaled.clamp(-LARGEST_TRAIT, LARGEST_TRAIT);
        }
    }
    points
}

/// The tightest clustering of several starts.
fn cluster(points: &[[f64; TRAITS]], count: usize, seed: u64) -> Result<Vec<usize>, CustomerError> {
    let rows = |of: &[[f64; TRAITS]]| Array2::from_shape_fn((of.len(), TRAITS), |(i, k)| of[i][k]);
    let data = DatasetBase::from(rows(points));
    let mut best: Option<(f64, Vec<usize>)> = None;
    for start in 0..STARTS {
        let centres = spread_centres(points, count, seed, &format!("segments/{count}/{start}"));
        let model = KMeans::params(centres.len())
            .init_method(KMeansInit::Precomputed(rows(&centres)))
            .n_runs(1)
            .max_n_iterations(100)
            .tolerance(1e-6)
            .fit(&data)
            .map_err(|e| CustomerError::Segments(e.to_string()))?;
        let inertia = model.inertia();
        if best.as_ref().is_none_or(|(least, _)| inertia < *least) {
            best = Some((inertia, model.predict(data.records()).to_vec()));
        }
    }
    Ok(best.map(|(_, found)| found).unwrap_or_default())
}

/// First centres by k-means++ (Arthur & Vassilvitskii 2007): each drawn by its squared distance
/// from those before. Fewer if all customers are alike.
fn spread_centres(
    points: &[[f64; TRAITS]],
    count: usize,
    seed: u64,
    stream: &str,
) -> Vec<[f64; TRAITS]> {
    let mut random = generator(seed, stream);
    let mut centres = vec![points[random.random_range(0..points.len())]];
    while centres.len() < count {
        let nearest = |p: &[f64; TRAITS]| {
            let squares = centres.iter().map(|c| distance(p, c).powi(2));
            squares.fold(f64::INFINITY, f64::min)
        };
        let weights: Vec<f64> = points.iter().map(nearest).collect();
        let mut left = random.random::<f64>() * weights.iter().sum::<f64>();
        let drawn = weights.iter().position(|w| {
            left -= w;
            left < 0.0
        });
        match drawn {
            Some(at) => centres.push(points[at]),
            None => break,
        }
    }
    centres
}

fn distance(a: &[f64; TRAITS], b: &[f64; TRAITS]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(x, y)| (x - y).powi(2))
        .sum::<f64>()
        .sqrt()
}

/// Mean silhouette of evenly picked customers.
fn silhouette(points: &[[f64; TRAITS]], found: &[usize], count: usize) -> f64 {
    let every = points.len().div_ceil(SILHOUETTE_CUSTOMERS).max(1);
    let picked: Vec<usize> = (0..points.len()).step_by(every).collect();
    let of_point = |&i: &usize| {
        let (mut sums, mut sizes) = (vec![0.0; count], vec![0.0; count]);
        for &j in picked.iter().filter(|j| **j != i) {
            sums[found[j]] += distance(&points[i], &points[j]);
            sizes[found[j]] += 1.0;
        }
        let mean = |k: usize| sums[k] / sizes[k];
        let own = found[i];
        if sizes[own] == 0.0 {
            return 0.0;
        }
        let others = (0..count)
            .filter(|k| *k != own && sizes[*k] > 0.0)
            .map(mean);
        let other = others.fold(f64::INFINITY, f64::min);
        if !other.is_finite() {
            return 0.0;
        }
        (other - mean(own)) / mean(own).max(other).max(1e-12)
    };
    picked.iter().map(of_point).sum::<f64>() / picked.len().max(1) as f64
}
