//! The shape of every service-time model, in natural logarithms of seconds.
//!
//! ```text
//! location = linear part + trees        sd = constant + weight × column `sd`
//! p50 = e^(location + shift)            p10, p90 = e^(location + shift ∓ reach × sd)
//! mean = e^(location + sd² / 2 + mean shift)
//! ```
//! The reaches are those of a normal variable until they are calibrated; the mean of a log-normal
//! variable exceeds its median by the factor `e^(sd² / 2)`.

use super::boosted::Trees;
use super::columns::{COLUMNS, Column};
use crate::domain::forecast::Quantiles;
use crate::features::FeatureMatrix;
use crate::onnx::OnnxError;
use crate::onnx::graph::{Linear, QuantileGraph};

/// Standard normal quantile of 90 %.
const Z90: f64 = 1.281_551_565_544_6;

/// What was learned on visits held back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Added to the logarithm of all quantiles.
    pub shift: f64,
    /// Standard deviations from p50 down to p10.
    pub low: f64,
    /// Standard deviations from p50 up to p90.
    pub high: f64,
    /// Added to the logarithm of the mean.
    pub mean_shift: f64,
}

impl Calibration {
    /// That of a log-normal variable.
    pub const NONE: Self = Self {
        shift: 0.0,
        low: Z90,
        high: Z90,
        mean_shift: 0.0,
    };
}

/// Location and spread of one visit before calibration, in log seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRow {
    /// Where the logarithm is expected.
    pub location: f64,
    /// Its standard deviation.
    pub sd: f64,
}

impl LogRow {
    /// Logarithm of the mean before its shift.
    pub fn mean(&self) -> f64 {
        self.location + 0.5 * self.sd * self.sd
    }

    /// Seconds, calibrated.
    pub fn quantiles(&self, calibration: &Calibration) -> Quantiles {
        let median = self.location + calibration.shift;
        Quantiles {
            p10: (median - calibration.low * self.sd).exp(),
            p50: median.exp(),
            p90: (median + calibration.high * self.sd).exp(),
            mean: (self.mean() + calibration.mean_shift).exp(),
        }
    }
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct LogModel {
    /// Linear part of the location.
    pub base: Linear,
    /// Rest of the location.
    pub trees: Trees,
    /// Standard deviation as a constant and a weight of the column `sd`.
    pub spread: (f64, f64),
    /// What was learned on visits held back.
    pub calibration: Calibration,
}

impl LogModel {
    /// Location and spread of every row, by the libraries that fitted them.
    pub fn rows(&self, matrix: &FeatureMatrix) -> Vec<LogRow> {
        let trees = self.trees.evaluate(matrix);
        let (constant, weight) = self.spread;
        let row = |(i, trees): (usize, f64)| {
            let row = matrix.row(i);
            LogRow {
                location: linear(&self.base, row) + trees,
                sd: constant + weight * f64::from(row[Column::Sd as usize]),
            }
        };
        trees.into_iter().enumerate().map(row).collect()
    }

    /// Seconds of every row by the libraries that fitted them: what the export is tested against.
    pub fn evaluate(&self, matrix: &FeatureMatrix) -> Vec<Quantiles> {
        let rows = self.rows(matrix);
        rows.iter()
            .map(|row| row.quantiles(&self.calibration))
            .collect()
    }

    /// The model as an ONNX file.
    pub fn to_onnx(&self) -> Result<Vec<u8>, OnnxError> {
        let mut graph = QuantileGraph::new(COLUMNS.len());
        let base = graph.linear(&self.base)?;
        let trees = graph.ensemble(&self.trees.ensemble)?;
        let location = graph.add(&base, &trees);
        let sd = graph.linear(&self.spread_part())?;
        let calibration = &self.calibration;
        let median = graph.affine(&location, 1.0, calibration.shift as f32);
        let p50 = graph.exp(&median);
        let below = graph.affine(&sd, -calibration.low as f32, 0.0);
        let below = graph.add(&median, &below);
        let p10 = graph.exp(&below);
        let above = graph.affine(&sd, calibration.high as f32, 0.0);
        let above = graph.add(&median, &above);
        let p90 = graph.exp(&above);
        let squared = graph.multiply(&sd, &sd);
        let half = graph.affine(&squared, 0.5, calibration.mean_shift as f32);
        let mean = graph.add(&location, &half);
        let mean = graph.exp(&mean);
        graph.finish(&p10, &p50, &p90, &mean)
    }

    fn spread_part(&self) -> Linear {
        let mut part = Linear {
            intercept: self.spread.0 as f32,
            weights: vec![0.0; COLUMNS.len()],
            fill: vec![0.0; COLUMNS.len()],
        };
        part.weights[Column::Sd as usize] = self.spread.1 as f32;
        part
    }
}

/// Value of a linear part for one row, in double precision.
fn linear(part: &Linear, row: &[f32]) -> f64 {
    let products = part.weights.iter().zip(row).zip(&part.fill);
    let sum: f64 = products
        .map(|((weight, value), fill)| {
            let value = if value.is_nan() { fill } else { value };
            f64::from(*weight) * f64::from(*value)
        })
        .sum();
    sum + f64::from(part.intercept)
}
