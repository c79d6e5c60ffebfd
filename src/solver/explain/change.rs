//! Single changes that would fit a stop, cheapest first.

use super::attempts::Attempt;
use super::insertion::with_route;
use super::left_out::Shortage;
use crate::solver::problem::Problem;
use crate::solver::solution::Solution;

/// A change of the problem that would fit a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What to change, and by how much.
    pub kind: ChangeKind,
    /// Vehicle that would serve the stop: type and number.
    pub vehicle: (usize, usize),
    /// What serving it would cost besides.
    pub extra_cost: i128,
    /// Whether the problem was solved again with the change: the plan keeps every rule, serves the
    /// stop, and leaves out no other mandatory stop for it.
    pub verified: bool,
}

/// What to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// Nothing but to search longer.
    Nothing,
    /// A penalty higher by so much: of the stop, of its shipment's pickup, or of its group.
    Penalty {
        /// Units of cost.
        more: i128,
    },
    /// More capacity for a vehicle type.
    Capacity {
        /// Type.
        vehicle_type: usize,
        /// Dimension.
        dimension: usize,
        /// Units.
        more: i128,
    },
    /// A window that closes later.
    Window {
        /// Stop whose last window is too short.
        stop: usize,
        /// Seconds.
        later_s: i64,
    },
    /// A shift that ends later.
    ShiftEnd {
        /// Type.
        vehicle_type: usize,
        /// Seconds.
        later_s: i64,
    },
    /// A longer route in time.
    Duration {
        /// Type.
        vehicle_type: usize,
        /// Seconds.
        more_s: i64,
    },
    /// A longer route in distance.
    Distance {
        /// Type.
        vehicle_type: usize,
        /// Units.
        more: i128,
    },
    /// More time at the wheel.
    Driving {
        /// Type.
        vehicle_type: usize,
        /// Seconds.
        more_s: i64,
    },
    /// More stops on a route.
    Stops {
        /// Type.
        vehicle_type: usize,
        /// How many.
        more: usize,
    },
    /// A further vehicle of a type.
    Vehicles {
        /// Type.
        vehicle_type: usize,
    },
    /// Skills for a vehicle type.
    Skills {
        /// Type.
        vehicle_type: usize,
        /// Bits.
        missing: u64,
    },
    /// The stop allowed for a vehicle type.
    VehicleType {
        /// Type.
        vehicle_type: usize,
    },
}

/// Changes that would make an attempt work, each with the plan that the attempt makes.
///
/// Cheapest is what changes least: capacities, limits and penalties by their share of what they
/// are, windows and shifts by their share of eight hours; what is not an amount (a further
/// vehicle, skills, allowed types, in this order) comes last. Of equal ones the attempt with the lower cost comes first.
pub(super) fn candidates<'a>(
    problem: &Problem,
    stop: usize,
    attempts: &'a [Attempt],
) -> Vec<(Change, &'a Attempt)> {
    let mut best: Vec<(f64, Change, &Attempt)> = Vec::new();
    for attempt in attempts {
        let route = &attempt.route;
        let single = attempt.single();
        let change = single.and_then(|s| change(problem, stop, route.vehicle_type, s));
        let Some((kind, effort)) = change else {
            continue;
        };
        let change = Change {
            kind,
            vehicle: (route.vehicle_type, route.vehicle),
            extra_cost: attempt.extra,
            verified: false,
        };
        let same = |known: &&mut (f64, Change, &Attempt)| same_change(&known.1, &change);
        match best.iter_mut().find(same) {
            Some(known) if (effort, change.extra_cost) < (known.0, known.1.extra_cost) => {
                *known = (effort, change, attempt);
            }
            Some(_) => {}
            None => best.push((effort, change, attempt)),
        }
    }
    best.sort_by(|a, b| {
        let by_effort = a.0.total_cmp(&b.0);
        by_effort.then(a.1.extra_cost.cmp(&b.1.extra_cost))
    });
    best.into_iter()
        .map(|(_, change, attempt)| (change, attempt))
        .collect()
}

/// Whether two changes turn the same knob, perhaps by different amounts.
fn same_change(a: &Change, b: &Change) -> bool {
    let knob = |change: &Change| match change.kind {
        ChangeKind::Window { stop, .. } => (stop, 0),
        ChangeKind::Capacity { dimension, .. } => (change.vehicle.0, dimension),
        ChangeKind::Nothing | ChangeKind::Penalty { .. } => (0, 0),
        _ => (change.vehicle.0, 0),
    };
    std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind) && knob(a) == knob(b)
}

/// Seconds of a shift, to compare seconds with shares of other things.
const SHIFT_S: f64 = 28_800.0;

/// What would make up for a shortage, and how much of a change that is.
fn change(
    problem: &Problem,
    stop: usize,
    vehicle_type: usize,
    shortage: &Shortage,
) -> Option<(ChangeKind, f64)> {
    Some(match *shortage {
        Shortage::Search => (ChangeKind::Nothing, 0.0),
        Shortage::Cost(over) => {
            let penalty = problem.stops()[stop].penalty.unwrap_or(0);
            let more = over + 1;
            (ChangeKind::Penalty { more }, share(more, penalty))
        }
        Shortage::Window(stop, later_s) => {
            let effort = later_s as f64 / SHIFT_S;
            (ChangeKind::Window { stop, later_s }, effort)
        }
        Shortage::Vehicles => (ChangeKind::Vehicles { vehicle_type }, 5.0),
        Shortage::Skills(missing) => {
            let kind = ChangeKind::Skills {
                vehicle_type,
                missing,
            };
            (kind, 10.0 + f64::from(missing.count_ones()))
        }
        Shortage::NotAmongTypes => (ChangeKind::VehicleType { vehicle_type }, 20.0),
        _ => return limit(problem, vehicle_type, shortage),
    })
}

/// A higher limit of the vehicle type.
fn limit(problem: &Problem, vehicle_type: usize, shortage: &Shortage) -> Option<(ChangeKind, f64)> {
    let vehicle = &problem.vehicle_types()[vehicle_type];
    Some(match *shortage {
        Shortage::Capacity(dimension, more) => {
            let kind = ChangeKind::Capacity {
                vehicle_type,
                dimension,
                more,
            };
            (kind, share(more, *vehicle.capacity.get(dimension)?))
        }
        Shortage::ShiftEnd(later_s) => {
            let kind = ChangeKind::ShiftEnd {
                vehicle_type,
                later_s,
            };
            (kind, later_s as f64 / SHIFT_S)
        }
        Shortage::Duration(more_s) => {
            let kind = ChangeKind::Duration {
                vehicle_type,
                more_s,
            };
            (kind, share(more_s.into(), vehicle.max_duration_s?))
        }
        Shortage::Driving(more_s) => {
            let kind = ChangeKind::Driving {
                vehicle_type,
                more_s,
            };
            (kind, share(more_s.into(), vehicle.max_driving_s?))
        }
        Shortage::Distance(more) => {
            let kind = ChangeKind::Distance { vehicle_type, more };
            (kind, share(more, vehicle.max_distance?))
        }
        Shortage::Stops(more) => {
            let kind = ChangeKind::Stops { vehicle_type, more };
            (kind, share(more as i128, vehicle.max_stops? as i64))
        }
        _ => return None,
    })
}

/// A change as a share of what is there.
fn share(more: i128, of: i64) -> f64 {
    more as f64 / of.max(1) as f64
}

/// The plan that an attempt makes.
pub(super) fn plan_of(solution: &Solution, attempt: &Attempt) -> Solution {
    with_route(solution, attempt.index, attempt.route.clone())
}
