//! What a tenant's series add up to.

use super::forecasts::check_id;
use super::{App, AppError};
use crate::domain::InputError;
use crate::domain::hierarchy::{Hierarchy, Level, TOTAL};
use crate::store::TenantScope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const SOURCE: &str = "request body";
const MOST_SERIES: usize = 50_000;
const MOST_LEVELS: usize = 8;

/// Which group every series belongs to, by level. All series together are the group `total` of a
/// level `total`, which is not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HierarchyTable {
    /// Names of the levels, such as `area` and `depot`; up to 8.
    pub levels: Vec<String>,
    /// Up to 50,000 series; none, to have no hierarchy.
    pub series: Vec<HierarchyRow>,
}

/// A series and its groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HierarchyRow {
    /// The series.
    pub series_id: String,
    /// Its group of every level, in the order of `levels`.
    pub groups: Vec<String>,
}

impl App {
    /// The hierarchy; empty if there is none.
    pub async fn hierarchy(&self, scope: TenantScope) -> Result<HierarchyTable, AppError> {
        Ok(table(&self.store().hierarchy(scope).await?))
    }

    /// Takes a hierarchy in place of the one before, whose forecasts of groups go with it.
    pub async fn put_hierarchy(
        &self,
        scope: TenantScope,
        table: &HierarchyTable,
    ) -> Result<(), AppError> {
        check(table)?;
        Ok(self.store().put_hierarchy(scope, &hierarchy(table)).await?)
    }
}

fn hierarchy(table: &HierarchyTable) -> Hierarchy {
    let level = |(number, name): (usize, &String)| {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in &table.series {
            if let Some(group) = row.groups.get(number) {
                groups
                    .entry(group.clone())
                    .or_default()
                    .push(row.series_id.clone());
            }
        }
        groups
            .values_mut()
            .for_each(|series| series.sort_unstable());
        Level {
            name: name.clone(),
            groups,
        }
    };
    let levels = table.levels.iter().enumerate().map(level).collect();
    Hierarchy { levels }.with_total()
}

fn table(hierarchy: &Hierarchy) -> HierarchyTable {
    let listed = || hierarchy.levels.iter().filter(|level| level.name != TOTAL);
    let mut rows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for level in listed() {
        for (group, series) in &level.groups {
            for id in series {
                rows.entry(id).or_default().push(group.clone());
            }
        }
    }
    let row = |(id, groups): (&str, Vec<String>)| HierarchyRow {
        series_id: id.to_owned(),
        groups,
    };
    HierarchyTable {
        levels: listed().map(|level| level.name.clone()).collect(),
        series: rows.into_iter().map(row).collect(),
    }
}

/// Checks a hierarchy; names the first fault.
fn check(table: &HierarchyTable) -> Result<(), InputError> {
    let fault = |field: String, problem: &str, remedy: &str| {
        InputError::new(SOURCE, problem, remedy).field(field)
    };
    if table.series.len() > MOST_SERIES {
        let remedy = format!("give up to {MOST_SERIES}");
        let error = fault("series".into(), "too many series", &remedy);
        return Err(error.value(table.series.len()));
    }
    let fitting = match table.series.is_empty() {
        true => table.levels.is_empty(),
        false => (1..=MOST_LEVELS).contains(&table.levels.len()),
    };
    if !fitting {
        let remedy = format!("give 1 to {MOST_LEVELS} for series, none without series");
        let error = fault("levels".into(), "wrong number of levels", &remedy);
        return Err(error.value(table.levels.len()));
    }
    for (number, name) in table.levels.iter().enumerate() {
        let field = format!("levels[{number}]");
        check_id(name).map_err(|error| error.field(&field).value(name))?;
        let problem = match name == TOTAL {
            true => "the level of everything, which is always there",
            false if table.levels[..number].contains(name) => "a second level of this name",
            false => continue,
        };
        return Err(fault(field, problem, "give each level a name of its own").value(name));
    }
    let mut seen = BTreeSet::new();
    for (number, row) in table.series.iter().enumerate() {
        let field = |name: &str| format!("series[{number}].{name}");
        let id = &row.series_id;
        check_id(id).map_err(|error| error.field(field("series_id")).value(id))?;
        if !seen.insert(id) {
            let remedy = "give each series one row";
            return Err(fault(field("series_id"), "a second row of this series", remedy).value(id));
        }
        if row.groups.len() != table.levels.len() {
            let remedy = format!("give one per level: {}", table.levels.join(", "));
            let error = fault(field("groups"), "wrong number of groups", &remedy);
            return Err(error.value(row.groups.len()));
        }
        for (level, group) in row.groups.iter().enumerate() {
            check_id(group)
                .map_err(|error| error.field(field(&format!("groups[{level}]"))).value(group))?;
        }
    }
    Ok(())
}
