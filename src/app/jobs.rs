//! Jobs as their owner sees them.

use super::job_kinds::JobKind;
use super::live::LiveEvent;
use super::{App, AppError};
use crate::domain::InputError;
use crate::store::{After, Job, JobState, NewJob, Page, TenantScope};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

const LONGEST_KEY: usize = 200;

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct JobView {
    /// The job.
    pub id: Uuid,
    /// What is done: `plan`, `backtest` or `forecast`.
    pub kind: String,
    /// Where it is in its life.
    pub state: JobState,
    /// How far it is.
    pub progress: JobProgress,
    /// Somebody asked to stop it.
    pub cancel_requested: bool,
    /// How often a worker took it.
    pub attempts: u32,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When a worker first took it.
    pub started_at: Option<DateTime<Utc>>,
    /// When it came to its end.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error: Option<String>,
    /// Path of what it made.
    pub result: Option<String>,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobProgress {
    /// What is being done.
    pub stage: String,
    /// Units of the stage done.
    pub done: u64,
    /// Units of the stage in all; 0 if unknown.
    pub total: u64,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        let kind = JobKind::of_name(&job.kind);
        Self {
            id: job.id,
            result: kind
                .zip(job.result_id)
                .map(|(kind, id)| kind.result_path(id)),
            kind: job.kind,
            state: job.state,
            progress: JobProgress {
                stage: job.stage,
                done: job.done,
                total: job.total,
            },
            cancel_requested: job.cancel_requested,
            attempts: job.attempts,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
            error: job.error,
        }
    }
}

impl App {
    /// Queues a job. The same key and request again give the same job.
    pub(super) async fn enqueue(
        &self,
        scope: TenantScope,
        kind: JobKind,
        request: &impl Serialize,
        idempotency_key: Option<&str>,
    ) -> Result<JobView, AppError> {
        if let Some(key) = idempotency_key
            && (key.is_empty() || key.len() > LONGEST_KEY)
        {
            let remedy = format!("give 1 to {LONGEST_KEY} characters");
            let error = InputError::new("request header", "not a key", remedy);
            return Err(error.field("Idempotency-Key").value(key).into());
        }
        let payload = serde_json::to_string(request).map_err(|e| AppError::Computation {
            what: "writing the job",
            reason: e.to_string(),
        })?;
        let job = NewJob {
            kind: kind.name(),
            payload: &payload,
            idempotency_key,
        };
        let job = self.store().enqueue(scope, job, self.clock().now()).await?;
        metrics::counter!("routeforce_jobs_requested_total", "kind" => kind.name()).increment(1);
        // Told before a worker wakes, so that nobody hears of the start before the request.
        let announced = self.announce_job(scope, job);
        self.job_added(kind.lane()).notify_one();
        Ok(announced)
    }

    /// What a job of a kind told, as JSON.
    pub(super) async fn job_report(
        &self,
        scope: TenantScope,
        kind: JobKind,
        id: Uuid,
    ) -> Result<Value, AppError> {
        let report = self.store().job_report(scope, kind.name(), id).await?;
        let report = report.ok_or_else(AppError::not_found(kind.name(), id))?;
        serde_json::from_str(&report).map_err(|e| AppError::Computation {
            what: "reading the job's report",
            reason: e.to_string(),
        })
    }

    /// A job by its id.
    pub async fn job(&self, scope: TenantScope, id: Uuid) -> Result<JobView, AppError> {
        let job = self.store().job(scope, id).await?;
        Ok(job.ok_or_else(AppError::not_found("job", id))?.into())
    }

    /// Jobs in a state or in any, newest first.
    pub async fn jobs(
        &self,
        scope: TenantScope,
        state: Option<JobState>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<JobView>, AppError> {
        let page = self.store().jobs(scope, state, after, limit).await?;
        Ok(Page {
            items: page.items.into_iter().map(JobView::from).collect(),
            next: page.next,
        })
    }

    /// Asks to stop a job; one that is finished stays as it is.
    pub async fn cancel_job(&self, scope: TenantScope, id: Uuid) -> Result<JobView, AppError> {
        let now = self.clock().now();
        let job = self.store().request_cancel(scope, id, now).await?;
        let job = job.ok_or_else(AppError::not_found("job", id))?;
        // At once if it runs here; elsewhere its worker learns of it with its next heartbeat.
        if let Some(cancel) = self.running().get(&id) {
            cancel.cancel();
        }
        Ok(self.announce_job(scope, job))
    }

    pub(super) fn announce_job(&self, scope: TenantScope, job: Job) -> JobView {
        let job = JobView::from(job);
        let event = LiveEvent::Job { job: job.clone() };
        self.live().publish(scope, &event);
        job
    }
}
