//! Which column of a file feeds which column of the clean table.

use super::column_checks::{check_mapping, check_types};
use super::kind::Kind;
use super::mapping::Mapping;
use super::names::{closest, listed, missing};
use super::schema::{Column, ColumnType, Limit, TableSchema};
use super::zones::Axis;
use crate::domain::InputError;
use polars::prelude::{DataFrame, DataType};

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    /// A column of the file.
    Read(String),
    /// The same value in every row.
    Constant(String),
    /// Made up from the row number: trips without a trip_id, visits without a visit_id.
    RowNumber,
    /// The place of a zone; `column` is the file's column of zones.
    Zone { column: String, axis: Axis },
    /// From the two instants around it: see [`elapsed`].
    Elapsed,
    /// This file does not have it.
    Absent,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Holds {
    /// A column that we know.
    Known { holds: ColumnType, required: bool },
    /// A column that passes through as it is.
    Extra(DataType),
}

/// One column of the clean table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    pub name: String,
    pub holds: Holds,
    pub source: Source,
}

/// The columns of the clean table and where one file has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    pub slots: Vec<Slot>,
    /// What deserves a look but is no error.
    pub warnings: Vec<String>,
}

impl Layout {
    /// The slot of that name.
    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }
}

/// Finds the columns of a file. `found` are its columns, `sample` its first rows.
pub(crate) fn of_file(
    source: &str,
    kind: Kind,
    mapping: &Mapping,
    found: &[(String, DataType)],
    sample: &DataFrame,
) -> Result<Layout, InputError> {
    let schema = TableSchema::of(kind);
    check_mapping(source, kind, &schema, mapping, found)?;
    let mut layout = Layout::default();
    for column in &schema.columns {
        let origin = origin(column, kind, mapping, found);
        match origin {
            Source::Absent if column.required => return Err(missing(source, column, found)),
            Source::Absent => {}
            origin => layout.slots.push(known(column, origin)),
        }
    }
    if kind == Kind::Visits
        && layout.slot("service_start").map(|s| &s.source)
            == layout.slot("arrive").map(|s| &s.source)
    {
        let waits = "no `service_start`: the arrival stands for it, so waiting counts as service";
        layout.warnings.push(waits.to_owned());
    }
    add_quantities(source, &schema, mapping, found, &mut layout)?;
    add_extras(kind, &schema, mapping, found, sample, &mut layout);
    check_types(source, &layout, found)?;
    Ok(layout)
}

fn known(column: &Column, source: Source) -> Slot {
    Slot {
        name: column.name.clone(),
        holds: Holds::Known {
            holds: column.holds,
            required: column.required,
        },
        source,
    }
}

fn has(found: &[(String, DataType)], name: &str) -> bool {
    found.iter().any(|(n, _)| n == name)
}

fn origin(column: &Column, kind: Kind, mapping: &Mapping, found: &[(String, DataType)]) -> Source {
    let name = column.name.as_str();
    if let Some(theirs) = mapping.columns.get(name) {
        return Source::Read(theirs.clone());
    }
    if let Some(value) = mapping.constants.get(name) {
        return Source::Constant(value.clone());
    }
    if has(found, name) {
        return Source::Read(name.to_owned());
    }
    let given = |name: &str| mapping.columns.contains_key(name) || has(found, name);
    match (kind, name) {
        (Kind::Trips, "trip_id") | (Kind::Visits, "visit_id") => Source::RowNumber,
        (Kind::Visits, "service_start") if given("arrive") => {
            let theirs = mapping.columns.get("arrive");
            Source::Read(theirs.map_or("arrive", |t| t.as_str()).to_owned())
        }
        _ if elapsed(kind).is_some_and(|e| e.name == name && given(e.until)) => Source::Elapsed,
        (Kind::Trips, _) if mapping.zones.is_some() => {
            place_of_zone(name, mapping, found).unwrap_or(Source::Absent)
        }
        _ => Source::Absent,
    }
}

/// A duration that may be given by the two instants around it.
pub(crate) struct Elapsed {
    /// The duration in seconds.
    pub name: &'static str,
    /// Where it starts.
    pub from: &'static str,
    /// Where it ends.
    pub until: &'static str,
}

