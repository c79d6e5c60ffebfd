//! Builds the graph of a model: expressions over the feature matrix, four outputs.
//!
//! Whatever a model learned goes in here, its calibration and its link function too, so that one
//! file predicts the same everywhere.

use super::ensemble::{Branch, Node, TreeEnsemble};
use super::error::OnnxError;
use super::proto::{self, Attribute};
use prost::Message;

/// Name of the input, `f32 [rows, columns]`.
pub const INPUT: &str = "features";
/// Names of the outputs, each `f32 [rows, 1]`.
pub const OUTPUTS: [&str; 4] = ["p10", "p50", "p90", "mean"];

/// File format version; 8 goes with operator set 17.
const IR_VERSION: i64 = 8;
const OPERATOR_SET: i64 = 17;
/// The operator set of `ai.onnx.ml` that has `TreeEnsembleRegressor` in its plain form.
const ML_OPERATOR_SET: i64 = 3;
const ML_DOMAIN: &str = "ai.onnx.ml";

/// A linear model of the features.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Added once.
    pub intercept: f32,
    /// One weight per column.
    pub weights: Vec<f32>,
    /// What stands in for a missing value (NaN), per column.
    pub fill: Vec<f32>,
}

impl Linear {
    /// Evaluates one row without ONNX Runtime.
    pub fn evaluate(&self, row: &[f32]) -> f32 {
        let terms = row.iter().zip(&self.weights).zip(&self.fill);
        let sum: f64 = terms
            .map(|((value, weight), fill)| {
                let value = if value.is_nan() { fill } else { value };
                f64::from(*value) * f64::from(*weight)
            })
            .sum();
        (f64::from(self.intercept) + sum) as f32
    }
}

/// A value of the graph under construction, `f32 [rows, 1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

/// The graph under construction.
#[derive(Debug, Clone)]
pub struct QuantileGraph {
    columns: usize,
    nodes: Vec<proto::Node>,
    initializers: Vec<proto::Tensor>,
    next: usize,
}

