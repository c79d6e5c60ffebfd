//! VRPLIB solutions: `Route #k: 3 1 2`, then `Cost x`.
//!
//! A number names a place of the instance: 0 is the first depot, and with one depot customers count
//! from 1. A depot within a route is a reload there. Where vehicles differ, line `k` is the route of
//! vehicle `k` of the file, so unused vehicles have empty lines. The format knows no times: a route
//! read from it departs when that is cheapest ([`departure`](super::departure)).

use super::instance::Instance;
use super::text::{self, Line, lines};
use crate::domain::InputError;
use crate::solver::check::check;
use crate::solver::schedule::cheapest_departure_s;
use crate::solver::solution::{Pause, PauseKind, Route, Solution};
use std::fmt::Write;

/// Lines besides routes and cost that solvers and libraries write.
const REMARKS: [&str; 3] = ["optimal", "time", "comment"];

/// Largest difference of a stated cost in real numbers from the true one, relative: such costs were
/// computed with other rounding.
const STATED_TOLERANCE: f64 = 1e-4;

/// The text of a solution.
pub(super) fn write(instance: &Instance, solution: &Solution) -> Result<String, InputError> {
    let mut text = String::new();
    let uniform = instance.problem.vehicle_types().len() == 1;
    let mut lines_written = 0;
    let mut routes: Vec<(usize, &Route)> = Vec::with_capacity(solution.routes.len());
    for route in &solution.routes {
        let named = (route.vehicle_type, route.vehicle);
        let line = instance.fleet.iter().position(|vehicle| *vehicle == named);
        routes.push((line.unwrap_or(usize::MAX), route));
    }
    routes.sort_by_key(|(line, _)| *line);
    for (line, route) in routes {
        while !uniform && lines_written < line.min(instance.fleet.len()) {
            lines_written += 1;
            let _ = writeln!(text, "Route #{lines_written}:");
        }
        lines_written += 1;
        let _ = write!(text, "Route #{lines_written}:");
        for number in numbers(instance, route)? {
            let _ = write!(text, " {number}");
        }
        text.push('\n');
    }
    let _ = writeln!(text, "Cost {}", instance.show_cost(solution.cost));
    Ok(text)
}

/// A route as places of the instance, reloads among them.
pub(super) fn numbers(instance: &Instance, route: &Route) -> Result<Vec<usize>, InputError> {
    let problem = &instance.problem;
    let vehicle = problem.vehicle_types().get(route.vehicle_type);
    let mut numbers = Vec::with_capacity(route.stops.len());
    let mut pauses = route.pauses.iter().peekable();
    for (position, stop) in route.stops.iter().enumerate() {
        while let Some(pause) = pauses.next_if(|pause| pause.before <= position) {
            let reload = match pause.kind {
                PauseKind::Reload(reload) => vehicle.and_then(|v| v.reloads.get(reload)),
                PauseKind::Break(_) | PauseKind::Rest => None,
            };
            let reload = reload.ok_or_else(|| {
                let remedy = "write JSON, CSV, GPX or GeoJSON";
                InputError::new("solution", "this format has no breaks", remedy)
            })?;
            numbers.push(reload.place);
        }
        numbers.extend(problem.stops().get(*stop).map(|stop| stop.place));
    }
    Ok(numbers)
}

/// Parses a solution. Customers that it does not name are unplanned; without a `Cost` line its
/// cost is the true one. Whether it is any good is for [`check()`] to say.
pub(super) fn parse(
    source: &str,
    content: &str,
    instance: &Instance,
) -> Result<Solution, InputError> {
    let mut solution = Solution::default();
    let mut stated = None;
    let mut line_number = 0;
    for line in lines(content) {
        let lower = line.text.to_ascii_lowercase();
        let word = lower.split([' ', '\t', ':']).next().unwrap_or_default();
        if let ("route", Some((_, visits))) = (word, line.text.split_once(':')) {
            let visits = visits.split_whitespace();
            let visits = visits.map(|value| visit(source, &line, value, instance));
            let visits: Vec<usize> = visits.collect::<Result<_, _>>()?;
            let used = solution.routes.len();
            let uniform = instance.problem.vehicle_types().len() == 1;
            let vehicle = if uniform { used } else { line_number };
            line_number += 1;
            if !visits.is_empty() {
                let route = route(source, line.row, vehicle, &visits, instance)?;
                solution.routes.push(route);
            }
        } else if let ("cost", Some(value)) = (word, line.text.split([' ', '\t', ':']).next_back())
        {
            let cost = text::number(source, line.row, "Cost", value, 0.0, text::LARGEST_NUMBER)?;
            stated = Some((cost, value.contains('.')));
        } else if !REMARKS.contains(&word) {
            let remedy = "write `Route #k: …` and `Cost x` lines only";
            return Err(InputError::new(source, "not a line of a solution", remedy)
                .row(line.row)
                .value(line.text));
        }
    }
    finish(instance, &mut solution, stated);
    Ok(solution)
}

