//! For whoever runs the service: is it alive, is it ready, how does it do, what can it do.

use super::ApiState;
use super::{metrics, openapi};
use crate::app::App;
use crate::app::health::CheckResult;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Media type of the Prometheus text format.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The process answers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Alive {
    /// Always `alive`.
    status: &'static str,
    /// Version of the server.
    version: &'static str,
}

/// Whether the service can do its work.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Readiness {
    /// `ready` or `not-ready`.
    status: &'static str,
    /// What was asked.
    checks: Vec<CheckResult>,
}

pub fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(livez))
        .routes(routes!(readyz))
        .routes(routes!(render_metrics))
        .routes(routes!(openapi_json))
}

/// Whether the process answers
#[utoipa::path(get, path = "/livez", tag = "operations", responses(
    (status = 200, description = "It does", body = ref("#/components/schemas/Alive"))
))]
async fn livez() -> Json<Alive> {
    Json(Alive {
        status: "alive",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Whether database and model runtime work
#[utoipa::path(get, path = "/readyz", tag = "operations", responses(
    (status = 200, description = "Both work", body = ref("#/components/schemas/Readiness")),
    (status = 503, description = "One does not", body = ref("#/components/schemas/Readiness"))
))]
async fn readyz(State(app): State<App>) -> impl IntoResponse {
    let checks = app.health().await;
    let ready = checks.iter().all(|check| check.ok);
    let (code, status) = if ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not-ready")
    };
    (code, Json(Readiness { status, checks }))
}

/// Figures in the text format of Prometheus
#[utoipa::path(get, path = "/metrics", tag = "operations", responses(
    (status = 200, description = "The figures", body = String, content_type = "text/plain")
))]
async fn render_metrics(State(app): State<App>) -> impl IntoResponse {
    app.measure().await;
    ([(header::CONTENT_TYPE, PROMETHEUS)], metrics::render())
}

/// This description
#[utoipa::path(get, path = "/openapi.json", tag = "operations", responses(
    (status = 200, description = "OpenAPI 3.1", body = serde_json::Value)
))]
async fn openapi_json() -> impl IntoResponse {
    Json(openapi::document())
}
