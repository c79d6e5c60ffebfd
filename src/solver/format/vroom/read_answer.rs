//! Answers of VROOM, and of this program in its form, read for judging.

use super::answer::routes_cost;
use super::tasks::TaskKind;
use super::{COST_SCALE, Origin};
use crate::domain::InputError;
use crate::solver::check::check;
use crate::solver::format::instance::Instance;
use crate::solver::format::{json, route_text};
use crate::solver::problem::UNBOUNDED_S;
use crate::solver::solution::{Pause, PauseKind, Route, Solution};
use serde::Deserialize;
use std::collections::HashMap;

/// What an answer says that matters; times and sums are worked out again.
#[derive(Debug, Deserialize)]
struct Answer {
    code: i64,
    summary: Summary,
    #[serde(default)]
    unassigned: Vec<Unassigned>,
    #[serde(default)]
    routes: Vec<AnswerRoute>,
}

#[derive(Debug, Deserialize)]
struct Summary {
    cost: i64,
}

#[derive(Debug, Deserialize)]
struct Unassigned {
    id: u64,
    #[serde(rename = "type", default = "job")]
    kind: String,
}

fn job() -> String {
    "job".into()
}

#[derive(Debug, Deserialize)]
struct AnswerRoute {
    vehicle: u64,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    id: Option<u64>,
    arrival: i64,
}

/// Parses an answer. Its departures and orders are taken, the rest follows from them.
pub(in crate::solver::format) fn parse_solution(
    source: &str,
    content: &str,
    instance: &Instance,
    origin: &Origin,
) -> Result<Solution, InputError> {
    let answer: Answer = json::parse(source, content)?;
    if answer.code != 0 {
        return Err(
            InputError::new(source, "an error, not a plan", "give an answer of code 0")
                .field("code")
                .value(answer.code),
        );
    }
    let reader = Reader {
        source,
        instance,
        origin,
        stops: origin.stops(),
    };
    let mut solution = Solution::default();
    for (index, route) in answer.routes.iter().enumerate() {
        solution.routes.push(reader.route(index, route)?);
    }
    for (index, left) in answer.unassigned.iter().enumerate() {
        reader.stop(&format!("unassigned[{index}]"), &left.kind, Some(left.id))?;
    }
    route_text::finish(instance, &mut solution, None);
    let report = check(&instance.problem, &solution);
    // A route's cost may be rounded before it is summed.
    let tolerance = solution.routes.len() as i128 + 1;
    if (routes_cost(&report) - i128::from(answer.summary.cost)).abs() > tolerance {
        solution.cost = answer.summary.cost.saturating_mul(COST_SCALE);
    }
    Ok(solution)
}

struct Reader<'a> {
    source: &'a str,
    instance: &'a Instance,
    origin: &'a Origin,
    stops: HashMap<(TaskKind, u64), usize>,
}

impl Reader<'_> {
    fn wrong(&self, field: String, value: impl std::fmt::Display) -> InputError {
        InputError::new(
            self.source,
            "not in the problem",
            "name what the problem has",
        )
        .field(field)
        .value(value)
    }

    fn route(&self, index: usize, route: &AnswerRoute) -> Result<Route, InputError> {
        let path = format!("routes[{index}]");
        let vehicles = &self.origin.vehicles;
        let position = vehicles.iter().position(|v| v.id == route.vehicle);
        let position =
            position.ok_or_else(|| self.wrong(format!("{path}.vehicle"), route.vehicle))?;
        let (vehicle_type, vehicle) = self.instance.fleet[position];
        let departure_s = route.steps.first().map_or(0, |step| step.arrival);
        if !(-UNBOUNDED_S..=UNBOUNDED_S).contains(&departure_s) {
            let error = InputError::new(self.source, "not a time", "give seconds within 2^40");
            return Err(error
                .field(format!("{path}.steps[0].arrival"))
                .value(departure_s));
        }
        let mut read = Route {
            vehicle_type,
            vehicle,
            departure_s,
            ..Route::default()
        };
        for (number, step) in route.steps.iter().enumerate() {
            let path = format!("{path}.steps[{number}]");
            match step.kind.as_str() {
                "start" | "end" => {}
                "break" => {
                    let mut breaks = vehicles[position].breaks.iter();
                    let owed = breaks.position(|b| Some(b.id) == step.id);
                    let shown = || step.id.map_or("none".into(), |id| id.to_string());
                    let owed = owed.ok_or_else(|| self.wrong(format!("{path}.id"), shown()))?;
                    read.pauses.push(Pause {
                        before: read.stops.len(),
                        kind: PauseKind::Break(owed),
                    });
                }
                kind => read.stops.push(self.stop(&path, kind, step.id)?),
            }
        }
        Ok(read)
    }

    fn stop(&self, path: &str, kind: &str, id: Option<u64>) -> Result<usize, InputError> {
        let kinds = [TaskKind::Job, TaskKind::Pickup, TaskKind::Delivery];
        let known = kinds.into_iter().find(|known| known.name() == kind);
        let known = known.ok_or_else(|| self.wrong(format!("{path}.type"), kind))?;
        let stop = id.and_then(|id| self.stops.get(&(known, id)));
        let shown = || id.map_or("none".into(), |id| id.to_string());
        stop.copied()
            .ok_or_else(|| self.wrong(format!("{path}.id"), shown()))
    }
}
