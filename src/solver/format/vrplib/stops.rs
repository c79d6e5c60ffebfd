//! The customers: amounts, windows, prizes, groups; and the windows of the depots.

use super::parts::Parts;
use crate::domain::InputError;
use crate::solver::format::distance_rule::DistanceRule;
use crate::solver::format::text::{number, whole};
use crate::solver::problem::{Group, Stop, TimeWindow};

/// Largest amount of goods.
const MOST_GOODS: i64 = 1_000_000_000;

/// What a file says of its customers and depots.
pub(super) struct Stops {
    /// The customers; stop `i` is node `depots + i`.
    pub stops: Vec<Stop>,
    /// Number of capacity dimensions.
    pub dimensions: usize,
    /// Opening and closing of each depot, if given.
    pub shifts: Vec<Option<TimeWindow>>,
    /// Customers of which one is served.
    pub groups: Vec<Group>,
}

pub(super) fn read(
    parts: &Parts,
    dimension: usize,
    depots: usize,
    rule: DistanceRule,
) -> Result<Stops, InputError> {
    let demands = demands(parts, dimension, depots)?;
    let pickups = match parts.has("BACKHAUL_SECTION") {
        true => goods(parts, "BACKHAUL_SECTION", dimension, depots)?,
        false => Vec::new(),
    };
    let dimensions = demands.first().map_or(0, Vec::len);
    if let Some(amounts) = pickups.first().filter(|a| a.len() != dimensions) {
        let problem = format!("{} columns, but demands have {dimensions}", amounts.len());
        let error = InputError::new(parts.source, problem, "give as many");
        return Err(error.field("BACKHAUL_SECTION"));
    }
    let service = each(
        parts,
        "SERVICE_TIME",
        dimension,
        depots,
        |v| rule.at_least(v),
        rule,
    )?;
    let release = each(
        parts,
        "RELEASE_TIME",
        dimension,
        depots,
        |v| rule.at_least(v),
        rule,
    )?;
    let prizes = each(parts, "PRIZE", dimension, depots, |v| rule.plain(v), rule)?;
    let windows = windows(parts, dimension, rule)?;
    let stops = (depots..dimension).map(|node| Stop {
        place: node,
        demand: demands.get(node).cloned().unwrap_or_default(),
        pickup: pickups.get(node).cloned().unwrap_or_default(),
        service_s: service[node],
        windows: windows[node].into_iter().collect(),
        release_s: release[node],
        penalty: Some(prizes[node]).filter(|prize| *prize > 0),
        ..Stop::default()
    });
    let stops: Vec<Stop> = stops.collect();
    Ok(Stops {
        groups: groups(parts, depots, dimension, &stops)?,
        stops,
        dimensions,
        shifts: windows.into_iter().take(depots).collect(),
    })
}

/// What is delivered, under one name or the other.
fn demands(parts: &Parts, dimension: usize, depots: usize) -> Result<Vec<Vec<i64>>, InputError> {
    match (parts.has("DEMAND_SECTION"), parts.has("LINEHAUL_SECTION")) {
        (true, true) => {
            let remedy = "give one of them";
            let error = InputError::new(parts.source, "beside DEMAND_SECTION", remedy);
            Err(error.field("LINEHAUL_SECTION"))
        }
        (false, true) => goods(parts, "LINEHAUL_SECTION", dimension, depots),
        (false, false) if parts.has("PRIZE_SECTION") || groups_given(parts) => Ok(Vec::new()),
        _ => goods(parts, "DEMAND_SECTION", dimension, depots),
    }
}

fn groups_given(parts: &Parts) -> bool {
    parts.has("MUTUALLY_EXCLUSIVE_GROUP_SECTION")
}

