//! Models and what serves.

use crate::api::ApiState;
use crate::api::extract::{Body, Path, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::models::ModelView;
use crate::app::rows::Page;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Why another version is to serve.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelChange {
    /// For the record; up to 500 characters.
    #[serde(default)]
    reason: String,
    /// Promote even if it is no better than what serves.
    #[serde(default)]
    force: bool,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(models))
        .routes(routes!(promote))
        .routes(routes!(card))
        .routes(routes!(roll_back))
}

/// All versions of all models, and which one serves
#[utoipa::path(get, path = "/api/v1/models", tag = "models",
    responses((status = 200, description = "By name and version",
        body = ref("#/components/schemas/ModelViewPage"))))]
async fn models(
    Scope(_scope): Scope,
    State(app): State<App>,
) -> Result<Json<ListPage<ModelView>>, Problem> {
    let items = app.models().await?;
    Ok(list(Page { items, next: None }))
}

/// Let a version serve, if it is better than the one that does
#[utoipa::path(post, path = "/api/v1/models/{name}/{version}/promote", tag = "models",
    params(("name" = String, Path, description = "Such as `demand`"),
        ("version" = String, Path, description = "The version")),
    request_body = ref("#/components/schemas/ModelChange"),
    responses(
        (status = 200, description = "It serves", body = ref("#/components/schemas/ModelView")),
        Problem
    ))]
async fn promote(
    Scope(_scope): Scope,
    State(app): State<App>,
    Path((name, version)): Path<(String, String)>,
    Body(change): Body<ModelChange>,
) -> Result<Json<ModelView>, Problem> {
    let ModelChange { reason, force } = change;
    let promoted = app.promote_model(name, version, reason, force).await?;
    Ok(Json(promoted))
}

/// What there is to know about a version, as Markdown
#[utoipa::path(get, path = "/api/v1/models/{name}/versions/{version}/card", tag = "models",
    params(("name" = String, Path, description = "Such as `demand`"),
        ("version" = String, Path, description = "The version")),
    responses(
        (status = 200, description = "The card", body = String, content_type = "text/markdown"),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn card(
    Scope(_scope): Scope,
    State(app): State<App>,
    Path((name, version)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let card = app.model_card(name, version).await?;
    Ok((
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")],
        card,
    ))
}

/// Go back to the version that served before
#[utoipa::path(post, path = "/api/v1/models/{name}/rollback", tag = "models",
    params(("name" = String, Path, description = "Such as `demand`")),
    request_body = ref("#/components/schemas/ModelChange"),
    responses(
        (status = 200, description = "It serves again", body = ref("#/components/schemas/ModelView")),
        Problem
    ))]
async fn roll_back(
    Scope(_scope): Scope,
    State(app): State<App>,
    Path(name): Path<String>,
    Body(change): Body<ModelChange>,
) -> Result<Json<ModelView>, Problem> {
    Ok(Json(app.roll_back_model(name, change.reason).await?))
}
