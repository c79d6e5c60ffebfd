//! Logistic regression: iteratively reweighted least squares (McCullagh & Nelder 1989, §2.5) over
//! the elastic nets of [`super::linear`].

use super::error::RegressionError;
use super::linear::{self, NetOptions};
use crate::features::FeatureMatrix;
use crate::onnx::graph::Linear;

/// Steps; the logit converges in a handful.
const STEPS: usize = 8;
/// Bound of the log odds while fitting, so that a column that separates the outcomes stays finite.
const MAX_LOG_ODDS: f64 = 8.0;

/// Fits the log odds of `outcomes` to raw columns.
///
/// # Errors
/// No rows, or another number of outcomes than rows.
pub fn fit(matrix: &FeatureMatrix, outcomes: &[bool]) -> Result<Linear, RegressionError> {
    let (rows, found) = (matrix.rows, outcomes.len());
    if found != rows {
        let what = "outcomes";
        return Err(RegressionError::Length { what, rows, found });
    }
    if rows == 0 {
        return Err(RegressionError::Empty);
    }
    let options = NetOptions {
        penalty: 1e-4,
        l1_ratio: 0.0,
        ..NetOptions::default()
    };
    let ordered = outcomes.iter().filter(|o| **o).count() as f64;
    // Half an observation on either side keeps the start finite.
    let start = ((ordered + 0.5) / (rows as f64 - ordered + 0.5)).ln();
    let mut odds = vec![start; rows];
    let mut target = vec![0.0_f32; rows];
    let mut weights = vec![0.0_f32; rows];
    let mut fitted = Linear {
        weights: vec![0.0; matrix.columns()],
        intercept: start as f32,
        fill: vec![0.0; matrix.columns()],
    };
    for _ in 0..STEPS {
        for (row, outcome) in outcomes.iter().enumerate() {
            let p = probability(odds[row]);
            let weight = p * (1.0 - p);
            let error = f64::from(u8::from(*outcome)) - p;
            target[row] = (odds[row] + error / weight) as f32;
            weights[row] = weight as f32;
        }
        fitted = linear::fit(matrix, &target, Some(&weights), &options)?;
        for (row, slot) in odds.iter_mut().enumerate() {
            *slot = f64::from(fitted.evaluate(matrix.row(row))).clamp(-MAX_LOG_ODDS, MAX_LOG_ODDS);
        }
    }
    Ok(fitted)
}

/// Probability of log odds.
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
