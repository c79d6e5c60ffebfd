//! Backtests of demand models: asked for as jobs, read when they are done.

use super::jobs::accepted;
use crate::api::ApiState;
use crate::api::extract::{IdempotencyKey, Path, Scope};
use crate::api::problem::Problem;
use crate::api::table_body::{OfCsv, TableBody};
use crate::app::App;
use crate::app::job_kinds::backtest::{BacktestRequest, model_and_baseline, three_folds};
use crate::domain::InputError;
use crate::domain::demand_table::DemandTable;
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The settings of a backtest beside a CSV table; lists are separated by commas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BacktestSettings {
    horizon: u32,
    #[serde(default = "three_folds")]
    folds: u32,
    models: Option<String>,
    known_covariates: Option<String>,
    #[serde(default)]
    seed: u64,
}

impl OfCsv for BacktestRequest {
    type Settings = BacktestSettings;

    fn of_csv(csv: String, settings: BacktestSettings) -> Result<Self, InputError> {
        let models = settings.models.as_deref().map(|list| words("models", list));
        let known = settings.known_covariates.as_deref();
        let known = known.map(|list| words("known_covariates", list));
        Ok(Self {
            table: DemandTable::Csv(csv),
            horizon: settings.horizon,
            folds: settings.folds,
            models: models.transpose()?.unwrap_or_else(model_and_baseline),
            known_covariates: known.transpose()?.unwrap_or_default(),
            seed: settings.seed,
        })
    }
}

/// The words of a list separated by commas, each read like a JSON text.
fn words<T: DeserializeOwned>(field: &str, list: &str) -> Result<Vec<T>, InputError> {
    let read = |word: &str| {
        let word = word.trim();
        let reader: StrDeserializer<'_, Error> = word.into_deserializer();
        T::deserialize(reader).map_err(|e| {
            let remedy = "see /openapi.json for what is expected";
            let error = InputError::new("query", e.to_string(), remedy);
            error.field(field).value(word)
        })
    };
    list.split(',').map(read).collect()
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(request))
        .routes(routes!(backtest))
}

/// Judge demand models on the past
///
/// A job trains every model on what was known at each cut-off and scores its forecasts of the steps
/// behind. Look at the job until it has a result. A CSV table alone, `text/csv`, takes the settings
/// as query parameters. With the same `Idempotency-Key` and body the same job is given again.
#[utoipa::path(post, path = "/api/v1/backtests", tag = "forecasts",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own name for this request"),
        ("horizon" = Option<u32>, Query, description = "With CSV only; see BacktestRequest"),
        ("folds" = Option<u32>, Query, description = "With CSV only"),
        ("models" = Option<String>, Query, description = "With CSV only; separated by commas"),
        ("known_covariates" = Option<String>, Query, description = "With CSV only; separated by commas"),
        ("seed" = Option<u64>, Query, description = "With CSV only")),
    request_body(content(
        (ref("#/components/schemas/BacktestRequest") = "application/json"),
        (String = "text/csv"))),
    responses(
        (status = 202, description = "The job", body = ref("#/components/schemas/JobView")),
        Problem
    ))]
async fn request(
    Scope(scope): Scope,
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    TableBody(request): TableBody<BacktestRequest>,
) -> Result<impl IntoResponse, Problem> {
    let job = app.request_backtest(scope, request, key.as_deref()).await?;
    Ok(accepted(job))
}

/// What a backtest found
#[utoipa::path(get, path = "/api/v1/backtests/{id}", tag = "forecasts",
    params(("id" = Uuid, Path, description = "Its job")),
    responses(
        (status = 200, description = "The report", body = ref("#/components/schemas/BacktestReport")),
        (status = 404, description = "There is none, or not yet", body = ref("#/components/schemas/Problem"),
            content_type = "application/problem+json")
    ))]
async fn backtest(
    Scope(scope): Scope,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(app.backtest(scope, id).await?))
}
