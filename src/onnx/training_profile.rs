//! What the inputs of a model looked like when it was trained.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the inputs of a model looked like over the last windows of its training data, and how much
/// these windows differ among themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrainingProfile {
    /// Steps of a window.
    pub window_steps: u32,
    /// Every column over all windows together, in the order of the model's columns.
    pub columns: Vec<ColumnProfile>,
    /// By group of columns: how far each look at four windows is from the windows of the first third,
    /// the oldest first, a look beginning with every window behind that third. The greatest population
    /// stability index of the group's columns, each in units of its usual one.
    pub looks: BTreeMap<String, Vec<f64>>,
}

/// How the values of a column are distributed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnProfile {
    /// Distinct deciles. A value belongs to the first one that it does not exceed.
    pub deciles: Vec<f32>,
    /// Share of the rows up to each decile, above all of them, and without a value; half a row is
    /// added to each, so that none is zero.
    pub shares: Vec<f64>,
    /// Median population stability index of a look.
    pub usual_psi: f64,
}
