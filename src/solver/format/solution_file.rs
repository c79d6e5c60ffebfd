//! VRPLIB solutions: `Route #k: 3 1 2`, then `Cost x`. Customers count from 1.

use super::Instance;
use super::text::{self, lines};
use crate::domain::InputError;
use crate::runtime::atomic_file;
use crate::solver::check::check;
use crate::solver::solution::{Route, Solution};
use std::fmt::Write;
use std::io;
use std::path::Path;

/// The text of a solution.
pub fn write_solution(instance: &Instance, solution: &Solution) -> String {
    let mut text = String::new();
    for (index, route) in solution.routes.iter().enumerate() {
        let _ = write!(text, "Route #{}:", index + 1);
        for stop in &route.stops {
            let _ = write!(text, " {}", stop + 1);
        }
        text.push('\n');
    }
    let _ = writeln!(text, "Cost {}", instance.show_cost(solution.cost));
    text
}

impl Instance {
    /// Writes a solution to a file, aside and then renamed.
    pub fn save_solution(&self, path: &Path, solution: &Solution) -> io::Result<()> {
        atomic_file::write(path, write_solution(self, solution).as_bytes())
    }
}

/// Reads a solution file of an instance.
pub fn read_solution(path: &Path, instance: &Instance) -> Result<Solution, InputError> {
    parse_solution(&path.display().to_string(), &text::read(path)?, instance)
}

/// Parses a solution. Customers that it does not name are unplanned; without a `Cost` line its
/// cost is the true one. Whether it is any good is for [`check()`] to say.
pub fn parse_solution(
    source: &str,
    content: &str,
    instance: &Instance,
) -> Result<Solution, InputError> {
    let customers = instance.problem.stops().len();
    let mut solution = Solution::default();
    let mut cost = None;
    for line in lines(content) {
        let lower = line.text.to_ascii_lowercase();
        if let (true, Some((_, stops))) = (lower.starts_with("route"), line.text.split_once(':')) {
            let stop = |value: &str| {
                let customer = text::whole(source, line.row, "Route", value, 1, customers as i64)?;
                Ok(customer as usize - 1)
            };
            let stops: Vec<usize> = stops
                .split_whitespace()
                .map(stop)
                .collect::<Result<_, _>>()?;
            if !stops.is_empty() {
                solution
                    .routes
                    .push(route(instance, solution.routes.len(), stops));
            }
        } else if let ("cost", [_, value]) = (
            lower.split_whitespace().next().unwrap_or(""),
            line.fields.as_slice(),
        ) {
            let value = text::number(source, line.row, "Cost", value, 0.0, text::LARGEST_NUMBER)?;
            cost = Some((value * instance.scale as f64).round() as i64);
        } else {
            let remedy = "write `Route #k: …` and `Cost x` lines only";
            return Err(InputError::new(source, "not a line of a solution", remedy)
                .row(line.row)
                .value(line.text));
        }
    }
    let planned: std::collections::HashSet<usize> = solution
        .routes
        .iter()
        .flat_map(|r| r.stops.iter().copied())
        .collect();
    solution.unplanned = (0..customers)
        .filter(|stop| !planned.contains(stop))
        .collect();
    solution.cost = match cost {
        Some(cost) => cost,
        None => i64::try_from(check(&instance.problem, &solution).cost).unwrap_or(i64::MAX),
    };
    Ok(solution)
}

/// The file names no vehicles: they are all alike and leave as early as they may.
fn route(instance: &Instance, vehicle: usize, stops: Vec<usize>) -> Route {
    let earliest = instance.problem.vehicle_types().first();
    Route {
        vehicle_type: 0,
        vehicle,
        departure_s: earliest.map_or(0, |v| v.earliest_start_s),
        stops,
        pauses: Vec::new(),
    }
}