/// The duration of a kind of table that may be given by two instants.
pub(crate) fn elapsed(kind: Kind) -> Option<Elapsed> {
    let (name, from, until) = match kind {
        Kind::Trips => ("duration_s", "depart", "arrive"),
        Kind::Visits => ("service_s", "service_start", "service_end"),
        _ => return None,
    };
    Some(Elapsed { name, from, until })
}

/// The source of a coordinate that the file gives by a zone.
fn place_of_zone(name: &str, mapping: &Mapping, found: &[(String, DataType)]) -> Option<Source> {
    let (zone, axis) = match name {
        "o_lat" => ("o_zone", Axis::Lat),
        "o_lon" => ("o_zone", Axis::Lon),
        "d_lat" => ("d_zone", Axis::Lat),
        "d_lon" => ("d_zone", Axis::Lon),
        _ => return None,
    };
    let renamed = mapping.columns.get(zone).map(String::as_str);
    let column = renamed.unwrap_or(zone).to_owned();
    has(found, &column).then_some(Source::Zone { column, axis })
}

fn add_quantities(
    source: &str,
    schema: &TableSchema,
    mapping: &Mapping,
    found: &[(String, DataType)],
    layout: &mut Layout,
) -> Result<(), InputError> {
    let Some(prefix) = schema.quantity_prefix else {
        return Ok(());
    };
    let ours = mapping.columns.keys().chain(mapping.constants.keys());
    let mut names: Vec<&String> = ours.chain(found.iter().map(|(name, _)| name)).collect();
    names.retain(|name| name.len() > prefix.len() && name.starts_with(prefix));
    names.sort();
    names.dedup();
    for name in names {
        if let Some(column) = schema.column(name) {
            let origin = origin(&column, Kind::Orders, mapping, found);
            layout.slots.push(known(&column, origin));
        }
    }
    let is_quantity = |slot: &Slot| slot.name.starts_with(prefix);
    if !schema.needs_quantity || layout.slots.iter().any(is_quantity) {
        return Ok(());
    }
    let remedy = format!(
        "give at least one column `{prefix}<dimension>`, such as `{prefix}kg`; found: {}",
        listed(found)
    );
    Err(InputError::new(source, "no quantity column", remedy)
        .row(1)
        .field(format!("{prefix}*")))
}

fn add_extras(
    kind: Kind,
    schema: &TableSchema,
    mapping: &Mapping,
    found: &[(String, DataType)],
    sample: &DataFrame,
    layout: &mut Layout,
) {
    for (name, dtype) in found {
        let taken = |slot: &Slot| slot.name == *name || slot.source == Source::Read(name.clone());
        if layout.slots.iter().any(taken) {
            continue;
        }
        let renamed = mapping.columns.iter().find(|(_, theirs)| *theirs == name);
        let ours = renamed.map_or(name, |(ours, _)| ours);
        if dtype.is_nested() || *dtype == DataType::Binary {
            layout.warnings.push(format!(
                "column `{name}` is left out: values of type {dtype}"
            ));
            continue;
        }
        let is_covariate = kind == Kind::Demand && *dtype == DataType::String;
        let holds = if is_covariate && looks_numeric(sample, name) {
            Holds::Known {
                holds: ColumnType::Number(Limit::Any),
                required: false,
            }
        } else if is_covariate && looks_true_or_false(sample, name) {
            Holds::Known {
                holds: ColumnType::Flag,
                required: false,
            }
        } else {
            Holds::Extra(dtype.clone())
        };
        if let Some(meant) = closest(name, schema.columns.iter().map(|c| c.name.as_str()))
            && layout.slot(meant).is_none()
        {
            layout
                .warnings
                .push(format!("column `{name}` is not known; is `{meant}` meant?"));
        }
        layout.slots.push(Slot {
            name: ours.clone(),
            holds,
            source: Source::Read(name.clone()),
        });
    }
}

fn looks_numeric(sample: &DataFrame, name: &str) -> bool {
    let Ok(column) = sample.column(name) else {
        return false;
    };
    let Ok(numbers) = column.cast(&DataType::Float64) else {
        return false;
    };
    numbers.null_count() == column.null_count() && column.null_count() < column.len()
}

fn looks_true_or_false(sample: &DataFrame, name: &str) -> bool {
    let Some(texts) = sample.column(name).ok().and_then(|c| c.str().ok()) else {
        return false;
    };
    texts.null_count() < texts.len()
        && texts
            .iter()
            .flatten()
            .all(|t| matches!(t.to_ascii_lowercase().as_str(), "true" | "false"))
}
