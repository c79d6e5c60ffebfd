//! Fits trees to some columns and rows of the pool by the boosting library.

use super::error::TravelTimeError;
use crate::features::FeatureMatrix;
use crate::onnx::TreeEnsemble;
use crate::onnx::ensemble::Node;
use crate::regression::boosted::{Data, Validation, fit};
use crate::regression::{BoostOptions, BoostedFit, Loss, TrainingSet};
use crate::runtime::{Cancel, Progress};

/// Rows with their labels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    pub rows: &'a [usize],
    pub labels: &'a [f64],
    /// One per row; `None`: all alike.
    pub weights: Option<&'a [f32]>,
}

/// Where a fit reads and reports.
pub(super) struct Context<'a> {
    pub matrix: &'a FeatureMatrix,
    /// Columns the trees may split on.
    pub columns: &'a [usize],
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
}

/// Fitted trees, as the library holds them.
#[derive(Debug, Clone)]
pub(super) struct Trees {
    fitted: BoostedFit,
    /// Columns of the matrix that they were fitted on.
    columns: Vec<usize>,
}

impl Trees {
    /// Sums of the trees for some rows of a matrix.
    pub fn evaluate(
        &self,
        matrix: &FeatureMatrix,
        rows: &[usize],
    ) -> Result<Vec<f64>, TravelTimeError> {
        let rows = rows.iter().map(|&i| matrix.row(i));
        let set = TrainingSet::new(columns_of(matrix, &self.columns, rows))?;
        let sums = self.fitted.predict(&set)?;
        Ok(sums.into_iter().map(f64::from).collect())
    }

    /// Their number.
    pub fn rounds(&self) -> usize {
        self.fitted.rounds()
    }

    /// The trees over all columns of a matrix.
    pub fn ensemble(&self, matrix: &FeatureMatrix) -> TreeEnsemble {
        let mut ensemble = self.fitted.ensemble(self.columns.len());
        ensemble.columns = matrix.columns();
        for node in ensemble.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
            if let Node::Split { feature, .. } = node {
                *feature = self.columns[*feature];
            }
        }
        ensemble
    }
}

/// Fits trees to `train`; with `held_back`, stops early and keeps the best round.
pub(super) fn boost(
    context: &Context<'_>,
    stage: &str,
    loss: Loss,
    options: &BoostOptions,
    train: Sample<'_>,
    held_back: Option<Sample<'_>>,
) -> Result<Trees, TravelTimeError> {
    let set_of = |rows: &[usize]| {
        let rows = rows.iter().map(|&i| context.matrix.row(i));
        TrainingSet::new(columns_of(context.matrix, context.columns, rows))
    };
    let (set, target) = (set_of(train.rows)?, single(train.labels));
    let watched = match held_back {
        Some(sample) if !sample.rows.is_empty() => {
            Some((set_of(sample.rows)?, single(sample.labels)))
        }
        _ => None,
    };
    let data = Data {
        set: &set,
        target: &target,
        weights: train.weights,
        validation: watched.as_ref().map(|(set, target)| Validation {
            set,
            target,
            weights: None,
        }),
    };
    let fitted = fit(
        loss,
        &data,
        options,
        context.cancel,
        context.progress,
        stage,
    )?;
    Ok(Trees {
        fitted,
        columns: context.columns.to_vec(),
    })
}

/// Some columns of rows, as a matrix.
pub(super) fn columns_of<'a>(
    matrix: &FeatureMatrix,
    columns: &[usize],
    rows: impl Iterator<Item = &'a [f32]>,
) -> FeatureMatrix {
    let names = columns.iter().map(|&c| matrix.names[c].clone()).collect();
    let mut picked = FeatureMatrix::with_capacity(names, rows.size_hint().0);
    for row in rows {
        picked.data.extend(columns.iter().map(|&c| row[c]));
        picked.rows += 1;
    }
    picked
}

fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|v| *v as f32).collect()
}
