//! Which versions of models answered this tenant.

use super::dialect::on_pool;
use super::{Store, StoreError, TenantScope, time};
use chrono::{DateTime, Utc};

impl Store {
    /// Notes that a model's version answered; only the first time counts.
    pub async fn note_model(
        &self,
        scope: TenantScope,
        name: &str,
        version: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO model_versions (tenant_id, name, version, first_used_us) \
                           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(name)
            .bind(version)
            .bind(time::to_us(now))
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Name, version and first use of every model that answered, by name and version.
    pub async fn models(
        &self,
        scope: TenantScope,
    ) -> Result<Vec<(String, String, DateTime<Utc>)>, StoreError> {
        const SQL: &str = "SELECT name, version, first_used_us FROM model_versions \
                           WHERE tenant_id = $1 ORDER BY name, version";
        let rows: Vec<(String, String, i64)> = on_pool!(self.pool, pool => sqlx::query_as(SQL)
            .bind(scope.key())
            .fetch_all(pool).await)?;
        rows.into_iter()
            .map(|(name, version, us)| Ok((name, version, time::from_us(us)?)))
            .collect()
    }
}
