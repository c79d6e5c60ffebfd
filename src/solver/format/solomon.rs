//! Solomon and Gehring–Homberger text: a name, `VEHICLE` with number and capacity, `CUSTOMER` with
//! seven columns.

use super::Instance;
use super::plane::{Node, Nodes, Rounding, check_size, distances};
use super::text::{LARGEST_COORDINATE, LARGEST_NUMBER, Line, exactly, lines, number, whole};
use crate::domain::InputError;

/// Tenths per unit.
const SCALE: i64 = 10;

pub(super) fn parse(source: &str, content: &str) -> Result<Instance, InputError> {
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
    let (mut nodes, mut points) = (Vec::new(), Vec::new());
    for line in rest {
        let (node, point) = customer(source, &line, nodes.len())?;
        nodes.push(node);
        points.push(point);
    }
    check_size(source, nodes.len())?;
    Nodes {
        source,
        name: name.unwrap_or_default(),
        distances: distances(&points, Rounding::Tenths),
        nodes,
        capacity,
        vehicles: Some(vehicles as usize),
        scale: SCALE,
    }
    .into_instance()
}

fn customer(source: &str, line: &Line, expected: usize) -> Result<(Node, (f64, f64)), InputError> {
    let fields = exactly(source, "CUSTOMER", line, 7)?;
    let id = whole(source, line.row, "CUST NO.", fields[0], 0, i64::MAX)?;
    if id != expected as i64 {
        let remedy = format!("number customers in order; this one is {expected}");
        return Err(
            InputError::new(source, "customers are out of order", remedy)
                .row(line.row)
                .field("CUST NO.")
                .value(id),
        );
    }
    let coordinate = |name, value| {
        number(
            source,
            line.row,
            name,
            value,
            -LARGEST_COORDINATE,
            LARGEST_COORDINATE,
        )
    };
    let time = |name, value| {
        let time = number(source, line.row, name, value, 0.0, LARGEST_NUMBER / 100.0)?;
        Ok((time * SCALE as f64) as i64)
    };
    let point = (
        coordinate("XCOORD.", fields[1])?,
        coordinate("YCOORD.", fields[2])?,
    );
    let node = Node {
        demand: whole(source, line.row, "DEMAND", fields[3], 0, 1_000_000_000)?,
        window: Some((time("READY TIME", fields[4])?, time("DUE DATE", fields[5])?)),
        service_s: time("SERVICE TIME", fields[6])?,
        row: line.row,
    };
    Ok((node, point))
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
