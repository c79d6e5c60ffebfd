//! The top of planning: from a request to a plan.

use super::day::Day;
use super::{problem, to_plan};
use crate::cost::file;
use crate::cost::tensor::CostTensor;
use crate::domain::fleet::Fleet;
use crate::domain::plan::{Plan, PlanBasis, SearchRecord};
use crate::domain::stop::Stop;
use crate::domain::{InputError, LatLon};
use crate::runtime::{Cancel, Cancelled, Progress};
use crate::solver;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// What is to be planned, and with which knowledge.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// Day to plan, in `time_zone`.
    pub date: NaiveDate,
    /// The depots' time zone.
    pub time_zone: Tz,
    /// Vehicles and depots.
    pub fleet: Fleet,
    /// Stops of the day.
    pub stops: Vec<Stop>,
    /// Knowledge behind `costs` and the quantities of `stops`; recorded in the plan.
    pub basis: PlanBasis,
    /// Travel times between [`places`], in that order.
    pub costs: Arc<CostTensor>,
    /// Models behind the costs and stops, as `name/version`; recorded in the plan.
    pub models: Vec<String>,
    /// When the plan is made; recorded in the plan.
    pub created_at: DateTime<Utc>,
    /// How to search.
    pub search: SearchSettings,
}

/// How long and with which seed to search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchSettings {
    /// Wall-time limit.
    pub time_limit: Duration,
    /// Seed of the random generator.
    pub seed: u64,
    /// Searches to run side by side.
    pub threads: usize,
    /// Iterations after which to stop, if that comes first.
    pub max_iterations: Option<u64>,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Fleet, stops and tensor do not make a problem.
    #[error("{0}")]
    Input(#[from] InputError),
    /// The tensor could not be read back for its hash.
    #[error("{0}")]
    Costs(#[from] crate::cost::CostError),
    /// The solver refused the problem: a fault of this program, not of the input.
    #[error("the solver refused the problem: {0}")]
    Problem(String),
    /// Somebody asked to stop before there was a plan.
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
}

/// The places a tensor for this fleet and these stops must hold: depots in order, then stops in
/// order.
pub fn places(fleet: &Fleet, stops: &[Stop]) -> Vec<LatLon> {
    let depots = fleet.depots.iter().map(|d| d.place);
    depots.chain(stops.iter().map(|s| s.place)).collect()
}

/// Plans a day. Stops that cannot be served are left out with a reason; only a request that makes
/// no sense is an error. Cancelling during the search ends it with the best plan so far.
pub fn plan_day(
    request: &PlanRequest,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Plan, PlanError> {
    cancel.check()?;
    let day = Day::resolve(request)?;
    let (problem, vehicles) = problem::build(&day, Arc::clone(&request.costs))?;
    let options = solver::SearchOptions {
        time_limit: request.search.time_limit,
        seed: request.search.seed,
        threads: request.search.threads,
        max_iterations: request.search.max_iterations,
        ..solver::SearchOptions::default()
    };
    let outcome = solver::solve(&problem, &options, cancel, progress);
    let routes = problem::routes(&outcome.solution, &vehicles);
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
