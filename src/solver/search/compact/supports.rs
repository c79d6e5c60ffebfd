//! Which problems the compact engine takes.

use crate::solver::problem::{Backhauls, Problem, Stop, VehicleType};
use crate::solver::travel::Travel;

/// Greatest time or distance that fits the engine's 32-bit tables with room for sums.
const GREATEST: i64 = 1 << 28;

/// Whether distance, loads, skills and single hard windows are all there is.
pub(in crate::solver) fn supports(problem: &Problem) -> bool {
    let rules = problem.rules();
    let (longest_leg, longest_s) = problem.travel().longest();
    let timed = is_timed(problem);
    matches!(problem.travel(), Travel::Static(_) | Travel::Plane(_))
        && longest_leg.max(longest_s) < GREATEST
        && rules.shipments.is_empty()
        && rules.groups.is_empty()
        && rules.relations.is_empty()
        && problem.vehicle_types().iter().all(plain_vehicle)
        && problem
            .stops()
            .iter()
            .all(|stop| plain_stop(stop, rules.backhauls))
        && (!timed || problem.stops().iter().all(fits_time))
        && (problem.vehicle_types().iter()).all(|v| v.capacity.iter().all(|&c| c >= 0))
}

/// Whether any time matters: windows or shifts.
pub(super) fn is_timed(problem: &Problem) -> bool {
    let shift = |v: &VehicleType| v.latest_end_s < GREATEST || v.duration_counts();
    problem.vehicle_types().iter().any(shift)
        || problem.stops().iter().any(|s| !s.windows.is_empty())
}

fn fits_time(stop: &Stop) -> bool {
    let ends = stop.windows.iter().flat_map(|w| [w.open_s]);
    ends.chain([stop.service_s]).all(|s| s.abs() < GREATEST)
}

fn plain_vehicle(vehicle: &VehicleType) -> bool {
    vehicle.cost_per_driving_second == 0
        && vehicle.cost_per_waiting_second == 0
        && vehicle.max_driving_s.is_none()
        && vehicle.reloads.is_empty()
        && vehicle.breaks.is_empty()
        && vehicle.driving_rule.is_none()
        && vehicle.driven.is_none()
        && vehicle.earliest_start_s.abs() < GREATEST
        && vehicle.latest_start_s >= vehicle.latest_end_s
        && vehicle.profile == 0
        && vehicle.start.is_some()
        && vehicle.end.is_some()
        && vehicle.max_distance.is_none_or(|most| most < GREATEST)
}

fn plain_stop(stop: &Stop, backhauls: Backhauls) -> bool {
    let returns = stop.pickup.iter().any(|&amount| amount > 0);
    stop.windows.len() <= 1
        && stop.due.is_none()
        && stop.release_s <= 0
        && stop.service_by_type_s.is_empty()
        && stop.cost_by_type.iter().all(|&c| c == 0)
        && (!returns || backhauls != Backhauls::Mixed && !stop.is_linehaul())
}
