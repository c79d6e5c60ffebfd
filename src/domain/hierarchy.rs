//! Which series add up to what: areas and depots, or products and classes.

use std::collections::{BTreeMap, BTreeSet};

/// Name of the level of everything, and of its only group.
pub const TOTAL: &str = "total";

/// Groups of series by level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// The levels, in the order they were given.
    pub levels: Vec<Level>,
}

/// One level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Name, such as `area`.
    pub name: String,
    /// Series by the name of their group.
    pub groups: BTreeMap<String, Vec<String>>,
}

impl Hierarchy {
    /// All series of all groups.
    pub fn series(&self) -> BTreeSet<&str> {
        let groups = self.levels.iter().flat_map(|level| level.groups.values());
        groups.flatten().map(String::as_str).collect()
    }

    /// The hierarchy with the level [`TOTAL`] of all its series; itself if there are none.
    pub fn with_total(mut self) -> Self {
        let all: Vec<String> = self.series().into_iter().map(str::to_owned).collect();
        if !all.is_empty() {
            self.levels.push(Level {
                name: TOTAL.into(),
                groups: [(TOTAL.to_owned(), all)].into(),
            });
        }
        self
    }
}
