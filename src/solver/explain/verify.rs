//! Whether a change works, by solving again.

use super::attempts::Attempt;
use super::change::{ChangeKind, plan_of};
use super::insertion::task;
use super::left_out::ExplainOptions;
use crate::runtime::{Cancel, Progress};
use crate::solver::check::check;
use crate::solver::problem::{Problem, ProblemError, VehicleType};
use crate::solver::solution::Solution;
use crate::solver::solve::{SearchOptions, solve};

/// Solves the changed problem, starting from the plan that the attempt makes.
pub(super) fn verify(
    problem: &Problem,
    solution: &Solution,
    stop: usize,
    kind: &ChangeKind,
    attempt: &Attempt,
    options: &ExplainOptions,
    cancel: &Cancel,
) -> bool {
    let Ok(changed) = apply(problem, stop, kind) else {
        return false;
    };
    let search = SearchOptions {
        time_limit: options.time_limit,
        seed: options.seed,
        threads: 1,
        max_iterations: Some(options.iterations),
        initial: Some(plan_of(solution, attempt)),
    };
    let found = solve(&changed, &search, cancel, &Progress::silent()).solution;
    let report = check(&changed, &found);
    let left_out = check(problem, solution).unplanned_mandatory;
    let task = task(problem, stop);
    let was_out = |s: &usize| left_out.contains(s) && !task.contains(s);
    report.faults.is_empty()
        && found.routes.iter().any(|r| r.stops.contains(&stop))
        && report.unplanned_mandatory.iter().all(was_out)
}

/// The problem with the change.
pub(super) fn apply(
    problem: &Problem,
    stop: usize,
    kind: &ChangeKind,
) -> Result<Problem, ProblemError> {
    let mut vehicles = problem.vehicle_types().to_vec();
    let mut stops = problem.stops().to_vec();
    let mut rules = problem.rules().clone();
    let mut groups = rules.groups.iter_mut();
    match *kind {
        ChangeKind::Penalty { more } => {
            let penalty = match groups.find(|g| g.stops.contains(&stop)) {
                Some(group) => &mut group.penalty,
                None => &mut stops[task(problem, stop)[0]].penalty,
            };
            more_of(penalty, units(more));
        }
        ChangeKind::Window { stop, later_s } => {
            if let Some(last) = stops[stop].windows.last_mut() {
                last.close_s += later_s;
            }
        }
        ChangeKind::VehicleType { vehicle_type } => {
            for stop in task(problem, stop) {
                let types = stops[stop].vehicle_types.as_mut();
                types.into_iter().for_each(|t| t.push(vehicle_type));
            }
        }
        _ => raise(&mut vehicles, kind),
    }
    Problem::with_rules(problem.travel().clone(), vehicles, stops, rules)
}

/// Raises what is changed of a vehicle type.
fn raise(vehicles: &mut [VehicleType], kind: &ChangeKind) {
    match *kind {
        ChangeKind::Capacity {
            vehicle_type,
            dimension,
            more,
        } => vehicles[vehicle_type].capacity[dimension] += units(more),
        ChangeKind::ShiftEnd {
            vehicle_type,
            later_s,
        } => vehicles[vehicle_type].latest_end_s += later_s,
        ChangeKind::Duration {
            vehicle_type,
            more_s,
        } => more_of(&mut vehicles[vehicle_type].max_duration_s, more_s),
        ChangeKind::Driving {
            vehicle_type,
            more_s,
        } => more_of(&mut vehicles[vehicle_type].max_driving_s, more_s),
        ChangeKind::Distance { vehicle_type, more } => {
            more_of(&mut vehicles[vehicle_type].max_distance, units(more));
        }
        ChangeKind::Stops { vehicle_type, more } => {
            let most = &mut vehicles[vehicle_type].max_stops;
            *most = most.map(|m| m + more);
        }
        ChangeKind::Vehicles { vehicle_type } => vehicles[vehicle_type].count += 1,
        ChangeKind::Skills {
            vehicle_type,
            missing,
        } => vehicles[vehicle_type].skills |= missing,
        ChangeKind::Nothing
        | ChangeKind::Penalty { .. }
        | ChangeKind::Window { .. }
        | ChangeKind::VehicleType { .. } => {}
    }
}

fn more_of(limit: &mut Option<i64>, more: i64) {
    *limit = limit.map(|l| l.saturating_add(more));
}

fn units(more: i128) -> i64 {
    i64::try_from(more).unwrap_or(i64::MAX)
}
