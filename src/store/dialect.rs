//! What differs between the two engines: the pool, how a write transaction begins, and how a job
//! is claimed.

use super::StoreError;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

/// Connections to either engine.
#[derive(Debug, Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A write transaction on either engine; rolled back when dropped.
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Runs one statement on whichever engine it is: `on_pool!(store.pool, pool => …)`.
macro_rules! on_pool {
    ($pool:expr, $name:ident => $body:expr) => {
        match &$pool {
            $crate::store::dialect::Pool::Sqlite($name) => $body,
            $crate::store::dialect::Pool::Postgres($name) => $body,
        }
    };
}

/// Runs one statement inside a transaction: `in_transaction!(tx, connection => …)`.
macro_rules! in_transaction {
    ($transaction:expr, $name:ident => $body:expr) => {
        match &mut $transaction {
            $crate::store::dialect::Transaction::Sqlite(inner) => {
                let $name = &mut **inner;
                $body
            }
            $crate::store::dialect::Transaction::Postgres(inner) => {
                let $name = &mut **inner;
                $body
            }
        }
    };
}

pub(super) use {in_transaction, on_pool};

/// The claiming statement with an engine's locking clause.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET state = 'running', worker_id = $1, lease_until_us = $2, ",
            "attempts = attempts + 1, started_us = COALESCE(started_us, $3) ",
            "WHERE (tenant_id, job_id) = (SELECT tenant_id, job_id FROM jobs ",
            "WHERE (state = 'queued' OR (state = 'running' AND lease_until_us < $3)) ",
            "AND (kind = $4) = $5 ",
            "ORDER BY created_us, job_id LIMIT 1 ",
            $lock,
            ") RETURNING tenant_id, job_id, kind, payload, attempts, cancel_requested"
        )
    };
}

impl Pool {
    /// Begins a transaction that will write. SQLite takes the write lock at once: a transaction
    /// that reads first and writes later fails instead of waiting when another one got in between.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Transaction::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
        })
    }

    /// The statement that claims the oldest job that is free. SQLite has one writer at a time;
    /// PostgreSQL must pass over rows that another worker is just claiming.
    pub(super) fn claim_statement(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => claim!(""),
            Self::Postgres(_) => claim!("FOR UPDATE SKIP LOCKED"),
        }
    }
}

impl Transaction {
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(inner) => inner.commit().await?,
            Self::Postgres(inner) => inner.commit().await?,
        }
        Ok(())
    }
}
