//! Use cases of the service: what can be done with positions, plans, jobs, forecasts and the rest.
//!
//! In: a [`TenantScope`](crate::store::TenantScope) and domain values. Out: the same, stored,
//! computed, and announced to whoever listens ([`live`]).
//! Never does: know HTTP. Models and the planning chain are given to it as traits when it is put
//! together ([`PlanMaker`], [`DemandMaker`], [`TravelTimes`], [`ModelCards`]), so that it can be tested without them.

pub mod alerts;
pub mod anomalies;
pub mod clock;
pub mod cpu_pool;
pub mod days;
pub mod demand_maker;
pub mod demo;
pub mod error;
pub mod forecasts;
pub mod health;
pub mod hierarchy;
pub mod job_kinds;
pub mod jobs;
pub mod live;
pub mod model_cards;
pub mod models;
mod places;
pub mod plan_maker;
pub mod plan_request;
pub mod plans;
pub mod positions;
pub mod replay;
pub mod reports;
pub mod road_matrix;
pub mod road_networks;
pub mod road_routes;
pub mod roads;
pub mod state;
pub mod travel_times;
pub mod worker;

/// Rows as use cases take and give them, for the doors above.
pub mod rows {
    pub use crate::store::{
        After, DEFAULT_TENANT, DaySummary, GroupFilter, JobState, Page, PlanSummary, PutPlan,
        ReportMeta, TenantScope,
    };
}

pub use clock::Clock;
pub use demand_maker::{DemandMaker, TableOutline};
pub use error::{AppError, Code};
pub use job_kinds::JobError;
pub use model_cards::ModelCards;
pub use plan_maker::PlanMaker;
pub use plan_request::PlanJobRequest;
pub use state::{App, Parts};
pub use travel_times::{MatrixQuery, TravelTimes, TravelTimesError};