impl QuantileGraph {
    /// A graph over matrices of `columns` columns.
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            nodes: Vec::new(),
            initializers: Vec::new(),
            next: 0,
        }
    }

    /// Columns of the matrix.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One column of the matrix.
    pub fn column(&mut self, index: usize) -> Result<Value, OnnxError> {
        if index >= self.columns {
            return Err(OnnxError::Export(format!("no column {index}")));
        }
        let index = self.integers(vec![index as i64]);
        Ok(self.apply(
            "Gather",
            vec![INPUT.into(), index],
            vec![Attribute::int("axis", 1)],
        ))
    }

    /// The sum of an ensemble.
    pub fn ensemble(&mut self, ensemble: &TreeEnsemble) -> Result<Value, OnnxError> {
        Ok(Value(self.trees(ensemble)?))
    }

    /// The sums of an ensemble of several outputs, in their order.
    pub fn ensembles<const OUTPUTS: usize>(
        &mut self,
        ensemble: &TreeEnsemble<OUTPUTS>,
    ) -> Result<[Value; OUTPUTS], OnnxError> {
        let sums = self.trees(ensemble)?;
        let outputs = [(); OUTPUTS].map(|()| self.name());
        self.nodes.push(proto::Node {
            input: vec![sums.clone()],
            output: outputs.to_vec(),
            name: format!("split_{sums}"),
            op_type: "Split".into(),
            attribute: vec![Attribute::int("axis", 1)],
            ..proto::Node::default()
        });
        Ok(outputs.map(Value))
    }

    /// The name of the sums of an ensemble, `f32 [rows, outputs]`.
    fn trees<const OUTPUTS: usize>(
        &mut self,
        ensemble: &TreeEnsemble<OUTPUTS>,
    ) -> Result<String, OnnxError> {
        ensemble.check().map_err(OnnxError::Export)?;
        if ensemble.columns != self.columns {
            return Err(OnnxError::Columns {
                expected: self.columns,
                found: ensemble.columns,
            });
        }
        let output = self.name();
        self.nodes.push(proto::Node {
            input: vec![INPUT.into()],
            output: vec![output.clone()],
            name: format!("trees_{output}"),
            op_type: "TreeEnsembleRegressor".into(),
            attribute: tree_attributes(ensemble),
            domain: ML_DOMAIN.into(),
        });
        Ok(output)
    }

    /// A linear model, missing values filled.
    pub fn linear(&mut self, linear: &Linear) -> Result<Value, OnnxError> {
        for values in [&linear.weights, &linear.fill] {
            if values.len() != self.columns {
                return Err(OnnxError::Columns {
                    expected: self.columns,
                    found: values.len(),
                });
            }
            if values.iter().any(|v| !v.is_finite()) {
                return Err(OnnxError::Export("a weight is not finite".into()));
            }
        }
        let columns = self.columns as i64;
        let fill = self.floats(vec![1, columns], linear.fill.clone());
        let weights = self.floats(vec![columns, 1], linear.weights.clone());
        let missing = self.apply("IsNaN", vec![INPUT.into()], vec![]);
        let filled = self.apply("Where", vec![missing.0, fill, INPUT.into()], vec![]);
        let product = self.apply("MatMul", vec![filled.0, weights], vec![]);
        Ok(self.affine(&product, 1.0, linear.intercept))
    }

    /// The same number in every row.
    pub fn constant(&mut self, value: f32) -> Result<Value, OnnxError> {
        // Multiplying a column by zero would turn a missing value into a missing result.
        let linear = Linear {
            intercept: value,
            weights: vec![0.0; self.columns],
            fill: vec![0.0; self.columns],
        };
        self.linear(&linear)
    }

    /// `e` to the power of a value.
    pub fn exp(&mut self, value: &Value) -> Value {
        self.apply("Exp", vec![value.0.clone()], vec![])
    }

    /// `scale * value + offset`.
    pub fn affine(&mut self, value: &Value, scale: f32, offset: f32) -> Value {
        let mut result = value.clone();
        if scale != 1.0 {
            let scale = self.scalar(scale);
            result = self.apply("Mul", vec![result.0, scale], vec![]);
        }
        if offset != 0.0 {
            let offset = self.scalar(offset);
            result = self.apply("Add", vec![result.0, offset], vec![]);
        }
        result
    }

    /// Sum of two values.
    pub fn add(&mut self, a: &Value, b: &Value) -> Value {
        self.binary("Add", a, b)
    }

    /// Difference of two values.
    pub fn subtract(&mut self, a: &Value, b: &Value) -> Value {
        self.binary("Sub", a, b)
    }

    /// Product of two values.
    pub fn multiply(&mut self, a: &Value, b: &Value) -> Value {
        self.binary("Mul", a, b)
    }

    /// The greater of two values.
    pub fn max(&mut self, a: &Value, b: &Value) -> Value {
        self.binary("Max", a, b)
    }

    /// The smaller of two values.
    pub fn min(&mut self, a: &Value, b: &Value) -> Value {
        self.binary("Min", a, b)
    }

    /// The value, or `floor` where it is less.
    pub fn at_least(&mut self, value: &Value, floor: f32) -> Value {
        let floor = self.scalar(floor);
        self.apply("Max", vec![value.0.clone(), floor], vec![])
    }

    /// The value, or `replacement` where column `column` equals `key`.
    pub fn replace_where(
        &mut self,
        value: &Value,
        column: usize,
        key: f32,
        replacement: f32,
    ) -> Result<Value, OnnxError> {
        let column = self.column(column)?;
        let key = self.scalar(key);
        let replacement = self.scalar(replacement);
        let equal = self.apply("Equal", vec![column.0, key], vec![]);
        Ok(self.apply("Where", vec![equal.0, replacement, value.0.clone()], vec![]))
    }

    /// Sorts the quantiles of every row, names the outputs and gives the bytes of the file.
    ///
    /// Sorting (monotone rearrangement, Chernozhukov, Fernández-Val and Galichon 2010) never makes
    /// the quantiles worse in the pinball loss.
    pub fn finish(
        mut self,
        p10: &Value,
        p50: &Value,
        p90: &Value,
        mean: &Value,
    ) -> Result<Vec<u8>, OnnxError> {
        let low = self.min(p10, p50);
        let high = self.max(p10, p50);
        let inner = self.min(&high, p90);
        let sorted = [
            self.min(&low, p90),
            self.max(&low, &inner),
            self.max(&high, p90),
            mean.clone(),
        ];
        for (value, name) in sorted.iter().zip(OUTPUTS) {
            self.nodes.push(proto::Node {
                input: vec![value.0.clone()],
                output: vec![name.into()],
                name: format!("output_{name}"),
                op_type: "Identity".into(),
                ..proto::Node::default()
            });
        }
        let operator_set = |domain: &str, version| proto::OperatorSet {
            domain: domain.into(),
            version,
        };
        let model = proto::Model {
            ir_version: IR_VERSION,
            producer_name: env!("CARGO_PKG_NAME").into(),
            producer_version: env!("CARGO_PKG_VERSION").into(),
            opset_import: vec![
                operator_set("", OPERATOR_SET),
                operator_set(ML_DOMAIN, ML_OPERATOR_SET),
            ],
            graph: Some(proto::Graph {
                node: self.nodes,
                name: "quantiles".into(),
                initializer: self.initializers,
                input: vec![proto::ValueInfo::matrix(INPUT, self.columns)],
                output: OUTPUTS.map(|n| proto::ValueInfo::matrix(n, 1)).to_vec(),
            }),
        };
        Ok(model.encode_to_vec())
    }

    fn name(&mut self) -> String {
        self.next += 1;
        format!("v{}", self.next)
    }

    fn apply(&mut self, operator: &str, input: Vec<String>, attribute: Vec<Attribute>) -> Value {
        let output = self.name();
        self.nodes.push(proto::Node {
            input,
            output: vec![output.clone()],
            name: format!("{}_{output}", operator.to_lowercase()),
            op_type: operator.into(),
            attribute,
            domain: String::new(),
        });
        Value(output)
    }

    fn binary(&mut self, operator: &str, a: &Value, b: &Value) -> Value {
        self.apply(operator, vec![a.0.clone(), b.0.clone()], vec![])
    }

    fn scalar(&mut self, value: f32) -> String {
        self.floats(vec![1], vec![value])
    }

    fn floats(&mut self, dims: Vec<i64>, float_data: Vec<f32>) -> String {
        let name = self.name();
        self.initializers.push(proto::Tensor {
            dims,
            data_type: proto::FLOAT,
            float_data,
            name: name.clone(),
            ..proto::Tensor::default()
        });
        name
    }

    fn integers(&mut self, int64_data: Vec<i64>) -> String {
        let name = self.name();
        self.initializers.push(proto::Tensor {
            dims: vec![int64_data.len() as i64],
            data_type: proto::INT64,
            int64_data,
            name: name.clone(),
            ..proto::Tensor::default()
        });
        name
    }
}

