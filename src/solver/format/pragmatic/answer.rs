//! Answers: tours stop by stop, as pragmatic has them.

use super::Origin;
use super::document::Shift;
use super::statistic::Statistic;
use super::stop_list::StopList;
use crate::domain::InputError;
use crate::solver::check::{Activity, CheckedRoute, check};
use crate::solver::format::instance::Instance;
use crate::solver::solution::{PauseKind, Solution};
use serde_json::{Map, Value, json};

/// The sums of all tours.
pub(super) fn statistic(instance: &Instance, origin: &Origin, solution: &Solution) -> Statistic {
    let mut total = Statistic::default();
    for checked in &check(&instance.problem, solution).routes {
        if let Some(driver) = driver(instance, solution, checked.route) {
            let model = origin.drivers[driver].model;
            total.add(Statistic::of(checked, origin.vehicles[model].costs));
        }
    }
    total
}

/// The driver of a route.
fn driver(instance: &Instance, solution: &Solution, route: usize) -> Option<usize> {
    let route = solution.routes.get(route)?;
    let named = (route.vehicle_type, route.vehicle);
    instance.fleet.iter().position(|vehicle| *vehicle == named)
}

/// The text of an answer.
pub(in crate::solver::format) fn write(
    instance: &Instance,
    origin: &Origin,
    solution: &Solution,
) -> Result<String, InputError> {
    let mut tours = Vec::new();
    for checked in &check(&instance.problem, solution).routes {
        let driver = driver(instance, solution, checked.route).ok_or_else(|| {
            InputError::new("solution", "no such vehicle", "give a vehicle of the fleet")
        })?;
        tours.push(tour(instance, origin, checked, driver));
    }
    let mut answer = Map::new();
    let total = statistic(instance, origin, solution).show();
    answer.insert("statistic".into(), total);
    answer.insert("tours".into(), json!(tours));
    let unassigned = unassigned(instance, origin, solution);
    if !unassigned.is_empty() {
        answer.insert("unassigned".into(), json!(unassigned));
    }
    Ok(format!("{:#}\n", Value::Object(answer)))
}

fn tour(instance: &Instance, origin: &Origin, checked: &CheckedRoute, position: usize) -> Value {
    let driver = &origin.drivers[position];
    let kind = &instance.problem.vehicle_types()[instance.fleet[position].0];
    let vehicle = &origin.vehicles[driver.model];
    let shift = &vehicle.shifts[driver.shift];
    let mut stops = StopList::default();
    let start = origin.locations.place(&shift.start.location);
    let arrival_s = kind.earliest_start_s.min(checked.departure_s);
    stops.visit(start.unwrap_or(0), arrival_s, &checked.load);
    stops.act(
        "departure",
        "departure",
        None,
        [arrival_s, checked.departure_s],
    );
    stops.leave(checked.departure_s);
    for activity in &checked.activities {
        if let Some(leg) = activity.leg {
            stops.drive(leg.distance, leg.to, activity.arrival_s, &activity.load);
        }
        let (job, kind, tag) = match activity.activity {
            Activity::Stop(stop) => {
                let own = &origin.activities[stop];
                (own.job.as_str(), own.kind, own.tag.as_ref())
            }
            Activity::Pause(PauseKind::Reload(index)) => {
                ("reload", "reload", tag_of_reload(shift, index))
            }
            Activity::Pause(PauseKind::Break(index)) => {
                ("break", "break", tag_of_break(shift, index))
            }
            // pragmatic has no breaks by driving time.
            Activity::Pause(PauseKind::Rest) => continue,
        };
        stops.act(job, kind, tag, [activity.start_s, activity.end_s]);
        stops.carry(&activity.load);
        stops.leave(activity.free_s);
    }
    if let Some(leg) = checked.last_leg {
        // What was picked up is unloaded at the end.
        let empty = vec![0; checked.load.len()];
        stops.drive(leg.distance, leg.to, checked.end_s, &empty);
        stops.act("arrival", "arrival", None, [checked.end_s, checked.end_s]);
        stops.leave(checked.end_s);
    }
    json!({
        "vehicleId": driver.vehicle_id,
        "typeId": vehicle.type_id,
        "shiftIndex": driver.shift,
        "stops": stops.show(origin),
        "statistic": Statistic::of(checked, vehicle.costs).show(),
    })
}

fn tag_of_reload(shift: &Shift, index: usize) -> Option<&String> {
    shift
        .reloads
        .get(index)
        .and_then(|reload| reload.tag.as_ref())
}

fn tag_of_break(shift: &Shift, index: usize) -> Option<&String> {
    let places = shift.breaks.get(index).and_then(|b| b.places.as_ref());
    places
        .and_then(|places| places.first())
        .and_then(|place| place.tag.as_ref())
}

/// Jobs left out, once each, with the plainest reason.
fn unassigned(instance: &Instance, origin: &Origin, solution: &Solution) -> Vec<Value> {
    let problem = &instance.problem;
    let mut jobs: Vec<&str> = Vec::new();
    let mut entries = Vec::new();
    for &stop in &solution.unplanned {
        let Some(activity) = origin.activities.get(stop) else {
            continue;
        };
        if jobs.last() == Some(&activity.job.as_str()) {
            continue;
        }
        jobs.push(&activity.job);
        let types = 0..problem.vehicle_types().len();
        let fits = |kind: usize| {
            let capacity = &problem.vehicle_types()[kind].capacity;
            let shipped = problem.rules().shipments.iter();
            let shipped = shipped.filter(|s| s.pickup == stop || s.delivery == stop);
            let (own, goods) = (&problem.stops()[stop], shipped.map(|s| &s.amount));
            let mut amounts = goods.chain([&own.demand, &own.pickup]);
            amounts.all(|amount| amount.iter().zip(capacity).all(|(a, most)| a <= most))
        };
        let able: Vec<usize> = types
            .filter(|&kind| problem.may_serve(kind, stop))
            .collect();
        let (code, text) = if able.is_empty() {
            ("SKILL_CONSTRAINT", "cannot serve required skill")
        } else if !able.iter().any(|&kind| fits(kind)) {
            (
                "CAPACITY_CONSTRAINT",
                "does not fit into any vehicle due to capacity",
            )
        } else {
            ("NO_REASON_FOUND", "unknown")
        };
        entries.push(json!({
            "jobId": activity.job,
            "reasons": [{ "code": code, "description": text }],
        }));
    }
    entries
}
