//! An instance: the problem and what its files need besides it.

use super::distance_rule::DistanceRule;
use super::{pragmatic, vroom};
use crate::domain::{InputError, LatLon};
use crate::solver::problem::Problem;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A file format that instances come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// VRPLIB text with the extended sections of PyVRP.
    Vrplib,
    /// Solomon and Gehring–Homberger text.
    Solomon,
    /// Li & Lim text: pickups and deliveries with time windows.
    LiLim,
    /// MAMUT JSON with arrival-time functions in a file beside it.
    Mamut,
    /// VROOM JSON.
    Vroom,
    /// pragmatic JSON, with routing matrices in files of their own.
    Pragmatic,
}

/// All dialects by name.
const DIALECTS: [(&str, Dialect); 6] = [
    ("vrplib", Dialect::Vrplib),
    ("solomon", Dialect::Solomon),
    ("lilim", Dialect::LiLim),
    ("mamut", Dialect::Mamut),
    ("vroom", Dialect::Vroom),
    ("pragmatic", Dialect::Pragmatic),
];

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = DIALECTS.iter().find(|(_, dialect)| dialect == self);
        f.write_str(named.map_or("", |(name, _)| name))
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = DIALECTS.iter().find(|(name, _)| *name == text);
        found.map(|(_, dialect)| *dialect).ok_or_else(|| {
            let names: Vec<&str> = DIALECTS.iter().map(|(name, _)| *name).collect();
            format!("use one of {}", names.join(", "))
        })
    }
}

/// Latest moment that is taken, in units of the problem.
const LATEST: f64 = 1e15;

/// How to read an instance. The default decides everything by the file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The dialect, if the content is not to decide.
    pub dialect: Option<Dialect>,
    /// How distances and times become integers, if the dialect's convention is not to decide.
    /// Only for the text dialects.
    pub rounding: Option<DistanceRule>,
    /// Whether one vehicle less is worth any distance. By default only in Li & Lim files.
    pub vehicles_first: Option<bool>,
    /// Files with routing matrices, for dialects that keep them apart.
    pub matrices: Vec<PathBuf>,
}

/// Where the places of an instance are, by index.
#[derive(Debug, Clone, PartialEq)]
pub enum Coordinates {
    /// Points of a plane.
    Plane(Vec<(f64, f64)>),
    /// Points of the Earth.
    Geographic(Vec<LatLon>),
}

/// An instance with what its files need besides the problem.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Name in the file, or of the file.
    pub name: String,
    /// What the file was.
    pub dialect: Dialect,
    /// The problem.
    pub problem: Problem,
    /// Units of distance and time of the problem per unit of the file.
    pub scale: i64,
    /// Units of cost of the problem per unit that solutions of the dialect are stated in.
    pub cost_scale: i64,
    /// Where the places are, if the file says.
    pub coordinates: Option<Coordinates>,
    /// The vehicles as the file counts them: type and number within the type.
    pub fleet: Vec<(usize, usize)>,
    /// What the file calls its stops.
    pub stop_ids: Vec<String>,
    /// What the file calls its vehicles, in the order of `fleet`.
    pub vehicle_ids: Vec<String>,
    /// What only the dialect's own solutions need.
    pub(super) source: Source,
}

/// What the solutions of a dialect say besides the problem.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Nothing.
    Text,
    /// Of a VROOM document.
    Vroom(Box<vroom::Origin>),
    /// Of a pragmatic problem.
    Pragmatic(Box<pragmatic::Origin>),
}

impl Instance {
    /// A cost in the units that solutions of the dialect are stated in.
    pub fn show_cost(&self, cost: i64) -> String {
        decimal(cost, self.cost_scale)
    }

    /// A distance or a time span in units of the file.
    pub fn show_amount(&self, amount: i64) -> String {
        decimal(amount, self.scale)
    }

    /// A moment: an instant in RFC 3339 if the file has a calendar, else in units of the file.
    pub fn show_time(&self, second: i64) -> String {
        match &self.source {
            Source::Pragmatic(origin) => origin.show_time(second),
            Source::Text | Source::Vroom(_) => self.show_amount(second),
        }
    }

