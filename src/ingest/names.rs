//! Names of columns in messages: what was found, what is missing, what was probably meant.

use super::schema::Column;
use crate::domain::InputError;
use polars::prelude::DataType;

/// The columns that were found, for a message.
pub(crate) fn listed(found: &[(String, DataType)]) -> String {
    let names: Vec<_> = found
        .iter()
        .take(40)
        .map(|(name, _)| name.as_str())
        .collect();
    names.join(", ")
}

/// The name that is so near that it is probably meant.
pub(crate) fn closest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', ' ', '-'], "");
    let wanted = plain(name);
    among
        .map(|candidate| (edits(&wanted, &plain(candidate)), candidate))
        .min()
        .filter(|&(distance, _)| distance <= 1 + wanted.chars().count() / 5)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = row.get(j).copied().unwrap_or_default() + usize::from(from != *to);
            let removed = row.get(j + 1).copied().unwrap_or_default() + 1;
            let added = next.get(j).copied().unwrap_or_default() + 1;
            next.push(replaced.min(removed).min(added));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// An error that names the missing column, the nearest one found, and the way out.
pub(crate) fn missing(source: &str, column: &Column, found: &[(String, DataType)]) -> InputError {
    let name = column.name.as_str();
    let meant = closest(name, found.iter().map(|(n, _)| n.as_str()));
    let hint = match meant {
        Some(meant) => format!(
            "is it `{meant}`? then put `{name} = \"{meant}\"` under [columns] of a map (--map)"
        ),
        None => {
            format!("add it, or name its column under [columns] of a map (--map): {name} = \"…\"")
        }
    };
    let remedy = format!("{hint}; found: {}", listed(found));
    InputError::new(source, "a required column is missing", remedy)
        .row(1)
        .field(name)
}
