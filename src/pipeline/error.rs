//! What can stop a chain.

use crate::cost::CostError;
use crate::customers::CustomerError;
use crate::domain::InputError;
use crate::features::demand::DemandFeatureError;
use crate::forecast::ForecastError;
use crate::ingest::IngestError;
use crate::network::NetworkError;
use crate::planning::PlanError;
use crate::report::ReportError;
use crate::routers::RouterError;
use crate::runtime::Cancelled;
use crate::service_time::ServiceTimeError;
use crate::simulation::SimulationError;
use crate::speeds::SpeedsError;
use crate::travel_time::TravelTimeError;
use std::path::{Path, PathBuf};

/// Why a chain stopped, with the link that broke.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Input that cannot be used.
    #[error("{0}")]
    Input(#[from] InputError),
    /// Somebody asked to stop.
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    /// A table could not be ingested.
    #[error("ingest: {0}")]
    Ingest(#[from] IngestError),
    /// A demand table could not be read.
    #[error("demand: {0}")]
    DemandTable(#[from] DemandFeatureError),
    /// The demand model failed.
    #[error("demand: {0}")]
    Forecast(#[from] ForecastError),
    /// Customers could not be described.
    #[error("customers: {0}")]
    Customers(#[from] CustomerError),
    /// The travel-time model failed.
    #[error("travel time: {0}")]
    TravelTime(#[from] TravelTimeError),
    /// The service-time model failed.
    #[error("service time: {0}")]
    ServiceTime(#[from] ServiceTimeError),
    /// The cost tensor could not be built.
    #[error("cost tensor: {0}")]
    Costs(#[from] CostError),
    /// Planning failed.
    #[error("plan: {0}")]
    Plan(#[from] PlanError),
    /// A router that runs as a service did not answer, or nothing of use.
    #[error("router: {0}")]
    Router(RouterError),
    /// The simulation failed.
    #[error("simulation: {0}")]
    Simulation(#[from] SimulationError),
    /// The report could not be written.
    #[error("report: {0}")]
    Report(#[from] ReportError),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl PipelineError {
    /// A failed read or write of a path.
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Io { path, source }
    }
}

impl From<NetworkError> for PipelineError {
    fn from(error: NetworkError) -> Self {
        match error {
            NetworkError::Input(error) => Self::Input(error),
            NetworkError::Cancelled(cancelled) => Self::Cancelled(cancelled),
        }
    }
}

impl From<RouterError> for PipelineError {
    fn from(error: RouterError) -> Self {
        match error {
            RouterError::Input(error) => Self::Input(error),
            RouterError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            other => Self::Router(other),
        }
    }
}

impl From<SpeedsError> for PipelineError {
    fn from(error: SpeedsError) -> Self {
        match error {
            SpeedsError::Input(error) => Self::Input(error),
            SpeedsError::Cancelled(cancelled) => Self::Cancelled(cancelled),
        }
    }
}
