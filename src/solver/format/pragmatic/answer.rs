//! Answers: tours stop by stop, as pragmatic has them.

use super::Origin;
use super::document::{Costs, Shift};
use crate::domain::InputError;
use crate::solver::check::{Activity, CheckedRoute, check};
use crate::solver::format::instance::Instance;
use crate::solver::solution::{PauseKind, Solution};
use serde_json::{Map, Value, json};

/// Sums of a tour, and of all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Statistic {
    pub cost: f64,
    distance: i64,
    duration: i64,
    driving: i64,
    serving: i64,
    waiting: i64,
    breaks: i64,
}

impl Statistic {
    /// The sums of a tour.
    fn of(checked: &CheckedRoute, costs: Costs) -> Self {
        let mut sums = Self {
            distance: checked.distance as i64,
            duration: checked.duration_s(),
            driving: checked.driving_s,
            waiting: checked.waiting_s,
            ..Self::default()
        };
        for activity in &checked.activities {
            let spent_s = activity.end_s - activity.start_s;
            match activity.activity {
                Activity::Stop(_) | Activity::Pause(PauseKind::Reload(_)) => {
                    sums.serving += spent_s
                }
                Activity::Pause(PauseKind::Break(_) | PauseKind::Rest) => sums.breaks += spent_s,
            }
        }
        sums.cost = costs.fixed.unwrap_or(0.0)
            + costs.distance * sums.distance as f64
            + costs.time * sums.duration as f64;
        sums
    }

    fn add(&mut self, other: Self) {
        self.cost += other.cost;
        self.distance += other.distance;
        self.duration += other.duration;
        self.driving += other.driving;
        self.serving += other.serving;
        self.waiting += other.waiting;
        self.breaks += other.breaks;
    }

    fn show(self) -> Value {
        json!({
            "cost": self.cost,
            "distance": self.distance,
            "duration": self.duration,
            "times": {
                "driving": self.driving,
                "serving": self.serving,
                "waiting": self.waiting,
                "break": self.breaks,
                "commuting": 0,
                "parking": 0,
            },
        })
    }
}

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
    let mut stops = Stops {
        done: Vec::new(),
        metres: 0,
    };
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
        stops.load(&activity.load);
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
        "stops": stops.done.iter().map(|stop| stop.show(origin)).collect::<Vec<_>>(),
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

/// A stop: one place, some activities.
struct StopEntry {
    place: usize,
    arrival_s: i64,
    departure_s: i64,
    metres: i64,
    load: Vec<i64>,
    activities: Vec<(Map<String, Value>, [i64; 2])>,
}

impl StopEntry {
    fn show(&self, origin: &Origin) -> Value {
        let location = origin.locations.show(self.place);
        let several = self.activities.len() > 1;
        let activities = self.activities.iter().map(|(activity, [start_s, end_s])| {
            let mut activity = activity.clone();
            if several {
                let (start, end) = (origin.clock.show(*start_s), origin.clock.show(*end_s));
                activity.insert("location".into(), json!(location));
                activity.insert("time".into(), json!({ "start": start, "end": end }));
            }
            Value::Object(activity)
        });
        json!({
            "location": location,
            "time": {
                "arrival": origin.clock.show(self.arrival_s),
                "departure": origin.clock.show(self.departure_s),
            },
            "distance": self.metres,
            "load": self.load,
            "activities": activities.collect::<Vec<_>>(),
        })
    }
}

/// The stops of a tour as it goes on.
struct Stops {
    done: Vec<StopEntry>,
    metres: i64,
}

impl Stops {
    fn visit(&mut self, place: usize, arrival_s: i64, load: &[i128]) {
        self.done.push(StopEntry {
            place,
            arrival_s,
            departure_s: arrival_s,
            metres: self.metres,
            load: load.iter().map(|&amount| amount as i64).collect(),
            activities: Vec::new(),
        });
    }

    /// Another stop, unless it is at the same place.
    fn drive(&mut self, metres: i64, place: usize, arrival_s: i64, load: &[i128]) {
        self.metres += metres;
        let same = self.done.last().is_some_and(|stop| stop.place == place);
        let first = self.done.len() == 1;
        if !same || first {
            self.visit(place, arrival_s, load);
        }
    }

    fn act(&mut self, job: &str, kind: &str, tag: Option<&String>, time: [i64; 2]) {
        let mut activity = Map::new();
        activity.insert("jobId".into(), json!(job));
        activity.insert("type".into(), json!(kind));
        if let Some(tag) = tag {
            activity.insert("jobTag".into(), json!(tag));
        }
        if let Some(stop) = self.done.last_mut() {
            stop.activities.push((activity, time));
        }
    }

    fn load(&mut self, load: &[i128]) {
        if let Some(stop) = self.done.last_mut() {
            stop.load = load.iter().map(|&amount| amount as i64).collect();
        }
    }

    fn leave(&mut self, departure_s: i64) {
        if let Some(stop) = self.done.last_mut() {
            stop.departure_s = departure_s;
        }
    }
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
