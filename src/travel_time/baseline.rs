//! The baseline: great circle × pace by hour of the week.

use super::calibration::quantile;
use super::log_model::{Calibration, LogModel, TREE_OUTPUTS, linear};
use super::pool::Pool;
use crate::features::travel::Column;
use crate::onnx::ensemble::{Branch, Node, Tree, TreeEnsemble};
use crate::onnx::graph::Linear;

/// Hours of a week.
const HOURS: usize = 168;
/// Average trips with the pace of the whole week that are added to every hour, so that an hour
/// with few trips stays close to the week.
const SHRINKAGE_TRIPS: f64 = 50.0;

/// Fits paces on `rows`: seconds per metre of great circle + 300 m, the offset of the feature's
/// logarithm, by local hour of the week. Quantiles are those of the ratios seen.
pub(super) fn fit(pool: &Pool, rows: &[usize]) -> LogModel {
    let mut seconds = [0.0; HOURS];
    let mut metres = [0.0; HOURS];
    for &i in rows {
        let row = pool.matrix.row(i);
        let hour = (row[Column::HourOfWeek as usize] as usize).min(HOURS - 1);
        seconds[hour] += pool.log_y[i].exp();
        metres[hour] += f64::from(row[Column::LogDistance as usize]).exp();
    }
    let (all_seconds, all_metres): (f64, f64) = (seconds.iter().sum(), metres.iter().sum());
    let pace = all_seconds / all_metres.max(1.0);
    let added_metres = SHRINKAGE_TRIPS * all_metres / rows.len().max(1) as f64;
    let log_pace: Vec<f32> = (0..HOURS)
        .map(|h| (seconds[h] + added_metres * pace) / (metres[h] + added_metres))
        .map(|pace| pace.ln() as f32)
        .collect();
    let columns = pool.matrix.columns();
    let mut nodes = Vec::new();
    grow(&mut nodes, &log_pace, 0);
    let mut weights = vec![0.0; columns];
    weights[Column::LogDistance as usize] = 1.0;
    let mut model = LogModel {
        base: Linear {
            intercept: 0.0,
            weights,
            fill: vec![0.0; columns],
        },
        trees: TreeEnsemble {
            columns,
            branch: Branch::Less,
            base_score: [0.0; TREE_OUTPUTS],
            trees: vec![Tree { nodes }],
        },
        calibration: Calibration::NONE,
    };
    set_spread(pool, rows, &mut model);
    model
}

/// Gives every trip the quantiles of the errors on rows.
pub(super) fn set_spread(pool: &Pool, rows: &[usize], model: &mut LogModel) {
    let mut errors: Vec<f64> = rows
        .iter()
        .map(|&i| {
            let row = pool.matrix.row(i);
            let trees = f64::from(model.trees.evaluate(row)[0]);
            pool.log_y[i] - trees - linear(&model.base, row)
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    let [lower, middle, upper] = [0.1, 0.5, 0.9].map(|level| quantile(&errors, level) as f32);
    model.trees.base_score = [0.0, lower, middle, upper];
}

/// A balanced tree over hours of the week `first..first + values.len()`; gives its root.
fn grow(nodes: &mut Vec<Node<TREE_OUTPUTS>>, values: &[f32], first: usize) -> usize {
    let at = nodes.len();
    if let [value] = values {
        nodes.push(Node::Leaf([*value, 0.0, 0.0, 0.0]));
        return at;
    }
    let (left, right) = values.split_at(values.len() / 2);
    let threshold = (first + left.len()) as f32 - 0.5;
    nodes.push(Node::Leaf([0.0; TREE_OUTPUTS]));
    let yes = grow(nodes, left, first);
    let no = grow(nodes, right, first + left.len());
    nodes[at] = Node::Split {
        feature: Column::HourOfWeek as usize,
        threshold,
        missing_yes: true,
        yes,
        no,
    };
    at
}
