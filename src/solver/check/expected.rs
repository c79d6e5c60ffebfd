//! The price of lateness that is expected of a route whose legs and services are random.

use super::report::{Activity, CheckedActivity, CheckedRoute};
use super::walk::waits_until_s;
use crate::cost::{ArrivalMoments, CostTensor};
use crate::solver::problem::{Problem, TimeWindow, VehicleType};
use crate::solver::solution::PauseKind;
use crate::solver::travel::Travel;

/// Price of the lateness expected of a route that is planned to run as `checked`.
pub(super) fn expected_lateness(
    problem: &Problem,
    vehicle: &VehicleType,
    vehicle_type: usize,
    checked: &CheckedRoute,
) -> i128 {
    let rate = problem.rules().objective.expected_lateness_cost_per_second;
    let (Travel::Tensor(tensor), true) = (problem.travel(), rate > 0) else {
        return 0;
    };
    let driven = vehicle.driven.as_ref();
    let free_s = |begun: usize| driven.and_then(|d| d.free_s(begun));
    let mut arrival = ArrivalMoments::certain(checked.departure_s);
    if let Some(free_s) = free_s(0) {
        arrival = ArrivalMoments::certain(checked.departure_s.max(free_s));
    }
    let activities: Vec<Activity> = checked.activities.iter().map(|a| a.activity).collect();
    let mut late_s = 0.0;
    for (index, done) in checked.activities.iter().enumerate() {
        drive(&mut arrival, tensor, vehicle.profile, done);
        let opens_s = opens_s(problem, vehicle, done);
        if let Activity::Stop(stop) = done.activity {
            let stop = &problem.stops()[stop];
            let closes_s = stop.windows.last().map(|w| w.close_s);
            let by_s = closes_s.into_iter().chain(stop.due.map(|d| d.by_s)).min();
            late_s += by_s.map_or(0.0, |by_s| match opens_s {
                Some(opens_s) if opens_s > by_s => {
                    (opens_s - by_s) as f64 + arrival.expected_after(opens_s as f64)
                }
                _ => arrival.expected_after(by_s as f64),
            });
        }
        opens_s
            .into_iter()
            .for_each(|s| arrival.wait_until(s as f64));
        let sd_s = match done.activity {
            Activity::Stop(stop) => problem.stops()[stop].service_sd_by_s(vehicle_type),
            Activity::Pause(_) => 0.0,
        };
        arrival.serve((done.end_s - done.start_s) as f64, sd_s);
        if let Activity::Pause(PauseKind::Reload(_)) = done.activity {
            let released_s = waits_until_s(problem, vehicle, &activities, index);
            let released_s = released_s.into_iter();
            released_s.for_each(|s| arrival.wait_until(s as f64));
        }
        if free_s(index + 1).is_some() {
            arrival = ArrivalMoments::certain(done.free_s);
        }
    }
    (late_s * rate as f64).round() as i128
}

/// Drives to an activity, if it is elsewhere.
fn drive(
    arrival: &mut ArrivalMoments,
    tensor: &CostTensor,
    profile: usize,
    done: &CheckedActivity,
) {
    if let Some(leg) = done.leg {
        let p90_s = tensor.p90_s(profile, leg.from, leg.to, leg.departure_s);
        let (mean_s, hour) = (leg.driving_s as f64, leg.departure_s.div_euclid(3_600));
        arrival.drive(mean_s, p90_s as f64, hour, tensor.leg_correlation());
    }
}

/// When what is planned can start at the earliest; `None` if at any time.
fn opens_s(problem: &Problem, vehicle: &VehicleType, done: &CheckedActivity) -> Option<i64> {
    if done.waiting_s > 0 && done.start_s > done.arrival_s {
        return Some(done.start_s);
    }
    let windows: &[TimeWindow] = match done.activity {
        Activity::Stop(stop) => &problem.stops()[stop].windows,
        Activity::Pause(PauseKind::Reload(reload)) => &vehicle.reloads[reload].windows,
        Activity::Pause(PauseKind::Break(index)) => &vehicle.breaks[index].windows,
        Activity::Pause(PauseKind::Rest) => &[],
    };
    let window = windows.iter().find(|w| done.start_s <= w.close_s);
    window.map(|w| w.open_s)
}
