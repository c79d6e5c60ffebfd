//! Tenants themselves.

use super::dialect::on_pool;
use super::{Store, StoreError, TenantScope, time};
use chrono::{DateTime, Utc};

impl Store {
    /// Creates a tenant; does nothing if it exists.
    pub async fn create_tenant(
        &self,
        scope: TenantScope,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO tenants (tenant_id, name, created_us) VALUES ($1, $2, $3) \
                           ON CONFLICT DO NOTHING";
        on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(name)
            .bind(time::to_us(now))
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }
}
