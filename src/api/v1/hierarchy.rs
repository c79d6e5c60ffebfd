//! What series add up to.

use crate::api::ApiState;
use crate::api::extract::{Body, Scope};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::hierarchy::HierarchyTable;
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(hierarchy, replace))
}

/// Which group every series belongs to, by level
#[utoipa::path(get, path = "/api/v1/hierarchy", tag = "forecasts",
    responses((status = 200, description = "By series; empty if there is none",
        body = ref("#/components/schemas/HierarchyTable"))))]
async fn hierarchy(
    Scope(scope): Scope,
    State(app): State<App>,
) -> Result<Json<HierarchyTable>, Problem> {
    Ok(Json(app.hierarchy(scope).await?))
}

/// Say which group every series belongs to, in place of what was said before
///
/// Forecasts of the groups before are forgotten, unless nothing changes.
#[utoipa::path(put, path = "/api/v1/hierarchy", tag = "forecasts",
    request_body = ref("#/components/schemas/HierarchyTable"),
    responses(
        (status = 200, description = "As it is kept", body = ref("#/components/schemas/HierarchyTable")),
        Problem
    ))]
async fn replace(
    Scope(scope): Scope,
    State(app): State<App>,
    Body(table): Body<HierarchyTable>,
) -> Result<Json<HierarchyTable>, Problem> {
    app.put_hierarchy(scope, &table).await?;
    Ok(Json(app.hierarchy(scope).await?))
}