/// The place of a number, which must be a depot or have a stop.
fn visit(source: &str, line: &Line, value: &str, instance: &Instance) -> Result<usize, InputError> {
    let last = instance.problem.travel().places() as i64 - 1;
    text::whole(source, line.row, "Route", value, 0, last).map(|number| number as usize)
}

/// The route of a vehicle, by its number in the file.
pub(super) fn route(
    source: &str,
    row: u64,
    vehicle: usize,
    visits: &[usize],
    instance: &Instance,
) -> Result<Route, InputError> {
    let problem = &instance.problem;
    let wrong = |problem: String, remedy: &str| {
        let error = InputError::new(source, problem, remedy);
        error.row(row).field("Route")
    };
    let uniform = problem.vehicle_types().len() == 1;
    let (vehicle_type, number) = match instance.fleet.get(vehicle) {
        Some(&named) => named,
        // The checker tells that there is no such vehicle.
        None if uniform => (0, vehicle),
        None => {
            let remedy = format!("give at most {} routes", instance.fleet.len());
            return Err(wrong("more routes than vehicles".into(), &remedy));
        }
    };
    let reloads = problem.vehicle_types()[vehicle_type].reloads.iter();
    let reloads: Vec<usize> = reloads.map(|reload| reload.place).collect();
    let mut route = Route {
        vehicle_type,
        vehicle: number,
        ..Route::default()
    };
    for &place in visits {
        // Stops of these formats are sorted by their place.
        let stop = problem.stops().binary_search_by_key(&place, |s| s.place);
        match (stop, reloads.iter().position(|at| *at == place)) {
            (Ok(stop), _) => route.stops.push(stop),
            (Err(_), Some(reload)) => route.pauses.push(Pause {
                before: route.stops.len(),
                kind: PauseKind::Reload(reload),
            }),
            (Err(_), None) => {
                let remedy = "name customers, and depots only where the vehicle may reload";
                return Err(wrong(format!("{place} is not a customer"), remedy).value(place));
            }
        }
    }
    route.departure_s = cheapest_departure_s(problem, &route);
    Ok(route)
}

/// Completes a solution: stops without a route, order of routes, cost.
pub(super) fn finish(instance: &Instance, solution: &mut Solution, stated: Option<(f64, bool)>) {
    let mut planned = vec![false; instance.problem.stops().len()];
    for &stop in solution.routes.iter().flat_map(|route| &route.stops) {
        planned[stop] = true;
    }
    // Of a group one is enough.
    for group in &instance.problem.rules().groups {
        if group.stops.iter().any(|&stop| planned[stop]) {
            group.stops.iter().for_each(|&stop| planned[stop] = true);
        }
    }
    let stops = 0..planned.len();
    solution.unplanned = stops.filter(|&stop| !planned[stop]).collect();
    solution
        .routes
        .sort_by_key(|route| (route.vehicle_type, route.vehicle));
    let actual = check(&instance.problem, solution).cost;
    let actual = i64::try_from(actual).unwrap_or(i64::MAX);
    solution.cost = match stated {
        None => actual,
        Some((cost, fraction)) => {
            let exact = (cost * instance.cost_scale as f64).round();
            // A cost in units of the file, or in real numbers of any scale where units are scaled.
            let close =
                |unit: f64| (cost * unit - actual as f64).abs() <= STATED_TOLERANCE * actual as f64;
            let scales = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5];
            match fraction && instance.scale > 10 && scales.into_iter().any(close) {
                true => actual,
                false => exact as i64,
            }
        }
    };
}
