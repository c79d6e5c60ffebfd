//! A VRPLIB file taken apart into keys and sections.

use crate::domain::InputError;
use crate::solver::format::text::{Line, lines, whole};
use std::collections::BTreeMap;

/// Keys that are understood.
const KEYS: [&str; 15] = [
    "NAME",
    "COMMENT",
    "TYPE",
    "DIMENSION",
    "VEHICLES",
    "CAPACITY",
    "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT",
    "SERVICE_TIME",
    "RELEASE_TIME",
    "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_RELOADS",
    "VEHICLES_FIXED_COST",
    "VEHICLES_UNIT_DISTANCE_COST",
];

/// Sections that are understood.
const SECTIONS: [&str; 20] = [
    "NODE_COORD_SECTION",
    "DEMAND_SECTION",
    "LINEHAUL_SECTION",
    "BACKHAUL_SECTION",
    "DEPOT_SECTION",
    "TIME_WINDOW_SECTION",
    "SERVICE_TIME_SECTION",
    "RELEASE_TIME_SECTION",
    "PRIZE_SECTION",
    "MUTUALLY_EXCLUSIVE_GROUP_SECTION",
    "EDGE_WEIGHT_SECTION",
    "CAPACITY_SECTION",
    "VEHICLES_DEPOT_SECTION",
    "VEHICLES_RELOAD_DEPOT_SECTION",
    "VEHICLES_ALLOWED_CLIENTS_SECTION",
    "VEHICLES_MAX_DURATION_SECTION",
    "VEHICLES_MAX_DISTANCE_SECTION",
    "VEHICLES_MAX_RELOADS_SECTION",
    "VEHICLES_FIXED_COST_SECTION",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION",
];

/// Lines that only close a list.
const LIST_END: &str = "-1";

/// A row of a section without its leading number.
pub(super) struct Row<'p> {
    /// Row in the file.
    pub row: u64,
    /// What follows the number.
    pub fields: &'p [&'p str],
}

/// The file taken apart.
pub(super) struct Parts<'a> {
    pub source: &'a str,
    pub keys: BTreeMap<&'a str, (u64, &'a str)>,
    pub sections: BTreeMap<&'a str, Vec<Line<'a>>>,
}

impl<'a> Parts<'a> {
    /// Sorts lines into keys and sections.
    pub fn split(source: &'a str, content: &'a str) -> Result<Self, InputError> {
        let mut parts = Self {
            source,
            keys: BTreeMap::new(),
            sections: BTreeMap::new(),
        };
        let mut section: Option<&str> = None;
        for line in lines(content) {
            if line.text == "EOF" {
                break;
            }
            let first = line.fields.first().copied().unwrap_or_default();
            let title = first.trim_end_matches(':');
            if title.ends_with("_SECTION") {
                section = Some(parts.open(title, &line)?);
            } else if let Some((key, value)) = line.text.split_once(':') {
                parts.add_key(key.trim(), value, &line)?;
            } else {
                match section.and_then(|section| parts.sections.get_mut(section)) {
                    Some(rows) => rows.push(line),
                    None => return Err(refusal(source, &line, "this line", &KEYS)),
                }
            }
        }
        Ok(parts)
    }

    fn open(&mut self, title: &str, line: &Line) -> Result<&'static str, InputError> {
        let known = SECTIONS.iter().find(|known| **known == title);
        let section = known
            .copied()
            .ok_or_else(|| refusal(self.source, line, "this section", &SECTIONS))?;
        match self.sections.insert(section, Vec::new()) {
            None => Ok(section),
            Some(_) => Err(self.twice(section, line)),
        }
    }

    fn add_key(&mut self, key: &'a str, value: &'a str, line: &Line) -> Result<(), InputError> {
        if !KEYS.contains(&key) {
            return Err(refusal(self.source, line, "this key", &KEYS));
        }
        let value = value.trim().trim_matches('"');
        match self.keys.insert(key, (line.row, value)) {
            None => Ok(()),
            Some(_) => Err(self.twice(key, line)),
        }
    }

    fn twice(&self, field: &str, line: &Line) -> InputError {
        InputError::new(self.source, "given twice", "give it once")
            .row(line.row)
            .field(field)
    }

    /// A key that must be there.
    pub fn key(&self, key: &str) -> Result<(u64, &'a str), InputError> {
        self.keys
            .get(key)
            .copied()
            .ok_or_else(|| InputError::new(self.source, "key is missing", "add it").field(key))
    }

    /// A key that must have one of some values.
    pub fn one_of(&self, key: &str, allowed: &[&str]) -> Result<&'a str, InputError> {
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

    /// A positive whole number.
    pub fn whole(&self, key: &str) -> Result<usize, InputError> {
        let (row, value) = self.key(key)?;
        whole(self.source, row, key, value, 1, 1_000_000_000).map(|value| value as usize)
    }

    /// Whether there is such a section.
    pub fn has(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// The lines of a section, none if there is none.
    pub fn lines(&self, section: &str) -> &[Line<'a>] {
        let lines = self.sections.get(section);
        lines.map(Vec::as_slice).unwrap_or_default()
    }

    /// The rows of a section: exactly `count` (any number for `None`), numbered from 1, each with
    /// a number of fields within `fields`.
    pub fn rows(
        &self,
        section: &str,
        count: Option<usize>,
        fields: std::ops::RangeInclusive<usize>,
    ) -> Result<Vec<Row<'_>>, InputError> {
        let lines = self.lines(section);
        let count = count.unwrap_or(lines.len());
        if lines.len() != count {
            let problem = format!("{} rows, expected {count}", lines.len());
            let error = InputError::new(self.source, problem, "give one row each, in order");
            return Err(error.field(section));
        }
        let mut rows = Vec::with_capacity(count);
        for (index, line) in lines.iter().enumerate() {
            let (number, rest) = line.fields.split_first().unwrap_or((&"", &[]));
            let expected = index as i64 + 1;
            whole(self.source, line.row, section, number, expected, expected)?;
            if !fields.contains(&rest.len()) {
                let problem = format!("{} fields after the number", rest.len());
                let remedy = match fields.start() == fields.end() {
                    true => format!("give {}", fields.start()),
                    false => format!("give at least {}", fields.start()),
                };
                return Err(InputError::new(self.source, problem, remedy)
                    .row(line.row)
                    .field(section)
                    .value(line.text));
            }
            let row = line.row;
            rows.push(Row { row, fields: rest });
        }
        Ok(rows)
    }

    /// Numbers of a list such as the depots, which `-1` may close.
    pub fn list(&self, section: &str) -> Vec<(u64, &'a str)> {
        let lines = self.lines(section).iter();
        lines
            .flat_map(|line| line.fields.iter().map(|field| (line.row, *field)))
            .filter(|(_, field)| *field != LIST_END)
            .collect()
    }
}

fn refusal(source: &str, line: &Line, what: &str, known: &[&str]) -> InputError {
    let remedy = format!("use only {}", known.join(", "));
    InputError::new(source, format!("{what} is not supported"), remedy)
        .row(line.row)
        .value(line.text)
}
