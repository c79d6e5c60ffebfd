//! What of a plan is driven, under way or loaded at a given second.

use super::request::{ReplanError, ReplanRequest};
use crate::solver::check::{Activity, CheckReport, CheckedActivity, CheckedRoute, FaultKind};
use crate::solver::problem::{Driven, Problem};
use crate::solver::solution::{Pause, PauseKind, Route};

/// A route seen from a second of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frozen {
    /// What lies behind; `None` if the vehicle has not departed.
    pub driven: Option<Driven>,
    /// Stops ahead whose goods are on board.
    pub aboard: Vec<usize>,
    /// Whether the vehicle is on its way to its end place, or there.
    pub is_done: bool,
}

/// What is driven of every route of the plan.
///
/// # Errors
/// A plan that is not one of the problem; cancelled stops that are unknown or driven.
pub(super) fn freeze_all(
    request: &ReplanRequest,
    report: &CheckReport,
) -> Result<Vec<Frozen>, ReplanError> {
    let is_foreign = |kind: &FaultKind| {
        matches!(
            kind,
            FaultKind::UnknownStop
                | FaultKind::UnknownVehicle { .. }
                | FaultKind::UnknownPause
                | FaultKind::PauseOrder { .. }
                | FaultKind::VehicleUsedTwice { .. }
                | FaultKind::Duplicate
        )
    };
    if let Some(fault) = report.faults.iter().find(|f| is_foreign(&f.kind)) {
        let fault = fault.to_string();
        return Err(ReplanError::ForeignPlan { fault });
    }
    let routes = request.solution.routes.iter().zip(&report.routes);
    let frozen: Vec<Frozen> = routes
        .map(|(route, checked)| freeze(request.problem, route, checked, request.now_s))
        .collect();
    let stops = request.problem.stops().len();
    for &stop in &request.cancelled {
        let mut driven = frozen.iter().filter_map(|f| f.driven.as_ref());
        if stop >= stops {
            return Err(ReplanError::UnknownStop { stop, stops });
        }
        if driven.any(|d| d.stops.contains(&stop)) {
            return Err(ReplanError::AlreadyDriven { stop });
        }
    }
    Ok(frozen)
}

/// What of a route has happened before `now_s`, or can no longer be called back.
fn freeze(problem: &Problem, route: &Route, checked: &CheckedRoute, now_s: i64) -> Frozen {
    if checked.departure_s >= now_s {
        return Frozen {
            driven: None,
            aboard: Vec::new(),
            is_done: false,
        };
    }
    let begun = checked
        .activities
        .iter()
        .take_while(|a| has_begun(a, now_s));
    let begun = begun.count();
    let mut driven = Driven {
        departure_s: route.departure_s,
        free_from_s: now_s,
        ..Driven::default()
    };
    for activity in &checked.activities[..begun] {
        match activity.activity {
            Activity::Stop(stop) => driven.stops.push(stop),
            Activity::Pause(kind) => {
                let before = driven.stops.len();
                driven.pauses.push(Pause { before, kind });
            }
        }
    }
    driven.released_s = released_s(problem, route, checked, begun);
    driven.free_before_s = free_before_s(problem, route, begun);
    let ahead = &checked.activities[begun..];
    Frozen {
        driven: Some(driven),
        aboard: aboard(problem, ahead),
        is_done: ahead.is_empty() && checked.last_leg.is_some_and(|leg| leg.departure_s < now_s),
    }
}

/// By reload that the vehicle has left: when the goods of all stops of its trip were released. A stop
/// may be given to another vehicle, but this one has waited for it.
fn released_s(problem: &Problem, route: &Route, checked: &CheckedRoute, begun: usize) -> Vec<i64> {
    let before = problem.vehicle_types()[route.vehicle_type].driven.as_ref();
    let activities = &checked.activities;
    let is_reload =
        |a: &CheckedActivity| matches!(a.activity, Activity::Pause(PauseKind::Reload(_)));
    let left = (0..begun.saturating_sub(1)).filter(|&index| is_reload(&activities[index]));
    left.enumerate()
        .map(|(reload, index)| {
            let trip = activities[index + 1..].iter().take_while(|a| !is_reload(a));
            let released_s = trip.filter_map(|a| match a.activity {
                Activity::Stop(stop) => Some(problem.stops()[stop].release_s),
                Activity::Pause(_) => None,
            });
            let known_s = before.and_then(|d| d.released_s.get(reload).copied());
            released_s.chain(known_s).max().unwrap_or(route.departure_s)
        })
        .collect()
}

/// Where the vehicle stood when it was planned for earlier in the day.
fn free_before_s(problem: &Problem, route: &Route, begun: usize) -> Vec<(usize, i64)> {
    let Some(before) = &problem.vehicle_types()[route.vehicle_type].driven else {
        return Vec::new();
    };
    let last = (before.begun(), before.free_from_s);
    let all = before.free_before_s.iter().copied().chain([last]);
    all.filter(|(after, _)| *after < begun).collect()
}

/// Whether the vehicle is under way to an activity; or, where nothing is to be driven, whether it
/// has started.
fn has_begun(activity: &CheckedActivity, now_s: i64) -> bool {
    match activity.leg {
        Some(leg) if leg.driving_s > 0 => leg.departure_s < now_s,
        _ => activity.start_s < now_s,
    }
}

/// Stops of the current trip that get goods from the depot.
fn aboard(problem: &Problem, ahead: &[CheckedActivity]) -> Vec<usize> {
    ahead
        .iter()
        .map(|a| a.activity)
        .take_while(|a| !matches!(a, Activity::Pause(PauseKind::Reload(_))))
        .filter_map(|activity| match activity {
            Activity::Stop(stop) => Some(stop),
            Activity::Pause(_) => None,
        })
        .filter(|&stop| problem.stops()[stop].is_linehaul())
        .collect()
}
