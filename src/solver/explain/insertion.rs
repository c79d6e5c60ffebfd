//! Ways to insert a stop, or the two of a shipment, into a route.

use crate::solver::check::{CheckedRoute, Fault, FaultKind, check_route};
use crate::solver::problem::{Problem, Relation};
use crate::solver::solution::{Pause, PauseKind, Route, Solution};

/// A route with its judgement.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    pub route: Route,
    pub checked: CheckedRoute,
    pub faults: Vec<Fault>,
}

/// What has to be served together: the stop alone, or pickup and delivery of its shipment.
pub(super) fn task(problem: &Problem, stop: usize) -> Vec<usize> {
    let mut shipments = problem.rules().shipments.iter();
    let own = shipments.find(|s| s.pickup == stop || s.delivery == stop);
    own.map_or(vec![stop], |s| vec![s.pickup, s.delivery])
}

/// A route to insert into.
pub(super) struct Base {
    /// Its index in the solution; `None` for a vehicle not in use.
    pub index: Option<usize>,
    /// The route, empty for a vehicle not in use.
    pub route: Route,
    /// Whether the fleet lacks the vehicle: all of the type are in use.
    pub is_lacking: bool,
}

/// The routes of the solution, and a further vehicle of every type.
pub(super) fn bases(problem: &Problem, solution: &Solution) -> Vec<Base> {
    let used = solution.routes.iter().cloned().enumerate();
    let base = |(index, route)| Base {
        index: Some(index),
        route,
        is_lacking: false,
    };
    let mut bases: Vec<Base> = used.map(base).collect();
    for (vehicle_type, vehicle) in problem.vehicle_types().iter().enumerate() {
        let is_free = |number: &usize| {
            let mut routes = solution.routes.iter();
            !routes.any(|r| (r.vehicle_type, r.vehicle) == (vehicle_type, *number))
        };
        let free = (0..vehicle.count).find(is_free);
        if vehicle.count == 0 || (free.is_none() && vehicle.driven.is_some()) {
            continue;
        }
        bases.push(Base {
            index: None,
            route: Route {
                vehicle_type,
                vehicle: free.unwrap_or(vehicle.count),
                ..Route::default()
            },
            is_lacking: free.is_none(),
        });
    }
    bases
}

/// Tells every way to serve the task on the route of a known vehicle, pauses kept where they are
/// or, where one more break is due, with it.
pub(super) fn insertions(
    problem: &Problem,
    base: &Route,
    task: &[usize],
    visit: &mut dyn FnMut(Tried),
) {
    let driven = problem.vehicle_types()[base.vehicle_type].driven.as_ref();
    let first = driven.map_or(0, |d| d.stops.len());
    let frozen = driven.map_or(0, |d| d.pauses.len());
    inserted(base, task, first, frozen, &mut |route| {
        let tried = timed(problem, route);
        let repaired = repaired(problem, &tried);
        visit(tried);
        repaired.into_iter().for_each(&mut *visit);
    });
}

/// Inserts the stops of a task in their order at every position from `first` on.
fn inserted(
    base: &Route,
    task: &[usize],
    first: usize,
    frozen: usize,
    visit: &mut dyn FnMut(Route),
) {
    let Some((&stop, rest)) = task.split_first() else {
        return visit(base.clone());
    };
    for position in first..=base.stops.len() {
        let at_pause =
            |(index, pause): (usize, &Pause)| index >= frozen && pause.before == position;
        let splits = base.pauses.iter().enumerate().any(at_pause);
        // Before the pauses at this position, and after them.
        for is_first in [true, false] {
            if is_first && !splits {
                continue;
            }
            let mut route = base.clone();
            route.stops.insert(position, stop);
            for (index, pause) in route.pauses.iter_mut().enumerate() {
                let stays = pause.before == position && (index < frozen || !is_first);
                pause.before += usize::from(pause.before >= position && !stays);
            }
            inserted(&route, rest, position + 1, frozen, visit);
        }
    }
}

