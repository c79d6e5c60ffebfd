//! What a file says of each vehicle: by a key for all, or by a section with a row for each.

use super::parts::Parts;
use crate::domain::InputError;
use crate::solver::format::distance_rule::DistanceRule;
use crate::solver::format::text::{Line, number, whole};

/// Rows of a section: their number in the file and their words.
type Rows<'a> = Vec<(u64, Vec<&'a str>)>;

/// Largest capacity or price.
pub(super) const LARGEST: i64 = 1_000_000_000_000;

/// One vehicle, or all that are alike.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Vehicle {
    pub capacity: Vec<i64>,
    pub depot: usize,
    pub reloads: Vec<usize>,
    pub max_trips: Option<usize>,
    pub max_distance: Option<i64>,
    pub max_duration_s: Option<i64>,
    pub fixed_cost: i64,
    pub cost_per_distance: i64,
    /// Nodes that it may visit, sorted; `None` for all.
    pub allowed: Option<Vec<usize>>,
}

/// Columns of the fleet: one entry for all vehicles, or one each.
pub(super) struct Table {
    capacity: Vec<Vec<i64>>,
    depot: Vec<usize>,
    reloads: Vec<Vec<usize>>,
    max_trips: Vec<Option<usize>>,
    max_distance: Vec<Option<i64>>,
    max_duration_s: Vec<Option<i64>>,
    fixed_cost: Vec<i64>,
    cost_per_distance: Vec<i64>,
    allowed: Vec<Option<Vec<usize>>>,
}

impl Table {
    pub fn read(
        parts: &Parts,
        count: usize,
        depots: usize,
        dimension: usize,
        rule: DistanceRule,
    ) -> Result<Self, InputError> {
        let column = Column { parts, count };
        let at_most = |name| column.optional(name, rule.largest(), |v| rule.at_most(v));
        let whole_number = |name, most| column.optional(name, most, |v| v as i64);
        let unit_cost = "VEHICLES_UNIT_DISTANCE_COST";
        column.refuse_fractions(unit_cost)?;
        column.refuse_fractions("VEHICLES_MAX_RELOADS")?;
        let trips = whole_number("VEHICLES_MAX_RELOADS", 1e6)?;
        let fixed = column.optional("VEHICLES_FIXED_COST", rule.largest(), |v| rule.plain(v))?;
        let costs = whole_number(unit_cost, LARGEST as f64)?;
        let nodes = |section, first, last| column.nodes(section, first, last);
        let depot = nodes("VEHICLES_DEPOT_SECTION", 1, depots)?;
        let allowed = nodes("VEHICLES_ALLOWED_CLIENTS_SECTION", depots + 1, dimension)?;
        Ok(Self {
            capacity: column.capacity()?,
            depot: match depot.is_empty() {
                true => vec![0],
                false => column.single("VEHICLES_DEPOT_SECTION", depot)?,
            },
            reloads: match nodes("VEHICLES_RELOAD_DEPOT_SECTION", 1, depots)? {
                none if none.is_empty() => vec![Vec::new()],
                some => some,
            },
            max_trips: trips
                .into_iter()
                .map(|t| t.map(|t| t as usize + 1))
                .collect(),
            max_distance: at_most("VEHICLES_MAX_DISTANCE")?,
            max_duration_s: at_most("VEHICLES_MAX_DURATION")?,
            fixed_cost: fixed.into_iter().map(|c| c.unwrap_or(0)).collect(),
            cost_per_distance: costs.into_iter().map(|c| c.unwrap_or(1)).collect(),
            allowed: match allowed.is_empty() {
                true => vec![None],
                false => allowed
                    .into_iter()
                    .map(|mut nodes| {
                        nodes.sort_unstable();
                        Some(nodes)
                    })
                    .collect(),
            },
        })
    }

    /// Whether all vehicles are alike.
    pub fn is_uniform(&self) -> bool {
        self.capacity.len() == 1
            && self.depot.len() == 1
            && self.reloads.len() == 1
            && self.max_trips.len() == 1
            && self.max_distance.len() == 1
            && self.max_duration_s.len() == 1
            && self.fixed_cost.len() == 1
            && self.cost_per_distance.len() == 1
            && self.allowed.len() == 1
    }

    /// A vehicle by its number from 0.
    pub fn vehicle(&self, index: usize) -> Vehicle {
        fn of<T: Clone + Default>(column: &[T], index: usize) -> T {
            let own = column.get(index).or_else(|| column.first());
            own.cloned().unwrap_or_default()
        }
        Vehicle {
            capacity: of(&self.capacity, index),
            depot: of(&self.depot, index),
            reloads: of(&self.reloads, index),
            max_trips: of(&self.max_trips, index),
            max_distance: of(&self.max_distance, index),
            max_duration_s: of(&self.max_duration_s, index),
            fixed_cost: of(&self.fixed_cost, index),
            cost_per_distance: of(&self.cost_per_distance, index),
            allowed: of(&self.allowed, index),
        }
    }
}

