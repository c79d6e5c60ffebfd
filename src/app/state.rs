//! Everything the use cases share.

use super::clock::Clock;
use super::cpu_pool::{CpuPool, PoolError};
use super::demand_maker::DemandMaker;
use super::error::AppError;
use super::health::Check;
use super::job_kinds::Lane;
use super::live::{LiveHub, ReplayState};
use super::model_cards::ModelCards;
use super::plan_maker::PlanMaker;
use super::road_networks::RoadNetworks;
use super::travel_times::TravelTimes;
use crate::runtime::Cancel;
use crate::store::{Store, TenantScope};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use uuid::Uuid;

/// What an [`App`] is put together from.
pub struct Parts {
    /// The database, its schema up to date.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// The planning chain.
    pub planner: Arc<dyn PlanMaker>,
    /// The demand chain.
    pub demand: Arc<dyn DemandMaker>,
    /// The travel-time model.
    pub travel_times: Arc<dyn TravelTimes>,
    /// Road networks that are served, by profile.
    pub networks: RoadNetworks,
    /// Folder of trained models.
    pub models: PathBuf,
    /// Cards of trained models.
    pub model_cards: Arc<dyn ModelCards>,
    /// Whether models can be run at all.
    pub model_runtime: Check,
    /// Threads for short computations that a caller waits for.
    pub computations: CpuPool,
    /// How long a worker may be silent before another takes its job.
    pub lease: Duration,
}

/// The service without its doors. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub(super) struct Inner {
    pub parts: Parts,
    pub live: LiveHub,
    /// Switches of the jobs that this process runs.
    pub running: Mutex<HashMap<Uuid, Cancel>>,
    /// Wake an idle worker of this process, by lane.
    pub plan_added: Notify,
    pub demand_added: Notify,
    /// Replays under way, by tenant.
    pub replays: Mutex<HashMap<TenantScope, Replaying>>,
}

/// A replay and how far it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replaying {
    pub state: ReplayState,
    pub now: chrono::DateTime<chrono::Utc>,
}

impl App {
    /// Puts the service together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            live: LiveHub::default(),
            running: Mutex::default(),
            plan_added: Notify::new(),
            demand_added: Notify::new(),
            replays: Mutex::default(),
        }))
    }

    /// Where live messages come from.
    pub fn live(&self) -> &LiveHub {
        &self.0.live
    }

    /// What time it is.
    pub fn clock(&self) -> &Clock {
        &self.0.parts.clock
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.parts.store
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// Computes something that a caller waits for; `what` names it in errors.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let done = self.parts().computations.run(work).await;
        done.map_err(|error| match error {
            PoolError::Full => AppError::Overloaded,
            other => AppError::Computation {
                what,
                reason: other.to_string(),
            },
        })
    }

    pub(super) fn job_added(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::Plans => &self.0.plan_added,
            Lane::Demand => &self.0.demand_added,
        }
    }

    pub(super) fn running(&self) -> MutexGuard<'_, HashMap<Uuid, Cancel>> {
        // The map is whole whatever happened while it was locked.
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn replays(&self) -> MutexGuard<'_, HashMap<TenantScope, Replaying>> {
        self.0
            .replays
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
