//! One small ensemble that says what a large model says: what is served.
//!
//! The trees of bagged locations and of three quantiles cost more to ask than anything else does. The
//! model that is exported learns their answers instead of the trips (Bucilă, Caruana & Niculescu-Mizil
//! 2006, model compression): answers are free of noise, so that few large trees and great steps will
//! do. Location and spread share the trees, which are grown for the location; every leaf holds the mean
//! of what is still missing of each. Besides the trips it is asked for ways of one trip at the time of
//! another, so that few trips do not mean few answers.

use super::boosting::{Context, Sample, boost};
use super::error::TravelTimeError;
use super::log_model::TREE_OUTPUTS;
use crate::features::FeatureMatrix;
use crate::features::travel::MOMENT_COLUMNS;
use crate::onnx::TreeEnsemble;
use crate::onnx::ensemble::{Node, Tree};
use crate::regression::{BoostOptions, Loss};
use crate::runtime::random;
use rand::Rng;
use rayon::prelude::*;

/// Trees of a distilled model.
const TREES: usize = 40;
/// Share of what is missing that each of them adds.
const STEP: f64 = 0.3;
/// Questions per leaf of a tree, and bounds of the number of leaves.
const QUESTIONS_PER_LEAF: usize = 100;
const LEAVES: (usize, usize) = (63, 1023);
/// Fewest questions of a leaf.
const FEWEST: f64 = 20.0;

/// Most questions for each trip.
const QUESTIONS_PER_TRIP: usize = 25;

/// What a large model is asked: all trips, and ways of some at the time of others, `most` questions in
/// all unless there are more trips.
pub(super) fn questions(trips: FeatureMatrix, most: usize, seed: u64) -> FeatureMatrix {
    let (found, mut asked) = (trips.rows, trips);
    let wanted = (found * QUESTIONS_PER_TRIP).min(most);
    let mut generator = random::generator(seed, "distil");
    let mut row = Vec::with_capacity(asked.columns());
    for question in found..wanted.max(found) {
        row.clear();
        row.extend_from_slice(asked.row(question % found));
        let other = asked.row(generator.random_range(0..found));
        for column in MOMENT_COLUMNS {
            row[column as usize] = other[column as usize];
        }
        asked.push_row(&row);
    }
    asked
}

/// Fits an ensemble to `answers`, one per row of the context's matrix: location and spread.
pub(super) fn distil(
    context: &Context<'_>,
    answers: &[[f64; TREE_OUTPUTS]],
    seed: u64,
) -> Result<TreeEnsemble<TREE_OUTPUTS>, TravelTimeError> {
    let rows: Vec<usize> = (0..context.matrix.rows).collect();
    let rows = rows.as_slice();
    let recipe = BoostOptions {
        rounds: TREES,
        leaves: (rows.len() / QUESTIONS_PER_LEAF).clamp(LEAVES.0, LEAVES.1),
        learning_rate: STEP,
        min_child_weight: FEWEST,
        row_share: 0.8,
        column_share: 0.8,
        seed,
        ..BoostOptions::default()
    };
    let locations: Vec<f64> = answers.iter().map(|answer| answer[0]).collect();
    let train = Sample {
        rows,
        labels: &locations,
        weights: None,
    };
    let stage = "train travel-time: distil";
    let grown = boost(context, stage, Loss::Squared, &recipe, train, None)?;
    let grown = grown.ensemble(context.matrix);
    let mean = mean(answers);
    let mut missing: Vec<_> = answers.iter().map(|a| less(*a, mean)).collect();
    let mut trees = Vec::with_capacity(grown.trees.len());
    for tree in &grown.trees {
        context.cancel.check()?;
        let leaf_of = |row: &usize| grown.leaf_of(tree, context.matrix.row(*row));
        let leaves: Vec<usize> = rows.par_iter().map(leaf_of).collect();
        let mut sums = vec![(0.0, [0.0; TREE_OUTPUTS]); tree.nodes.len()];
        for (leaf, missing) in leaves.iter().zip(&missing) {
            let (count, sum) = &mut sums[*leaf];
            *count += 1.0;
            for (sum, missing) in sum.iter_mut().zip(missing) {
                *sum += missing;
            }
        }
        let steps: Vec<[f64; TREE_OUTPUTS]> = sums
            .into_iter()
            .map(|(count, sum)| sum.map(|sum| STEP * sum / f64::max(count, 1.0)))
            .collect();
        for (leaf, missing) in leaves.iter().zip(&mut missing) {
            *missing = less(*missing, steps[*leaf]);
        }
        trees.push(with_leaves(tree, &steps));
    }
    Ok(TreeEnsemble {
        columns: grown.columns,
        branch: grown.branch,
        base_score: mean.map(|v| v as f32),
        trees,
    })
}

