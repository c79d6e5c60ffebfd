//! The walk along a route: when each thing happens.

use super::fault::FaultKind;
use super::judge::Faults;
use super::report::{Activity, CheckedActivity, CheckedLeg, CheckedRoute};
use crate::solver::problem::{Problem, TimeWindow, UNBOUNDED_S, VehicleType};
use crate::solver::solution::{PauseKind, Route};
use crate::solver::travel::Travel;

/// Which durations the legs take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LegTimes {
    /// The expected ones.
    Expected,
    /// Those not exceeded with probability 90 %, where the travel table knows them.
    Quantile90,
}

/// What a route does, in order. Names stops and pauses that there are not and leaves them out.
pub(super) fn itinerary(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    fault: Faults,
) -> Vec<Activity> {
    let stops = route.stops.len();
    let mut pauses = Vec::new();
    let mut earliest = 0;
    for pause in &route.pauses {
        let known = match pause.kind {
            PauseKind::Reload(reload) => reload < vehicle.reloads.len(),
            PauseKind::Break(index) => index < vehicle.breaks.len(),
            PauseKind::Rest => vehicle.driving_rule.is_some(),
        };
        if !known {
            fault(None, FaultKind::UnknownPause);
        } else if !(earliest..=stops).contains(&pause.before) {
            let before = pause.before;
            fault(None, FaultKind::PauseOrder { before, stops });
        } else {
            earliest = pause.before;
            pauses.push(*pause);
        }
    }
    let mut activities = Vec::with_capacity(stops + pauses.len());
    let mut pauses = pauses.into_iter().peekable();
    for position in 0..=stops {
        while let Some(pause) = pauses.next_if(|p| p.before == position) {
            activities.push(Activity::Pause(pause.kind));
        }
        // Stops that there are not are named where all stops are counted.
        let stop = route.stops.get(position).copied();
        let known = stop.filter(|&stop| stop < problem.stops().len());
        activities.extend(known.map(Activity::Stop));
    }
    activities
}

/// Drives a route: from the departure on everything as early as possible. What is late starts on
/// arrival. Loads and costs are left empty.
pub(super) fn walk(
    problem: &Problem,
    vehicle: &VehicleType,
    route: &Route,
    activities: &[Activity],
    legs: LegTimes,
) -> CheckedRoute {
    let mut drive = Drive {
        problem,
        vehicle,
        vehicle_type: route.vehicle_type,
        legs,
        // A departure beyond all that is allowed is named as such; sums must not overflow.
        clock_s: route.departure_s.clamp(-2 * UNBOUNDED_S, 2 * UNBOUNDED_S),
        place: vehicle.start,
    };
    let departure_s = drive.clock_s;
    let driven = vehicle.driven.as_ref();
    let free_s = |begun: usize| driven.and_then(|d| d.free_s(begun));
    if let Some(free_s) = free_s(0) {
        drive.clock_s = drive.clock_s.max(free_s);
    }
    let mut done: Vec<CheckedActivity> = Vec::with_capacity(activities.len());
    for (index, &activity) in activities.iter().enumerate() {
        let mut one = drive.through(activity);
        if let Activity::Pause(PauseKind::Reload(_)) = activity {
            let released_s = waits_until_s(problem, vehicle, activities, index);
            let released_s = released_s.map_or(one.end_s, |s| s.max(one.end_s));
            one.waiting_s += released_s - one.end_s;
            one.free_s = released_s;
        }
        if let Some(free_s) = free_s(index + 1) {
            one.free_s = one.free_s.max(free_s);
        }
        drive.clock_s = one.free_s;
        done.push(one);
    }
    let last_leg = vehicle.end.and_then(|end| drive.leg_to(end));
    let legs = done.iter().filter_map(|a| a.leg).chain(last_leg);
    CheckedRoute {
        departure_s,
        end_s: drive.clock_s,
        distance: legs.clone().map(|leg| i128::from(leg.distance)).sum(),
        driving_s: legs.map(|leg| leg.driving_s).sum(),
        waiting_s: done.iter().map(|a| a.waiting_s).sum(),
        activities: done,
        last_leg,
        ..CheckedRoute::default()
    }
}