/// The route with one more rest or break, at the best place, if that is all it lacks.
fn repaired(problem: &Problem, tried: &Tried) -> Option<Tried> {
    let kind = tried.faults.iter().find_map(|fault| match fault.kind {
        FaultKind::DrivingRule { .. } => Some(PauseKind::Rest),
        FaultKind::BreakMissing { index } => Some(PauseKind::Break(index)),
        _ => None,
    })?;
    let driven = problem.vehicle_types()[tried.route.vehicle_type]
        .driven
        .as_ref();
    let first = driven.map_or(0, |d| d.stops.len());
    let longer = (first..=tried.route.stops.len()).map(|before| {
        let mut route = tried.route.clone();
        let at = route.pauses.partition_point(|p| p.before <= before);
        route.pauses.insert(at, Pause { before, kind });
        timed(problem, route)
    });
    let better = longer.min_by_key(|t| (t.faults.len(), t.checked.cost))?;
    (better.faults.len() < tried.faults.len()).then_some(better)
}

/// The route as early as it may leave; or, where its duration counts, as late as costs nothing in
/// arrival.
pub(super) fn timed(problem: &Problem, mut route: Route) -> Tried {
    let vehicle = &problem.vehicle_types()[route.vehicle_type];
    if let Some(driven) = &vehicle.driven {
        route.departure_s = driven.departure_s;
        return judged(problem, route);
    }
    let as_before = route.clone();
    let is_reload = |p: &&Pause| matches!(p.kind, PauseKind::Reload(_));
    let reload = route.pauses.iter().find(is_reload);
    let trip = reload.map_or(usize::MAX, |p| p.before);
    let stops = route.stops.iter().take(trip);
    let released_s = stops.filter_map(|&s| Some(problem.stops().get(s)?.release_s));
    let earliest_s = vehicle.earliest_start_s;
    route.departure_s = released_s.fold(earliest_s, i64::max);
    let early = judged(problem, route);
    if !vehicle.duration_counts() && vehicle.cost_per_waiting_second == 0 {
        return early;
    }
    let late = leave_late(problem, &early, vehicle.latest_start_s);
    let rank = |t: &Tried| (t.faults.len(), t.checked.cost);
    // With travel times by the hour the departure so far may be the best there is.
    let others = [late, judged(problem, as_before)];
    let best = others.into_iter().min_by_key(rank);
    best.filter(|b| rank(b) < rank(&early)).unwrap_or(early)
}

/// The latest departure that ends no later and breaks no more rules; FIFO lets it be bisected.
fn leave_late(problem: &Problem, early: &Tried, latest_s: i64) -> Tried {
    let mut best = early.clone();
    let (mut low, mut high) = (early.route.departure_s, latest_s.min(early.checked.end_s));
    while low < high {
        let middle = high - (high - low) / 2;
        let mut route = early.route.clone();
        route.departure_s = middle;
        let tried = judged(problem, route);
        let arrives = tried.checked.end_s <= early.checked.end_s;
        if arrives && tried.faults.len() <= early.faults.len() {
            low = middle;
            best = tried;
        } else {
            high = middle - 1;
        }
    }
    best
}

/// Judges a route of a known vehicle.
fn judged(problem: &Problem, route: Route) -> Tried {
    let (checked, faults) = check_route(problem, &route).unwrap_or_default();
    Tried {
        route,
        checked,
        faults,
    }
}

/// A relation that keeps the task off a vehicle: the others are elsewhere, or here.
pub(super) fn broken_relation(
    problem: &Problem,
    solution: &Solution,
    task: &[usize],
    vehicle: (usize, usize),
) -> Option<usize> {
    let others = |stops: &[usize], is_here: bool| {
        let of_relation = |s: &usize| stops.contains(s) && !task.contains(s);
        let mut routes = solution.routes.iter();
        routes.any(|r| {
            let here = (r.vehicle_type, r.vehicle) == vehicle;
            here == is_here && r.stops.iter().any(of_relation)
        })
    };
    problem.rules().relations.iter().position(|relation| {
        let (Relation::SameVehicle(stops) | Relation::DifferentVehicles(stops)) = relation;
        let is_here = matches!(relation, Relation::DifferentVehicles(_));
        let both = task.iter().filter(|t| stops.contains(t)).count() > 1;
        let concerned = task.iter().any(|t| stops.contains(t));
        concerned && (others(stops, is_here) || (is_here && both))
    })
}

/// The solution with a route changed or added, and the stops that are on routes no longer listed.
pub(super) fn with_route(solution: &Solution, index: Option<usize>, route: Route) -> Solution {
    let mut changed = solution.clone();
    changed.unplanned.retain(|stop| !route.stops.contains(stop));
    match index.and_then(|index| changed.routes.get_mut(index)) {
        Some(old) => *old = route,
        None => changed.routes.push(route),
    }
    changed.routes.sort_by_key(|r| (r.vehicle_type, r.vehicle));
    changed
}
