//! Population stability index of a column.

use crate::features::FeatureMatrix;

/// Added to every bin, in rows: an empty bin is no impossible one.
const HALF_A_ROW: f64 = 0.5;

/// Population stability index of two lists of shares, the symmetric Kullback-Leibler divergence
/// (Siddiqi 2006, Credit Risk Scorecards). Shares must be above 0.
pub fn stability_index(now: &[f64], then: &[f64]) -> f64 {
    let pairs = now.iter().zip(then);
    pairs.map(|(p, q)| (p - q) * (p / q).ln()).sum()
}

/// The distinct deciles of known values; sorts them.
pub(super) fn deciles(values: &mut [f32]) -> Vec<f32> {
    values.sort_unstable_by(f32::total_cmp);
    let last = values.len().saturating_sub(1);
    let of = |tenth: usize| values.get(last * tenth / 10).copied();
    let mut deciles: Vec<f32> = (1..10).filter_map(of).collect();
    deciles.dedup();
    deciles
}

/// Rows of a column by bin: up to each decile, above all, unknown.
pub(super) fn counts(
    matrix: &FeatureMatrix,
    rows: impl Iterator<Item = usize>,
    column: usize,
    deciles: &[f32],
) -> Vec<f64> {
    let mut counts = vec![0.0; deciles.len() + 2];
    for row in rows {
        let value = matrix.row(row).get(column).copied().unwrap_or(f32::NAN);
        let bin = match value.is_nan() {
            true => deciles.len() + 1,
            false => deciles.partition_point(|decile| *decile < value),
        };
        if let Some(count) = counts.get_mut(bin) {
            *count += 1.0;
        }
    }
    counts
}

/// Counts of several windows together.
pub(super) fn sum(windows: &[Vec<f64>]) -> Vec<f64> {
    let mut sum = windows.first().cloned().unwrap_or_default();
    for window in windows.iter().skip(1) {
        for (sum, count) in sum.iter_mut().zip(window) {
            *sum += count;
        }
    }
    sum
}

/// Shares of counts, none of them zero.
pub(super) fn shares(counts: &[f64]) -> Vec<f64> {
    let all: f64 = counts.iter().sum::<f64>() + HALF_A_ROW * counts.len() as f64;
    let share = |count: &f64| (count + HALF_A_ROW) / all;
    counts.iter().map(share).collect()
}
