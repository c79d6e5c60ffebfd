//! Elastic nets by `linfa`.

use super::error::RegressionError;
use crate::features::FeatureMatrix;
use crate::onnx::graph::Linear;
use linfa::prelude::Fit;
use linfa::{Dataset, ParamGuard};
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2, ShapeBuilder};

/// Settings of an elastic net.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetOptions {
    /// Weight of the penalty, on columns scaled to variance 1.
    pub penalty: f64,
    /// Share of the absolute penalty; the rest is squared.
    pub l1_ratio: f64,
    /// Most sweeps over the columns.
    pub sweeps: u32,
}

impl Default for NetOptions {
    fn default() -> Self {
        Self {
            penalty: 1e-3,
            l1_ratio: 0.5,
            sweeps: 200,
        }
    }
}

/// Fits a target by an elastic net on standardised columns; missing values stand at the column's
/// mean. The result takes raw columns.
///
/// `weights` (not negative) weigh rows; `None`: all alike.
pub fn fit(
    matrix: &FeatureMatrix,
    target: &[f32],
    weights: Option<&[f32]>,
    options: &NetOptions,
) -> Result<Linear, RegressionError> {
    let rows = matrix.rows;
    if rows == 0 {
        return Err(RegressionError::Empty);
    }
    for (what, found) in [
        ("targets", target.len()),
        ("weights", weights.map_or(rows, <[f32]>::len)),
    ] {
        if found != rows {
            return Err(RegressionError::Length { what, rows, found });
        }
    }
    let weight = |row: usize| {
        weights
            .and_then(|w| w.get(row))
            .map_or(1.0, |w| f64::from(*w))
    };
    let total: f64 = (0..rows).map(weight).sum();
    if total <= 0.0 {
        return Err(RegressionError::Empty);
    }
    let moments = Moments::of(matrix, &weight);
    let y_mean = weighted_mean(target, &weight, total);
    // Weights enter as square roots on both sides; columns and target are centred before, so that
    // no intercept is needed.
    let root = |row: usize| (weight(row) * rows as f64 / total).sqrt();
    let columns = matrix.columns();
    // Column by column in memory: the fit walks down columns.
    let mut x = vec![0.0; rows * columns];
    for row in 0..rows {
        let scale = root(row);
        let values = matrix.row(row).iter().zip(&moments.columns);
        let slots = x.iter_mut().skip(row).step_by(rows);
        for (slot, (value, column)) in slots.zip(values) {
            *slot = column.standardise(*value) * scale;
        }
    }
    let y = target
        .iter()
        .enumerate()
        .map(|(row, y)| (f64::from(*y) - y_mean) * root(row))
        .collect();
    let failed = |e: String| RegressionError::Linear(e);
    let x = Array2::from_shape_vec((rows, columns).f(), x).map_err(|e| failed(e.to_string()))?;
    let net = ElasticNet::<f64>::params()
        .penalty(options.penalty)
        .l1_ratio(options.l1_ratio)
        .with_intercept(false)
        .tolerance(1e-5)
        .max_iterations(options.sweeps)
        .check()
        .map_err(|e| failed(e.to_string()))?
        .fit(&Dataset::new(x, Array1::from_vec(y)))
        .map_err(|e| failed(e.to_string()))?;
    Ok(moments.unstandardise(net.hyperplane().iter().copied(), y_mean))
}

fn weighted_mean(values: &[f32], weight: &impl Fn(usize) -> f64, total: f64) -> f64 {
    let terms = values.iter().enumerate();
    terms.map(|(i, v)| f64::from(*v) * weight(i)).sum::<f64>() / total
}

struct Column {
    mean: f64,
    /// 0 for a column that never varies: it gets no weight.
    inverse_deviation: f64,
}

impl Column {
    fn standardise(&self, value: f32) -> f64 {
        if value.is_finite() {
            (f64::from(value) - self.mean) * self.inverse_deviation
        } else {
            0.0
        }
    }
}

struct Moments {
    columns: Vec<Column>,
}

impl Moments {
    fn of(matrix: &FeatureMatrix, weight: &impl Fn(usize) -> f64) -> Self {
        let mut sums = vec![(0.0, 0.0); matrix.columns()];
        for row in 0..matrix.rows {
            for (value, (sum, total)) in matrix.row(row).iter().zip(&mut sums) {
                if value.is_finite() {
                    *sum += f64::from(*value) * weight(row);
                    *total += weight(row);
                }
            }
        }
        let means: Vec<f64> = sums
            .iter()
            .map(|(s, t)| if *t > 0.0 { s / t } else { 0.0 })
            .collect();
        let mut squares = vec![0.0; matrix.columns()];
        for row in 0..matrix.rows {
            for ((value, mean), square) in matrix.row(row).iter().zip(&means).zip(&mut squares) {
                if value.is_finite() {
                    *square += (f64::from(*value) - mean).powi(2) * weight(row);
                }
            }
        }
        let columns = means
            .into_iter()
            .zip(squares.iter().zip(&sums))
            .map(|(mean, (square, (_, total)))| {
                let deviation = if *total > 0.0 {
                    (square / total).sqrt()
                } else {
                    0.0
                };
                let varies = deviation > 1e-9 * (1.0 + mean.abs());
                Column {
                    mean,
                    inverse_deviation: if varies { 1.0 / deviation } else { 0.0 },
                }
            })
            .collect();
        Self { columns }
    }

    fn unstandardise(&self, weights: impl Iterator<Item = f64>, y_mean: f64) -> Linear {
        let mut intercept = y_mean;
        let mut raw = Vec::with_capacity(self.columns.len());
        for (weight, column) in weights.zip(&self.columns) {
            let weight = weight * column.inverse_deviation;
            intercept -= weight * column.mean;
            raw.push(weight as f32);
        }
        Linear {
            intercept: intercept as f32,
            weights: raw,
            fill: self.columns.iter().map(|c| c.mean as f32).collect(),
        }
    }
}
