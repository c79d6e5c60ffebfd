//! Solomon and Gehring–Homberger text: a name, `VEHICLE` with number and capacity, `CUSTOMER` with
//! seven columns. Distances and times in tenths unless asked otherwise; the objective is distance.

use super::distance_rule::DistanceRule;
use super::instance::{Dialect, Instance, ReadOptions};
use super::single_depot::{Node, SingleDepot};
use super::text::{Line, exactly, lines, whole};
use crate::domain::InputError;

pub(super) fn parse(
    source: &str,
    content: &str,
    options: &ReadOptions,
) -> Result<Instance, InputError> {
    let rule = options.rounding.unwrap_or(DistanceRule::Tenths);
    let mut rest = lines(content);
    let name = rest.next().map(|line| line.text.to_owned());
    expect(source, rest.next(), &["VEHICLE"])?;
    expect(source, rest.next(), &["NUMBER", "CAPACITY"])?;
    let fleet = rest
        .next()
        .ok_or_else(|| cut_short(source, "number and capacity"))?;
    let fields = exactly(source, "VEHICLE", &fleet, 2)?;
    let vehicles = whole(source, fleet.row, "NUMBER", fields[0], 1, 1_000_000)?;
    let capacity = whole(source, fleet.row, "CAPACITY", fields[1], 0, 1_000_000_000)?;
    expect(source, rest.next(), &["CUSTOMER"])?;
    rest.next()
        .ok_or_else(|| cut_short(source, "the column names"))?;
    let mut nodes = Vec::new();
    for line in rest {
        exactly(source, "CUSTOMER", &line, 7)?;
        nodes.push(Node::read(source, &line, nodes.len(), 0, rule)?);
    }
    SingleDepot {
        source,
        name: name.unwrap_or_default(),
        dialect: Dialect::Solomon,
        rule,
        nodes,
        vehicles: vehicles as usize,
        capacity,
        shipments: Vec::new(),
        vehicles_first: false,
    }
    .into_instance(options)
}

fn expect(source: &str, line: Option<Line>, words: &[&str]) -> Result<(), InputError> {
    let wanted = words.join(" ");
    let line = line.ok_or_else(|| cut_short(source, &wanted))?;
    if line.fields == words {
        return Ok(());
    }
    let remedy = format!("write `{wanted}` here");
    Err(InputError::new(source, "not a Solomon file", remedy)
        .row(line.row)
        .value(line.text))
}

fn cut_short(source: &str, missing: &str) -> InputError {
    InputError::new(
        source,
        format!("ends before {missing}"),
        "give the whole file",
    )
}
