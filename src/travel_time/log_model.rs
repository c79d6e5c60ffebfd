//! The shape of every travel-time model, in natural logarithms of seconds.
//!
//! ```text
//! location = linear part + trees                    m = location + middle + shift
//! p50 = e^m    p10 = e^(m + low * (lower - middle))    p90 = e^(m + high * (upper - middle))
//! mean = e^(location + curve * (upper - lower)^2 + mean shift)
//! ```
//! `lower`, `middle` and `upper` are the spread: quantiles of the logarithm's error, from the same trees
//! as the location. The mean of a log-normal variable exceeds the exponential of its location by half
//! its variance, which is proportional to the squared width of its interval: hence the curve.

use crate::domain::forecast::Quantiles;
use crate::features::FeatureMatrix;
use crate::onnx::graph::{Linear, QuantileGraph, Value};
use crate::onnx::{OnnxError, TreeEnsemble};
use rayon::prelude::*;

/// Half the variance of a normal variable over the squared width of its central 80 %.
pub const LOG_NORMAL_CURVE: f64 = 0.5 / (2.563_103 * 2.563_103);

/// What the trees give: location, and quantiles of its logarithm's error.
pub const TREE_OUTPUTS: usize = 4;

/// What was learned on trips held back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Added to the logarithm of all quantiles.
    pub shift: f64,
    /// Stretches the lower half of the interval.
    pub low: f64,
    /// Stretches the upper half of the interval.
    pub high: f64,
    /// Added to the logarithm of the mean.
    pub mean_shift: f64,
}

impl Calibration {
    /// Changes nothing.
    pub const NONE: Self = Self {
        shift: 0.0,
        low: 1.0,
        high: 1.0,
        mean_shift: 0.0,
    };
}

/// Location and spread of one trip before calibration, in log seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRow {
    /// Where the logarithm is expected.
    pub location: f64,
    /// Quantiles of its error.
    pub spread: [f64; 3],
}

impl LogRow {
    /// Logarithm of the median before calibration.
    pub fn middle(&self) -> f64 {
        self.location + self.spread[1]
    }

    /// Logarithm of the mean before its shift.
    pub fn mean(&self) -> f64 {
        let width = self.spread[2] - self.spread[0];
        self.location + LOG_NORMAL_CURVE * width * width
    }

    /// Seconds, calibrated.
    pub fn quantiles(&self, calibration: &Calibration) -> Quantiles {
        let [lower, middle, upper] = self.spread;
        let median = self.middle() + calibration.shift;
        let mut sorted = [
            median + calibration.low * (lower - middle),
            median,
            median + calibration.high * (upper - middle),
        ];
        sorted.sort_by(f64::total_cmp);
        let [p10, p50, p90] = sorted.map(f64::exp);
        let mean = (self.mean() + calibration.mean_shift).exp();
        Quantiles {
            p10,
            p50,
            p90,
            mean,
        }
    }
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct LogModel {
    /// Linear part of the location.
    pub base: Linear,
    /// Rest of the location, and the spread around it: 10 %, 50 % and 90 % of the logarithm's error.
    pub trees: TreeEnsemble<TREE_OUTPUTS>,
    /// What was learned on trips held back.
    pub calibration: Calibration,
}

impl LogModel {
    /// Location and spread of every row.
    pub fn rows(&self, matrix: &FeatureMatrix) -> Vec<LogRow> {
        let row = |at: usize| {
            let row = matrix.row(at);
            let [location, lower, middle, upper] = self.trees.evaluate(row).map(f64::from);
            LogRow {
                location: location + linear(&self.base, row),
                spread: [lower, middle, upper],
            }
        };
        (0..matrix.rows).into_par_iter().map(row).collect()
    }

    /// Seconds of every row without ONNX Runtime: what the export is tested against.
    pub fn evaluate(&self, matrix: &FeatureMatrix) -> Vec<Quantiles> {
        let rows = self.rows(matrix);
        rows.iter()
            .map(|row| row.quantiles(&self.calibration))
            .collect()
    }

    /// The model as an ONNX file.
    pub fn to_onnx(&self) -> Result<Vec<u8>, OnnxError> {
        let mut graph = QuantileGraph::new(self.base.weights.len());
        let base = graph.linear(&self.base)?;
        let [rest, lower, middle, upper] = graph.ensembles(&self.trees)?;
        let location = graph.add(&base, &rest);
        let calibration = &self.calibration;
        let median = graph.add(&location, &middle);
        let median = graph.affine(&median, 1.0, calibration.shift as f32);
        let p50 = graph.exp(&median);
        let bound = |graph: &mut QuantileGraph, edge: &Value, stretch: f64| {
            let reach = graph.subtract(edge, &middle);
            let reach = graph.affine(&reach, stretch as f32, 0.0);
            let bound = graph.add(&median, &reach);
            graph.exp(&bound)
        };
        let p10 = bound(&mut graph, &lower, calibration.low);
        let p90 = bound(&mut graph, &upper, calibration.high);
        let width = graph.subtract(&upper, &lower);
        let squared = graph.multiply(&width, &width);
        let curve = graph.affine(
            &squared,
            LOG_NORMAL_CURVE as f32,
            calibration.mean_shift as f32,
        );
        let mean = graph.add(&location, &curve);
        let mean = graph.exp(&mean);
        graph.finish(&p10, &p50, &p90, &mean)
    }
}

/// Value of a linear part for one row.
pub fn linear(part: &Linear, row: &[f32]) -> f64 {
    let products = part.weights.iter().zip(row).zip(&part.fill);
    let sum: f64 = products
        .map(|((weight, value), fill)| {
            let value = if value.is_nan() { fill } else { value };
            f64::from(*weight) * f64::from(*value)
        })
        .sum();
    sum + f64::from(part.intercept)
}
