//! Answers: routes step by step, as VROOM gives them.

use super::document::Vehicle;
use super::tasks::TaskKind;
use super::{COST_SCALE, Origin};
use crate::domain::InputError;
use crate::solver::check::{
    Activity, CheckReport, CheckedActivity, CheckedLeg, CheckedRoute, check,
};
use crate::solver::format::instance::Instance;
use crate::solver::solution::{PauseKind, Solution};
use serde_json::{Map, Value, json};

/// Sums of a route, and of all.
#[derive(Default)]
struct Totals {
    cost: i128,
    service: i64,
    driving: i64,
    waiting: i64,
    priority: i64,
    distance: Option<i64>,
    delivery: Vec<i64>,
    pickup: Vec<i64>,
}

/// The text of an answer.
pub(in crate::solver::format) fn write(
    instance: &Instance,
    origin: &Origin,
    solution: &Solution,
) -> Result<String, InputError> {
    let report = check(&instance.problem, solution);
    let mut totals = Totals::default();
    let mut routes = Vec::new();
    for checked in &report.routes {
        let writer = Writer {
            instance,
            origin,
            solution,
            checked,
        };
        let (route, of_route) = writer.route()?;
        totals.add(&of_route);
        routes.push(route);
    }
    let unassigned: Vec<Value> = solution
        .unplanned
        .iter()
        .filter_map(|&stop| origin.tasks.get(stop))
        .map(|task| {
            let mut one = Map::new();
            one.insert("id".into(), json!(task.id));
            one.insert("type".into(), json!(task.kind.name()));
            if let Some(text) = &task.description {
                one.insert("description".into(), json!(text));
            }
            if let Some(location) = task.location {
                one.insert("location".into(), json!(location));
            }
            one.insert("location_index".into(), json!(task.location_index));
            Value::Object(one)
        })
        .collect();
    let mut summary = totals.fields(routes_cost(&report));
    summary.insert("routes".into(), json!(routes.len()));
    summary.insert("unassigned".into(), json!(unassigned.len()));
    let answer = json!({
        "code": 0,
        "summary": summary,
        "unassigned": unassigned,
        "routes": routes,
    });
    Ok(format!("{answer:#}\n"))
}

/// The cost of all routes in units of the file, rounded.
pub(super) fn routes_cost(report: &CheckReport) -> i128 {
    rounded(report.routes.iter().map(|route| route.cost).sum())
}

fn rounded(cost: i128) -> i128 {
    (cost + i128::from(COST_SCALE) / 2).div_euclid(i128::from(COST_SCALE))
}

impl Totals {
    fn add(&mut self, other: &Self) {
        self.cost += other.cost;
        self.service += other.service;
        self.driving += other.driving;
        self.waiting += other.waiting;
        self.priority += other.priority;
        self.distance = match (self.distance, other.distance) {
            (sum, Some(more)) => Some(sum.unwrap_or(0) + more),
            (sum, None) => sum,
        };
        add(&mut self.delivery, &other.delivery);
        add(&mut self.pickup, &other.pickup);
    }

    fn fields(&self, cost: i128) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut set = |key: &str, value: Value| fields.insert(key.into(), value);
        set("cost", json!(cost as i64));
        set("delivery", json!(self.delivery));
        set("pickup", json!(self.pickup));
        set("setup", json!(0));
        set("service", json!(self.service));
        set("duration", json!(self.driving));
        set("waiting_time", json!(self.waiting));
        set("priority", json!(self.priority));
        if let Some(distance) = self.distance {
            set("distance", json!(distance));
        }
        set("violations", json!([]));
        fields
    }
}

fn add(sums: &mut Vec<i64>, more: &[i64]) {
    sums.resize(sums.len().max(more.len()), 0);
    sums.iter_mut()
        .zip(more)
        .for_each(|(sum, more)| *sum += more);
}

/// Writes one route.
struct Writer<'a> {
    instance: &'a Instance,
    origin: &'a Origin,
    solution: &'a Solution,
    checked: &'a CheckedRoute,
}

