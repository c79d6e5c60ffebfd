//! Which series add up to what: a table with `series_id` and one column per level, such as `area`
//! and `depot`, or `product` and `class`.

use crate::domain::InputError;
use crate::domain::hierarchy::{Hierarchy, Level};
use crate::features::series_table::SeriesTable;
use std::collections::BTreeMap;
use std::path::Path;

const REMEDY: &str = "give series_id and one column of names per level, such as area, depot";

/// Reads a hierarchy from Parquet or, by its extension, CSV.
///
/// # Errors
/// No such file, no level, a name that is empty, or a series that stands there twice.
pub fn read(path: &Path) -> Result<Hierarchy, InputError> {
    let table = SeriesTable::open(path, REMEDY)?;
    let ids = table.texts("series_id")?;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, id) in ids.iter().enumerate() {
        if seen.insert(id, position).is_some() {
            let error = table.row_error(position, "series_id", "a second row of this series");
            return Err(error.value(id));
        }
    }
    let mut levels = Vec::new();
    for name in table.columns().into_iter().filter(|n| n != "series_id") {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (id, group) in ids.iter().zip(table.texts(&name)?) {
            groups.entry(group).or_default().push(id.clone());
        }
        levels.push(Level { name, groups });
    }
    if levels.is_empty() {
        return Err(table.error("series_id", "the only column"));
    }
    Ok(Hierarchy { levels })
}
