//! The top of planning: from a request to a plan.

use super::day::Day;
use super::request::{PlanError, PlanRequest};
use super::{problem, to_plan};
use crate::cost::file;
use crate::domain::plan::{Plan, SearchRecord};
use crate::runtime::{Cancel, Progress};
use crate::solver;
use uuid::Uuid;

/// Plans a day. Stops that cannot be served are left out with a reason; only a request that makes
/// no sense is an error. Cancelling during the search ends it with the best plan so far.
pub fn plan_day(
    request: &PlanRequest,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Plan, PlanError> {
    cancel.check()?;
    let day = Day::resolve(request)?;
    let (problem, vehicles) = problem::build(&day, &request.costs, request.caution)?;
    let options = solver::SearchOptions {
        time_limit: request.search.time_limit,
        seed: request.search.seed,
        threads: request.search.threads,
        max_iterations: request.search.max_iterations,
        ..solver::SearchOptions::default()
    };
    let outcome = solver::solve(&problem, &options, cancel, progress);
    let routes = problem::routes(&problem, &outcome.solution, &vehicles, request.caution);
    let (routes, unplanned, cost) = to_plan::routes(&day, &routes);
    Ok(Plan {
        id: plan_id(request),
        date: request.date,
        time_zone: request.time_zone.name().to_owned(),
        created_at: request.created_at,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        basis: request.basis,
        models: request.models.clone(),
        costs_sha256: file::digest(&request.costs)?,
        search: SearchRecord {
            seed: request.search.seed,
            time_limit_s: request.search.time_limit.as_secs_f64(),
            iterations: outcome.iterations,
            elapsed_s: outcome.elapsed.as_secs_f64(),
        },
        fleet: request.fleet.clone(),
        stops: request.stops.clone(),
        routes,
        unplanned,
        cost,
    })
}

/// An id that a repeated run of the same request gets again.
fn plan_id(request: &PlanRequest) -> Uuid {
    use rand::RngCore;
    let stream = format!(
        "plan {} {} {:?} {}",
        request.date,
        request.created_at.to_rfc3339(),
        request.basis,
        request.stops.len()
    );
    let mut bytes = [0; 16];
    crate::runtime::random::generator(request.search.seed, &stream).fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