impl Writer<'_> {
    fn route(&self) -> Result<(Value, Totals), InputError> {
        let route = &self.solution.routes[self.checked.route];
        let named = (route.vehicle_type, route.vehicle);
        let position = self.instance.fleet.iter().position(|v| *v == named);
        let vehicle = position.and_then(|index| self.origin.vehicles.get(index));
        let vehicle = vehicle.ok_or_else(|| {
            InputError::new("solution", "no such vehicle", "give a vehicle of the fleet")
        })?;
        let kind = &self.instance.problem.vehicle_types()[route.vehicle_type];
        let measured = self.origin.tables.has_distances(kind.profile);
        let mut totals = Totals {
            distance: measured.then_some(0),
            ..Totals::default()
        };
        let mut steps = Vec::new();
        if let Some(start) = vehicle.start_index {
            let at_s = self.checked.departure_s;
            let load = &self.checked.load;
            steps.push(self.end_step("start", start, vehicle.start, at_s, load, &totals));
        }
        for activity in &self.checked.activities {
            self.travel(&mut totals, kind.profile, activity.leg.as_ref());
            steps.extend(self.step(vehicle, activity, &mut totals));
        }
        self.travel(&mut totals, kind.profile, self.checked.last_leg.as_ref());
        if let Some(end) = vehicle.end_index {
            let last = self.checked.activities.last().map(|a| &a.load);
            let load = last.unwrap_or(&self.checked.load);
            let at_s = self.checked.end_s;
            steps.push(self.end_step("end", end, vehicle.end, at_s, load, &totals));
        }
        totals.cost = self.checked.cost;
        let mut fields = Map::new();
        fields.insert("vehicle".into(), json!(vehicle.id));
        fields.extend(totals.fields(rounded(totals.cost)));
        if let Some(text) = &vehicle.description {
            fields.insert("description".into(), json!(text));
        }
        fields.insert("steps".into(), json!(steps));
        Ok((Value::Object(fields), totals))
    }

    /// A task or a break, counted into the totals.
    fn step(
        &self,
        vehicle: &Vehicle,
        activity: &CheckedActivity,
        totals: &mut Totals,
    ) -> Option<Value> {
        let mut step = Map::new();
        let mut set = |key: &str, value: Value| step.insert(key.into(), value);
        match activity.activity {
            Activity::Stop(stop) => {
                let task = &self.origin.tasks[stop];
                totals.priority += i64::from(task.priority);
                add(&mut totals.delivery, &task.delivery);
                add(&mut totals.pickup, &task.pickup);
                set("type", json!(task.kind.name()));
                set("location_index", json!(task.location_index));
                set("id", json!(task.id));
                if task.kind == TaskKind::Job {
                    set("job", json!(task.id));
                }
                if let Some(location) = task.location {
                    set("location", json!(location));
                }
                if let Some(text) = &task.description {
                    set("description", json!(text));
                }
            }
            Activity::Pause(PauseKind::Break(index)) => {
                let owed = vehicle.breaks.get(index)?;
                set("type", json!("break"));
                set("id", json!(owed.id));
                if let Some(text) = &owed.description {
                    set("description", json!(text));
                }
            }
            // VROOM has neither; nor has a problem that was read from it.
            Activity::Pause(PauseKind::Reload(_) | PauseKind::Rest) => return None,
        }
        let service_s = activity.end_s - activity.start_s;
        set("setup", json!(0));
        set("service", json!(service_s));
        set("waiting_time", json!(activity.waiting_s));
        set("load", json!(loads(&activity.load)));
        set("arrival", json!(activity.arrival_s));
        set("duration", json!(totals.driving));
        if let Some(distance) = totals.distance {
            set("distance", json!(distance));
        }
        set("violations", json!([]));
        totals.service += service_s;
        totals.waiting += activity.waiting_s;
        Some(Value::Object(step))
    }

    fn travel(&self, totals: &mut Totals, profile: usize, leg: Option<&CheckedLeg>) {
        let Some(leg) = leg else { return };
        totals.driving += leg.driving_s;
        let metres = self.origin.tables.distance(profile, leg.from, leg.to);
        if let Some((sum, metres)) = totals.distance.as_mut().zip(metres) {
            *sum += metres;
        }
    }

    fn end_step(
        &self,
        name: &str,
        place: usize,
        location: Option<[f64; 2]>,
        at_s: i64,
        load: &[i128],
        totals: &Totals,
    ) -> Value {
        let mut step = Map::new();
        let mut set = |key: &str, value: Value| step.insert(key.into(), value);
        set("type", json!(name));
        if let Some(location) = location {
            set("location", json!(location));
        }
        set("location_index", json!(place));
        set("setup", json!(0));
        set("service", json!(0));
        set("waiting_time", json!(0));
        set("load", json!(loads(load)));
        set("arrival", json!(at_s));
        set("duration", json!(totals.driving));
        if let Some(distance) = totals.distance {
            set("distance", json!(distance));
        }
        set("violations", json!([]));
        Value::Object(step)
    }
}

fn loads(load: &[i128]) -> Vec<i64> {
    load.iter().map(|&amount| amount as i64).collect()
}
