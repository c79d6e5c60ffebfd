//! What jobs tell besides their end, as JSON.

use super::dialect::{Transaction, in_transaction, on_pool};
use super::{Store, StoreError, TenantScope};
use uuid::Uuid;

impl Store {
    /// What a job of a kind told; `None` if there is no such job or it has not told anything.
    pub async fn job_report(
        &self,
        scope: TenantScope,
        kind: &str,
        job: Uuid,
    ) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT document FROM job_reports r JOIN jobs j \
            ON j.tenant_id = r.tenant_id AND j.job_id = r.job_id \
            WHERE r.tenant_id = $1 AND r.job_id = $2 AND j.kind = $3";
        Ok(on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(job.to_string())
            .bind(kind)
            .fetch_optional(pool).await)?)
    }
}

/// Stores what a job tells as part of a larger transaction.
pub(super) async fn put_in(
    transaction: &mut Transaction,
    scope: TenantScope,
    job: Uuid,
    document: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO job_reports (tenant_id, job_id, document) VALUES ($1, $2, $3)";
    in_transaction!(*transaction, connection => sqlx::query(SQL)
        .bind(scope.key())
        .bind(job.to_string())
        .bind(document)
        .execute(connection).await.map(|_| ()))?;
    Ok(())
}
