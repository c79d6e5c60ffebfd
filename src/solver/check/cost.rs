//! The exact cost of a route, part by part.

use super::expected::expected_lateness;
use super::report::{Activity, CheckedRoute, CostParts};
use super::walk::{LegTimes, walk};
use crate::solver::problem::{Problem, VehicleType};
use crate::solver::solution::Route;
use crate::solver::travel::Travel;

/// What a route costs that runs as `checked`.
pub(super) fn parts(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    checked: &CheckedRoute,
) -> CostParts {
    let times = |seconds: i64, rate: i64| i128::from(seconds) * i128::from(rate);
    let duration_s = checked.duration_s();
    let overtime = vehicle.overtime.map_or(0, |overtime| {
        let beyond_s = (duration_s - overtime.after_s).max(0);
        times(beyond_s, overtime.cost_per_second)
    });
    let lateness = checked.services().filter_map(|(stop, service)| {
        let due = problem.stops()[stop].due?;
        Some(times(
            (service.start_s - due.by_s).max(0),
            due.cost_per_second,
        ))
    });
    let by_type = checked.services().filter_map(|(stop, _)| {
        let costs = &problem.stops()[stop].cost_by_type;
        costs.get(route.vehicle_type).copied().map(i128::from)
    });
    CostParts {
        fixed: i128::from(vehicle.fixed_cost),
        distance: checked.distance * i128::from(vehicle.cost_per_distance),
        duration: times(duration_s, vehicle.cost_per_second),
        driving: times(checked.driving_s, vehicle.cost_per_driving_second),
        waiting: times(checked.waiting_s, vehicle.cost_per_waiting_second),
        overtime,
        lateness: lateness.sum(),
        p90_lateness: p90_lateness(problem, vehicle, route, checked),
        expected_lateness: expected_lateness(problem, vehicle, route.vehicle_type, checked),
        by_type: by_type.sum(),
    }
}

/// Price of lateness if every leg took its 90 % quantile.
fn p90_lateness(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    checked: &CheckedRoute,
) -> i128 {
    let rate = problem.rules().objective.p90_lateness_cost_per_second;
    if rate == 0 || !matches!(problem.travel(), Travel::Tensor(_)) {
        return 0;
    }
    let activities: Vec<Activity> = checked.activities.iter().map(|a| a.activity).collect();
    let slow = walk(problem, vehicle, route, &activities, LegTimes::Quantile90);
    let late_s = slow.services().filter_map(|(stop, service)| {
        let stop = &problem.stops()[stop];
        let closes_s = stop.windows.last().map(|w| w.close_s);
        let by_s = closes_s.into_iter().chain(stop.due.map(|d| d.by_s)).min()?;
        Some(i128::from((service.start_s - by_s).max(0)))
    });
    late_s.sum::<i128>() * i128::from(rate)
}
