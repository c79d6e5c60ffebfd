//! Anomalies in signals.

use crate::api::ApiState;
use crate::api::extract::{Body, Scope};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::anomalies::{SignalRows, SignalScores};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Signals to look at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnomalyRequest {
    /// The signals, each in order of time; 1 to 200,000 rows in all.
    series: Vec<SignalRows>,
    /// False alarms per series and day that are accepted on average, above 0 to 24.
    #[serde(default)]
    false_alarms_per_day: Option<f64>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AnomalyResponse {
    /// By signal, in the order of the request.
    series: Vec<SignalScores>,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(anomalies))
}

/// Score every row of signals as if they were just arriving
#[utoipa::path(post, path = "/api/v1/anomalies", tag = "forecasts",
    request_body = ref("#/components/schemas/AnomalyRequest"),
    responses(
        (status = 200, description = "Scores and alerts", body = ref("#/components/schemas/AnomalyResponse")),
        Problem
    ))]
async fn anomalies(
    Scope(_scope): Scope,
    State(app): State<App>,
    Body(request): Body<AnomalyRequest>,
) -> Result<Json<AnomalyResponse>, Problem> {
    let found = app
        .find_anomalies(request.series, request.false_alarms_per_day)
        .await?;
    Ok(Json(AnomalyResponse { series: found }))
}
