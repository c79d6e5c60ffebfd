//! Gradient boosting by `hessboost`, and its trees as a neutral ensemble.

use super::error::TravelTimeError;
use super::log_model::Trees;
use crate::features::FeatureMatrix;
use crate::onnx::ensemble::{Branch, Node, Tree, TreeEnsemble};
use crate::runtime::{Cancel, Progress};
use hessboost::config::{GrowPolicy, LeafEstimation, TrainingParams, TreeMethod};
use hessboost::data::DMatrix;
use hessboost::model::BoostedModel;
use hessboost::objective::{Objective, Quantiles, RegLoss};
use hessboost::training::Trainer;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

/// What is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    /// The conditional mean.
    Mean,
    /// A conditional quantile.
    Quantile(f64),
}

/// How it is fitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recipe {
    pub target: Target,
    pub rounds: usize,
    pub leaves: usize,
    pub learning_rate: f64,
    /// Fewest rows of a leaf.
    pub leaf_rows: f64,
    /// Rounds without improvement on the held-back rows before stopping.
    pub patience: usize,
    pub seed: u64,
}

/// Rows with their labels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    pub rows: &'a [usize],
    pub labels: &'a [f64],
}

/// Where a fit reads and reports.
pub(super) struct Context<'a> {
    pub matrix: &'a FeatureMatrix,
    /// Columns the trees may split on.
    pub columns: &'a [usize],
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
}

/// Fits trees to `train`; with `held_back`, stops early and keeps the best round. Gives the trees
/// and their number.
pub(super) fn boost(
    context: &Context<'_>,
    stage: &str,
    recipe: Recipe,
    train: Sample<'_>,
    held_back: Option<Sample<'_>>,
) -> Result<(Trees, usize), TravelTimeError> {
    let failed = |e: hessboost::error::HessboostError| TravelTimeError::Fit {
        model: "boosted",
        reason: e.to_string(),
    };
    let params = parameters(recipe).map_err(failed)?;
    let data = dense(context, train).map_err(failed)?;
    let watched = held_back.map(|s| dense(context, s)).transpose();
    let watched = watched.map_err(failed)?;
    let total = recipe.rounds as u64;
    let mut trainer = Trainer::new(&params, &data, recipe.rounds).on_round(|round| {
        context
            .progress
            .report(stage, round.iteration() as u64 + 1, total);
        match context.cancel.is_cancelled() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    if let (Some(watched), Some(patience)) = (&watched, NonZeroUsize::new(recipe.patience)) {
        trainer = trainer
            .eval(watched, "held back")
            .early_stopping_rounds(patience);
    }
    let model = trainer.train().map_err(failed)?.model;
    context.cancel.check()?;
    context.progress.report(stage, total, total);
    let rounds = model
        .best_iteration()
        .map_or(model.num_boost_rounds(), |best| best + 1);
    let ensemble = neutral(&model, rounds, context);
    Ok((
        Trees {
            ensemble,
            trainer: Some((model, context.columns.to_vec())),
        },
        rounds,
    ))
}

fn parameters(recipe: Recipe) -> hessboost::error::Result<TrainingParams> {
    let (objective, leaf_estimation, weight) = match recipe.target {
        Target::Mean => (
            Objective::SquaredError(RegLoss::default()),
            LeafEstimation::Newton,
            recipe.leaf_rows,
        ),
        // The curvature of the smoothed pinball loss is no number of rows: it must not stop splits.
        Target::Quantile(level) => (
            Objective::Quantile(Quantiles::new([level])?),
            LeafEstimation::Exact,
            1e-3,
        ),
    };
    TrainingParams::builder()
        .objective(objective)
        .leaf_estimation(leaf_estimation)
        .min_child_weight(weight)
        .tree_method(TreeMethod::Hist)
        .grow_policy(GrowPolicy::LossGuide)
        .unlimited_depth()
        .max_leaves(recipe.leaves)
        .eta(recipe.learning_rate)
        .colsample_bytree(0.8)
        .seed(recipe.seed)
        .build()
}

fn dense(context: &Context<'_>, sample: Sample<'_>) -> hessboost::error::Result<DMatrix> {
    let mut values = Vec::with_capacity(sample.rows.len() * context.columns.len());
    for &row in sample.rows {
        let row = context.matrix.row(row);
        values.extend(context.columns.iter().map(|&c| row[c]));
    }
    let labels: Vec<f32> = sample.labels.iter().map(|v| *v as f32).collect();
    DMatrix::from_dense_vec(values, sample.rows.len(), context.columns.len())?.with_labels(&labels)
}

/// The first `rounds` trees, over all columns of the matrix.
fn neutral(model: &BoostedModel, rounds: usize, context: &Context<'_>) -> TreeEnsemble {
    let trees = model.trees().iter().take(rounds).map(|tree| Tree {
        nodes: tree
            .nodes()
            .iter()
            .map(|node| match node.is_leaf() {
                true => Node::Leaf(node.leaf_value),
                false => Node::Split {
                    feature: context.columns[node.split_feature as usize],
                    threshold: node.split_cond,
                    missing_yes: node.default_left,
                    yes: node.left as usize,
                    no: node.right as usize,
                },
            })
            .collect(),
    });
    TreeEnsemble {
        columns: context.matrix.columns(),
        branch: Branch::Less,
        base_score: model.base_score(),
        trees: trees.collect(),
    }
}
