//! Which problems the engine for pairs takes.

use crate::solver::problem::{Problem, Stop, VehicleType};
use crate::solver::travel::Travel;

/// Greatest time, distance or sum of amounts that fits 32-bit numbers with room for sums.
const GREATEST: i64 = 1 << 28;

/// Most stops for a matrix of legs.
const MOST_STOPS: usize = 5_000;

/// Whether all stops belong to shipments, and distance, loads, skills and single hard windows are
/// all there is.
pub(in crate::solver) fn supports(problem: &Problem) -> bool {
    let rules = problem.rules();
    let (longest_leg, longest_s) = problem.travel().longest();
    let optional = problem.stops().iter().any(|s| s.penalty.is_some());
    matches!(problem.travel(), Travel::Static(_) | Travel::Plane(_))
        && longest_leg.max(longest_s) < GREATEST
        && problem.stops().len() <= MOST_STOPS
        && !rules.shipments.is_empty()
        && rules.shipments.len() * 2 == problem.stops().len()
        && !rules.lifo
        && rules.groups.is_empty()
        && rules.relations.is_empty()
        && !(optional && rules.objective.vehicles_first)
        && problem.vehicle_types().iter().all(plain_vehicle)
        && problem.stops().iter().all(plain_stop)
        && fits_load(problem)
}

/// Whether everything together could be on board without the sum leaving 32 bits.
fn fits_load(problem: &Problem) -> bool {
    let total = |dimension: usize| {
        let amounts = problem.rules().shipments.iter();
        amounts.fold(0_i64, |sum, s| sum.saturating_add(s.amount[dimension]))
    };
    (0..problem.dimensions()).all(|dimension| total(dimension) < GREATEST)
}

fn plain_vehicle(vehicle: &VehicleType) -> bool {
    !vehicle.duration_counts()
        && vehicle.cost_per_driving_second == 0
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
}

fn plain_stop(stop: &Stop) -> bool {
    let opens_late = stop.windows.iter().any(|w| w.open_s.abs() >= GREATEST);
    stop.windows.len() <= 1
        && !opens_late
        && stop.service_s < GREATEST
        && stop.due.is_none()
        && stop.release_s <= 0
        && stop.service_by_type_s.is_empty()
        && stop.cost_by_type.iter().all(|&cost| cost == 0)
}
