//! Plans: asked for as jobs, read, listed, taken in from elsewhere.

use super::jobs::accepted;
use crate::api::ApiState;
use crate::api::extract::{Body, IdempotencyKey, Paging, Path, Query, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::rows::{PlanSummary, PutPlan};
use crate::app::{App, PlanJobRequest};
use crate::domain::plan::Plan;
use crate::domain::{Document, InputError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct DateQuery {
    date: Option<NaiveDate>,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(request, plans))
        .routes(routes!(latest))
        .routes(routes!(plan, import))
}

/// Ask for a plan
///
/// The plan is made by a job; look at the job, or listen to it, until it has a result. With the
/// same `Idempotency-Key` and body the same job is given again. Holidays, weather and recent trips are
/// those of the files that the service was started with, as they are when the job begins.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own name for this request")),
    request_body = ref("#/components/schemas/PlanJobRequest"),
    responses(
        (status = 202, description = "The job", body = ref("#/components/schemas/JobView")),
        Problem
    ))]
async fn request(
    Scope(scope): Scope,
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    Body(request): Body<PlanJobRequest>,
) -> Result<impl IntoResponse, Problem> {
    let job = app.request_plan(scope, &request, key.as_deref()).await?;
    Ok(accepted(job))
}

/// Plans, newest first
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    params(("date" = Option<NaiveDate>, Query, description = "Only plans of this day"),
        ("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/PlanSummaryPage"))))]
async fn plans(
    Scope(scope): Scope,
    State(app): State<App>,
    Query(query): Query<DateQuery>,
    paging: Paging,
) -> Result<Json<ListPage<PlanSummary>>, Problem> {
    let page = app
        .plans(scope, query.date, paging.after, paging.limit)
        .await?;
    Ok(list(page))
}

/// The plan that was made last
#[utoipa::path(get, path = "/api/v1/plans/latest", tag = "plans",
    params(("date" = Option<NaiveDate>, Query, description = "Of this day")),
    responses(
        (status = 200, description = "The plan", body = ref("#/components/schemas/PlanDocument")),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn latest(
    Scope(scope): Scope,
    State(app): State<App>,
    Query(query): Query<DateQuery>,
) -> Result<Json<Value>, Problem> {
    document(&app.latest_plan(scope, query.date).await?)
}

/// One plan
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans",
    params(("id" = Uuid, Path, description = "The plan")),
    responses(
        (status = 200, description = "The plan", body = ref("#/components/schemas/PlanDocument")),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn plan(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<Value>, Problem> {
    document(&app.plan(scope, id).await?)
}

/// Take in a finished plan
///
/// The same plan again changes nothing; another one with its id is a conflict.
#[utoipa::path(put, path = "/api/v1/plans/{id}", tag = "plans",
    params(("id" = Uuid, Path, description = "The plan, as in the document")),
    request_body = ref("#/components/schemas/PlanDocument"),
    responses(
        (status = 201, description = "It is stored", body = ref("#/components/schemas/PlanSummary")),
        (status = 200, description = "It was there", body = ref("#/components/schemas/PlanSummary")),
        Problem
    ))]
async fn import(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Body(json): Body<Value>,
) -> Result<(StatusCode, Json<PlanSummary>), Problem> {
    let plan = Plan::from_json("request body", json).map_err(Problem::input)?;
    if plan.id != id {
        let remedy = format!("put it to /api/v1/plans/{}", plan.id);
        let error = InputError::new("request body", "another id than in the path", remedy);
        return Err(Problem::input(error.field("id").value(plan.id)));
    }
    let (put, summary) = app.import_plan(scope, &plan).await?;
    let status = match put {
        PutPlan::Created => StatusCode::CREATED,
        PutPlan::Unchanged => StatusCode::OK,
    };
    Ok((status, Json(summary)))
}

/// A document as an answer, its `schema` field first.
pub(super) fn document<D: Document>(document: &D) -> Result<Json<Value>, Problem> {
    document.to_json().map(Json).map_err(|error| {
        tracing::error!(%error, "a document does not become JSON");
        Problem::internal()
    })
}
