//! What of an extract could not be understood.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Examples that are kept of each kind.
const EXAMPLES: usize = 10;

/// An element, or a part of one, that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// Such as `way 4711`.
    pub element: String,
    /// Tag and value, or what is missing.
    pub what: String,
}

/// Elements read and left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OsmReport {
    /// Ways of the extract.
    pub ways: u64,
    /// Ways that the profile may use.
    pub roads: u64,
    /// Turn restrictions that hold for the profile.
    pub restrictions: u64,
    /// How many elements were left out, by why.
    pub skipped: BTreeMap<String, u64>,
    /// The first of them, by why.
    pub examples: BTreeMap<String, Vec<Skipped>>,
}

impl OsmReport {
    /// Notes something that is left out.
    pub(crate) fn skip(&mut self, why: &str, element: String, what: impl Into<String>) {
        *self.skipped.entry(why.to_owned()).or_default() += 1;
        let examples = self.examples.entry(why.to_owned()).or_default();
        if examples.len() < EXAMPLES {
            let what = what.into().chars().take(80).collect();
            examples.push(Skipped { element, what });
        }
    }
}
