//! GeoJSON drawn under the routes.

use super::dialect::on_pool;
use super::{Store, StoreError, TenantScope};

impl Store {
    /// Stores a layer in place of an earlier one of that name.
    pub async fn put_map_layer(
        &self,
        scope: TenantScope,
        name: &str,
        geojson: &str,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO map_layers (tenant_id, name, geojson) \
            VALUES ($1, $2, $3) \
            ON CONFLICT (tenant_id, name) DO UPDATE SET geojson = excluded.geojson";
        on_pool!(self.pool, pool => sqlx::query(SQL)
            .bind(scope.key())
            .bind(name)
            .bind(geojson)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// A layer's GeoJSON.
    pub async fn map_layer(
        &self,
        scope: TenantScope,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT geojson FROM map_layers WHERE tenant_id = $1 AND name = $2";
        let geojson = on_pool!(self.pool, pool => sqlx::query_scalar(SQL)
            .bind(scope.key())
            .bind(name)
            .fetch_optional(pool).await)?;
        Ok(geojson)
    }
}