/// Reads what is given by vehicle.
struct Column<'p, 'a> {
    parts: &'p Parts<'a>,
    count: usize,
}

impl Column<'_, '_> {
    /// The texts of a key or a section, by row, and whether there is one for each vehicle.
    fn texts(&self, name: &str) -> Result<Option<Rows<'_>>, InputError> {
        let (source, section) = (self.parts.source, format!("{name}_SECTION"));
        match (self.parts.keys.get(name), self.parts.has(&section)) {
            (Some(&(row, _)), true) => {
                let error = InputError::new(source, "a key and a section", "give one of them");
                Err(error.row(row).field(name))
            }
            (Some(&(row, value)), false) => Ok(Some(vec![(row, vec![value])])),
            (None, true) => {
                let rows = self
                    .parts
                    .rows(&section, Some(self.count), 1..=usize::MAX)?;
                let texts = rows.iter().map(|row| (row.row, row.fields.to_vec()));
                Ok(Some(texts.collect()))
            }
            (None, false) => Ok(None),
        }
    }

    /// One number for all vehicles, or one each; `None` if the file does not say.
    fn optional(
        &self,
        name: &str,
        most: f64,
        scaled: impl Fn(f64) -> i64,
    ) -> Result<Vec<Option<i64>>, InputError> {
        let Some(texts) = self.texts(name)? else {
            return Ok(vec![None]);
        };
        let one = |(row, fields): &(u64, Vec<&str>)| {
            let value = match fields.as_slice() {
                [value] => *value,
                _ => "",
            };
            number(self.parts.source, *row, name, value, 0.0, most).map(|v| Some(scaled(v)))
        };
        texts.iter().map(one).collect()
    }

    fn refuse_fractions(&self, name: &str) -> Result<(), InputError> {
        for (row, fields) in self.texts(name)?.unwrap_or_default() {
            for value in fields {
                whole(self.parts.source, row, name, value, 0, LARGEST)?;
            }
        }
        Ok(())
    }

    /// Capacities by dimension.
    fn capacity(&self) -> Result<Vec<Vec<i64>>, InputError> {
        let name = "CAPACITY";
        let Some(texts) = self.texts(name)? else {
            if self.parts.has("DEMAND_SECTION") || self.parts.has("LINEHAUL_SECTION") {
                return Err(
                    InputError::new(self.parts.source, "key is missing", "add it").field(name),
                );
            }
            return Ok(vec![Vec::new()]);
        };
        let goods =
            ["DEMAND_SECTION", "LINEHAUL_SECTION"].map(|section| self.parts.lines(section).first());
        let columns = goods.into_iter().flatten().next();
        let dimensions = columns.map_or(0, |line| line.fields.len().saturating_sub(1));
        if dimensions == 0 {
            return Ok(vec![Vec::new()]); // nothing is carried
        }
        let mut capacities = Vec::with_capacity(texts.len());
        for (row, fields) in texts {
            let fields: Vec<&str> = fields.iter().flat_map(|f| f.split_whitespace()).collect();
            if fields.len() != dimensions {
                let problem = format!("{} capacities", fields.len());
                let remedy = format!("give {dimensions}, as many as demands have columns");
                return Err(InputError::new(self.parts.source, problem, remedy)
                    .row(row)
                    .field(name));
            }
            let all = fields.iter();
            let all = all.map(|value| whole(self.parts.source, row, name, value, 0, LARGEST));
            capacities.push(all.collect::<Result<_, _>>()?);
        }
        Ok(capacities)
    }

    /// Lists of nodes by vehicle, given from 1 and returned from 0; empty if the file has none.
    fn nodes(
        &self,
        section: &str,
        first: usize,
        last: usize,
    ) -> Result<Vec<Vec<usize>>, InputError> {
        if !self.parts.has(section) {
            return Ok(Vec::new());
        }
        let rows = self.parts.rows(section, Some(self.count), 0..=usize::MAX)?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let (first, last) = (first as i64, last as i64);
            let nodes = row.fields.iter().map(|value| {
                let node = whole(self.parts.source, row.row, section, value, first, last)?;
                Ok(node as usize - 1)
            });
            all.push(nodes.collect::<Result<_, InputError>>()?);
        }
        Ok(all)
    }

    /// Lists that must name one node each.
    fn single(&self, section: &str, lists: Vec<Vec<usize>>) -> Result<Vec<usize>, InputError> {
        let lines = self.parts.lines(section);
        let one = |(list, line): (Vec<usize>, &Line)| match list[..] {
            [node] => Ok(node),
            _ => Err(
                InputError::new(self.parts.source, "not one depot", "give one depot")
                    .row(line.row)
                    .field(section)
                    .value(line.text),
            ),
        };
        lists.into_iter().zip(lines).map(one).collect()
    }
}
