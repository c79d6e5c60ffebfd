//! What the trainer predicts and what its export predicts through ONNX Runtime.

use super::synthetic::shops;
use routeforce::features::demand::{DemandSpec, TrainingRows, training};
use routeforce::onnx::ensemble::{Node, TreeEnsemble};
use routeforce::onnx::{QuantileGraph, Session};
use routeforce::regression::boosted::{self, BoostedFit, Data};
use routeforce::regression::linear::{self, NetOptions};
use routeforce::regression::{BoostOptions, Loss, TrainingSet};
use routeforce::runtime::{Cancel, Progress};

/// The promise: relative difference of p50 at the 99.9th percentile.
const MOST_DIFFERENCE: f64 = 1e-5;

fn rows() -> TrainingRows {
    let panel = shops(21, 30, 365, 0);
    let spec = DemandSpec::of(&panel, 14);
    training::to_fit(&panel, &spec, i64::MAX - 1, usize::MAX, 3, &Cancel::new()).unwrap()
}

fn fit(rows: &TrainingRows, loss: Loss) -> (BoostedFit, Vec<f32>) {
    let set = TrainingSet::new(rows.matrix.clone()).unwrap();
    let target = rows.scaled();
    let data = Data {
        set: &set,
        target: &target,
        weights: None,
        validation: None,
    };
    let options = BoostOptions {
        rounds: 80,
        ..BoostOptions::default()
    };
    let fit = boosted::fit(
        loss,
        &data,
        &options,
        &Cancel::new(),
        &Progress::silent(),
        "",
    )
    .unwrap();
    let trainer = fit.predict(&set).unwrap();
    (fit, trainer)
}

/// 99.9th percentile of the relative difference between the trainer and the export.
fn difference(rows: &TrainingRows, ensemble: &TreeEnsemble, log: bool, trainer: &[f32]) -> f64 {
    let mut graph = QuantileGraph::new(rows.matrix.columns());
    let sum = graph.ensemble(ensemble).unwrap();
    let value = if log { graph.exp(&sum) } else { sum };
    let bytes = graph.finish(&value, &value, &value, &value).unwrap();
    let session = Session::from_bytes("parity", &bytes).unwrap();
    let predictions = session.predict(&rows.matrix).unwrap();
    assert_eq!(predictions.len(), trainer.len());
    let mut differences: Vec<f64> = predictions
        .iter()
        .zip(trainer)
        .map(|(q, t)| (q.p50 - f64::from(*t)).abs() / f64::from(t.abs()).max(1e-6))
        .collect();
    differences.sort_by(f64::total_cmp);
    differences[(differences.len() as f64 * 0.999) as usize]
}

#[test]
fn exports_predict_what_the_trainer_predicts() {
    let rows = rows();
    assert!(rows.len() > 5000, "{}", rows.len());
    for loss in [
        Loss::Quantile(0.5),
        Loss::Quantile(0.9),
        Loss::Squared,
        Loss::Tweedie(1.3),
    ] {
        let (fit, trainer) = fit(&rows, loss);
        let ensemble = fit.ensemble(rows.matrix.columns());
        let found = difference(&rows, &ensemble, fit.log_link(), &trainer);
        assert!(found <= MOST_DIFFERENCE, "{loss:?}: {found}");
    }
}

/// Shows that the test above can fail: an export with moved thresholds, or with the other branch
/// mode, is not taken for equal.
#[test]
fn a_perturbed_export_is_noticed() {
    let rows = rows();
    let (fit, trainer) = fit(&rows, Loss::Quantile(0.5));
    let whole = fit.ensemble(rows.matrix.columns());
    let mut moved = whole.clone();
    for node in moved.trees.iter_mut().flat_map(|t| &mut t.nodes) {
        if let Node::Split { threshold, .. } = node {
            *threshold += threshold.abs() * 0.01 + 1e-3;
        }
    }
    let found = difference(&rows, &moved, false, &trainer);
    assert!(found > MOST_DIFFERENCE, "moved thresholds: {found}");
    let mut fewer = whole.clone();
    fewer.trees.pop();
    let found = difference(&rows, &fewer, false, &trainer);
    assert!(found > MOST_DIFFERENCE, "one tree less: {found}");
    // Missing values sent the other way.
    let mut turned = whole;
    for node in turned.trees.iter_mut().flat_map(|t| &mut t.nodes) {
        if let Node::Split { missing_yes, .. } = node {
            *missing_yes = !*missing_yes;
        }
    }
    let found = difference(&rows, &turned, false, &trainer);
    assert!(found > MOST_DIFFERENCE, "missing values turned: {found}");
}

#[test]
fn linear_exports_predict_what_was_fitted() {
    let rows = rows();
    let fitted = linear::fit(&rows.matrix, &rows.scaled(), None, &NetOptions::default()).unwrap();
    let mut graph = QuantileGraph::new(rows.matrix.columns());
    let value = graph.linear(&fitted).unwrap();
    let bytes = graph.finish(&value, &value, &value, &value).unwrap();
    let session = Session::from_bytes("parity", &bytes).unwrap();
    let predictions = session.predict(&rows.matrix).unwrap();
    for (row, q) in predictions.iter().enumerate() {
        let expected = f64::from(fitted.evaluate(rows.matrix.row(row)));
        assert!(
            (q.p50 - expected).abs() <= 1e-3 * expected.abs().max(0.1),
            "{q:?} {expected}"
        );
    }
}

#[test]
fn the_elastic_net_finds_a_linear_law() {
    let names = vec!["a".into(), "b".into(), "constant".into()];
    let mut matrix = routeforce::features::FeatureMatrix::with_capacity(names, 400);
    let mut target = Vec::new();
    for i in 0..400 {
        let (a, b) = ((i % 20) as f32, ((i * 7) % 31) as f32);
        matrix.push_row(&[a, b, 3.0]);
        target.push(4.0 + 2.0 * a - 0.5 * b);
    }
    let options = NetOptions {
        penalty: 1e-6,
        ..NetOptions::default()
    };
    let fitted = linear::fit(&matrix, &target, None, &options).unwrap();
    for (found, expected) in fitted.weights.iter().zip([2.0, -0.5, 0.0]) {
        assert!((found - expected).abs() < 1e-2, "{fitted:?}");
    }
    assert!((fitted.intercept - 4.0).abs() < 0.05, "{fitted:?}");
}
