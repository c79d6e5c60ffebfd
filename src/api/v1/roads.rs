//! The road map under the routes.

use crate::api::ApiState;
use crate::api::extract::Scope;
use crate::api::problem::Problem;
use crate::app::App;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(roads))
}

/// The roads as GeoJSON lines (RFC 7946)
#[utoipa::path(get, path = "/api/v1/roads", tag = "the day", responses(
    (status = 200, description = "A feature collection", body = serde_json::Value,
        content_type = "application/geo+json"),
    (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
        content_type = "application/problem+json")
))]
async fn roads(Scope(scope): Scope, State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let roads = app.roads(scope).await?;
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], roads))
}
