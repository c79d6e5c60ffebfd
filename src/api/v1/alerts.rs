//! Alerts.

use crate::api::ApiState;
use crate::api::extract::{Body, Paging, Path, Query, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::alerts::AlertView;
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Who takes an alert on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// A name or a role, 1 to 200 characters.
    by: String,
}

#[derive(Debug, Deserialize)]
struct AlertQuery {
    acknowledged: Option<bool>,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(alerts))
        .routes(routes!(acknowledge))
}

/// Alerts, newest first
#[utoipa::path(get, path = "/api/v1/alerts", tag = "the day",
    params(("acknowledged" = Option<bool>, Query, description = "Only those taken on, or not"),
        ("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/AlertViewPage"))))]
async fn alerts(
    Scope(scope): Scope,
    State(app): State<App>,
    Query(query): Query<AlertQuery>,
    paging: Paging,
) -> Result<Json<ListPage<AlertView>>, Problem> {
    let page = app
        .alerts(scope, query.acknowledged, paging.after, paging.limit)
        .await?;
    Ok(list(page))
}

/// Take an alert on; who does so first stays
#[utoipa::path(post, path = "/api/v1/alerts/{id}/acknowledge", tag = "the day",
    params(("id" = Uuid, Path, description = "The alert")),
    request_body = ref("#/components/schemas/Acknowledgement"),
    responses(
        (status = 200, description = "The alert", body = ref("#/components/schemas/AlertView")),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn acknowledge(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Body(who): Body<Acknowledgement>,
) -> Result<Json<AlertView>, Problem> {
    Ok(Json(app.acknowledge_alert(scope, id, &who.by).await?))
}
