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
    let walk = Walk {
        travel: problem.travel(),
        profile: vehicle.profile,
        steps: &steps,
    };
    let released_s = release_s(problem, route, 0).unwrap_or(i64::MIN);
    let earliest_s = vehicle.earliest_start_s.max(released_s);
    let Some(first_end_s) = walk.end_s(earliest_s) else {
        return earliest_s;
    };
    let mut candidates = vec![earliest_s];
    candidates.extend(walk.back_s(steps.len(), first_end_s));
    if vehicle.duration_counts() {
        candidates.extend(walk.back_s(steps.len(), vehicle.latest_end_s));
        for (index, step) in steps.iter().enumerate() {
            for moment_s in moments(problem.travel(), vehicle.profile, step) {
                let at_s = walk.back_s(index, moment_s);
                candidates.extend(at_s.into_iter().flat_map(|s| [s, s + 1]));
            }
        }
    }
    let judged = candidates
        .into_iter()
        .filter(|s| (earliest_s..=vehicle.latest_start_s).contains(s))
        .filter_map(|departure_s| {
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

impl Walk<'_, '_> {
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
