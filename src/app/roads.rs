//! The road map under the routes.

use super::{App, AppError};
use crate::store::TenantScope;

/// Name of the layer.
pub(super) const ROADS: &str = "roads";

impl App {
    /// The roads as GeoJSON text.
    pub async fn roads(&self, scope: TenantScope) -> Result<String, AppError> {
        let roads = self.store().map_layer(scope, ROADS).await?;
        roads.ok_or_else(AppError::not_found("map layer", ROADS))
    }
}
