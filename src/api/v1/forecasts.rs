//! Demand forecasts.

use crate::api::ApiState;
use crate::api::extract::{Body, Paging, Query, Scope};
use crate::api::page::{ListPage, list};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::rows::GroupFilter;
use crate::domain::forecast::{DemandForecast, GroupForecast};
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A batch of forecasts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForecastBatch {
    /// 1 to 50,000 forecasts of any series.
    forecasts: Vec<DemandForecast>,
    /// Up to 50,000 forecasts of groups of the hierarchy, each with those of all its series above
    /// and with the sum of their means.
    #[serde(default)]
    groups: Vec<GroupForecast>,
}

/// What became of a batch.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ForecastReceipt {
    /// Steps that have this forecast now.
    stored: usize,
}

#[derive(Debug, Deserialize)]
struct ForecastQuery {
    series_id: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
struct GroupQuery {
    level: Option<String>,
    group: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(import, forecasts))
        .routes(routes!(groups))
}

/// Take in forecasts, in place of those of the same series and step
///
/// Forecasts of groups that are not the sum of their series any more are forgotten.
#[utoipa::path(post, path = "/api/v1/forecasts", tag = "forecasts",
    request_body = ref("#/components/schemas/ForecastBatch"),
    responses(
        (status = 200, description = "What became of them", body = ref("#/components/schemas/ForecastReceipt")),
        Problem
    ))]
async fn import(
    Scope(scope): Scope,
    State(app): State<App>,
    Body(batch): Body<ForecastBatch>,
) -> Result<Json<ForecastReceipt>, Problem> {
    let stored = app
        .import_forecasts(scope, &batch.forecasts, &batch.groups)
        .await?;
    Ok(Json(ForecastReceipt { stored }))
}

/// Forecasts by series and time
#[utoipa::path(get, path = "/api/v1/forecasts", tag = "forecasts",
    params(("series_id" = Option<String>, Query, description = "Only this series"),
        ("from" = Option<NaiveDate>, Query, description = "First day"),
        ("to" = Option<NaiveDate>, Query, description = "Last day, included"),
        ("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/DemandForecastPage"))))]
async fn forecasts(
    Scope(scope): Scope,
    State(app): State<App>,
    Query(query): Query<ForecastQuery>,
    paging: Paging,
) -> Result<Json<ListPage<DemandForecast>>, Problem> {
    let series = query.series_id.as_deref();
    let (after, limit) = (paging.after, paging.limit);
    let page = app
        .forecasts(scope, series, query.from, query.to, after, limit)
        .await?;
    Ok(list(page))
}

/// Forecasts of areas, depots and other groups of the hierarchy, by level, group and time
///
/// Means are the sums of the series' means; quantiles are those of the sum, which are closer together
/// than the sums of quantiles. The level `total` holds all series of the hierarchy.
#[utoipa::path(get, path = "/api/v1/forecasts/groups", tag = "forecasts",
    params(("level" = Option<String>, Query, description = "Only this level, such as `area`"),
        ("group" = Option<String>, Query, description = "Only groups of this name"),
        ("from" = Option<NaiveDate>, Query, description = "First day"),
        ("to" = Option<NaiveDate>, Query, description = "Last day, included"),
        ("limit" = Option<u32>, Query, description = "Most items, 1 to 1000"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page", body = ref("#/components/schemas/GroupForecastPage"))))]
async fn groups(
    Scope(scope): Scope,
    State(app): State<App>,
    Query(query): Query<GroupQuery>,
    paging: Paging,
) -> Result<Json<ListPage<GroupForecast>>, Problem> {
    let filter = GroupFilter {
        level: query.level.as_deref(),
        group: query.group.as_deref(),
        from: query.from,
        to: query.to,
    };
    let (after, limit) = (paging.after, paging.limit);
    Ok(list(
        app.group_forecasts(scope, filter, after, limit).await?,
    ))
}
