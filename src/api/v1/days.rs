//! What happened on each day, and its key figures.

use super::plans::document;
use crate::api::ApiState;
use crate::api::extract::{Paging, Path, Query, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::rows::DaySummary;
use crate::domain::kpi::KpiReport;
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Debug, Deserialize)]
struct DayQuery {
    #[serde(default)]
    positions: bool,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(days))
        .routes(routes!(day))
        .routes(routes!(kpis))
        .routes(routes!(kpis_of))
}

/// Days that were driven, newest first
#[utoipa::path(get, path = "/api/v1/days", tag = "the day",
    params(("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/DaySummaryPage"))))]
async fn days(
    Scope(scope): Scope,
    State(app): State<App>,
    paging: Paging,
) -> Result<Json<ListPage<DaySummary>>, Problem> {
    Ok(list(app.days(scope, paging.after, paging.limit).await?))
}

/// A day as it was driven
#[utoipa::path(get, path = "/api/v1/days/{date}", tag = "the day",
    params(("date" = NaiveDate, Path, description = "The day"),
        ("positions" = Option<bool>, Query, description = "With all fixes; they are many")),
    responses(
        (status = 200, description = "The record", body = ref("#/components/schemas/DayRecordDocument")),
        (status = 404, description = "There is none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn day(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(date): Path<NaiveDate>,
    Query(query): Query<DayQuery>,
) -> Result<Json<Value>, Problem> {
    let mut day = app.day(scope, date).await?;
    if !query.positions {
        day.positions.clear();
    }
    document(&day)
}

/// Key figures of all days, newest first
#[utoipa::path(get, path = "/api/v1/kpis", tag = "the day",
    params(("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/KpiReportPage"))))]
async fn kpis(
    Scope(scope): Scope,
    State(app): State<App>,
    paging: Paging,
) -> Result<Json<ListPage<KpiReport>>, Problem> {
    Ok(list(app.kpis(scope, paging.after, paging.limit).await?))
}

/// Key figures of a day
#[utoipa::path(get, path = "/api/v1/kpis/{date}", tag = "the day",
    params(("date" = NaiveDate, Path, description = "The day")),
    responses(
        (status = 200, description = "The figures", body = ref("#/components/schemas/KpiReportDocument")),
        (status = 404, description = "There are none", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn kpis_of(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(date): Path<NaiveDate>,
) -> Result<Json<Value>, Problem> {
    document(&app.kpis_of(scope, date).await?)
}
