//! VRPLIB: `KEY : value` lines, then sections. CVRP and VRPTW with one depot, the first node.

use super::Instance;
use super::plane::{Node, Nodes, Rounding, check_size, distances};
use super::text::{LARGEST_COORDINATE, LARGEST_NUMBER, Line, exactly, lines, number, whole};
use crate::domain::InputError;
use std::collections::BTreeMap;

/// Keys that are understood.
const KEYS: [&str; 9] = [
    "NAME",
    "COMMENT",
    "TYPE",
    "DIMENSION",
    "VEHICLES",
    "CAPACITY",
    "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT",
    "SERVICE_TIME",
];

/// Sections that are understood.
const SECTIONS: [&str; 6] = [
    "NODE_COORD_SECTION",
    "DEMAND_SECTION",
    "DEPOT_SECTION",
    "TIME_WINDOW_SECTION",
    "SERVICE_TIME_SECTION",
    "EDGE_WEIGHT_SECTION",
];

/// The file taken apart.
struct Parts<'a> {
    source: &'a str,
    keys: BTreeMap<&'a str, (u64, &'a str)>,
    sections: BTreeMap<&'a str, Vec<Line<'a>>>,
}

pub(super) fn parse(source: &str, content: &str) -> Result<Instance, InputError> {
    let parts = split(source, content)?;
    parts.one_of("TYPE", &["CVRP", "VRPTW"])?;
    let dimension = parts.whole("DIMENSION")?;
    let coordinates = parts.sections.get("NODE_COORD_SECTION").map_or(0, Vec::len);
    let timed = parts.sections.contains_key("TIME_WINDOW_SECTION");
    let explicit = parts.one_of("EDGE_WEIGHT_TYPE", &["EUC_2D", "EXPLICIT"])? == "EXPLICIT";
    let (rounding, scale) = match (explicit, timed) {
        (true, _) | (false, false) => (Rounding::Nearest, 1),
        (false, true) => (Rounding::Tenths, 10),
    };
    let distances = if explicit {
        parts.matrix(dimension)?
    } else {
        if coordinates != dimension {
            return Err(parts.rows_missing("NODE_COORD_SECTION", coordinates, dimension));
        }
        distances(&parts.points()?, rounding)
    };
    parts.check_depot()?;
    let vehicles = match parts.keys.contains_key("VEHICLES") {
        true => Some(parts.whole("VEHICLES")?),
        false => None,
    };
    Nodes {
        source,
        name: parts
            .keys
            .get("NAME")
            .map_or("", |(_, name)| name)
            .to_owned(),
        nodes: parts.nodes(dimension, scale)?,
        distances,
        capacity: parts.whole("CAPACITY")? as i64,
        vehicles,
        scale,
    }
    .into_instance()
}

/// Sorts lines into keys and sections.
fn split<'a>(source: &'a str, content: &'a str) -> Result<Parts<'a>, InputError> {
    let mut parts = Parts {
        source,
        keys: BTreeMap::new(),
        sections: BTreeMap::new(),
    };
    let mut section: Option<&str> = None;
    let refuse = |line: &Line, what: &str, known: &[&str]| {
        let remedy = format!("use only {}", known.join(", "));
        Err(
            InputError::new(source, format!("{what} is not supported"), remedy)
                .row(line.row)
                .value(line.text),
        )
    };
    for line in lines(content) {
        if line.text == "EOF" {
            break;
        }
        let first = line.fields[0];
        if let Some((key, value)) = line.text.split_once(':') {
            let key = key.trim();
            if !KEYS.contains(&key) {
                return refuse(&line, "this key", &KEYS);
            }
            let value = value.trim().trim_matches('"');
            if parts.keys.insert(key, (line.row, value)).is_some() {
                return Err(InputError::new(source, "given twice", "give it once")
                    .row(line.row)
                    .field(key));
            }
        } else if first.ends_with("_SECTION") {
            if !SECTIONS.contains(&first) {
                return refuse(&line, "this section", &SECTIONS);
            }
            section = Some(first);
            if parts.sections.insert(first, Vec::new()).is_some() {
                return Err(InputError::new(source, "given twice", "give it once")
                    .row(line.row)
                    .field(first));
            }
        } else {
            let rows = section.and_then(|section| parts.sections.get_mut(section));
            match rows {
                Some(rows) => rows.push(line),
                None => return refuse(&line, "this line", &KEYS),
            }
        }
    }
    Ok(parts)
}

