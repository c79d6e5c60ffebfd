//! Jobs: looked at and cancelled.

use crate::api::ApiState;
use crate::api::extract::{Paging, Path, Query, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::jobs::JobView;
use crate::app::rows::JobState;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct StateQuery {
    state: Option<JobState>,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(jobs))
        .routes(routes!(job, cancel))
}

/// Jobs, newest first
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs",
    params(("state" = Option<String>, Query, description = "Only jobs in this state"),
        ("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/JobViewPage"))))]
async fn jobs(
    Scope(scope): Scope,
    State(app): State<App>,
    Query(query): Query<StateQuery>,
    paging: Paging,
) -> Result<Json<ListPage<JobView>>, Problem> {
    let page = app
        .jobs(scope, query.state, paging.after, paging.limit)
        .await?;
    Ok(list(page))
}

/// One job with its progress
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "jobs",
    params(("id" = Uuid, Path, description = "The job")),
    responses(
        (status = 200, description = "The job", body = ref("#/components/schemas/JobView")),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn job(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<JobView>, Problem> {
    Ok(Json(app.job(scope, id).await?))
}

/// Stop a job
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", tag = "jobs",
    params(("id" = Uuid, Path, description = "The job")),
    responses(
        (status = 202, description = "It was asked to stop", body = ref("#/components/schemas/JobView")),
        (status = 200, description = "It is finished", body = ref("#/components/schemas/JobView")),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn cancel(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<JobView>), Problem> {
    let job = app.cancel_job(scope, id).await?;
    let status = if job.state.is_final() {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(job)))
}

/// The answer to a request that a job will do.
pub(super) fn accepted(job: JobView) -> impl IntoResponse {
    let location = format!("/api/v1/jobs/{}", job.id);
    (
        StatusCode::ACCEPTED,
        [(header::LOCATION, location)],
        Json(job),
    )
}
