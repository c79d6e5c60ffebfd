//! What planning again is asked, and what it answers.

use super::compare::PlanDifference;
use super::rest_of_day::RestOfDay;
use crate::solver::problem::{Problem, ProblemError, Stop};
use crate::solver::solution::Solution;
use crate::solver::travel::Travel;

/// A plan under way, and what has changed since it was made.
#[derive(Debug, Clone)]
pub struct ReplanRequest<'a> {
    /// The problem of the plan.
    pub problem: &'a Problem,
    /// The plan that is being driven.
    pub solution: &'a Solution,
    /// Second at which the new plan takes over.
    pub now_s: i64,
    /// Travel times known now, of the same places first; `None` if nothing has changed. Legs driven
    /// already should be in it as they were driven, since the times of what is done are recomputed
    /// with it too.
    pub travel: Option<Travel>,
    /// Stops known since; their indices follow those of the problem.
    pub added: Vec<Stop>,
    /// Stops that need no service any more. Goods for them count as unloaded.
    pub cancelled: Vec<usize>,
    /// Price of every stop that changes its vehicle.
    pub move_price: i64,
    /// Most stops that may change their vehicle; `None` leaves it to the price.
    pub most_moved: Option<usize>,
}

impl<'a> ReplanRequest<'a> {
    /// Planning again at `now_s` with nothing changed, where moving a stop costs nothing.
    pub fn at(problem: &'a Problem, solution: &'a Solution, now_s: i64) -> Self {
        Self {
            problem,
            solution,
            now_s,
            travel: None,
            added: Vec::new(),
            cancelled: Vec::new(),
            move_price: 0,
            most_moved: None,
        }
    }
}

/// The new plan.
#[derive(Debug, Clone)]
pub struct Replanned {
    /// The problem of the rest of the day, without the price of moved stops.
    pub rest: RestOfDay,
    /// Its plan: routes from their start in the morning, in the vehicle types of `rest`.
    pub solution: Solution,
    /// What is different from the plan so far.
    pub difference: PlanDifference,
    /// Price of a moved stop with which the plan was found.
    pub move_price: i64,
    /// Whether no more stops than allowed change their vehicle. If not, no price was high enough:
    /// the plan is the one that moves the fewest.
    pub within_budget: bool,
}

/// Why a day cannot be planned again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplanError {
    /// The plan names vehicles or stops that the problem does not have, or one twice.
    #[error("the plan is not one of this problem: {fault}")]
    ForeignPlan {
        /// What is wrong, as the checker puts it.
        fault: String,
    },
    /// A stop to cancel that there is not.
    #[error("stop {stop} is to be cancelled; give a stop below {stops}")]
    UnknownStop {
        /// Index given.
        stop: usize,
        /// Stops of the problem.
        stops: usize,
    },
    /// A stop to cancel that is served or being driven to.
    #[error("stop {stop} is to be cancelled, but is served or being driven to")]
    AlreadyDriven {
        /// Index given.
        stop: usize,
    },
    /// The price or the number of seconds is out of range, or a stop added or the travel table does
    /// not fit.
    #[error("the rest of the day is no problem to be solved: {0}")]
    Problem(#[from] ProblemError),
}
