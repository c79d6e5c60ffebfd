//! An ensemble of regression trees, free of the library that fitted it; its leaves hold one number or
//! several that share their trees.

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
pub enum Node<const OUTPUTS: usize = 1> {
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
    /// Adds a value to every output.
    Leaf([f32; OUTPUTS]),
}

/// One tree; the root is node 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree<const OUTPUTS: usize = 1> {
    /// All nodes.
    pub nodes: Vec<Node<OUTPUTS>>,
}

/// The sum of a base score and of one leaf per tree.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeEnsemble<const OUTPUTS: usize = 1> {
    /// Columns of the feature matrix.
    pub columns: usize,
    /// How every inner node compares.
    pub branch: Branch,
    /// Added once.
    pub base_score: [f32; OUTPUTS],
    /// The trees; learning rate already in their leaves.
    pub trees: Vec<Tree<OUTPUTS>>,
}

impl<const OUTPUTS: usize> TreeEnsemble<OUTPUTS> {
    /// Names the first fault: a child outside its tree or before its parent, a column outside the
    /// matrix, a value that is not finite.
    pub fn check(&self) -> Result<(), String> {
        if self.base_score.iter().any(|v| !v.is_finite()) {
            return Err(format!("base score {:?}", self.base_score));
        }
        for (t, tree) in self.trees.iter().enumerate() {
            if tree.nodes.is_empty() {
                return Err(format!("tree {t} has no node"));
            }
            for (n, node) in tree.nodes.iter().enumerate() {
                let sound = match *node {
                    Node::Leaf(values) => values.iter().all(|v| v.is_finite()),
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
    pub fn evaluate(&self, row: &[f32]) -> [f32; OUTPUTS] {
        let mut sums = self.base_score.map(f64::from);
        for tree in &self.trees {
            let leaf = tree.nodes.get(self.leaf_of(tree, row));
            for (output, sum) in sums.iter_mut().enumerate() {
                *sum += match leaf {
                    Some(Node::Leaf(values)) => f64::from(values[output]),
                    _ => f64::NAN,
                };
            }
        }
        sums.map(|sum| sum as f32)
    }

    /// Position of the leaf of one of its trees that a row falls into.
    pub fn leaf_of(&self, tree: &Tree<OUTPUTS>, row: &[f32]) -> usize {
        let mut at = 0;
        loop {
            match tree.nodes.get(at) {
                None | Some(Node::Leaf(_)) => return at,
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
