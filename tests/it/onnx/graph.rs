//! The exported graph against the reference evaluation in plain Rust.

use proptest::prelude::*;
use rand::Rng;
use routeforce::features::FeatureMatrix;
use routeforce::onnx::ensemble::{Branch, Node, Tree, TreeEnsemble};
use routeforce::onnx::graph::Linear;
use routeforce::onnx::{OnnxError, QuantileGraph, Session};
use routeforce::runtime::random;

const COLUMNS: usize = 4;

/// A complete random tree of a depth, thresholds on a coarse grid so that values meet them.
fn random_tree(generator: &mut impl Rng, depth: u32) -> Tree {
    let inner = (1 << depth) - 1;
    let nodes = (0..2 * inner + 1)
        .map(|n| {
            if n < inner {
                Node::Split {
                    feature: generator.random_range(0..COLUMNS),
                    threshold: generator.random_range(-8_i8..8).into(),
                    missing_yes: generator.random(),
                    yes: 2 * n + 1,
                    no: 2 * n + 2,
                }
            } else {
                Node::Leaf([generator.random_range(-1.0..1.0)])
            }
        })
        .collect();
    Tree { nodes }
}

fn random_ensemble(seed: u64, trees: usize, branch: Branch) -> TreeEnsemble {
    let mut generator = random::generator(seed, "ensemble");
    TreeEnsemble {
        columns: COLUMNS,
        branch,
        base_score: [generator.random_range(-3.0..3.0)],
        trees: (0..trees)
            .map(|_| {
                let depth = generator.random_range(0..5);
                random_tree(&mut generator, depth)
            })
            .collect(),
    }
}

/// The splits of a random ensemble with leaves of their own.
fn random_values(seed: u64, trees: usize, part: u64) -> TreeEnsemble {
    let mut ensemble = random_ensemble(seed, trees, Branch::Less);
    let mut generator = random::generator(seed + part, "values");
    ensemble.base_score = [generator.random_range(-3.0..3.0)];
    for node in ensemble.trees.iter_mut().flat_map(|tree| &mut tree.nodes) {
        if let Node::Leaf(values) = node {
            *values = [generator.random_range(-1.0..1.0)];
        }
    }
    ensemble
}

/// Ensembles of the same splits as one.
fn with_outputs(parts: &[TreeEnsemble; 4]) -> TreeEnsemble<4> {
    let nodes = |tree: usize| {
        let of_first = parts[0].trees[tree].nodes.iter().enumerate();
        let node = |(at, node): (usize, &Node)| match *node {
            Node::Leaf(_) => Node::Leaf(parts.each_ref().map(
                |part| match part.trees[tree].nodes[at] {
                    Node::Leaf([value]) => value,
                    Node::Split { .. } => f32::NAN,
                },
            )),
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
        };
        of_first.map(node).collect()
    };
    let trees = 0..parts[0].trees.len();
    TreeEnsemble {
        columns: COLUMNS,
        branch: Branch::Less,
        base_score: parts.each_ref().map(|part| part.base_score[0]),
        trees: trees.map(|tree| Tree { nodes: nodes(tree) }).collect(),
    }
}

/// Values on the grid of the thresholds, so that `<` and `<=` differ, and missing ones.
fn random_matrix(seed: u64, rows: usize) -> FeatureMatrix {
    let mut generator = random::generator(seed, "matrix");
    let names = (0..COLUMNS).map(|c| format!("x{c}")).collect();
    let mut matrix = FeatureMatrix::with_capacity(names, rows);
    for _ in 0..rows {
        let row: Vec<f32> = (0..COLUMNS)
            .map(|_| match generator.random_range(0..10) {
                0 => f32::NAN,
                1..7 => generator.random_range(-8_i8..8).into(),
                _ => generator.random_range(-9.0..9.0),
            })
            .collect();
        matrix.push_row(&row);
    }
    matrix
}