/// The parallel arrays that describe all nodes of all trees.
#[derive(Default)]
struct TreeArrays {
    tree: Vec<i64>,
    node: Vec<i64>,
    feature: Vec<i64>,
    mode: Vec<Vec<u8>>,
    value: Vec<f32>,
    yes: Vec<i64>,
    no: Vec<i64>,
    missing_yes: Vec<i64>,
    leaf_tree: Vec<i64>,
    leaf_node: Vec<i64>,
    leaf_output: Vec<i64>,
    leaf_value: Vec<f32>,
}

fn tree_attributes<const OUTPUTS: usize>(ensemble: &TreeEnsemble<OUTPUTS>) -> Vec<Attribute> {
    let mode: &[u8] = match ensemble.branch {
        Branch::Less => b"BRANCH_LT",
        Branch::LessOrEqual => b"BRANCH_LEQ",
    };
    let mut arrays = TreeArrays::default();
    // An ensemble without trees is its base score: the operator wants one tree all the same.
    let nothing = [super::ensemble::Tree {
        nodes: vec![Node::Leaf([0.0; OUTPUTS])],
    }];
    let trees = match ensemble.trees.as_slice() {
        [] => &nothing,
        trees => trees,
    };
    for (t, tree) in trees.iter().enumerate() {
        for (n, node) in tree.nodes.iter().enumerate() {
            arrays.push(t as i64, n as i64, node, mode);
        }
    }
    vec![
        Attribute::int("n_targets", OUTPUTS as i64),
        Attribute::string("aggregate_function", "SUM"),
        Attribute::string("post_transform", "NONE"),
        Attribute::floats("base_values", ensemble.base_score.to_vec()),
        Attribute::ints("nodes_treeids", arrays.tree),
        Attribute::ints("nodes_nodeids", arrays.node),
        Attribute::ints("nodes_featureids", arrays.feature),
        Attribute::strings("nodes_modes", arrays.mode),
        Attribute::floats("nodes_values", arrays.value),
        Attribute::ints("nodes_truenodeids", arrays.yes),
        Attribute::ints("nodes_falsenodeids", arrays.no),
        Attribute::ints("nodes_missing_value_tracks_true", arrays.missing_yes),
        Attribute::ints("target_treeids", arrays.leaf_tree),
        Attribute::ints("target_nodeids", arrays.leaf_node),
        Attribute::ints("target_ids", arrays.leaf_output),
        Attribute::floats("target_weights", arrays.leaf_value),
    ]
}

impl TreeArrays {
    fn push<const OUTPUTS: usize>(
        &mut self,
        tree: i64,
        id: i64,
        node: &Node<OUTPUTS>,
        split_mode: &[u8],
    ) {
        self.tree.push(tree);
        self.node.push(id);
        match *node {
            Node::Split {
                feature,
                threshold,
                missing_yes,
                yes,
                no,
            } => {
                self.feature.push(feature as i64);
                self.mode.push(split_mode.to_vec());
                self.value.push(threshold);
                self.yes.push(yes as i64);
                self.no.push(no as i64);
                self.missing_yes.push(i64::from(missing_yes));
            }
            Node::Leaf(values) => {
                self.feature.push(0);
                self.mode.push(b"LEAF".to_vec());
                self.value.push(0.0);
                self.yes.push(0);
                self.no.push(0);
                self.missing_yes.push(0);
                for (output, value) in values.into_iter().enumerate() {
                    self.leaf_tree.push(tree);
                    self.leaf_node.push(id);
                    self.leaf_output.push(output as i64);
                    self.leaf_value.push(value);
                }
            }
        }
    }
}
