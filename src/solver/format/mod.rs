//! Benchmark files: VRPLIB and Solomon text in, VRPLIB solutions in and out.
//!
//! Conventions of distance (DIMACS 2022 challenge): without time windows Euclidean distances are
//! rounded to the nearest integer; with them they are truncated to tenths and count as durations
//! too, and all times are in tenths. Explicit matrices are taken as they are.
//! Never does: guess. A key or section that is not supported is an error that names it.

mod plane;
mod solomon;
mod solution_file;
mod text;
mod vrplib;

pub use solution_file::{parse_solution, read_solution, write_solution};

use super::problem::Problem;
use crate::domain::InputError;
use std::path::Path;

/// Most nodes an instance may have: its matrix then takes 2.5 GB.
const MOST_NODES: usize = 25_000;

/// An instance with what its files need besides the problem.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Name in the file.
    pub name: String,
    /// The problem. Stop `i` is customer `i + 1`.
    pub problem: Problem,
    /// Units of the problem per unit of the file: 10 if counted in tenths, else 1.
    pub scale: i64,
}

impl Instance {
    /// A cost in units of the file.
    pub fn show_cost(&self, cost: i64) -> String {
        if self.scale == 1 {
            return cost.to_string();
        }
        let (whole, rest) = (cost / self.scale, cost % self.scale);
        format!("{whole}.{rest}")
    }
}

/// Reads an instance file, VRPLIB or Solomon by its content.
pub fn read_instance(path: &Path) -> Result<Instance, InputError> {
    parse_instance(&path.display().to_string(), &text::read(path)?)
}

/// Parses an instance; `source` names it in errors.
pub fn parse_instance(source: &str, content: &str) -> Result<Instance, InputError> {
    let mut lines = text::lines(content);
    let second = lines.nth(1);
    if second.is_some_and(|line| line.fields == ["VEHICLE"]) {
        solomon::parse(source, content)
    } else {
        vrplib::parse(source, content)
    }
}
