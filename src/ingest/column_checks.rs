//! Whether a map and a file fit together before any row is read.

use super::kind::Kind;
use super::layout::{Holds, Layout, Source};
use super::mapping::Mapping;
use super::names::{closest, listed};
use super::schema::{ColumnType, TableSchema};
use crate::domain::InputError;
use polars::prelude::DataType;

/// Every name in the map must be a column of the table on our side and of the file on theirs.
pub(crate) fn check_mapping(
    source: &str,
    kind: Kind,
    schema: &TableSchema,
    mapping: &Mapping,
    found: &[(String, DataType)],
) -> Result<(), InputError> {
    let tables = [
        ("columns", mapping.columns.keys().collect::<Vec<_>>()),
        ("constants", mapping.constants.keys().collect()),
        ("factors", mapping.factors.keys().collect()),
    ];
    for (table, names) in tables {
        for name in names {
            if kind != Kind::Demand && schema.column(name).is_none() {
                let names: Vec<_> = schema.columns.iter().map(|c| c.name.as_str()).collect();
                let meant = closest(name, names.iter().copied());
                let hint = meant.map_or_else(String::new, |m| format!("is `{m}` meant? "));
                let remedy = format!("{hint}columns of {kind}: {}", names.join(", "));
                return Err(InputError::new(
                    &mapping.source,
                    "no such column in this kind of table",
                    remedy,
                )
                .field(format!("{table}.{name}")));
            }
        }
    }
    for (ours, theirs) in &mapping.columns {
        if !found.iter().any(|(name, _)| name == theirs) {
            let meant = closest(theirs, found.iter().map(|(n, _)| n.as_str()));
            let hint = meant.map_or_else(String::new, |m| format!("is `{m}` meant? "));
            let remedy = format!("{hint}columns of {source}: {}", listed(found));
            return Err(InputError::new(
                &mapping.source,
                format!("{source} has no such column"),
                remedy,
            )
            .field(format!("columns.{ours}"))
            .value(theirs));
        }
    }
    Ok(())
}

/// Numbers, dates and truth values must not come from columns of a type that cannot hold them.
pub(crate) fn check_types(
    source: &str,
    layout: &Layout,
    found: &[(String, DataType)],
) -> Result<(), InputError> {
    for slot in &layout.slots {
        let (Holds::Known { holds, .. }, Source::Read(theirs)) = (&slot.holds, &slot.source) else {
            continue;
        };
        let Some((_, dtype)) = found.iter().find(|(name, _)| name == theirs) else {
            continue;
        };
        let numeric = dtype.is_primitive_numeric() || *dtype == DataType::Boolean;
        let moment = matches!(dtype, DataType::Date | DataType::Datetime(..));
        let fits = match holds {
            ColumnType::Number(_) | ColumnType::Integer(_) | ColumnType::Flag => numeric,
            ColumnType::Date | ColumnType::LocalTime => moment,
            ColumnType::Instant => matches!(dtype, DataType::Datetime(..)),
            ColumnType::Text => dtype.is_primitive_numeric(),
            _ => false,
        };
        if !fits && !matches!(dtype, DataType::String | DataType::Null) {
            let remedy = format!(
                "give {}, or map another column to `{}`",
                wanted(*holds),
                slot.name
            );
            return Err(
                InputError::new(source, "a column of the wrong type", remedy)
                    .field(theirs)
                    .value(dtype),
            );
        }
    }
    Ok(())
}

fn wanted(holds: ColumnType) -> &'static str {
    match holds {
        ColumnType::Text | ColumnType::Word(_) => "text",
        ColumnType::Number(_) | ColumnType::Integer(_) => "numbers",
        ColumnType::Flag => "truth values",
        ColumnType::Date => "dates",
        ColumnType::Instant => "time stamps",
        ColumnType::LocalTime => "dates or local time stamps",
        ColumnType::TimeOfDay | ColumnType::WindowBound | ColumnType::Windows => {
            "times as hh:mm text"
        }
    }
}
