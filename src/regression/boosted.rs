//! Gradient-boosted trees by `hessboost`.
//!
//! Its trees compare `f32` features with `f32` thresholds by `<`, so they convert without loss.

use super::error::RegressionError;
use crate::features::FeatureMatrix;
use crate::onnx::ensemble::{Branch, Node, Tree, TreeEnsemble};
use crate::runtime::{Cancel, Progress};
use hessboost::config::{GrowPolicy, LeafEstimation};
use hessboost::error::HessboostError;
use hessboost::model::BoostedModel;
use hessboost::objective::{Objective, Quantiles, RegLoss, Tweedie};
use hessboost::prelude::{DMatrix, Iterations, Trainer, TrainingParams, TreeMethod};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

/// What a fit minimises.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// Squared error: the mean.
    Squared,
    /// Pinball loss of a level in (0, 1): the quantile.
    Quantile(f64),
    /// Tweedie deviance of a variance power in \[1, 2), logarithmic link: the mean of a target that
    /// is never negative and often zero.
    Tweedie(f64),
}

/// Settings of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostOptions {
    /// Most trees.
    pub rounds: usize,
    /// Shrinkage of every tree.
    pub learning_rate: f64,
    /// Most leaves of a tree, grown best first.
    pub leaves: usize,
    /// Least sum of curvature in a leaf; for squared error the least number of rows.
    pub min_child_weight: f64,
    /// Share of the rows drawn for every tree.
    pub row_share: f64,
    /// Share of the columns drawn for every tree.
    pub column_share: f64,
    /// Ridge penalty on leaf values.
    pub ridge: f64,
    /// Stop after this many rounds without improvement on the validation rows, if there are any.
    pub patience: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for BoostOptions {
    fn default() -> Self {
        Self {
            rounds: 200,
            learning_rate: 0.07,
            leaves: 63,
            min_child_weight: 20.0,
            row_share: 0.8,
            column_share: 0.8,
            ridge: 1.0,
            patience: 25,
            seed: 0,
        }
    }
}

/// A feature matrix prepared for fitting; its bins are built once for all targets.
#[derive(Debug, Clone)]
pub struct TrainingSet {
    rows: usize,
    columns: usize,
    data: DMatrix,
}

impl TrainingSet {
    /// Prepares a matrix. Values are finite or NaN (missing).
    pub fn new(matrix: FeatureMatrix) -> Result<Self, RegressionError> {
        if matrix.rows == 0 || matrix.columns() == 0 {
            return Err(RegressionError::Empty);
        }
        let (rows, columns) = (matrix.rows, matrix.columns());
        let data = DMatrix::from_dense_vec(matrix.data, rows, columns).map_err(boosting)?;
        Ok(Self {
            rows,
            columns,
            data,
        })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    fn labelled(
        &self,
        target: &[f32],
        weights: Option<&[f32]>,
    ) -> Result<DMatrix, RegressionError> {
        let length = |what, found| RegressionError::Length {
            what,
            rows: self.rows,
            found,
        };
        if target.len() != self.rows {
            return Err(length("targets", target.len()));
        }
        let labelled = self.data.clone().with_labels(target).map_err(boosting)?;
        match weights {
            None => Ok(labelled),
            Some(weights) if weights.len() != self.rows => Err(length("weights", weights.len())),
            Some(weights) => labelled.with_weights(weights).map_err(boosting),
        }
    }
}

/// Rows that watch a fit, and end it when they no longer gain.
#[derive(Debug, Clone, Copy)]
pub struct Validation<'a> {
    /// The rows.
    pub set: &'a TrainingSet,
    /// Their targets.
    pub target: &'a [f32],
    /// Their weights.
    pub weights: Option<&'a [f32]>,
}

/// Data of one fit.
#[derive(Debug, Clone, Copy)]
pub struct Data<'a> {
    /// The rows.
    pub set: &'a TrainingSet,
    /// Their targets, finite; not negative for [`Loss::Tweedie`].
    pub target: &'a [f32],
    /// Their weights, not negative; `None`: all alike.
    pub weights: Option<&'a [f32]>,
    /// Rows that end the fit early.
    pub validation: Option<Validation<'a>>,
}

/// A fitted ensemble.
#[derive(Debug, Clone)]
pub struct BoostedFit {
    model: BoostedModel,
    rounds: usize,
    log_link: bool,
}