fn session_of(
    build: impl FnOnce(&mut QuantileGraph) -> Result<[routeforce::onnx::graph::Value; 4], OnnxError>,
) -> Session {
    let mut graph = QuantileGraph::new(COLUMNS);
    let [p10, p50, p90, mean] = build(&mut graph).unwrap();
    let bytes = graph.finish(&p10, &p50, &p90, &mean).unwrap();
    Session::from_bytes("test", &bytes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_ensemble_predicts_what_its_reference_says(
        seed in 0_u64..10_000,
        trees in 0_usize..60,
        less in any::<bool>(),
    ) {
        let branch = if less { Branch::Less } else { Branch::LessOrEqual };
        let ensemble = random_ensemble(seed, trees, branch);
        let session = session_of(|graph| {
            let value = graph.ensemble(&ensemble)?;
            Ok([value.clone(), value.clone(), value.clone(), value])
        });
        let matrix = random_matrix(seed, 300);
        let batch = session.predict(&matrix).unwrap();
        for (row, predicted) in batch.iter().enumerate() {
            let expected = f64::from(ensemble.evaluate(matrix.row(row))[0]);
            prop_assert!((predicted.mean - expected).abs() < 1e-4, "{predicted:?} {expected}");
            let single = session.predict_row(matrix.row(row)).unwrap();
            prop_assert!((single.mean - expected).abs() < 1e-4);
        }
    }

    #[test]
    fn outputs_that_share_trees_are_each_their_own_sum(
        seed in 0_u64..10_000,
        trees in 0_usize..40,
    ) {
        let parts = [0, 1, 2, 3].map(|part| random_values(seed, trees, part));
        let shared = with_outputs(&parts);
        let session = session_of(|graph| graph.ensembles(&shared));
        let matrix = random_matrix(seed, 200);
        for (row, q) in session.predict(&matrix).unwrap().iter().enumerate() {
            let row = matrix.row(row);
            let together = shared.evaluate(row);
            let mut alone = parts.each_ref().map(|part| part.evaluate(row)[0]);
            prop_assert_eq!(together, alone);
            alone[..3].sort_by(f32::total_cmp);
            for (found, expected) in [q.p10, q.p50, q.p90, q.mean].iter().zip(alone) {
                prop_assert!((found - f64::from(expected)).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn quantiles_never_cross(seed in 0_u64..10_000) {
        let session = session_of(|graph| {
            let mut values = Vec::new();
            for part in 0..4 {
                values.push(graph.ensemble(&random_ensemble(seed + part, 9, Branch::Less))?);
            }
            let [a, b, c, mean] = values.try_into().unwrap();
            Ok([a, b, c, mean])
        });
        let matrix = random_matrix(seed, 200);
        let parts: Vec<_> = (0..4).map(|p| random_ensemble(seed + p, 9, Branch::Less)).collect();
        for (row, q) in session.predict(&matrix).unwrap().iter().enumerate() {
            prop_assert!(q.p10 <= q.p50 && q.p50 <= q.p90);
            let mut expected: Vec<f32> =
                parts[..3].iter().map(|e| e.evaluate(matrix.row(row))[0]).collect();
            expected.sort_by(f32::total_cmp);
            for (found, expected) in [q.p10, q.p50, q.p90].iter().zip(expected) {
                prop_assert!((found - f64::from(expected)).abs() < 1e-4);
            }
        }
    }
}

#[test]
fn every_operation_computes_what_it_says() {
    let linear = Linear {
        intercept: 0.5,
        weights: vec![1.0, -2.0, 0.0, 0.25],
        fill: vec![10.0, 20.0, 30.0, 40.0],
    };
    let session = session_of(|graph| {
        let weighted = graph.linear(&linear)?;
        let first = graph.column(0)?;
        let constant = graph.constant(-7.0)?;
        let product = graph.multiply(&first, &first);
        let exp = graph.exp(&first);
        let sum = graph.add(&product, &exp);
        let difference = graph.subtract(&sum, &first);
        let floored = graph.at_least(&difference, 2.0);
        let replaced = graph.replace_where(&floored, 1, 3.0, 99.0)?;
        let scaled = graph.affine(&weighted, 0.001, -100.0);
        Ok([scaled, constant, replaced, weighted])
    });
    let close = |found: f64, expected: f64| {
        assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
    };
    let q = session.predict_row(&[2.0, 1.0, f32::NAN, 4.0]).unwrap();
    close(q.mean, 0.5 + 2.0 - 2.0 + 1.0);
    close(q.p50, -7.0);
    close(q.p90, 4.0 + 2_f64.exp() - 2.0);
    close(q.p10, 0.001 * 1.5 - 100.0);
    let q = session.predict_row(&[0.0, 3.0, 0.0, f32::NAN]).unwrap();
    close(q.mean, 0.5 - 6.0 + 10.0);
    close(q.p90, 99.0);
    let q = session.predict_row(&[0.0, 1.0, 0.0, 0.0]).unwrap();
    close(q.p90, 2.0);
}

#[test]
fn an_unsound_ensemble_is_not_exported() {
    let mut ensemble = random_ensemble(1, 3, Branch::Less);
    ensemble.trees.push(Tree {
        nodes: vec![Node::Split {
            feature: COLUMNS,
            threshold: 0.0,
            missing_yes: true,
            yes: 1,
            no: 1,
        }],
    });
    let mut graph = QuantileGraph::new(COLUMNS);
    assert!(matches!(
        graph.ensemble(&ensemble),
        Err(OnnxError::Export(_))
    ));
}

#[test]
fn a_matrix_of_another_width_is_refused() {
    let session = session_of(|graph| {
        let value = graph.constant(1.0)?;
        Ok([value.clone(), value.clone(), value.clone(), value])
    });
    let matrix = FeatureMatrix {
        names: vec!["a".into()],
        rows: 1,
        data: vec![1.0],
    };
    assert!(matches!(
        session.predict(&matrix),
        Err(OnnxError::Columns {
            expected: COLUMNS,
            found: 1
        })
    ));
    let matrix = FeatureMatrix {
        names: vec!["x".into(); COLUMNS],
        rows: 2,
        data: vec![1.0; COLUMNS],
    };
    assert!(matches!(
        session.predict(&matrix),
        Err(OnnxError::Inconsistent { .. })
    ));
    let nothing = FeatureMatrix::with_capacity(vec!["x".into(); COLUMNS], 0);
    assert!(session.predict(&nothing).unwrap().is_empty());
}
