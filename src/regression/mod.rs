//! Fits regressions to feature matrices, and hands them out in the neutral form that is exported.
//!
//! In: [`FeatureMatrix`](crate::features::FeatureMatrix), targets, weights. Out: gradient-boosted
//! trees ([`boosted`]) as [`TreeEnsemble`](crate::onnx::TreeEnsemble), elastic nets ([`linear`])
//! and logistic regressions ([`logistic`]) as [`Linear`](crate::onnx::graph::Linear). Predictions in
//! seconds, whatever takes that long, are judged and written down by [`durations`]. Never does:
//! knowing what is predicted, exporting, choosing between models.

pub mod boosted;
pub mod durations;
pub mod error;
pub mod linear;
pub mod logistic;

pub use boosted::{BoostOptions, BoostedFit, Loss, TrainingSet};
pub use error::RegressionError;
