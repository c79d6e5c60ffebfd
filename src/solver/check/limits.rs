//! Windows, releases, skills, and the limits of a route as a whole.

use super::fault::FaultKind;
use super::judge::Faults;
use super::report::{Activity, CheckedRoute};
use super::walk::{release_s, waits_until_s};
use crate::solver::problem::{Problem, VehicleType};
use crate::solver::solution::{PauseKind, Route};

/// Names every limit of the vehicle and of the route's stops that is broken.
pub(super) fn check(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    checked: &CheckedRoute,
    fault: Faults,
) {
    for activity in checked.activities.iter().filter(|a| !a.in_time) {
        let arrival_s = activity.arrival_s;
        match activity.activity {
            Activity::Stop(stop) => fault(Some(stop), FaultKind::Window { arrival_s }),
            Activity::Pause(PauseKind::Reload(reload)) => {
                fault(None, FaultKind::ReloadWindow { reload, arrival_s });
            }
            Activity::Pause(_) => {} // named with the breaks
        }
    }
    for (stop, _) in checked.services() {
        may_serve(problem, route.vehicle_type, stop, fault);
    }
    as_driven(vehicle, route, fault);
    shift(problem, vehicle, route, checked, fault);
    totals(vehicle, route, checked, fault);
}

fn may_serve(problem: &Problem, vehicle_type: usize, stop: usize, fault: Faults) {
    let served = &problem.stops()[stop];
    let missing = served.required_skills & !problem.vehicle_types()[vehicle_type].skills;
    if missing != 0 {
        fault(Some(stop), FaultKind::Skills { missing });
    }
    let named = served.vehicle_types.as_ref();
    if named.is_some_and(|types| !types.contains(&vehicle_type)) {
        fault(Some(stop), FaultKind::VehicleType { vehicle_type });
    }
}

/// A vehicle under way keeps the part of its route that lies behind it.
fn as_driven(vehicle: &VehicleType, route: &Route, fault: Faults) {
    let Some(driven) = &vehicle.driven else {
        if route.stops.is_empty() {
            fault(None, FaultKind::EmptyRoute);
        }
        return;
    };
    let early = |before: usize| before < driven.stops.len();
    let as_many = route.pauses.iter().filter(|p| early(p.before)).count() <= driven.pauses.len();
    for (kept, part) in [
        (route.departure_s == driven.departure_s, "departure"),
        (route.stops.starts_with(&driven.stops), "begin"),
        (
            as_many && route.pauses.starts_with(&driven.pauses),
            "first pauses",
        ),
    ] {
        if !kept {
            fault(None, FaultKind::NotAsDriven { part });
        }
    }
}

fn shift(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    checked: &CheckedRoute,
    fault: Faults,
) {
    let (departure_s, end_s) = (route.departure_s, checked.end_s);
    let earliest_s = vehicle.earliest_start_s;
    if departure_s < earliest_s {
        let kind = FaultKind::ShiftStart {
            departure_s,
            earliest_s,
        };
        fault(None, kind);
    }
    let latest_s = vehicle.latest_start_s;
    if departure_s > latest_s {
        let kind = FaultKind::LateDeparture {
            departure_s,
            latest_s,
        };
        fault(None, kind);
    }
    let latest_s = vehicle.latest_end_s;
    if end_s > latest_s {
        fault(None, FaultKind::ShiftEnd { end_s, latest_s });
    }
    let activities: Vec<Activity> = checked.activities.iter().map(|a| a.activity).collect();
    if let Some(release_s) = release_s(problem, &activities).filter(|s| departure_s < *s) {
        let kind = FaultKind::Release {
            departure_s,
            release_s,
        };
        fault(None, kind);
    }
    if let Some(driven) = &vehicle.driven {
        let begun = driven.stops.len() + driven.pauses.len();
        on_board(problem, vehicle, checked, &activities, begun, fault);
    }
}

/// Goods of a trip under way were on board when the vehicle left the reload that it began with.
fn on_board(
    problem: &Problem,
    vehicle: &VehicleType,
    checked: &CheckedRoute,
    activities: &[Activity],
    begun: usize,
    fault: Faults,
) {
    let behind = &activities[..begun.min(activities.len())];
    let is_reload = |a: &Activity| matches!(a, Activity::Pause(PauseKind::Reload(_)));
    let Some(index) = behind.iter().rposition(is_reload) else {
        return;
    };
    if index + 1 == behind.len() {
        return; // Still reloading: it can wait.
    }
    let end_s = checked.activities[index].end_s;
    let waited_s = waits_until_s(problem, vehicle, behind, index);
    let departure_s = waited_s.map_or(end_s, |s| s.max(end_s));
    let release_s = release_s(problem, &activities[index + 1..]);
    if let Some(release_s) = release_s.filter(|s| departure_s < *s) {
        let kind = FaultKind::Release {
            departure_s,
            release_s,
        };
        fault(None, kind);
    }
}

fn totals(vehicle: &VehicleType, route: &Route, checked: &CheckedRoute, fault: Faults) {
    let distance = checked.distance;
    if let Some(most) = vehicle.max_distance.filter(|m| distance > i128::from(*m)) {
        fault(None, FaultKind::Distance { distance, most });
    }
    let duration_s = checked.duration_s();
    if let Some(most_s) = vehicle.max_duration_s.filter(|m| duration_s > *m) {
        fault(None, FaultKind::Duration { duration_s, most_s });
    }
    let driving_s = checked.driving_s;
    if let Some(most_s) = vehicle.max_driving_s.filter(|m| driving_s > *m) {
        fault(None, FaultKind::Driving { driving_s, most_s });
    }
    let stops = route.stops.len();
    if let Some(most) = vehicle.max_stops.filter(|m| stops > *m) {
        fault(None, FaultKind::Stops { stops, most });
    }
    let is_reload = |kind| matches!(kind, PauseKind::Reload(_));
    let reloads = route.pauses.iter().filter(|p| is_reload(p.kind)).count();
    if let Some(most) = vehicle.max_trips.filter(|m| reloads + 1 > *m) {
        let trips = reloads + 1;
        fault(None, FaultKind::Trips { trips, most });
    }
}