    /// A moment as [`Self::show_time`] writes it. `what` names the field or option in errors.
    ///
    /// # Errors
    /// Text that is no moment.
    pub fn parse_time(&self, what: &str, text: &str) -> Result<i64, InputError> {
        if let Source::Pragmatic(origin) = &self.source {
            return origin.parse_time(what, text);
        }
        let amount: Option<f64> = text.trim().parse().ok();
        let amount = amount.map(|amount| (amount * self.scale as f64).round());
        match amount {
            Some(amount) if amount.abs() <= LATEST => Ok(amount as i64),
            _ => {
                let remedy = "give a time in units of the instance, such as 36000";
                let error = InputError::new("command line", "not a time", remedy);
                Err(error.field(what).value(text))
            }
        }
    }

    /// The stop that the file calls so.
    pub fn stop_called(&self, id: &str) -> Option<usize> {
        self.stop_ids.iter().position(|known| known == id)
    }

    /// What the file calls a vehicle; type and number if it has no name for it.
    pub fn vehicle_name(&self, vehicle_type: usize, number: usize) -> String {
        let named = (vehicle_type, number);
        let position = self.fleet.iter().position(|vehicle| *vehicle == named);
        let known = position.and_then(|p| self.vehicle_ids.get(p)).cloned();
        known.unwrap_or_else(|| format!("{vehicle_type}/{number}"))
    }

    /// Whether solutions of the dialect may leave out stops that do not fit.
    pub fn may_leave_out(&self) -> bool {
        matches!(self.dialect, Dialect::Vroom | Dialect::Pragmatic)
    }

    /// Whether the file gives times as instants.
    pub fn has_calendar(&self) -> bool {
        matches!(self.source, Source::Pragmatic(_))
    }

    /// What text formats call stops: the number of their place.
    pub(super) fn numbers(problem: &Problem) -> Vec<String> {
        let stops = problem.stops().iter();
        stops.map(|stop| stop.place.to_string()).collect()
    }

    /// What text formats call vehicles: their number from 1.
    pub(super) fn counted(fleet: &[(usize, usize)]) -> Vec<String> {
        (1..=fleet.len()).map(|number| number.to_string()).collect()
    }

    /// The vehicles of all types in order, for files that count vehicles type by type.
    pub(super) fn fleet_by_type(problem: &Problem) -> Vec<(usize, usize)> {
        let types = problem.vehicle_types().iter().enumerate();
        types
            .flat_map(|(index, vehicle)| (0..vehicle.count).map(move |number| (index, number)))
            .collect()
    }
}

/// An amount in units of which `scale` make one; two decimals if these are no power of ten.
fn decimal(amount: i64, scale: i64) -> String {
    if scale == 1 {
        return amount.to_string();
    }
    let digits = scale.max(1).ilog10();
    if 10_i64.pow(digits) != scale {
        return format!("{:.2}", amount as f64 / scale as f64);
    }
    let (whole, rest) = (amount / scale, (amount % scale).abs());
    let sign = if amount < 0 && whole == 0 { "-" } else { "" };
    format!("{sign}{whole}.{rest:0width$}", width = digits as usize)
}

impl ReadOptions {
    /// Refuses matrix files for a dialect that has none.
    pub(super) fn refuse_matrices(&self, dialect: Dialect) -> Result<(), InputError> {
        match self.matrices.first() {
            None => Ok(()),
            Some(path) => Err(InputError::new(
                path.display().to_string(),
                format!("the {dialect} format takes no matrix files"),
                "leave them out",
            )),
        }
    }

    /// Refuses a rounding for a dialect that says itself how numbers become integers.
    pub(super) fn refuse_rounding(&self, source: &str) -> Result<(), InputError> {
        match self.rounding {
            None => Ok(()),
            Some(rule) => {
                Err(
                    InputError::new(source, "this format has its own rounding", "leave it out")
                        .field("rounding")
                        .value(rule),
                )
            }
        }
    }
}
