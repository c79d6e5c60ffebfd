//! A boosted ensemble of regression trees, free of the library that fitted it.

/// How an inner node compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// `value < threshold` goes to the yes child (XGBoost's way).
    Less,
    /// `value <= threshold` goes to the yes child (LightGBM's way).
    LessOrEqual,
}

/// One node; children are indices into [`Tree::nodes`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node {
    /// Compares a feature with a threshold.
    Split {
        /// Column of the feature matrix.
        feature: usize,
        /// Compared as `f32`, on both sides.
        threshold: f32,
        /// Whether a missing value (NaN) goes to the yes child.
        missing_yes: bool,
        /// Where the comparison holds.
        yes: usize,
        /// Where it does not.
        no: usize,
    },
    /// Adds a value.
    Leaf(f32),
}

/// One tree; the root is node 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree {
    /// All nodes.
    pub nodes: Vec<Node>,
}

/// The sum of a base score and of one leaf per tree.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeEnsemble {
    /// Columns of the feature matrix.
    pub columns: usize,
    /// How every inner node compares.
    pub branch: Branch,
    /// Added once.
    pub base_score: f32,
    /// The trees; learning rate already in their leaves.
    pub trees: Vec<Tree>,
}

impl TreeEnsemble {
    /// Names the first fault: a child outside its tree or before its parent, a column outside the
    /// matrix, a value that is not finite.
    pub fn check(&self) -> Result<(), String> {
        if !self.base_score.is_finite() {
            return Err(format!("base score {}", self.base_score));
        }
        for (t, tree) in self.trees.iter().enumerate() {
            if tree.nodes.is_empty() {
                return Err(format!("tree {t} has no node"));
            }
            for (n, node) in tree.nodes.iter().enumerate() {
                let sound = match *node {
                    Node::Leaf(value) => value.is_finite(),
                    Node::Split {
                        feature,
                        threshold,
                        yes,
                        no,
                        ..
                    } => {
                        // Children after their parent: no cycles.
                        let inside = |child: usize| child > n && child < tree.nodes.len();
                        feature < self.columns && !threshold.is_nan() && inside(yes) && inside(no)
                    }
                };
                if !sound {
                    return Err(format!("tree {t}, node {n}: {node:?}"));
                }
            }
        }
        Ok(())
    }

    /// Evaluates one row without ONNX Runtime: the reference its export is tested against.
    pub fn evaluate(&self, row: &[f32]) -> f32 {
        let trees = self
            .trees
            .iter()
            .map(|tree| f64::from(self.leaf(tree, row)));
        (f64::from(self.base_score) + trees.sum::<f64>()) as f32
    }

    fn leaf(&self, tree: &Tree, row: &[f32]) -> f32 {
        let mut at = 0;
        loop {
            match tree.nodes.get(at) {
                None => return f32::NAN,
                Some(Node::Leaf(value)) => return *value,
                Some(&Node::Split {
                    feature,
                    threshold,
                    missing_yes,
                    yes,
                    no,
                }) => {
                    let value = row.get(feature).copied().unwrap_or(f32::NAN);
                    let goes_yes = match self.branch {
                        _ if value.is_nan() => missing_yes,
                        Branch::Less => value < threshold,
                        Branch::LessOrEqual => value <= threshold,
                    };
                    at = if goes_yes { yes } else { no };
                }
            }
        }
    }
}
