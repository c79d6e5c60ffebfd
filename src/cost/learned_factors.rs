//! Factors of the travel-time model on the durations of a base matrix, such as a road network's.

use super::cluster::clusters;
use super::error::CostError;
use super::factors::{BaseMatrix, FactorTable};
use super::forecaster::Forecaster;
use super::predicted::Clustering;
use super::questions::{Logs, Questions, average, typical_pairs};
use super::tensor::SliceAxis;
use crate::domain::LatLon;
use crate::runtime::{Cancel, Progress};

/// Shortest base duration whose factor says anything, in seconds.
const SHORTEST_S: f32 = 20.0;

/// What the model expects over the base duration, by clusters of places and slice: the mean of the
/// logarithm over a few real pairs of each two clusters, asked at every slice. Clusters without such
/// a pair have the average of all.
///
/// # Errors
/// What the model cannot answer, a base for other places, no pair of places far enough apart.
pub fn learned_factors<'a>(
    clustering: Clustering,
    places: &[LatLon],
    base: &impl BaseMatrix,
    axis: SliceAxis,
    forecaster: impl Into<Forecaster<'a>>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<FactorTable, CostError> {
    let cluster_of = clusters(places, clustering.clusters)?;
    let clusters = cluster_of.iter().max().map_or(0, |most| most + 1);
    let slices = axis.slices;
    let mut questions = Questions {
        places,
        axis,
        forecaster: forecaster.into(),
        cancel,
        progress,
        rows: 0,
    };
    let mut typical = typical_pairs(places, &cluster_of, clusters, clustering.pairs.max(1));
    for pairs in &mut typical {
        pairs.retain(|&(from, to)| base.leg(from, to).duration_s >= SHORTEST_S);
    }
    let asked: Vec<(usize, usize)> = typical.iter().flatten().copied().collect();
    let times = questions.slice_times();
    let answers = questions.ask("costs: factors", &asked, &times)?;
    let relative: Vec<Vec<Logs>> = asked
        .iter()
        .zip(answers.chunks_exact(slices.max(1)))
        .map(|(&(from, to), curve)| {
            let log = f64::from(base.leg(from, to).duration_s).ln();
            let base = Logs {
                mean: log,
                p90: log,
            };
            curve.iter().map(|answer| answer.minus(base)).collect()
        })
        .collect();
    let mean_curve = |curves: &[Vec<Logs>]| -> Vec<Logs> {
        let at = |slice: usize| average(curves.iter().map(|curve| &curve[slice]));
        (0..slices).map(at).collect()
    };
    let usual = mean_curve(&relative);
    let mut rest = relative.as_slice();
    let (mut mean, mut p90) = (Vec::new(), Vec::new());
    for pairs in &typical {
        let (own, others) = rest.split_at(pairs.len());
        rest = others;
        let curve = match own.is_empty() {
            true => usual.clone(),
            false => mean_curve(own),
        };
        mean.extend(curve.iter().map(|logs| logs.mean.exp() as f32));
        p90.extend(curve.iter().map(|logs| logs.p90.exp() as f32));
    }
    Ok(FactorTable::new(cluster_of, slices, mean, p90)?)
}