/// Amounts by node and dimension; depots have none.
fn goods(
    parts: &Parts,
    section: &str,
    dimension: usize,
    depots: usize,
) -> Result<Vec<Vec<i64>>, InputError> {
    let columns = parts.lines(section).first().map_or(1, |l| l.fields.len());
    let columns = columns.saturating_sub(1).max(1);
    let rows = parts.rows(section, Some(dimension), columns..=columns)?;
    let mut goods = Vec::with_capacity(dimension);
    for (node, row) in rows.iter().enumerate() {
        let most = if node < depots { 0 } else { MOST_GOODS };
        let amounts = row.fields.iter();
        let amounts = amounts.map(|value| whole(parts.source, row.row, section, value, 0, most));
        goods.push(amounts.collect::<Result<_, _>>()?);
    }
    Ok(goods)
}

/// One number for each node: from a key for all customers, from a section, or 0. Depots have none.
fn each(
    parts: &Parts,
    name: &str,
    dimension: usize,
    depots: usize,
    scaled: impl Fn(f64) -> i64,
    rule: DistanceRule,
) -> Result<Vec<i64>, InputError> {
    let section = format!("{name}_SECTION");
    let mut all = vec![0; dimension];
    if let Some(&(row, value)) = parts.keys.get(name) {
        if parts.has(&section) {
            let error = InputError::new(parts.source, "a key and a section", "give one of them");
            return Err(error.row(row).field(name));
        }
        let value = number(parts.source, row, name, value, 0.0, rule.largest())?;
        all.iter_mut().skip(depots).for_each(|v| *v = scaled(value));
    } else if parts.has(&section) {
        for (node, row) in parts
            .rows(&section, Some(dimension), 1..=1)?
            .iter()
            .enumerate()
        {
            let most = if node < depots { 0.0 } else { rule.largest() };
            let value = number(parts.source, row.row, &section, row.fields[0], 0.0, most)?;
            all[node] = scaled(value);
        }
    }
    Ok(all)
}

/// The window of each node.
fn windows(
    parts: &Parts,
    dimension: usize,
    rule: DistanceRule,
) -> Result<Vec<Option<TimeWindow>>, InputError> {
    let section = "TIME_WINDOW_SECTION";
    if !parts.has(section) {
        return Ok(vec![None; dimension]);
    }
    let mut windows = Vec::with_capacity(dimension);
    for row in parts.rows(section, Some(dimension), 2..=2)? {
        let time = |value| number(parts.source, row.row, section, value, 0.0, rule.largest());
        let open_s = rule.at_least(time(row.fields[0])?);
        let close_s = rule.at_most(time(row.fields[1])?);
        if open_s > close_s {
            let remedy = "close a window after it opens";
            return Err(
                InputError::new(parts.source, "window closes before it opens", remedy)
                    .row(row.row)
                    .field(section)
                    .value(row.fields.join(" ")),
            );
        }
        windows.push(Some(TimeWindow { open_s, close_s }));
    }
    Ok(windows)
}

/// Groups of more than one customer; a group of one is just a mandatory customer.
fn groups(
    parts: &Parts,
    depots: usize,
    dimension: usize,
    stops: &[Stop],
) -> Result<Vec<Group>, InputError> {
    let section = "MUTUALLY_EXCLUSIVE_GROUP_SECTION";
    let mut groups = Vec::new();
    for row in parts.rows(section, None, 0..=usize::MAX)? {
        let mut members = Vec::new();
        for value in row.fields {
            let (least, most) = (depots as i64 + 1, dimension as i64);
            let node = whole(parts.source, row.row, section, value, least, most)?;
            let stop = node as usize - 1 - depots;
            if row.fields.len() > 1 && stops[stop].penalty.is_some() {
                let remedy = "give customers of a group no prize";
                return Err(InputError::new(parts.source, "has a prize", remedy)
                    .row(row.row)
                    .field(section)
                    .value(value));
            }
            members.push(stop);
        }
        if members.len() > 1 {
            groups.push(Group {
                stops: members,
                penalty: None,
            });
        }
    }
    Ok(groups)
}
