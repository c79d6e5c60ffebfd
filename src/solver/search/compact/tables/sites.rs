//! Sites, in the engine's order, and the metric between them.

use super::super::metric::{Dense, FORBIDDEN, Points};
use super::super::order::by_nearness;
use super::super::supports::is_timed;
use super::{Tables, tables};
use crate::solver::problem::{Backhauls, Problem, Stop};
use crate::solver::travel::{PlaneTravel, Travel};

/// Tables with a matrix; without neighbours if the search is over before they are found.
pub(in super::super) fn dense<'a>(
    problem: &'a Problem,
    is_over: &(dyn Fn() -> bool + Sync),
) -> Tables<'a, Dense> {
    let order = by_nearness(problem);
    let places = site_places(problem, &order);
    let travel = problem.travel();
    let stops = in_order(problem, &order);
    let rule = problem.rules().backhauls;
    let is_return = |site: usize| stops.get(site).is_some_and(|s| s.is_backhaul());
    let is_depot = |site: usize| site >= stops.len();
    let forbidden = |from: usize, to: usize| match rule {
        Backhauls::Mixed => false,
        _ if is_return(from) => !is_return(to) && !is_depot(to),
        Backhauls::LastAfterDeliveries => is_depot(from) && is_return(to),
        Backhauls::Last => false,
    };
    let cells = |of: &dyn Fn(usize, usize) -> i64| {
        let mut cells = Vec::with_capacity(places.len() * places.len());
        for (from, &a) in places.iter().enumerate() {
            cells.extend(
                places
                    .iter()
                    .enumerate()
                    .map(|(to, &b)| match forbidden(from, to) {
                        true => FORBIDDEN,
                        false => of(a, b) as i32,
                    }),
            );
        }
        cells
    };
    let distances = cells(&|a, b| travel.distance(0, a, b));
    let same = match travel {
        Travel::Plane(_) => true,
        _ => !is_timed(problem) || travel.durations_are_distances(0),
    };
    let durations = (!same).then(|| cells(&|a, b| travel.duration_s(0, a, b, 0)));
    tables(
        problem,
        order,
        Dense::new(places.len(), distances, durations),
        is_over,
    )
}

/// Tables over points of the plane, without a matrix; likewise.
pub(in super::super) fn plane<'a>(
    problem: &'a Problem,
    travel: &PlaneTravel,
    is_over: &(dyn Fn() -> bool + Sync),
) -> Tables<'a, Points> {
    let order = by_nearness(problem);
    let places = site_places(problem, &order);
    let points = places.iter().map(|&p| travel.points()[p]).collect();
    let metric = Points::new(points, travel.rounding());
    tables(problem, order, metric, is_over)
}

pub(super) fn in_order<'a>(problem: &'a Problem, order: &[u32]) -> Vec<&'a Stop> {
    order
        .iter()
        .map(|&stop| &problem.stops()[stop as usize])
        .collect()
}

/// Place of every site: stops, then start and end of every vehicle type.
fn site_places(problem: &Problem, order: &[u32]) -> Vec<usize> {
    let stops = in_order(problem, order);
    let stops = stops.iter().map(|s| s.place);
    let ends = problem.vehicle_types().iter();
    let ends = ends.flat_map(|v| [v.start.unwrap_or(0), v.end.unwrap_or(0)]);
    stops.chain(ends).collect()
}