/// Fits one target. `stage` names the work in progress reports.
pub fn fit(
    loss: Loss,
    data: &Data<'_>,
    options: &BoostOptions,
    cancel: &Cancel,
    progress: &Progress,
    stage: &str,
) -> Result<BoostedFit, RegressionError> {
    cancel.check()?;
    let params = params(loss, options)?;
    let train = data.set.labelled(data.target, data.weights)?;
    let watched = match &data.validation {
        Some(v) => Some(v.set.labelled(v.target, v.weights)?),
        None => None,
    };
    let mut trainer = Trainer::new(&params, &train, options.rounds).on_round(|round| {
        progress.report(stage, round.iteration() as u64 + 1, options.rounds as u64);
        if cancel.is_cancelled() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    if let (Some(watched), Some(patience)) = (&watched, NonZeroUsize::new(options.patience)) {
        trainer = trainer
            .eval(watched, "validation")
            .early_stopping_rounds(patience);
    }
    let model = trainer.train().map_err(boosting)?.model;
    cancel.check()?;
    let rounds = match model.best_iteration() {
        Some(best) => best + 1,
        None => model.num_boost_rounds(),
    };
    Ok(BoostedFit {
        model,
        rounds,
        log_link: matches!(loss, Loss::Tweedie(_)),
    })
}

fn params(loss: Loss, options: &BoostOptions) -> Result<TrainingParams, RegressionError> {
    let objective = match loss {
        Loss::Squared => Objective::SquaredError(RegLoss::default()),
        Loss::Quantile(level) => Objective::Quantile(Quantiles::new([level]).map_err(boosting)?),
        Loss::Tweedie(power) => Objective::Tweedie(Tweedie::new(power).map_err(boosting)?),
    };
    let builder = TrainingParams::builder()
        .objective(objective)
        .tree_method(TreeMethod::Hist)
        .grow_policy(GrowPolicy::LossGuide)
        .unlimited_depth()
        .max_leaves(options.leaves.max(2))
        .eta(options.learning_rate)
        .subsample(options.row_share)
        .colsample_bytree(options.column_share)
        .lambda(options.ridge)
        .min_child_weight(options.min_child_weight)
        .seed(options.seed);
    let builder = match loss {
        // The smoothed loss only grows the tree; its leaves are the exact quantiles of their rows.
        Loss::Quantile(_) => builder.leaf_estimation(LeafEstimation::Exact),
        _ => builder,
    };
    builder.build().map_err(boosting)
}

impl BoostedFit {
    /// Trees that count; less than were asked for if the validation rows ended the fit.
    pub fn rounds(&self) -> usize {
        self.rounds
    }

    /// Whether the sum of the trees is the logarithm of the prediction.
    pub fn log_link(&self) -> bool {
        self.log_link
    }

    /// Predictions of the training library itself: what the export is compared with.
    pub fn predict(&self, set: &TrainingSet) -> Result<Vec<f32>, RegressionError> {
        let predictions = self
            .model
            .predict(&set.data, Iterations::Best)
            .map_err(boosting)?;
        Ok((0..set.rows)
            .map(|row| predictions.get(row, 0).copied().unwrap_or(f32::NAN))
            .collect())
    }

    /// The ensemble in the form that is exported; a link function is not part of it.
    pub fn ensemble(&self, columns: usize) -> TreeEnsemble {
        let trees = self.model.trees().iter().zip(self.model.tree_weights());
        TreeEnsemble {
            columns,
            branch: Branch::Less,
            base_score: [self.model.base_score()],
            trees: trees
                .take(self.rounds)
                .map(|(tree, weight)| convert(tree.nodes(), weight))
                .collect(),
        }
    }
}

fn convert(nodes: &[hessboost::tree::Node], weight: f32) -> Tree {
    let convert_node = |node: &hessboost::tree::Node| {
        if node.is_leaf() {
            return Node::Leaf([node.leaf_value * weight]);
        }
        Node::Split {
            feature: node.split_feature as usize,
            threshold: node.split_cond,
            missing_yes: node.default_left,
            yes: usize::try_from(node.left).unwrap_or(usize::MAX),
            no: usize::try_from(node.right).unwrap_or(usize::MAX),
        }
    };
    Tree {
        nodes: nodes.iter().map(convert_node).collect(),
    }
}

impl TrainingSet {
    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
}

fn boosting(error: HessboostError) -> RegressionError {
    RegressionError::Boosting(error.to_string())
}
