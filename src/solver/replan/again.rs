//! Searches for a new plan, at a price for moved stops that keeps their number within the budget.

use super::compare::{Vehicle, compare};
use super::request::{ReplanError, ReplanRequest, Replanned};
use super::rest_of_day::Draft;
use crate::runtime::{Cancel, Progress};
use crate::solver::check::check;
use crate::solver::solution::Solution;
use crate::solver::solve::{SearchOptions, solve};

/// Prices tried after the first, in search of one that holds the budget.
const PRICES_TRIED: u32 = 6;

/// The most that a price may be.
const HIGHEST_PRICE: i64 = 1 << 40;

/// Plans the rest of a day. What is driven stays, goods on board stay on their van, and every stop
/// that changes its vehicle costs `move_price`. If more of them do than `most_moved`, the price is
/// raised, by bisection over a few searches, to the lowest that holds the budget (no price does
/// against a vehicle less where vehicles come first). Each search runs within `options`, of which
/// `initial` is not used: it starts from the plan so far.
///
/// # Errors
/// A plan that is not one of the problem, cancelled stops that are unknown or driven, stops or
/// travel times that do not fit.
///
/// ```
/// use routeforce::runtime::{Cancel, Progress};
/// use routeforce::solver::replan::{ReplanRequest, replan};
/// use routeforce::solver::{
///     PlaneTravel, Problem, Rounding, SearchOptions, Stop, Travel, VehicleType, solve,
/// };
///
/// let places = (0..4).map(|k| (f64::from(k) * 100.0, 0.0)).collect();
/// let travel = Travel::Plane(PlaneTravel::new(places, Rounding::Nearest(1)).into());
/// let van = VehicleType { end: None, ..VehicleType::at_depot(0, 1, vec![5]) };
/// let problem = Problem::new(travel, vec![van], vec![Stop::at(1, vec![1]), Stop::at(2, vec![1])])?;
/// let options = SearchOptions { max_iterations: Some(200), ..SearchOptions::default() };
/// let morning = solve(&problem, &options, &Cancel::new(), &Progress::silent()).solution;
/// // At 150 the van is on its way from the first to the second stop; another is known since.
/// let request = ReplanRequest {
///     added: vec![Stop::at(3, vec![1])],
///     ..ReplanRequest::at(&problem, &morning, 150)
/// };
/// let again = replan(&request, &options, &Cancel::new(), &Progress::silent())?;
/// assert_eq!(again.solution.routes[0].stops, [0, 1, 2]);
/// assert_eq!(again.difference.added, [2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn replan(
    request: &ReplanRequest,
    options: &SearchOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Replanned, ReplanError> {
    let draft = Draft::new(request)?;
    let at = |price| search(request, &draft, price, options, cancel, progress);
    let first = at(request.move_price)?;
    if first.within_budget {
        return Ok(first);
    }
    let too_low = request.move_price;
    let highest = highest_price(request).max(too_low);
    let mut best = at(highest)?;
    let (mut low, mut high) = (too_low, highest);
    for _ in 0..PRICES_TRIED {
        if cancel.is_cancelled() || !best.within_budget || high - low <= 1 {
            break;
        }
        // Prices differ by factors rather than by amounts.
        let middle = ((low.max(1) as f64) * (high as f64)).sqrt() as i64;
        let middle = middle.clamp(low + 1, high - 1);
        let tried = at(middle)?;
        if tried.within_budget {
            high = middle;
            let is_better = rank(&tried) <= rank(&best);
            best = if is_better { tried } else { best };
        } else {
            low = middle;
        }
    }
    if !best.within_budget && moved(&first) < moved(&best) {
        best = first;
    }
    Ok(best)
}

/// One move cannot save more than everything costs.
fn highest_price(request: &ReplanRequest) -> i64 {
    let cost = check(request.problem, request.solution).cost;
    let cost = i64::try_from(cost).unwrap_or(HIGHEST_PRICE);
    let added = request.added.iter().filter_map(|s| s.penalty);
    added
        .fold(cost, i64::saturating_add)
        .clamp(1, HIGHEST_PRICE)
}

fn moved(plan: &Replanned) -> usize {
    plan.difference.moved.len()
}

/// Mandatory stops left out, then cost without prices.
fn rank(plan: &Replanned) -> (usize, i64) {
    let report = check(&plan.rest.problem, &plan.solution);
    (report.unplanned_mandatory.len(), plan.solution.cost)
}

/// Searches at one price; the plan is then told without it.
fn search(
    request: &ReplanRequest,
    draft: &Draft,
    move_price: i64,
    options: &SearchOptions,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Replanned, ReplanError> {
    let priced = draft.priced(move_price)?;
    let options = SearchOptions {
        initial: Some(restated(&priced.problem, draft.so_far.clone())),
        ..options.clone()
    };
    let found = solve(&priced.problem, &options, cancel, progress).solution;
    let rest = draft.priced(0)?;
    let solution = restated(&rest.problem, found);
    let name = |route: &_| rest.vehicle(route).unwrap_or(Vehicle::of(route));
    let (old, new) = (
        (request.problem, request.solution),
        (&rest.problem, &solution),
    );
    let difference = compare(old, new, name);
    let within = |most: usize| difference.moved.len() <= most;
    Ok(Replanned {
        within_budget: request.most_moved.is_none_or(within),
        rest,
        solution,
        difference,
        move_price,
    })
}

/// The solution with its true cost.
fn restated(problem: &crate::solver::problem::Problem, mut solution: Solution) -> Solution {
    let cost = check(problem, &solution).cost;
    solution.cost = i64::try_from(cost).unwrap_or(i64::MAX);
    solution
}
