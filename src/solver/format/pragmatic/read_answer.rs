//! Answers of vrp-cli, and of this program in its form, read for judging.

use super::Origin;
use super::answer::statistic;
use super::clock::instant;
use super::document::Location;
use crate::domain::InputError;
use crate::solver::format::instance::Instance;
use crate::solver::format::{json, route_text};
use crate::solver::solution::{Pause, PauseKind, Route, Solution};
use serde::Deserialize;

/// Largest difference of a stated cost from the true one, relative, besides that of rounding.
const STATED_TOLERANCE: f64 = 1e-6;

/// What an answer says that matters; times and sums are worked out again.
#[derive(Debug, Deserialize)]
struct Answer {
    statistic: StatedStatistic,
    tours: Vec<Tour>,
    #[serde(default)]
    unassigned: Vec<Unassigned>,
}

#[derive(Debug, Deserialize)]
struct StatedStatistic {
    cost: f64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unassigned {
    job_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tour {
    vehicle_id: String,
    #[serde(default)]
    shift_index: usize,
    stops: Vec<Stop>,
}

#[derive(Debug, Deserialize)]
struct Stop {
    location: Option<Location>,
    time: Schedule,
    activities: Vec<Activity>,
}

#[derive(Debug, Deserialize)]
struct Schedule {
    arrival: String,
    departure: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Activity {
    job_id: String,
    #[serde(rename = "type")]
    kind: String,
    location: Option<Location>,
    time: Option<Interval>,
    job_tag: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Interval {
    start: String,
    end: String,
}

/// Parses an answer. Its departures and orders are taken, the rest follows from them.
pub(in crate::solver::format) fn parse_solution(
    source: &str,
    content: &str,
    instance: &Instance,
    origin: &Origin,
) -> Result<Solution, InputError> {
    let answer: Answer = json::parse(source, content)?;
    let reader = Reader {
        source,
        instance,
        origin,
    };
    let mut solution = Solution::default();
    for (index, tour) in answer.tours.iter().enumerate() {
        solution.routes.push(reader.route(index, tour)?);
    }
    for (index, left) in answer.unassigned.iter().enumerate() {
        if !origin.activities.iter().any(|a| a.job == left.job_id) {
            return Err(reader.wrong(format!("unassigned[{index}].jobId"), &left.job_id));
        }
    }
    route_text::finish(instance, &mut solution, None);
    let actual = statistic(instance, origin, &solution).cost;
    let stated = answer.statistic.cost;
    if (actual - stated).abs()
        > STATED_TOLERANCE * actual.abs().max(1.0) + rounding(&answer, origin)
    {
        solution.cost = (stated * origin.cost_scale as f64).round() as i64;
    }
    Ok(solution)
}

/// What rounding durations and distances to whole numbers may cost: one of each for every activity.
fn rounding(answer: &Answer, origin: &Origin) -> f64 {
    let stops = answer.tours.iter().flat_map(|tour| &tour.stops);
    let activities: usize = stops.map(|stop| stop.activities.len()).sum();
    let costs = origin
        .vehicles
        .iter()
        .map(|v| v.costs.time + v.costs.distance);
    activities as f64 * costs.fold(0.0, f64::max)
}

struct Reader<'a> {
    source: &'a str,
    instance: &'a Instance,
    origin: &'a Origin,
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

    fn route(&self, index: usize, tour: &Tour) -> Result<Route, InputError> {
        let path = format!("tours[{index}]");
        let drivers = &self.origin.drivers;
        let driver = drivers
            .iter()
            .position(|d| d.vehicle_id == tour.vehicle_id && d.shift == tour.shift_index);
        let driver =
            driver.ok_or_else(|| self.wrong(format!("{path}.vehicleId"), &tour.vehicle_id))?;
        let (vehicle_type, vehicle) = self.instance.fleet[driver];
        let mut route = Route {
            vehicle_type,
            vehicle,
            ..Route::default()
        };
        for (number, stop) in tour.stops.iter().enumerate() {
            for (position, activity) in stop.activities.iter().enumerate() {
                let path = format!("{path}.stops[{number}].activities[{position}]");
                self.act(&path, stop, activity, &mut route)?;
            }
        }
        if let Some(first) = tour.stops.first() {
            route.departure_s = self.departure_s(&path, first)?;
        }
        Ok(route)
    }

    /// When the vehicle departs, which may be before it leaves its start, if it has a break there.
    fn departure_s(&self, path: &str, first: &Stop) -> Result<i64, InputError> {
        let departure = first.activities.first().and_then(|a| a.time.as_ref());
        let (field, text) = match departure {
            Some(time) => ("activities[0].time.end", &time.end),
            None => ("time.departure", &first.time.departure),
        };
        let moment = instant(self.source, &format!("{path}.stops[0].{field}"), text)?;
        Ok(self.origin.clock.not_before(moment))
    }

    fn act(
        &self,
        path: &str,
        stop: &Stop,
        activity: &Activity,
        route: &mut Route,
    ) -> Result<(), InputError> {
        let location = activity.location.as_ref().or(stop.location.as_ref());
        let place = location.and_then(|l| self.origin.locations.place(l));
        let before = route.stops.len();
        match activity.kind.as_str() {
            "departure" | "arrival" => {}
            "break" => {
                let start = activity
                    .time
                    .as_ref()
                    .map_or(&stop.time.arrival, |t| &t.start);
                let at = instant(self.source, &format!("{path}.time.start"), start)?;
                let at_s = self.origin.clock.not_before(at);
                let kind = self.break_taken(path, at_s, route)?;
                route.pauses.push(Pause { before, kind });
            }
            "reload" => {
                let kind = &self.instance.problem.vehicle_types()[route.vehicle_type];
                let reload = kind.reloads.iter().position(|r| Some(r.place) == place);
                let reload = reload
                    .ok_or_else(|| self.wrong(format!("{path}.location"), &activity.job_id))?;
                route.pauses.push(Pause {
                    before,
                    kind: PauseKind::Reload(reload),
                });
            }
            kind => {
                let all = self.origin.activities.iter().enumerate();
                let own = all.filter(|(_, a)| a.job == activity.job_id && a.kind == kind);
                let own: Vec<(usize, &super::Activity)> = own.collect();
                let stops = self.instance.problem.stops();
                let exact = own.iter().find(|(stop, known)| {
                    known.tag == activity.job_tag && Some(stops[*stop].place) == place
                });
                let near = own
                    .iter()
                    .find(|(stop, _)| Some(stops[*stop].place) == place);
                let (stop, _) = exact
                    .or(near)
                    .ok_or_else(|| self.wrong(format!("{path}.jobId"), &activity.job_id))?;
                route.stops.push(*stop);
            }
        }
        Ok(())
    }

    /// Which break starts at a second: the first one not taken yet that may, else the first.
    fn break_taken(&self, path: &str, at_s: i64, route: &Route) -> Result<PauseKind, InputError> {
        let kind = &self.instance.problem.vehicle_types()[route.vehicle_type];
        let free = |index: &usize| {
            let taken = PauseKind::Break(*index);
            !route.pauses.iter().any(|pause| pause.kind == taken)
        };
        let left: Vec<usize> = (0..kind.breaks.len()).filter(free).collect();
        let may = |index: &&usize| {
            let windows = &kind.breaks[**index].windows;
            windows
                .iter()
                .any(|w| (w.open_s..=w.close_s).contains(&at_s))
        };
        let taken = left.iter().find(may).or(left.first());
        taken
            .map(|index| PauseKind::Break(*index))
            .ok_or_else(|| self.wrong(format!("{path}.type"), "break"))
    }
}