/// When the goods of the trip that these activities begin with can leave, if it has any.
pub(super) fn release_s(problem: &Problem, activities: &[Activity]) -> Option<i64> {
    activities
        .iter()
        .take_while(|a| !matches!(a, Activity::Pause(PauseKind::Reload(_))))
        .filter_map(|activity| match activity {
            Activity::Stop(stop) => problem.stops().get(*stop).map(|s| s.release_s),
            Activity::Pause(_) => None,
        })
        .max()
}

/// Until when the vehicle waits for goods at the reload at `index` of these activities: those of the
/// trip, and those that a trip under way had when it began.
pub(super) fn waits_until_s(
    problem: &Problem,
    vehicle: &VehicleType,
    activities: &[Activity],
    index: usize,
) -> Option<i64> {
    let is_reload = |a: &&Activity| matches!(a, Activity::Pause(PauseKind::Reload(_)));
    let reload = activities[..index].iter().filter(is_reload).count();
    let driven = vehicle.driven.as_ref();
    let known_s = driven.and_then(|d| d.released_s.get(reload).copied());
    let release_s = release_s(problem, &activities[index + 1..]);
    release_s.into_iter().chain(known_s).max()
}

/// A vehicle under way.
struct Drive<'a> {
    problem: &'a Problem,
    vehicle: &'a VehicleType,
    vehicle_type: usize,
    legs: LegTimes,
    clock_s: i64,
    /// Where it is; nowhere before the first place of a route that starts there.
    place: Option<usize>,
}

impl Drive<'_> {
    /// Drives to a place.
    fn leg_to(&mut self, to: usize) -> Option<CheckedLeg> {
        let from = self.place.replace(to)?;
        let (profile, departure_s) = (self.vehicle.profile, self.clock_s);
        let travel = self.problem.travel();
        let driving_s = match (self.legs, travel) {
            (LegTimes::Quantile90, Travel::Tensor(tensor)) => {
                tensor.p90_s(profile, from, to, departure_s)
            }
            _ => travel.duration_s(profile, from, to, departure_s),
        };
        self.clock_s += driving_s;
        Some(CheckedLeg {
            from,
            to,
            departure_s,
            driving_s,
            distance: travel.distance(profile, from, to),
        })
    }

    /// Drives to an activity, if it is elsewhere, and does it.
    fn through(&mut self, activity: Activity) -> CheckedActivity {
        let rule = self.vehicle.driving_rule;
        let (to, windows, lasts_s): (_, &[TimeWindow], _) = match activity {
            Activity::Stop(stop) => {
                let stop = &self.problem.stops()[stop];
                let service_s = stop.service_by_s(self.vehicle_type);
                (Some(stop.place), &stop.windows, service_s)
            }
            Activity::Pause(PauseKind::Reload(reload)) => {
                let reload = &self.vehicle.reloads[reload];
                (Some(reload.place), &reload.windows, reload.duration_s)
            }
            Activity::Pause(PauseKind::Break(index)) => {
                let owed = &self.vehicle.breaks[index];
                (None, &owed.windows, owed.duration_s)
            }
            Activity::Pause(PauseKind::Rest) => (None, &[], rule.map_or(0, |r| r.break_s)),
        };
        let leg = to.and_then(|to| self.leg_to(to));
        let arrival_s = self.clock_s;
        let window = windows.iter().find(|w| arrival_s <= w.close_s);
        let start_s = window.map_or(arrival_s, |w| w.open_s.max(arrival_s));
        CheckedActivity {
            activity,
            place: self.place,
            leg,
            arrival_s,
            start_s,
            end_s: start_s + lasts_s,
            free_s: start_s + lasts_s,
            waiting_s: start_s - arrival_s,
            in_time: windows.is_empty() || window.is_some(),
            load: Vec::new(),
        }
    }
}
