//! The exact departure of a route without breaks: of a finished plan, and of files that know no times.
//!
//! The end of a route is a piecewise-linear, never decreasing function of its departure (Visser &
//! Spliet 2020). Its slope changes only where a leg departs at a breakpoint of its travel time, or
//! the vehicle arrives just as a window opens or closes or goods are released. So the departure of
//! the shortest route is one of those from which such a moment is met; they are found by going back
//! along the route. Breaks are not considered.

use crate::solver::problem::{Problem, TimeWindow, VehicleType};
use crate::solver::solution::{PauseKind, Route};
use crate::solver::travel::Travel;

/// What happens along a route.
enum Step<'p> {
    Drive(usize, usize),
    /// Waiting for a window; none is no wait.
    Wait(&'p [TimeWindow]),
    Spend(i64),
    /// Loading goods that are not there earlier.
    Release(i64),
}

/// The departure of least duration if duration counts, otherwise the latest that ends the route as
/// early as possible. The earliest departure if the route cannot be driven.
pub(in crate::solver) fn cheapest_departure_s(problem: &Problem, route: &Route) -> i64 {
    let vehicle = &problem.vehicle_types()[route.vehicle_type];
    let steps = steps(problem, vehicle, route);
    let walk = Walk::new(problem, vehicle, &steps);
    let earliest_s = earliest_s(problem, vehicle, route);
    let judged = departures(&walk, vehicle, earliest_s).into_iter();
    let judged = judged.filter_map(|departure_s| {
        let end_s = walk.end_s(departure_s)?;
        let duration_s = match vehicle.duration_counts() {
            true => end_s - departure_s,
            false => 0,
        };
        let late = end_s > vehicle.latest_end_s;
        Some((late, duration_s, end_s, -departure_s))
    });
    judged.min().map_or(earliest_s, |(.., s)| -s)
}

/// The earliest departure in seconds, without a gap before the route's own, from which it lasts at most
/// `longer_s` longer: what could make it late has the more time to pass. The route's own departure if its duration does
/// not count, if it has breaks, or if it is under way.
///
/// Leaving as late as costs nothing is the cheapest when all is certain; a plan for the road shall
/// not hang on every second.
pub fn departure_with_slack_s(problem: &Problem, route: &Route, longer_s: i64) -> i64 {
    let vehicle = &problem.vehicle_types()[route.vehicle_type];
    let paused = !vehicle.breaks.is_empty() || vehicle.driving_rule.is_some();
    if !vehicle.duration_counts() || paused || vehicle.driven.is_some() {
        return route.departure_s;
    }
    let steps = steps(problem, vehicle, route);
    let walk = Walk::new(problem, vehicle, &steps);
    let lasts_s = |departure_s: i64| Some(walk.end_s(departure_s)? - departure_s);
    let Some(planned_s) = lasts_s(route.departure_s) else {
        return route.departure_s;
    };
    let most_s = (planned_s + longer_s).min(vehicle.max_duration_s.unwrap_or(i64::MAX));
    let short = |departure_s: &i64| lasts_s(*departure_s).is_some_and(|s| s <= most_s);
    let mut departures = departures(&walk, vehicle, earliest_s(problem, vehicle, route));
    departures.retain(|s| *s < route.departure_s);
    departures.sort_unstable();
    let first = departures
        .iter()
        .rposition(|s| !short(s))
        .map_or(0, |k| k + 1);
    let mut short_s = departures.get(first).copied().unwrap_or(route.departure_s);
    let Some(mut long_s) = first.checked_sub(1).map(|k| departures[k]) else {
        return short_s;
    };
    // The duration is linear between the two.
    while long_s + 1 < short_s {
        let middle_s = long_s + (short_s - long_s) / 2;
        match short(&middle_s) {
            true => short_s = middle_s,
            false => long_s = middle_s,
        }
    }
    short_s
}

/// The earliest departure with all goods of the first trip on board.
fn earliest_s(problem: &Problem, vehicle: &VehicleType, route: &Route) -> i64 {
    let released_s = release_s(problem, route, 0).unwrap_or(i64::MIN);
    vehicle.earliest_start_s.max(released_s)
}

/// The departures among which the best are: where the slope of the end may change. In no order; the
/// earliest alone if the route cannot be driven.
fn departures(walk: &Walk, vehicle: &VehicleType, earliest_s: i64) -> Vec<i64> {
    let mut departures = vec![earliest_s];
    let Some(first_end_s) = walk.end_s(earliest_s) else {
        return departures;
    };
    departures.extend(walk.back_s(walk.steps.len(), first_end_s));
    if vehicle.duration_counts() {
        departures.extend(walk.back_s(walk.steps.len(), vehicle.latest_end_s));
        for (index, step) in walk.steps.iter().enumerate() {
            for moment_s in moments(walk.travel, vehicle.profile, step) {
                let at_s = walk.back_s(index, moment_s);
                departures.extend(at_s.into_iter().flat_map(|s| [s, s + 1]));
            }
        }
    }
    departures.retain(|s| (earliest_s..=vehicle.latest_start_s).contains(s));
    departures
}