impl Parts<'_> {
    fn key(&self, key: &str) -> Result<(u64, &str), InputError> {
        self.keys
            .get(key)
            .copied()
            .ok_or_else(|| InputError::new(self.source, "key is missing", "add it").field(key))
    }

    fn one_of(&self, key: &str, allowed: &[&str]) -> Result<&str, InputError> {
        let (row, value) = self.key(key)?;
        if allowed.contains(&value) {
            return Ok(value);
        }
        let remedy = format!("use {}", allowed.join(" or "));
        Err(InputError::new(self.source, "not supported", remedy)
            .row(row)
            .field(key)
            .value(value))
    }

    fn whole(&self, key: &str) -> Result<usize, InputError> {
        let (row, value) = self.key(key)?;
        whole(self.source, row, key, value, 1, 1_000_000_000).map(|value| value as usize)
    }

    fn rows_missing(&self, section: &str, found: usize, expected: usize) -> InputError {
        let problem = format!("{found} rows, expected {expected}");
        InputError::new(self.source, problem, "give one row per node").field(section)
    }

    /// The rows of a section, which must be one per node in order; without their node number.
    fn rows(&self, section: &str, dimension: usize) -> Result<Vec<(u64, &[&str])>, InputError> {
        let lines = self
            .sections
            .get(section)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if lines.len() != dimension {
            return Err(self.rows_missing(section, lines.len(), dimension));
        }
        let columns = match section {
            "NODE_COORD_SECTION" | "TIME_WINDOW_SECTION" => 3,
            _ => 2,
        };
        let row = |(index, line)| {
            let fields = exactly(self.source, section, line, columns)?;
            let expected = index as i64 + 1;
            whole(
                self.source,
                line.row,
                section,
                fields[0],
                expected,
                expected,
            )?;
            Ok((line.row, &fields[1..]))
        };
        lines.iter().enumerate().map(row).collect()
    }

    fn points(&self) -> Result<Vec<(f64, f64)>, InputError> {
        let section = "NODE_COORD_SECTION";
        let count = self.sections.get(section).map_or(0, Vec::len);
        check_size(self.source, count)?;
        let coordinate = |row, value| {
            number(
                self.source,
                row,
                section,
                value,
                -LARGEST_COORDINATE,
                LARGEST_COORDINATE,
            )
        };
        self.rows(section, count)?
            .into_iter()
            .map(|(row, fields)| Ok((coordinate(row, fields[0])?, coordinate(row, fields[1])?)))
            .collect()
    }

    /// An explicit matrix. Numbers may be spread over lines in any way.
    fn matrix(&self, dimension: usize) -> Result<Vec<u32>, InputError> {
        let section = "EDGE_WEIGHT_SECTION";
        check_size(self.source, dimension)?;
        let full =
            self.one_of("EDGE_WEIGHT_FORMAT", &["FULL_MATRIX", "LOWER_ROW"])? == "FULL_MATRIX";
        let expected = if full {
            dimension * dimension
        } else {
            dimension * (dimension - 1) / 2
        };
        let mut numbers = Vec::new();
        for line in self
            .sections
            .get(section)
            .map(Vec::as_slice)
            .unwrap_or_default()
        {
            for value in &line.fields {
                let most = i64::from(u32::MAX);
                numbers.push(whole(self.source, line.row, section, value, 0, most)? as u32);
            }
        }
        if numbers.len() != expected {
            let problem = format!("{} numbers, expected {expected}", numbers.len());
            let remedy = "give the whole matrix";
            return Err(InputError::new(self.source, problem, remedy).field(section));
        }
        if full {
            return Ok(numbers);
        }
        let mut cells = vec![0; dimension * dimension];
        let mut next = numbers.into_iter();
        for from in 1..dimension {
            for (to, weight) in (0..from).zip(next.by_ref()) {
                cells[from * dimension + to] = weight;
                cells[to * dimension + from] = weight;
            }
        }
        Ok(cells)
    }

    /// The depot must be the first node and the only one.
    fn check_depot(&self) -> Result<(), InputError> {
        let section = "DEPOT_SECTION";
        let lines = self
            .sections
            .get(section)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let fields: Vec<&str> = lines.iter().flat_map(|line| line.fields.clone()).collect();
        if fields == ["1", "-1"] || fields == ["1"] {
            return Ok(());
        }
        let error = InputError::new(
            self.source,
            "not supported",
            "give node 1 as the only depot",
        );
        let error = match lines.first() {
            Some(line) => error.row(line.row),
            None => error,
        };
        Err(error.field(section).value(fields.join(" ")))
    }

    /// Demands, windows and service times.
    fn nodes(&self, dimension: usize, scale: i64) -> Result<Vec<Node>, InputError> {
        let section = "DEMAND_SECTION";
        let mut nodes = Vec::with_capacity(dimension);
        for (index, (row, fields)) in self.rows(section, dimension)?.into_iter().enumerate() {
            let most = if index == 0 { 0 } else { 1_000_000_000 };
            nodes.push(Node {
                demand: whole(self.source, row, section, fields[0], 0, most)?,
                row,
                ..Node::default()
            });
        }
        let time = |section, row, value| {
            let time = number(
                self.source,
                row,
                section,
                value,
                0.0,
                LARGEST_NUMBER / 100.0,
            )?;
            Ok((time * scale as f64) as i64)
        };
        let section = "TIME_WINDOW_SECTION";
        if self.sections.contains_key(section) {
            for (node, (row, fields)) in nodes.iter_mut().zip(self.rows(section, dimension)?) {
                let (open, close) = (
                    time(section, row, fields[0])?,
                    time(section, row, fields[1])?,
                );
                (node.window, node.row) = (Some((open, close)), row);
            }
        }
        let section = "SERVICE_TIME_SECTION";
        if let Some(&(row, value)) = self.keys.get("SERVICE_TIME") {
            let service_s = time("SERVICE_TIME", row, value)?;
            nodes
                .iter_mut()
                .skip(1)
                .for_each(|node| node.service_s = service_s);
        } else if self.sections.contains_key(section) {
            for (node, (row, fields)) in nodes.iter_mut().zip(self.rows(section, dimension)?) {
                node.service_s = time(section, row, fields[0])?;
            }
        }
        Ok(nodes)
    }
}