/// The splits of a tree, with other values in its leaves.
fn with_leaves(tree: &Tree, values: &[[f64; TREE_OUTPUTS]]) -> Tree<TREE_OUTPUTS> {
    let nodes = tree.nodes.iter().zip(values);
    let nodes = nodes.map(|(node, value)| match *node {
        Node::Leaf(_) => Node::Leaf(value.map(|v| v as f32)),
        Node::Split {
            feature,
            threshold,
            missing_yes,
            yes,
            no,
        } => Node::Split {
            feature,
            threshold,
            missing_yes,
            yes,
            no,
        },
    });
    Tree {
        nodes: nodes.collect(),
    }
}

fn mean(answers: &[[f64; TREE_OUTPUTS]]) -> [f64; TREE_OUTPUTS] {
    let count = answers.len().max(1) as f64;
    std::array::from_fn(|output| answers.iter().map(|a| a[output]).sum::<f64>() / count)
}

fn less(a: [f64; TREE_OUTPUTS], b: [f64; TREE_OUTPUTS]) -> [f64; TREE_OUTPUTS] {
    std::array::from_fn(|output| a[output] - b[output])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::travel::{COLUMNS, Column};
    use crate::runtime::{Cancel, Progress};

    /// Trips at random, all columns between 0 and 1.
    fn trips(count: usize) -> FeatureMatrix {
        let mut generator = random::generator(1, "trips");
        let mut matrix = FeatureMatrix::with_capacity(COLUMNS.map(str::to_owned).to_vec(), count);
        for _ in 0..count {
            matrix.push_row(&COLUMNS.map(|_| generator.random_range(0.0..1.0)));
        }
        matrix
    }

    #[test]
    fn few_trips_are_asked_for_at_the_times_of_others() {
        let (found, asked) = (trips(40), questions(trips(40), 300, 1));
        assert_eq!(asked.rows, 300);
        assert_eq!(questions(trips(40), 10, 1).rows, 40);
        let (minute, lat) = (Column::Minute as usize, Column::OriginLat as usize);
        let known = |column: usize, value: f32| (0..40).any(|i| found.row(i)[column] == value);
        let mut new = 0;
        for question in 0..asked.rows {
            let row = asked.row(question);
            assert!(known(minute, row[minute]) && known(lat, row[lat]));
            let trip = found.row(question % 40);
            assert_eq!(row[lat], trip[lat]);
            new += usize::from(row[minute] != trip[minute]);
        }
        assert!(new > 200, "{new} new questions");
    }

    #[test]
    fn location_and_spread_are_both_learned() {
        let asked = questions(trips(2_000), 20_000, 1);
        let says = |row: &[f32]| {
            let (distance, minute) = (row[Column::Distance as usize], row[Column::Minute as usize]);
            let location = f64::from(distance + (6.0 * minute).sin());
            [location, -0.2 - 0.1 * location, 0.01, 0.3 + 0.1 * location]
        };
        let answers: Vec<_> = (0..asked.rows).map(|i| says(asked.row(i))).collect();
        let (cancel, progress) = (Cancel::new(), Progress::silent());
        let columns: Vec<usize> = (0..asked.columns()).collect();
        let context = Context {
            matrix: &asked,
            columns: &columns,
            cancel: &cancel,
            progress: &progress,
        };
        let small = distil(&context, &answers, 1).unwrap();
        let fresh = questions(trips(2_000), 40_000, 2);
        let mut squares = [0.0; TREE_OUTPUTS];
        for row in (20_000..40_000).map(|i| fresh.row(i)) {
            let pairs = small.evaluate(row).into_iter().zip(says(row));
            for (sum, (found, right)) in squares.iter_mut().zip(pairs) {
                *sum += (f64::from(found) - right).powi(2);
            }
        }
        // Of standard deviations of about 0.77, 0.08, 0 and 0.08.
        let bounds = [0.06, 0.01, 1e-4, 0.01];
        for (sum, bound) in squares.into_iter().zip(bounds) {
            let error = (sum / 20_000.0_f64).sqrt();
            assert!(error < bound, "{error} against {bound}");
        }
    }
}
