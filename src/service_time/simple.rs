//! What a model must beat: the same for every visit, and each customer's median.

use super::boosted::Trees;
use super::columns::{COLUMNS, Column};
use super::log_model::{Calibration, LogModel};
use super::parameters::Parameters;
use crate::features::FeatureMatrix;
use crate::onnx::graph::Linear;

/// The mean logarithm of `rows`, with its standard deviation.
pub(super) fn baseline(matrix: &FeatureMatrix, rows: &[usize], log_y: &[f64]) -> LogModel {
    let base = Linear {
        intercept: mean(rows.iter().map(|&i| log_y[i])) as f32,
        weights: vec![0.0; COLUMNS.len()],
        fill: vec![0.0; COLUMNS.len()],
    };
    with_constant_spread(base, matrix, rows, log_y)
}

/// The median of the customer, for new ones that of all.
pub(super) fn median(
    matrix: &FeatureMatrix,
    rows: &[usize],
    log_y: &[f64],
    learned: &Parameters,
) -> LogModel {
    let mut base = Linear {
        intercept: 0.0,
        weights: vec![0.0; COLUMNS.len()],
        fill: vec![0.0; COLUMNS.len()],
    };
    base.weights[Column::CustomerMedian as usize] = 1.0;
    base.fill[Column::CustomerMedian as usize] = learned.median_log_s as f32;
    with_constant_spread(base, matrix, rows, log_y)
}

fn with_constant_spread(
    base: Linear,
    matrix: &FeatureMatrix,
    rows: &[usize],
    log_y: &[f64],
) -> LogModel {
    let mut model = LogModel {
        base,
        trees: Trees::none(),
        spread: (0.0, 0.0),
        calibration: Calibration::NONE,
    };
    let predicted = model.rows(&matrix.select(rows));
    let errors = rows.iter().zip(&predicted);
    let squares = errors.map(|(&i, row)| (log_y[i] - row.location).powi(2));
    model.spread = (mean(squares).sqrt(), 0.0);
    model
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), v| (sum + v, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}
