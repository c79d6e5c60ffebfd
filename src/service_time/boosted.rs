//! Boosted trees on what the effects leave: amounts and hours that do not act as the formula says.

use super::columns::{COLUMNS, Column};
use super::error::ServiceTimeError;
use crate::features::FeatureMatrix;
use crate::onnx::ensemble::{Branch, Node, TreeEnsemble};
use crate::regression::boosted::{Data, Validation, fit};
use crate::regression::{BoostOptions, BoostedFit, Loss, TrainingSet};
use crate::runtime::{Cancel, Progress};

/// Columns the trees may split on: none of a customer's own, since its effect has seen its visits.
const SPLITS: [Column; 3] = [Column::LogQuantity, Column::Hour, Column::Weekday];

/// Trees, with the model of the library that fitted them, if one did.
#[derive(Debug, Clone)]
pub struct Trees {
    /// What is exported.
    pub ensemble: TreeEnsemble,
    /// What was fitted.
    pub trainer: Option<BoostedFit>,
}

impl Trees {
    /// No trees: 0 for every row.
    pub fn none() -> Self {
        Self {
            ensemble: TreeEnsemble {
                columns: COLUMNS.len(),
                branch: Branch::Less,
                base_score: [0.0],
                trees: Vec::new(),
            },
            trainer: None,
        }
    }

    /// Sums of the trees by the library that fitted them.
    pub fn evaluate(&self, matrix: &FeatureMatrix) -> Vec<f64> {
        if let Some(fitted) = &self.trainer {
            let all: Vec<usize> = (0..matrix.rows).collect();
            let set = set_of(matrix, &all);
            if let Ok(sums) = set.and_then(|set| fitted.predict(&set)) {
                return sums.into_iter().map(f64::from).collect();
            }
        }
        (0..matrix.rows)
            .map(|i| f64::from(self.ensemble.evaluate(matrix.row(i))[0]))
            .collect()
    }
}

/// Rows and what they shall be explained by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    pub rows: &'a [usize],
    /// One per row.
    pub errors: &'a [f64],
}

/// Fits trees to `train`; with `held_back`, stops early. Gives the trees and their number.
pub(super) fn boost(
    matrix: &FeatureMatrix,
    train: Sample<'_>,
    held_back: Option<Sample<'_>>,
    rounds: usize,
    seed: u64,
    (cancel, progress): (&Cancel, &Progress),
) -> Result<(Trees, usize), ServiceTimeError> {
    let single = |values: &[f64]| -> Vec<f32> { values.iter().map(|v| *v as f32).collect() };
    let (set, target) = (set_of(matrix, train.rows)?, single(train.errors));
    let watched = match held_back {
        Some(sample) if !sample.rows.is_empty() => {
            Some((set_of(matrix, sample.rows)?, single(sample.errors)))
        }
        _ => None,
    };
    let data = Data {
        set: &set,
        target: &target,
        weights: None,
        validation: watched.as_ref().map(|(set, target)| Validation {
            set,
            target,
            weights: None,
        }),
    };
    let options = BoostOptions {
        rounds,
        learning_rate: 0.05,
        leaves: 15,
        min_child_weight: 50.0,
        seed,
        ..BoostOptions::default()
    };
    let stage = "train service-time: boost";
    let fitted = fit(Loss::Squared, &data, &options, cancel, progress, stage)?;
    let rounds = fitted.rounds();
    let mut ensemble = fitted.ensemble(SPLITS.len());
    ensemble.columns = COLUMNS.len();
    for node in ensemble.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
        if let Node::Split { feature, .. } = node {
            *feature = SPLITS[*feature] as usize;
        }
    }
    let trainer = Some(fitted);
    Ok((Trees { ensemble, trainer }, rounds))
}

fn set_of(
    matrix: &FeatureMatrix,
    rows: &[usize],
) -> Result<TrainingSet, crate::regression::RegressionError> {
    let names = SPLITS.map(|c| COLUMNS[c as usize].to_owned()).to_vec();
    let mut picked = FeatureMatrix::with_capacity(names, rows.len());
    for &i in rows {
        picked.push_row(&SPLITS.map(|column| matrix.row(i)[column as usize]));
    }
    TrainingSet::new(picked)
}
