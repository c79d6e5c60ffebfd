//! Explanations of a plan in the words of its instance, as a document and as text.

use super::instance::Instance;
use super::reason::{self, Reason};
use crate::runtime::Cancel;
use crate::solver::explain::{ExplainOptions, LeftOut, VehicleChoice};
use crate::solver::explain::{explain_left_out, explain_vehicle};
use crate::solver::solution::Solution;
use serde::Serialize;
use std::fmt::{self, Write};

/// Why a plan is as it is. Costs, times and distances are in units of the instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Name of the instance.
    pub instance: String,
    /// Stops that are not planned.
    pub left_out: Vec<LeftOutStop>,
    /// Planned stops, in the order of the instance.
    pub planned: Vec<PlannedStop>,
}

/// Why a stop is not planned, and what would let it in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOutStop {
    /// What the instance calls the stop.
    pub stop: String,
    /// What binds, by kind of vehicle.
    pub reasons: Vec<VehicleReasons>,
    /// The cheapest single change that would fit it, if there is one.
    pub change: Option<FittingChange>,
}

/// What keeps a stop from vehicles of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VehicleReasons {
    /// What the instance calls the vehicles.
    pub vehicles: Vec<String>,
    /// Whether making up for any one shortage would be enough.
    pub one_suffices: bool,
    /// What is short.
    pub shortages: Vec<Reason>,
}

/// A change that would fit a stop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FittingChange {
    /// What to change.
    #[serde(flatten)]
    pub what: Reason,
    /// The vehicle that would serve the stop.
    pub vehicle: String,
    /// What serving it would cost besides.
    pub extra_cost: f64,
    /// Whether solving again with the change served it.
    pub verified: bool,
}

/// Why a planned stop is on its vehicle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedStop {
    /// What the instance calls the stop.
    pub stop: String,
    /// Its vehicle.
    pub vehicle: String,
    /// What the vehicle would save without it.
    pub cost: f64,
    /// The second best vehicle; `None` if no other can serve it with all else as planned.
    pub second: Option<SecondBest>,
}

/// Another vehicle for a stop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SecondBest {
    /// What the instance calls it.
    pub vehicle: String,
    /// What the stop would cost there.
    pub cost: f64,
    /// How much more that is.
    pub dearer_by: f64,
}

/// Explains every stop of a solution, or only those named. Cancelling leaves out the rest.
pub fn explain_solution(
    instance: &Instance,
    solution: &Solution,
    only: Option<&[usize]>,
    options: &ExplainOptions,
    cancel: &Cancel,
) -> Explanation {
    let problem = &instance.problem;
    let mut explanation = Explanation {
        instance: instance.name.clone(),
        left_out: Vec::new(),
        planned: Vec::new(),
    };
    for stop in 0..problem.stops().len() {
        if cancel.is_cancelled() {
            break;
        }
        let is_asked = only.is_none_or(|only| only.contains(&stop));
        // An alternative of a stop that is served is not left out.
        let is_out = solution.unplanned.contains(&stop);
        if is_asked && is_out {
            let found = explain_left_out(problem, solution, stop, options, cancel);
            explanation
                .left_out
                .extend(found.map(|why| left_out(instance, &why)));
        } else if is_asked {
            let found = explain_vehicle(problem, solution, stop);
            let told = found.map(|why| planned(instance, solution, &why));
            explanation.planned.extend(told);
        }
    }
    explanation
}

fn name(instance: &Instance, stop: usize) -> String {
    instance.stop_ids.get(stop).cloned().unwrap_or_default()
}

fn left_out(instance: &Instance, why: &LeftOut) -> LeftOutStop {
    let of_type = |vehicle_type: usize| {
        let own = instance
            .fleet
            .iter()
            .filter(|(kind, _)| *kind == vehicle_type);
        own.map(|&(kind, number)| instance.vehicle_name(kind, number))
            .collect()
    };
    let types = why.types.iter().filter(|t| !t.shortages.is_empty());
    LeftOutStop {
        stop: name(instance, why.stop),
        reasons: types
            .map(|reasons| VehicleReasons {
                vehicles: of_type(reasons.vehicle_type),
                one_suffices: reasons.one_suffices,
                shortages: reasons
                    .shortages
                    .iter()
                    .map(|s| reason::shortage(instance, s))
                    .collect(),
            })
            .collect(),
        change: why.change.as_ref().map(|change| FittingChange {
            what: reason::change(instance, &change.kind),
            vehicle: instance.vehicle_name(change.vehicle.0, change.vehicle.1),
            extra_cost: cost(instance, change.extra_cost),
            verified: change.verified,
        }),
    }
}

fn planned(instance: &Instance, solution: &Solution, why: &VehicleChoice) -> PlannedStop {
    let route = &solution.routes[why.route];
    PlannedStop {
        stop: name(instance, why.stop),
        vehicle: instance.vehicle_name(route.vehicle_type, route.vehicle),
        cost: cost(instance, why.cost),
        second: why.second.map(|second| SecondBest {
            vehicle: instance.vehicle_name(second.vehicle_type, second.vehicle),
            cost: cost(instance, second.cost),
            dearer_by: cost(instance, second.cost - why.cost),
        }),
    }
}

fn cost(instance: &Instance, cost: i128) -> f64 {
    cost as f64 / instance.cost_scale.max(1) as f64
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = (self.left_out.len(), self.planned.len());
        writeln!(
            f,
            "{}: {} stops left out, {} planned",
            self.instance, counts.0, counts.1
        )?;
        for stop in &self.left_out {
            write!(f, "{stop}")?;
        }
        for stop in &self.planned {
            writeln!(f, "{stop}")?;
        }
        Ok(())
    }
}

impl fmt::Display for LeftOutStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "stop {} is left out:", self.stop)?;
        for reasons in &self.reasons {
            let joined = match reasons.one_suffices {
                true => ", or ",
                false => ", and ",
            };
            let texts: Vec<&str> = reasons.shortages.iter().map(|s| s.text.as_str()).collect();
            writeln!(
                f,
                "  {}: {}",
                vehicles(&reasons.vehicles),
                texts.join(joined)
            )?;
        }
        match &self.change {
            Some(change) => writeln!(
                f,
                "  cheapest change: {} (vehicle {}; serving it then costs {} more; {})",
                change.what.text,
                change.vehicle,
                change.extra_cost,
                match change.verified {
                    true => "verified by solving again",
                    false => "not verified",
                }
            ),
            None => writeln!(f, "  no single change would fit it"),
        }
    }
}

impl fmt::Display for PlannedStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "stop {} is on vehicle {} for {}",
            self.stop, self.vehicle, self.cost
        )?;
        match &self.second {
            Some(second) => write!(
                f,
                "; second best: vehicle {} for {} ({:+})",
                second.vehicle, second.cost, second.dearer_by
            ),
            None => write!(
                f,
                "; no other vehicle can serve it with all else as planned"
            ),
        }
    }
}

/// Names of vehicles, the middle of a long list left out.
fn vehicles(names: &[String]) -> String {
    let mut text = String::new();
    match names {
        [] => text.push_str("no vehicle"),
        [one] => {
            let _ = write!(text, "vehicle {one}");
        }
        [first, .., last] => {
            let _ = write!(text, "{} vehicles from {first} to {last}", names.len());
        }
    }
    text
}
