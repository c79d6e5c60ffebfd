//! Jobs as workers see them. A worker serves all tenants, so [`Store::claim`] looks at all their
//! jobs; from then on it acts in the scope that the claim gave it.
//!
//! A claim is a lease: it ends unless a heartbeat renews it, and whoever comes later takes the
//! job over. Everything a worker writes names its own id, so one that lost its lease changes
//! nothing any more.

use super::dialect::{Transaction, in_transaction, on_pool};
use super::forecasts::{self, ForecastRows};
use super::{Store, StoreError, TenantScope, job_reports, plans, time};
use crate::domain::plan::Plan;
use crate::runtime::progress::Step;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

/// A job that this worker has now.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedJob {
    /// Whose job it is.
    pub scope: TenantScope,
    /// The job.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// What it needs, as JSON.
    pub payload: String,
    /// How often a worker took it, this time included.
    pub attempts: u32,
    /// Somebody asked to stop it while its last worker had it.
    pub cancel_requested: bool,
}

/// Which jobs a worker takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take<'a> {
    /// Those of a kind.
    Kind(&'a str),
    /// All but those of a kind.
    AllBut(&'a str),
}

/// What a heartbeat learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heartbeat {
    /// Go on.
    Kept,
    /// Somebody asked to stop.
    CancelRequested,
    /// Another worker has it, or it is finished: stop and write nothing.
    Lost,
}

/// How a job ended. What it made is stored together with its end, or neither is.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// A plan was made.
    Planned(&'a Plan),
    /// Forecasts were made.
    Forecast {
        /// The forecasts.
        rows: ForecastRows<'a>,
        /// What there is to tell about them, as JSON.
        report: &'a str,
    },
    /// There is something to tell, as JSON.
    Reported(&'a str),
    /// It cannot be done, and why.
    Failed(&'a str),
    /// It was stopped on request.
    Cancelled,
}

#[derive(FromRow)]
struct Row {
    tenant_id: String,
    job_id: String,
    kind: String,
    payload: String,
    attempts: i64,
    cancel_requested: bool,
}

impl Store {
    /// Takes the oldest job to `take` that waits or whose lease has ended, of any tenant, for `lease`.
    pub async fn claim(
        &self,
        worker_id: &str,
        take: Take<'_>,
        lease: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        let sql = self.pool.claim_statement();
        let (kind, only) = match take {
            Take::Kind(kind) => (kind, true),
            Take::AllBut(kind) => (kind, false),
        };
        let row: Option<Row> = on_pool!(self.pool, pool => sqlx::query_as(sql)
            .bind(worker_id)
            .bind(time::to_us(now + lease))
            .bind(time::to_us(now))
            .bind(kind)
            .bind(only)
            .fetch_optional(pool).await)?;
        let Some(row) = row else { return Ok(None) };
        let uuid = |text: &str| {
            text.parse::<Uuid>()
                .map_err(StoreError::damaged("job", text))
        };
        Ok(Some(ClaimedJob {
            scope: TenantScope::of(uuid(&row.tenant_id)?),
            id: uuid(&row.job_id)?,
            kind: row.kind,
            payload: row.payload,
            attempts: row.attempts as u32,
            cancel_requested: row.cancel_requested,
        }))
    }

    /// Renews the lease and notes the progress.
    pub async fn heartbeat(
        &self,
        scope: TenantScope,
        job: Uuid,
        worker_id: &str,
        progress: &Step,
        lease_until: DateTime<Utc>,
    ) -> Result<Heartbeat, StoreError> {
        const SQL: &str = "UPDATE jobs SET lease_until_us = $4, stage = $5, done = $6, total = $7 \
            WHERE tenant_id = $1 AND job_id = $2 AND worker_id = $3 AND state = 'running' \
            RETURNING cancel_requested";
        let cancel: Option<bool> = on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(job.to_string())
            .bind(worker_id)
            .bind(time::to_us(lease_until))
            .bind(&progress.stage)
            .bind(i64::try_from(progress.done).unwrap_or(i64::MAX))
            .bind(i64::try_from(progress.total).unwrap_or(i64::MAX))
            .fetch_optional(pool).await)?;
        Ok(match cancel {
            Some(false) => Heartbeat::Kept,
            Some(true) => Heartbeat::CancelRequested,
            None => Heartbeat::Lost,
        })
    }

    /// Ends a job, with its result if there is one; what it was asked is kept no longer. `false`: the
    /// lease was lost, nothing changed.
    pub async fn finish(
        &self,
        scope: TenantScope,
        job: Uuid,
        worker_id: &str,
        outcome: Outcome<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE jobs SET state = $4, error = $5, result_id = $6, \
            finished_us = $7, worker_id = NULL, lease_until_us = NULL, payload = '' \
            WHERE tenant_id = $1 AND job_id = $2 AND worker_id = $3 AND state = 'running'";
        let (state, error, result) = match outcome {
            Outcome::Planned(plan) => ("succeeded", None, Some(plan.id)),
            Outcome::Forecast { .. } | Outcome::Reported(_) => ("succeeded", None, Some(job)),
            Outcome::Failed(error) => ("failed", Some(error), None),
            Outcome::Cancelled => ("cancelled", None, None),
        };
        let mut transaction = self.pool.begin().await?;
        let changed = in_transaction!(transaction, connection => sqlx::query(SQL)
            .bind(scope.key())
            .bind(job.to_string())
            .bind(worker_id)
            .bind(state)
            .bind(error)
            .bind(result.map(|id| id.to_string()))
            .bind(time::to_us(now))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        if changed == 0 {
            return Ok(false);
        }
        put_made(&mut transaction, scope, job, outcome).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Gives a job back unfinished, as if it had not been taken: the server stops.
    pub async fn hand_back(
        &self,
        scope: TenantScope,
        job: Uuid,
        worker_id: &str,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE jobs SET state = 'queued', stage = 'queued', done = 0, \
            total = 0, attempts = attempts - 1, worker_id = NULL, lease_until_us = NULL \
            WHERE tenant_id = $1 AND job_id = $2 AND worker_id = $3 AND state = 'running'";
        let changed = on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(job.to_string())
            .bind(worker_id)
            .execute(pool).await.map(|done| done.rows_affected()))?;
        Ok(changed == 1)
    }

    /// How many jobs wait and run, of all tenants: for the metrics.
    pub async fn queue_length(&self) -> Result<(u64, u64), StoreError> {
        const SQL: &str = "SELECT COUNT(CASE WHEN state = 'queued' THEN 1 END), \
                           COUNT(CASE WHEN state = 'running' THEN 1 END) FROM jobs \
                           WHERE state IN ('queued', 'running')";
        let (queued, running): (i64, i64) = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .fetch_one(pool).await)?;
        Ok((queued as u64, running as u64))
    }
}

/// Stores what a job made.
async fn put_made(
    transaction: &mut Transaction,
    scope: TenantScope,
    job: Uuid,
    outcome: Outcome<'_>,
) -> Result<(), StoreError> {
    match outcome {
        Outcome::Planned(plan) => {
            plans::put_in(transaction, scope, plan).await?;
        }
        Outcome::Forecast { rows, report } => {
            forecasts::put_in(transaction, scope, rows).await?;
            job_reports::put_in(transaction, scope, job, report).await?;
        }
        Outcome::Reported(report) => {
            job_reports::put_in(transaction, scope, job, report).await?;
        }
        Outcome::Failed(_) | Outcome::Cancelled => {}
    }
    Ok(())
}
