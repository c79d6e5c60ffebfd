//! Ways to serve a stop that is left out, and what is short in each.

use super::insertion::{Base, bases, broken_relation, insertions, task};
use super::left_out::Shortage;
use crate::solver::check::{Fault, FaultKind, check_route};
use crate::solver::problem::Problem;
use crate::solver::solution::{Route, Solution};

/// One way to serve the stop: where, and what is short there.
pub(super) struct Attempt {
    /// Route of the solution; `None` for a vehicle not in use.
    pub index: Option<usize>,
    /// The route with the stop.
    pub route: Route,
    /// Cost besides that of the route as it was.
    pub extra: i128,
    /// What is short, at least one thing.
    pub shortages: Vec<Shortage>,
}

impl Attempt {
    /// What is short, if it is one thing alone.
    pub fn single(&self) -> Option<&Shortage> {
        match self.shortages.as_slice() {
            [single] => Some(single),
            _ => None,
        }
    }

    /// Whether this attempt says more than another of the same vehicle type: less of the same one
    /// thing is short, or fewer things are.
    fn replaces(&self, other: &Self) -> Option<bool> {
        if self.route.vehicle_type != other.route.vehicle_type {
            return None;
        }
        match (self.single(), other.single()) {
            (Some(a), Some(b)) if same_kind(a, b) => {
                Some((amount(a), self.extra) < (amount(b), other.extra))
            }
            (None, None) => {
                let rank = |a: &Self| (a.shortages.len(), a.extra);
                Some(rank(self) < rank(other))
            }
            _ => None,
        }
    }
}

/// The best attempts to insert the stop, for every vehicle type one for each thing that alone is
/// short somewhere, and one where the fewest things are.
pub(super) fn attempts(problem: &Problem, solution: &Solution, stop: usize) -> Vec<Attempt> {
    let task = task(problem, stop);
    let penalty = penalty(problem, &task);
    let mut attempts: Vec<Attempt> = Vec::new();
    for Base {
        index,
        route: base,
        is_lacking,
    } in bases(problem, solution)
    {
        let before = match index {
            Some(_) => check_route(problem, &base).map_or(0, |(checked, _)| checked.cost),
            None => 0,
        };
        let relation = broken_relation(problem, solution, &task, (base.vehicle_type, base.vehicle));
        insertions(problem, &base, &task, &mut |tried| {
            let extra = tried.checked.cost - before;
            let vehicle_type = tried.route.vehicle_type;
            let faults = tried.faults.iter();
            let mut shortages: Vec<Shortage> = faults
                .map(|fault| shortage(problem, vehicle_type, fault))
                .chain(relation.map(Shortage::Relation))
                .chain(is_lacking.then_some(Shortage::Vehicles))
                .collect();
            if shortages.is_empty() {
                let over = penalty
                    .map(|penalty| extra - penalty)
                    .filter(|over| *over > 0);
                shortages.push(over.map_or(Shortage::Search, Shortage::Cost));
            }
            let attempt = Attempt {
                index,
                route: tried.route,
                extra,
                shortages,
            };
            let mut alike = attempts.iter_mut();
            let alike = alike.find_map(|known| Some((attempt.replaces(known)?, known)));
            match alike {
                Some((true, known)) => *known = attempt,
                Some((false, _)) => {}
                None => attempts.push(attempt),
            }
        });
    }
    attempts
}

/// What leaving the task out costs; `None` if it is mandatory.
fn penalty(problem: &Problem, task: &[usize]) -> Option<i128> {
    let mut groups = problem.rules().groups.iter();
    if let Some(group) = groups.find(|g| task.iter().any(|t| g.stops.contains(t))) {
        return group.penalty.map(i128::from);
    }
    let penalties = task
        .iter()
        .map(|&t| problem.stops()[t].penalty.map(i128::from));
    penalties.sum()
}

/// A fault as what is short.
fn shortage(problem: &Problem, vehicle_type: usize, fault: &Fault) -> Shortage {
    let vehicle = &problem.vehicle_types()[vehicle_type];
    match (fault.kind.clone(), fault.stop) {
        (FaultKind::Skills { missing }, _) => Shortage::Skills(missing),
        (FaultKind::VehicleType { .. }, _) => Shortage::NotAmongTypes,
        (
            FaultKind::Load {
                dimension,
                load,
                capacity,
                ..
            },
            _,
        ) => Shortage::Capacity(dimension, load - i128::from(capacity)),
        (FaultKind::Window { arrival_s }, Some(stop)) => {
            let last = problem.stops()[stop].windows.last();
            Shortage::Window(stop, last.map_or(0, |w| arrival_s - w.close_s))
        }
        (FaultKind::ShiftEnd { end_s, latest_s }, _) => Shortage::ShiftEnd(end_s - latest_s),
        (FaultKind::LateDeparture { departure_s, .. }, _) => {
            Shortage::Departure(departure_s - vehicle.latest_start_s)
        }
        (FaultKind::Duration { duration_s, most_s }, _) => Shortage::Duration(duration_s - most_s),
        (FaultKind::Distance { distance, most }, _) => {
            Shortage::Distance(distance - i128::from(most))
        }
        (FaultKind::Driving { driving_s, most_s }, _) => Shortage::Driving(driving_s - most_s),
        (FaultKind::Stops { stops, most }, _) => Shortage::Stops(stops - most),
        (kind, _) => Shortage::Rule(kind),
    }
}

/// Whether two shortages are of the same thing.
fn same_kind(a: &Shortage, b: &Shortage) -> bool {
    let same = std::mem::discriminant(a) == std::mem::discriminant(b);
    match (a, b) {
        (Shortage::Capacity(a, _), Shortage::Capacity(b, _)) => a == b,
        (Shortage::Window(a, _), Shortage::Window(b, _)) => a == b,
        (Shortage::Rule(a), Shortage::Rule(b)) => {
            std::mem::discriminant(a) == std::mem::discriminant(b)
        }
        _ => same,
    }
}

/// How much is short, in whatever unit.
pub(super) fn amount(shortage: &Shortage) -> i128 {
    match shortage {
        Shortage::Capacity(_, units) | Shortage::Distance(units) | Shortage::Cost(units) => *units,
        Shortage::Window(_, seconds)
        | Shortage::ShiftEnd(seconds)
        | Shortage::Departure(seconds)
        | Shortage::Duration(seconds)
        | Shortage::Driving(seconds) => i128::from(*seconds),
        Shortage::Skills(bits) => i128::from(bits.count_ones()),
        Shortage::Stops(stops) => *stops as i128,
        Shortage::NotAmongTypes
        | Shortage::Vehicles
        | Shortage::Relation(_)
        | Shortage::Search
        | Shortage::Rule(_) => 0,
    }
}
