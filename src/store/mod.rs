//! Rows in SQLite or PostgreSQL, every one with its tenant.
//!
//! In: domain values and a [`TenantScope`]. Out: the same, of that tenant alone.
//! Never does: decide anything, speak HTTP, hold a transaction open across someone else's work.
//! The two engines share every statement; what differs is in `dialect`. The few statements that
//! look across tenants are in `queue` (a worker serves all) and `tenants`.

mod alerts;
mod connect;
mod days;
mod dialect;
mod error;
mod forecasts;
mod group_forecasts;
mod hierarchy;
mod job_reports;
mod jobs;
mod map_layers;
mod models;
mod page;
mod plans;
mod positions;
mod queue;
mod reports;
mod scope;
mod tenants;
mod time;

pub use alerts::StoredAlert;
pub use connect::{DatabaseUrl, Store};
pub use days::DaySummary;
pub use error::StoreError;
pub use forecasts::ForecastRows;
pub use group_forecasts::GroupFilter;
pub use jobs::{Job, JobState, NewJob};
pub use page::{After, Page};
pub use plans::{PlanSummary, PutPlan};
pub use queue::{ClaimedJob, Heartbeat, Outcome, Take};
pub use reports::{ReportFile, ReportMeta};
pub use scope::{DEFAULT_TENANT, TenantScope};
