//! What keeps a stop out of a plan.

use super::attempts::{Attempt, amount, attempts};
use super::change::{Change, candidates};
use super::verify::verify;
use crate::runtime::Cancel;
use crate::solver::check::FaultKind;
use crate::solver::problem::Problem;
use crate::solver::solution::Solution;
use std::time::Duration;

/// How long to try whether a change works.
#[derive(Debug, Clone)]
pub struct ExplainOptions {
    /// Seed of the searches.
    pub seed: u64,
    /// Iterations of each search.
    pub iterations: u64,
    /// Wall time of each search at most.
    pub time_limit: Duration,
    /// Changes tried for one stop at most.
    pub tries: usize,
}

impl Default for ExplainOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            iterations: 500,
            time_limit: Duration::from_secs(1),
            tries: 4,
        }
    }
}

/// Why a stop is not planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The stop.
    pub stop: usize,
    /// Reasons by vehicle type, in the order of the types.
    pub types: Vec<TypeReasons>,
    /// The cheapest single change that would fit it; `None` where no single change would.
    pub change: Option<Change>,
}

/// What keeps a stop from the vehicles of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeReasons {
    /// Index of the vehicle type.
    pub vehicle_type: usize,
    /// What is short. Empty if the type has no vehicles.
    pub shortages: Vec<Shortage>,
    /// Whether making up for any one of them would be enough (at one place or another of the
    /// plan); otherwise all of them are short at once at the best place there is.
    pub one_suffices: bool,
}

/// What is short, and by how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortage {
    /// Skills that the vehicle lacks, one bit each.
    Skills(u64),
    /// The stop names other vehicle types.
    NotAmongTypes,
    /// Capacity: dimension and units.
    Capacity(usize, i128),
    /// A window closes too early: the stop, itself or one served later, and seconds.
    Window(usize, i64),
    /// Seconds of shift.
    ShiftEnd(i64),
    /// Seconds by which the goods are released too late for the latest departure.
    Departure(i64),
    /// Seconds of duration.
    Duration(i64),
    /// Units of distance.
    Distance(i128),
    /// Seconds at the wheel.
    Driving(i64),
    /// Stops.
    Stops(usize),
    /// A further vehicle of the type: all are in use.
    Vehicles,
    /// Relation that keeps it off, by index.
    Relation(usize),
    /// It fits, but costs more than leaving it out: by so much.
    Cost(i128),
    /// It fits and pays: a longer search would plan it.
    Search,
    /// Another rule.
    Rule(FaultKind),
}

/// Says for a stop that is not planned what keeps it out, by vehicle type, and what would let it
/// in. Every attempt inserts the stop (or both of its shipment) somewhere into the plan as it is;
/// the change is tried by solving again. `None` if the stop is planned, or there is no such stop.
///
/// ```
/// use routeforce::runtime::{Cancel, Progress};
/// use routeforce::solver::explain::{ChangeKind, ExplainOptions, Shortage, explain_left_out};
/// use routeforce::solver::{
///     PlaneTravel, Problem, Rounding, SearchOptions, Stop, Travel, VehicleType, solve,
/// };
///
/// let points = PlaneTravel::new(vec![(0.0, 0.0), (30.0, 40.0)], Rounding::Nearest(1));
/// let van = VehicleType { latest_end_s: 90, ..VehicleType::at_depot(0, 1, vec![5]) };
/// let problem = Problem::new(Travel::Plane(points.into()), vec![van], vec![Stop::at(1, vec![1])])?;
/// let options = SearchOptions { max_iterations: Some(10), ..SearchOptions::default() };
/// let plan = solve(&problem, &options, &Cancel::new(), &Progress::silent()).solution;
/// let why = explain_left_out(&problem, &plan, 0, &ExplainOptions::default(), &Cancel::new())
///     .expect("the stop is too far away");
/// assert_eq!(why.types[0].shortages, [Shortage::ShiftEnd(10)]);
/// let change = why.change.expect("a longer shift");
/// assert_eq!(change.kind, ChangeKind::ShiftEnd { vehicle_type: 0, later_s: 10 });
/// assert!(change.verified);
/// # Ok::<(), routeforce::solver::ProblemError>(())
/// ```
pub fn explain_left_out(
    problem: &Problem,
    solution: &Solution,
    stop: usize,
    options: &ExplainOptions,
    cancel: &Cancel,
) -> Option<LeftOut> {
    let is_planned = solution.routes.iter().any(|r| r.stops.contains(&stop));
    if stop >= problem.stops().len() || is_planned {
        return None;
    }
    let attempts = attempts(problem, solution, stop);
    let of_type = |vehicle_type| reasons(vehicle_type, &attempts);
    let types = (0..problem.vehicle_types().len()).map(of_type).collect();
    let mut changes = candidates(problem, stop, &attempts);
    changes.truncate(options.tries);
    let mut found = changes.first().map(|(change, _)| change.clone());
    for (mut change, start) in changes {
        if cancel.is_cancelled() {
            break;
        }
        if verify(
            problem,
            solution,
            stop,
            &change.kind,
            start,
            options,
            cancel,
        ) {
            change.verified = true;
            found = Some(change);
            break;
        }
    }
    Some(LeftOut {
        stop,
        types,
        change: found,
    })
}

/// The least that is short of each kind, where one thing alone is; else all that is short at the
/// place where the fewest things are.
fn reasons(vehicle_type: usize, attempts: &[Attempt]) -> TypeReasons {
    let own = attempts
        .iter()
        .filter(|a| a.route.vehicle_type == vehicle_type);
    let mut singles: Vec<&Shortage> = own.clone().filter_map(Attempt::single).collect();
    // What fits and pays, or fits and does not, says all there is to say.
    let fits = |s: &&&Shortage| matches!(s, Shortage::Search | Shortage::Cost(_));
    if let Some(fitting) = singles.iter().filter(fits).min_by_key(|s| amount(s)) {
        singles = vec![*fitting];
    }
    let all = own.flat_map(|a| &a.shortages);
    TypeReasons {
        vehicle_type,
        one_suffices: !singles.is_empty(),
        shortages: match singles.is_empty() {
            true => all.cloned().collect(),
            false => singles.into_iter().cloned().collect(),
        },
    }
}
