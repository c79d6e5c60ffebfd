//! Jobs as their owner sees them: asked for, looked at, cancelled. Workers use `queue`.

use super::dialect::{in_transaction, on_pool};
use super::page::{After, Page, one_more, page};
use super::{Store, StoreError, TenantScope, time};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

/// Where a job is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waiting for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Done; there is a result.
    Succeeded,
    /// It cannot be done; there is an error.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl JobState {
    /// Name in the database, the same as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [
            Self::Queued,
            Self::Running,
            Self::Succeeded,
            Self::Failed,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }

    /// Whether nothing will change any more.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The job.
    pub id: Uuid,
    /// What is to be done, such as `plan`.
    pub kind: String,
    /// Where it is in its life.
    pub state: JobState,
    /// What is being done.
    pub stage: String,
    /// Units of the stage done.
    pub done: u64,
    /// Units of the stage in all; 0 if unknown.
    pub total: u64,
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
    /// Id of what it made.
    pub result_id: Option<Uuid>,
}

/// A job to be asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewJob<'a> {
    /// What is to be done.
    pub kind: &'a str,
    /// What it needs, as JSON.
    pub payload: &'a str,
    /// The caller's own name for this request: asked twice, done once.
    pub idempotency_key: Option<&'a str>,
}

#[derive(FromRow)]
struct Row {
    job_id: String,
    kind: String,
    state: String,
    stage: String,
    done: i64,
    total: i64,
    cancel_requested: bool,
    attempts: i64,
    created_us: i64,
    started_us: Option<i64>,
    finished_us: Option<i64>,
    error: Option<String>,
    result_id: Option<String>,
}

impl TryFrom<Row> for Job {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let state = JobState::from_name(&row.state).ok_or_else(|| StoreError::Damaged {
            what: "job",
            key: row.job_id.clone(),
            problem: format!("unknown state {}", row.state),
        })?;
        let result_id = row.result_id.map(|id| id.parse()).transpose();
        Ok(Self {
            id: row
                .job_id
                .parse()
                .map_err(StoreError::damaged("job", &row.job_id))?,
            kind: row.kind,
            state,
            stage: row.stage,
            done: row.done as u64,
            total: row.total as u64,
            cancel_requested: row.cancel_requested,
            attempts: row.attempts as u32,
            created_at: time::from_us(row.created_us)?,
            started_at: row.started_us.map(time::from_us).transpose()?,
            finished_at: row.finished_us.map(time::from_us).transpose()?,
            error: row.error,
            result_id: result_id.map_err(StoreError::damaged("job", row.job_id))?,
        })
    }
}

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "job_id, kind, state, stage, done, total, cancel_requested, attempts, created_us, \
         started_us, finished_us, error, result_id"
    };
}

impl Store {
    /// Puts a job into the queue. With a key that was used before, the job of then is given
    /// again; the same key with another payload is a conflict.
    pub async fn enqueue(
        &self,
        scope: TenantScope,
        job: NewJob<'_>,
        now: DateTime<Utc>,
    ) -> Result<Job, StoreError> {
        const INSERT: &str = "INSERT INTO jobs (tenant_id, job_id, kind, payload, payload_sha256, \
            idempotency_key, state, stage, done, total, cancel_requested, attempts, created_us) \
            VALUES ($1, $2, $3, $4, $5, $6, 'queued', 'queued', 0, 0, $7, 0, $8) \
            ON CONFLICT DO NOTHING";
        const BY_KEY: &str = "SELECT job_id, payload_sha256 FROM jobs \
                              WHERE tenant_id = $1 AND idempotency_key = $2";
        let id = Uuid::now_v7();
        let sha256 = format!("{:x}", Sha256::digest(job.payload.as_bytes()));
        let inserted = on_pool!(self.pool, pool => sqlx::query(INSERT)
            .bind(scope.key())
            .bind(id.to_string())
            .bind(job.kind)
            .bind(job.payload)
            .bind(&sha256)
            .bind(job.idempotency_key)
            .bind(false)
            .bind(time::to_us(now))
            .execute(pool).await.map(|done| done.rows_affected()))?;
        let mut found = id;
        if inserted == 0 {
            let key = job.idempotency_key.unwrap_or_default();
            let (earlier, earlier_sha256): (String, String) = on_pool!(self.pool, pool => sqlx::query_as(BY_KEY)
                    .bind(scope.key())
                    .bind(key)
                    .fetch_one(pool).await)?;
            if earlier_sha256 != sha256 {
                return Err(StoreError::Conflict {
                    what: "request with idempotency key",
                    key: key.to_owned(),
                });
            }
            found = earlier
                .parse()
                .map_err(StoreError::damaged("job", &earlier))?;
        }
        self.job(scope, found)
            .await?
            .ok_or_else(|| StoreError::Damaged {
                what: "job",
                key: found.to_string(),
                problem: "vanished".into(),
            })
    }

    /// A job by its id.
    pub async fn job(&self, scope: TenantScope, id: Uuid) -> Result<Option<Job>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE tenant_id = $1 AND job_id = $2"
        );
        let row: Option<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(id.to_string())
            .fetch_optional(pool).await)?;
        row.map(Job::try_from).transpose()
    }

    /// Jobs in a state or in any, newest first.
    pub async fn jobs(
        &self,
        scope: TenantScope,
        state: Option<JobState>,
        after: Option<After>,
        limit: u32,
    ) -> Result<Page<Job>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE tenant_id = $1 AND ($2 IS NULL OR state = $2) \
              AND (created_us, job_id) < ($3, $4) ORDER BY created_us DESC, job_id DESC LIMIT $5"
        );
        let after = after.unwrap_or_else(After::highest);
        let rows: Vec<Row> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .bind(state.map(JobState::name))
            .bind(after.number)
            .bind(&after.text)
            .bind(one_more(limit))
            .fetch_all(pool).await)?;
        let items = rows
            .into_iter()
            .map(Job::try_from)
            .collect::<Result<_, _>>()?;
        Ok(page(items, limit, |j: &Job| After {
            number: time::to_us(j.created_at),
            text: j.id.to_string(),
        }))
    }

    /// Asks to stop a job: one that waits is cancelled at once, one that runs is told so with its
    /// worker's next heartbeat, one that is finished stays as it is.
    pub async fn request_cancel(
        &self,
        scope: TenantScope,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<Job>, StoreError> {
        const WAITING: &str = "UPDATE jobs SET state = 'cancelled', cancel_requested = $3, \
            finished_us = $4, payload = '' \
            WHERE tenant_id = $1 AND job_id = $2 AND state = 'queued'";
        const RUNNING: &str = "UPDATE jobs SET cancel_requested = $3 \
            WHERE tenant_id = $1 AND job_id = $2 AND state = 'running'";
        let mut transaction = self.pool.begin().await?;
        in_transaction!(transaction, connection => sqlx::query(WAITING)
            .bind(scope.key())
            .bind(id.to_string())
            .bind(true)
            .bind(time::to_us(now))
            .execute(connection).await.map(|_| ()))?;
        in_transaction!(transaction, connection => sqlx::query(RUNNING)
            .bind(scope.key())
            .bind(id.to_string())
            .bind(true)
            .execute(connection).await.map(|_| ()))?;
        transaction.commit().await?;
        self.job(scope, id).await
    }
}
