//! What planning is asked, and why it may refuse.

use super::caution::Caution;
use crate::cost::tensor::CostTensor;
use crate::domain::fleet::Fleet;
use crate::domain::plan::PlanBasis;
use crate::domain::stop::Stop;
use crate::domain::{InputError, LatLon};
use crate::runtime::Cancelled;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::sync::Arc;
use std::time::Duration;

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
    /// The price of lateness while searching; `None`: the expected times alone count.
    pub caution: Option<Caution>,
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
