//! A solution row by row: what every vehicle does, when, where and with how much on board. The
//! tables and maps are written from it.

use super::instance::Instance;
use crate::solver::check::{Activity, CheckedRoute, check};
use crate::solver::solution::{PauseKind, Solution};

/// One thing that a vehicle does.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// `start`, `stop`, `reload`, `break`, `rest` or `end`.
    pub what: &'static str,
    /// What the file calls the stop.
    pub id: String,
    /// Where; a break before the first place has none.
    pub place: Option<usize>,
    pub arrival_s: i64,
    pub start_s: i64,
    pub end_s: i64,
    pub waiting_s: i64,
    /// Since the start of the route.
    pub distance: i64,
    pub load: Vec<i128>,
}

/// What one vehicle does.
#[derive(Debug, Clone)]
pub(super) struct Itinerary {
    /// What the file calls the vehicle.
    pub vehicle: String,
    pub entries: Vec<Entry>,
    pub distance: i64,
    pub duration_s: i64,
    pub cost: i128,
}

/// The itineraries of a solution as the checker sees it.
pub(super) fn itineraries(instance: &Instance, solution: &Solution) -> Vec<Itinerary> {
    let report = check(&instance.problem, solution);
    let routes = report.routes.iter();
    routes
        .map(|checked| itinerary(instance, solution, checked))
        .collect()
}

fn itinerary(instance: &Instance, solution: &Solution, checked: &CheckedRoute) -> Itinerary {
    let route = &solution.routes[checked.route];
    let kind = &instance.problem.vehicle_types()[route.vehicle_type];
    let mut entries = Vec::with_capacity(checked.activities.len() + 2);
    let mut distance = 0;
    if kind.start.is_some() {
        let load = checked.load.clone();
        entries.push(end("start", kind.start, checked.departure_s, 0, load));
    }
    for activity in &checked.activities {
        distance += activity.leg.map_or(0, |leg| leg.distance);
        let (what, id) = match activity.activity {
            Activity::Stop(stop) => ("stop", instance.stop_ids.get(stop).cloned()),
            Activity::Pause(PauseKind::Reload(_)) => ("reload", None),
            Activity::Pause(PauseKind::Break(_)) => ("break", None),
            Activity::Pause(PauseKind::Rest) => ("rest", None),
        };
        entries.push(Entry {
            what,
            id: id.unwrap_or_default(),
            place: activity.place,
            arrival_s: activity.arrival_s,
            start_s: activity.start_s,
            end_s: activity.end_s,
            waiting_s: activity.waiting_s,
            distance,
            load: activity.load.clone(),
        });
    }
    if let Some(leg) = checked.last_leg {
        distance += leg.distance;
        let empty = vec![0; checked.load.len()];
        entries.push(end("end", Some(leg.to), checked.end_s, distance, empty));
    }
    Itinerary {
        vehicle: instance.vehicle_name(route.vehicle_type, route.vehicle),
        entries,
        distance,
        duration_s: checked.duration_s(),
        cost: checked.cost,
    }
}

/// The start or the end of a route.
fn end(
    what: &'static str,
    place: Option<usize>,
    at_s: i64,
    distance: i64,
    load: Vec<i128>,
) -> Entry {
    Entry {
        what,
        id: String::new(),
        place,
        arrival_s: at_s,
        start_s: at_s,
        end_s: at_s,
        waiting_s: 0,
        distance,
        load,
    }
}
