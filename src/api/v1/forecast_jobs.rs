//! Forecast jobs: asked for, and what they told.

use super::jobs::accepted;
use crate::api::ApiState;
use crate::api::extract::{IdempotencyKey, Path, Scope};
use crate::api::problem::Problem;
use crate::api::table_body::{OfCsv, TableBody};
use crate::app::App;
use crate::app::job_kinds::forecast::{ForecastRequest, yes};
use crate::domain::InputError;
use crate::domain::demand_table::DemandTable;
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The settings of a forecast beside a CSV table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastSettings {
    horizon: Option<u32>,
    #[serde(default = "yes")]
    train: bool,
    #[serde(default = "yes")]
    groups: bool,
    #[serde(default)]
    seed: u64,
}

impl OfCsv for ForecastRequest {
    type Settings = ForecastSettings;

    fn of_csv(csv: String, settings: ForecastSettings) -> Result<Self, InputError> {
        Ok(Self {
            table: DemandTable::Csv(csv),
            horizon: settings.horizon,
            train: settings.train,
            groups: settings.groups,
            seed: settings.seed,
        })
    }
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(request))
        .routes(routes!(report))
}

/// Forecast demand from its history
///
/// A job trains on the table (or takes the demand model that serves) and stores forecasts of every
/// series and of every group of the hierarchy, in place of earlier ones of the same steps. Look at
/// the job until it has a result. A CSV table alone, `text/csv`, takes the settings as query
/// parameters. With the same `Idempotency-Key` and body the same job is given again.
#[utoipa::path(post, path = "/api/v1/forecast-jobs", tag = "forecasts",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own name for this request"),
        ("horizon" = Option<u32>, Query, description = "With CSV only; see ForecastRequest"),
        ("train" = Option<bool>, Query, description = "With CSV only"),
        ("groups" = Option<bool>, Query, description = "With CSV only"),
        ("seed" = Option<u64>, Query, description = "With CSV only")),
    request_body(content(
        (ref("#/components/schemas/ForecastRequest") = "application/json"),
        (String = "text/csv"))),
    responses(
        (status = 202, description = "The job", body = ref("#/components/schemas/JobView")),
        Problem
    ))]
async fn request(
    Scope(scope): Scope,
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    TableBody(request): TableBody<ForecastRequest>,
) -> Result<impl IntoResponse, Problem> {
    let job = app.request_forecast(scope, request, key.as_deref()).await?;
    Ok(accepted(job))
}

/// What a forecast job told
#[utoipa::path(get, path = "/api/v1/forecast-jobs/{id}", tag = "forecasts",
    params(("id" = Uuid, Path, description = "The job")),
    responses(
        (status = 200, description = "The report", body = ref("#/components/schemas/ForecastReport")),
        (status = 404, description = "There is none, or not yet", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn report(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(app.forecast_report(scope, id).await?))
}