/// What happens along a route, in order.
fn steps<'p>(problem: &'p Problem, vehicle: &'p VehicleType, route: &Route) -> Vec<Step<'p>> {
    let mut steps = Vec::new();
    let mut place = vehicle.start;
    let load = |from: usize, steps: &mut Vec<Step<'p>>| {
        steps.extend(release_s(problem, route, from).map(Step::Release));
    };
    let mut pauses = route.pauses.iter().peekable();
    for position in 0..=route.stops.len() {
        while let Some(pause) = pauses.next_if(|pause| pause.before <= position) {
            let PauseKind::Reload(index) = pause.kind else {
                continue;
            };
            let reload = &vehicle.reloads[index];
            steps.extend(place.map(|from| Step::Drive(from, reload.place)));
            steps.push(Step::Wait(&reload.windows));
            steps.push(Step::Spend(reload.duration_s));
            load(position, &mut steps);
            place = Some(reload.place);
        }
        let Some(&stop) = route.stops.get(position) else {
            break;
        };
        let stop = &problem.stops()[stop];
        steps.extend(place.map(|from| Step::Drive(from, stop.place)));
        steps.push(Step::Wait(&stop.windows));
        steps.push(Step::Spend(stop.service_by_s(route.vehicle_type)));
        place = Some(stop.place);
    }
    if let (Some(from), Some(end)) = (place, vehicle.end) {
        steps.push(Step::Drive(from, end));
    }
    steps
}

/// Second at which all goods of the trip that begins with stop `from` are there.
fn release_s(problem: &Problem, route: &Route, from: usize) -> Option<i64> {
    let reloads = route.pauses.iter();
    let mut reloads = reloads.filter(|p| matches!(p.kind, PauseKind::Reload(_)));
    let next = reloads.find(|p| p.before > from).map(|p| p.before);
    let trip = route.stops.get(from..next.unwrap_or(route.stops.len()));
    let stops = trip.unwrap_or_default().iter();
    stops.map(|&stop| problem.stops()[stop].release_s).max()
}

/// Moments before a step at which its slope changes.
fn moments(travel: &Travel, profile: usize, step: &Step) -> Vec<i64> {
    match (step, travel) {
        (Step::Spend(_), _) => Vec::new(),
        (Step::Release(release_s), _) => vec![*release_s],
        (Step::Wait(windows), _) => windows
            .iter()
            .flat_map(|window| [window.open_s, window.close_s])
            .collect(),
        (Step::Drive(from, to), Travel::Functions(functions)) => functions
            .function(*from, *to)
            .iter()
            .map(|breakpoint| breakpoint.depart_s)
            .collect(),
        (Step::Drive(from, to), Travel::Tensor(tensor)) => {
            let slices = tensor.mean_by_slice(profile, *from, *to).len() as i64;
            (0..slices)
                .map(|slice| slice * i64::from(tensor.axis().slice_s))
                .collect()
        }
        (Step::Drive(..), Travel::Static(_) | Travel::Plane(_)) => Vec::new(),
    }
}

/// A route to be driven in thought.
struct Walk<'s, 'p> {
    travel: &'p Travel,
    profile: usize,
    steps: &'s [Step<'p>],
}

impl<'s, 'p> Walk<'s, 'p> {
    fn new(problem: &'p Problem, vehicle: &VehicleType, steps: &'s [Step<'p>]) -> Self {
        Self {
            travel: problem.travel(),
            profile: vehicle.profile,
            steps,
        }
    }

    /// End of the route; `None` if a window is missed.
    fn end_s(&self, departure_s: i64) -> Option<i64> {
        let mut at_s = departure_s;
        for step in self.steps {
            at_s = match step {
                Step::Drive(from, to) => {
                    at_s + self.travel.duration_s(self.profile, *from, *to, at_s)
                }
                Step::Wait([]) => at_s,
                Step::Wait(windows) => {
                    let window = windows.iter().find(|w| at_s <= w.close_s)?;
                    at_s.max(window.open_s)
                }
                Step::Spend(seconds) => at_s + seconds,
                Step::Release(release_s) => at_s.max(*release_s),
            };
        }
        Some(at_s)
    }

    /// Latest departure after which step `index` begins by `by_s`.
    fn back_s(&self, index: usize, mut by_s: i64) -> Option<i64> {
        for step in self.steps[..index].iter().rev() {
            by_s = match step {
                Step::Drive(from, to) => {
                    self.travel
                        .latest_departure_s(self.profile, *from, *to, by_s)
                }
                Step::Wait([]) => by_s,
                Step::Wait(windows) => {
                    let window = windows.iter().rev().find(|w| w.open_s <= by_s)?;
                    by_s.min(window.close_s)
                }
                Step::Spend(seconds) => by_s - seconds,
                Step::Release(release_s) if by_s >= *release_s => by_s,
                Step::Release(_) => return None,
            };
        }
        Some(by_s)
    }
}
